"""What is mutated: scenarios of our own that use most elements, and files that are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from concours.driving.scenarios import BadScenario, find_map, load
from tests.driving.fuzzing.cases import Case
from tests.driving.roads.maps import SMALL, bridge, fork, hilly, virtual
from tests.factories import scenarios as s
from tests.factories.moves import (
    acquire,
    activate,
    add,
    area,
    assign,
    change_lane,
    circle,
    controller,
    delete,
    element,
    follow,
    global_action,
    keep_aside,
    keep_distance,
    move_aside,
    on_lane,
    on_road,
    polyline,
    put,
    relative_speed,
    sink,
    source,
    speed,
    speed_profile,
    swarm,
    synchronize,
    take_route,
    timing,
    traffic,
    trajectory,
    turned,
    vertex,
    wander,
    world,
)
from tests.factories.worlds import ahead, begin, car, pedestrian, racecourse, ring, straight, when

CATALOGS = "".join(
    element(f"{kind}Catalog", element("Directory", path="catalogs"))
    for kind in ("Vehicle", "Maneuver", "Controller", "Pedestrian", "Route", "Trajectory")
)

LARGEST = 200_000
"""Bytes of a map."""


def _document(
    *events: str,
    init: Iterable[str],
    cars: Sequence[str] = ("Ego", "Other"),
    more: str = "",
    **parts: str,
) -> bytes:
    """A scenario whose story is these events, all by Ego."""
    group = s.group("group", s.maneuver("maneuver", *events))
    entities = "".join(car(name) for name in cars) + more
    story = s.story("story", s.act("act", group, stop=s.at(1.9, "Stop")))
    parts = {"stop": s.at(100, "Stop"), "catalogs": CATALOGS, **parts}
    return s.scenario(story, init="".join(init), entities=entities, minor=3, **parts).encode()


def _tests(*tests: str) -> list[str]:
    """An event of no moment for each condition on Ego."""
    return [
        s.event(
            f"t{number}",
            speed(5 + number),
            start=s.trigger("Start", [s.condition(s.by_entity(test), edge="rising", delay=0.1)]),
        )
        for number, test in enumerate(tests)
    ]


def _moving() -> bytes:
    """Speeds, lanes, offsets, distances."""
    how = {"maxSpeed": 40.0, "maxAcceleration": 3.0, "maxDeceleration": 5.0}
    return _document(
        when(0, change_lane(-2, value=1.0, offset=0.3), name="a"),
        when(0.2, speed(15, "sinusoidal", "distance", 5), name="b"),
        when(0.4, move_aside(1, most=2.0), name="c"),
        when(0.6, keep_distance("Other", limits=how, distance=20, freespace=True), name="d"),
        when(0.8, keep_aside("Other", limits=how, distance=3, continuous=True), name="e"),
        when(1.0, relative_speed(2, "Other", continuous=True), name="f"),
        when(1.2, speed_profile((10, None), (4, 0.5), (8, 0.2), **how), name="g"),
        when(1.4, change_lane(1, "Other", shape="cubic", dimension="distance", value=9), name="h"),
        when(1.5, move_aside(-1, "Other", shape="step", continuous=True), name="i"),
        init=(ahead("Ego", 10, 10), ahead("Other", 40, 12, lane=-2)),
    )


def _places() -> bytes:
    """Positions of all kinds."""
    beside = {"entityRef": "Other", "dx": -10, "dy": 2}
    way = element("Route", *_waypoints(on_lane("1", -1, 5), on_lane("2", -1, 50)), name="r",
                  closed=False)  # fmt: skip
    along = element(
        "RoutePosition", element("RouteRef", way),
        element("InRoutePosition", element("FromLaneCoordinates", pathS=20, laneId=-1)),
    )  # fmt: skip
    curve = trajectory(polyline(vertex(0, 0, 0), vertex(30, 5, 2), vertex(60, 0, 4)))
    places = (
        world(20, -1.75, z=0, h=0.1),
        on_lane("1", -1, 30, 0.5, turned(0.2)),
        on_road("1", 40, -2),
        element("RelativeObjectPosition", turned(0.1), **beside),
        element("RelativeWorldPosition", **beside),
        element("RelativeLanePosition", entityRef="Other", dLane=0, ds=-15, offset=0.2),
        element("RelativeRoadPosition", entityRef="Other", ds=-9, dt=1),
        along,
        element("TrajectoryPosition", element("TrajectoryRef", curve), s=12, t=-1),
        element("GeoPosition", latitudeDeg=0.0001, longitudeDeg=0.0002, altitude=1),
    )
    events = [when(0.2 * number, put(place), name=f"p{number}")
              for number, place in enumerate(places)]  # fmt: skip
    return _document(*events, init=(ahead("Ego", 10, 10), ahead("Other", 60, 5)))


def _waypoints(*places: str) -> list[str]:
    return [
        element("Waypoint", element("Position", place), routeStrategy="shortest")
        for place in places
    ]


def _routing() -> bytes:
    """Routes, trajectories, positions to reach, meetings."""
    nurbs = element(
        "Nurbs",
        *(element("ControlPoint", element("Position", world(x, x * x / 40)), time=x / 10, weight=1)
          for x in (0, 10, 20, 30)),
        *(element("Knot", value=value) for value in (0, 0, 0, 1, 2, 2, 2)),
        order=3,
    )  # fmt: skip
    spline = element(
        "ClothoidSpline",
        element("ClothoidSplineSegment", element("PositionStart", world(0, 0)), curvatureStart=0,
                curvatureEnd=0.05, length=20),
        element("ClothoidSplineSegment", curvatureStart=0.05, curvatureEnd=0, length=20),
        timeEnd=4,
    )  # fmt: skip
    return _document(
        when(0, take_route(on_lane("1", -1, 5), on_lane("10", -1, 5), on_lane("2", -1, 50))),
        when(0.3, follow(trajectory(circle(20, length=30)), start=1), name="b"),
        when(0.6, follow(trajectory(nurbs), timing=timing()), name="c"),
        when(0.9, follow(trajectory(spline), timing=timing(0.5, 2, "absolute")), name="d"),
        when(1.2, acquire(on_lane("2", -1, 30)), name="e"),
        when(1.4, synchronize("Other", on_lane("1", -1, 90), on_lane("1", -1, 80),
                              element("AbsoluteSpeed", value=5)), name="f"),
        when(1.6, wander(), name="g"),
        init=(ahead("Ego", 10, 20), ahead("Other", 50, 20)),
    )  # fmt: skip


def _crowd() -> bytes:
    """Traffic, pedestrians, controllers, entities that come and go, trailers."""
    driver = controller("IDM", setSpeed=20, timeGap=1.2)
    return _document(
        when(0, traffic(source(10, -1.75, radius=20, rate=3, speed=10)), name="a"),
        when(0.1, traffic(sink(90, -1.75, radius=15), name="end"), name="b"),
        when(0.2, traffic(swarm("Ego", axes=(60, 30), inner=15, number=6, speed=12), name="swarm"),
             name="c"),
        when(0.3, traffic(area(((0, -9), (90, -9), (90, 9), (0, 9)), number=4, continuous=True),
                          name="area"), name="d"),
        when(0.4, assign(driver), name="e"),
        when(0.6, delete("Other"), name="f"),
        when(0.9, add("Other", on_lane("1", -2, 30)), name="g"),
        when(1.2, activate(longitudinal=False), name="h"),
        when(1.4, traffic("<TrafficStopAction/>", name="swarm"), name="i"),
        init=(ahead("Ego", 10, 10), ahead("Other", 40, 8, lane=-2),
              begin("Walker", world(30, -6, h=1.5), 1.4)),
        more=pedestrian("Walker"),
    )  # fmt: skip


def _asking() -> bytes:
    """Conditions of all kinds by entity."""
    rule = {"rule": "lessThan", "value": 30}
    other = element("EntityRef", entityRef="Other")
    spot = element("Position", on_lane("1", -1, 60))
    free: dict[str, object] = {"freespace": True, "coordinateSystem": "road"}
    lengthwise = {"relativeDistanceType": "longitudinal"}
    tests = (
        element("EndOfRoadCondition", duration=0.5),
        element("OffroadCondition", duration=0.5),
        element("CollisionCondition", other),
        element("TimeHeadwayCondition", entityRef="Other", **rule, **free),
        element("TimeToCollisionCondition", element("TimeToCollisionConditionTarget", other),
                **rule, **free),
        element("TimeToCollisionCondition", element("TimeToCollisionConditionTarget", spot),
                **rule, **free),
        element("AccelerationCondition", direction="longitudinal", **rule),
        element("StandStillCondition", duration=0.2),
        element("SpeedCondition", direction="lateral", **rule),
        element("RelativeSpeedCondition", entityRef="Other", **rule),
        element("TraveledDistanceCondition", value=7),
        element("ReachPositionCondition", spot, tolerance=2),
        element("DistanceCondition", spot, **rule, **free, **lengthwise),
        element("RelativeDistanceCondition", entityRef="Other", **rule, **free, **lengthwise),
        element("RelativeClearanceCondition", '<RelativeLaneRange from="-1" to="1"/>', other,
                freeSpace=True, oppositeLanes=True, distanceForward=20, distanceBackward=10),
        element("AngleCondition", angleType="heading", angle=0.1, angleTolerance=0.2,
                coordinateSystem="lane"),
        element("RelativeAngleCondition", entityRef="Other", angleType="heading", angle=0.1,
                angleTolerance=0.2, coordinateSystem="entity"),
    )  # fmt: skip
    return _document(*_tests(*tests), init=(ahead("Ego", 10, 10), ahead("Other", 25, 5, lane=-2)))


def _telling() -> bytes:
    """Parameters, variables, signals, catalogs, states of the storyboard."""
    call = (
        '<CatalogReference catalogName="cars" entryName="car"><ParameterAssignments>'
        '<ParameterAssignment parameterRef="width" value="$wide"/></ParameterAssignments>'
        "</CatalogReference>"
    )
    add_one = '<ModifyAction><Rule><AddValue value="1"/></Rule></ModifyAction>'
    change = element("VariableAction", add_one, variableRef="count")
    red = element("TrafficSignalStateAction", name="7", state="red")
    signal = element("InfrastructureAction", element("TrafficSignalAction", red))
    phases = element("Phase", element("TrafficSignalState", trafficSignalId="7", state="green"),
                     name="go", duration=0.7)  # fmt: skip
    lights = element(
        "TrafficSignals", element("TrafficSignalController", phases, phases.replace("go", "stop"),
                                  name="c", delay=0.2))  # fmt: skip
    ended = s.trigger("Start", [s.condition(s.element_is("event", "a", "endTransition"))])
    count = s.by_value(element("VariableCondition", variableRef="count", rule="greaterThan",
                               value=1))  # fmt: skip
    lit = s.by_value(element("TrafficSignalCondition", name="7", state="red"))
    maneuver = '<CatalogReference catalogName="moves" entryName="brake"/>'
    story = s.story("named", s.act("called", s.group("by name", maneuver)))
    document = _document(
        s.event("a", global_action(change), start=s.at(0.2), count=3),
        s.event("b", global_action(signal), start=ended, priority="override"),
        s.event("c", speed(2), start=s.trigger("Start", [s.condition(count, delay=0.1)],
                                               [s.condition(lit, edge="risingOrFalling")])),
        init=(ahead("Ego", 10, 10), ahead("Other", 50, 5)),
        more=element("ScenarioObject", call, name="Named"),
        parameters=s.declaration("wide", "1.9") + s.declaration("length", "${$wide * 2.5}"),
        variables='<VariableDeclaration name="count" variableType="integer" value="0"/>',
        network=lights,
    )  # fmt: skip
    return document.replace(b"<Story ", story.encode() + b"<Story ", 1)


def _catalogs() -> dict[str, bytes]:
    vehicle = car("car").split(">", 1)[1].rsplit("</Sc", 1)[0]
    vehicle = vehicle.replace('width="2.0"', 'width="$width"')
    declared = "<ParameterDeclarations>" + s.declaration("width", "2") + "</ParameterDeclarations>"
    vehicle = vehicle.replace("<BoundingBox", declared + "<BoundingBox", 1)
    brake = s.maneuver("brake", s.event("slow", speed(1, "linear", "rate", 4), start=s.at(0.5)))
    return {
        "xosc/catalogs/cars.xosc": s.catalog("cars", vehicle).encode(),
        "xosc/catalogs/moves.xosc": s.catalog("moves", brake).encode(),
    }


def own() -> list[Case]:
    """Scenarios of our own on maps of our own."""
    catalogs = _catalogs()
    told = {
        "moving": (_moving(), (straight(200), hilly(), ring())),
        "places": (_places(), (fork(), straight(200), virtual())),
        "routing": (_routing(), (fork(), racecourse())),
        "crowd": (_crowd(), (straight(200), bridge(), fork())),
        "asking": (_asking(), (straight(200), racecourse())),
        "telling": (_telling(), (fork(),)),
    }
    cases = [
        Case(f"{name} {number}", document, where, catalogs)
        for name, (document, maps) in told.items()
        for number, where in enumerate(maps)
    ]
    return [*cases, *(Case(f"map {n}", _moving(), where) for n, where in enumerate(SMALL))]


def given(folder: Path) -> list[Case]:
    """The scenarios in a folder that can be read, with the maps and catalogs beside them.

    Larger maps than `LARGEST` are left out, for they are slow.
    """
    found = []
    maps = [path for path in sorted(folder.rglob("*.xodr")) if path.stat().st_size <= LARGEST]
    folders = sorted({path.parent for path in maps})
    for path in sorted(folder.rglob("*.xosc")):
        try:
            name = load(path).map_name
        except BadScenario:
            continue
        where = find_map(path.parent, name, folders) if name else None
        if where is not None and where.stat().st_size > LARGEST:
            continue
        beside = [each for each in path.parent.rglob("*.xosc") if "catalog" in str(each).lower()]
        catalogs = {f"xosc/{each.relative_to(path.parent)}": each.read_bytes() for each in beside}
        data = None if where is None else where.read_bytes()
        found.append(Case(path.stem, path.read_bytes(), data, catalogs))
    return found + [Case(path.stem, _moving(), path.read_bytes()) for path in maps]
