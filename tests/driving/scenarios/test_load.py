"""Reading scenarios: parameters, catalogs, choices, versions, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.driving.scenarios import BadScenario, Scenario, load
from concours.driving.scenarios.actions import (
    AbsoluteTargetSpeed,
    SpeedAction,
    TeleportAction,
)
from concours.driving.scenarios.controllers import ControllerAction
from concours.driving.scenarios.entities import Vehicle
from concours.driving.scenarios.findings import Severity
from concours.driving.scenarios.nodes import Unsupported
from concours.driving.scenarios.positions import LanePosition, Nurbs, Route, WorldPosition
from concours.driving.scenarios.routing import AssignRouteAction, FollowTrajectoryAction
from tests.factories import scenarios as make


def loaded(folder: Path, text: str, **parameters: str) -> Scenario:
    return load(make.write(folder, text), parameters=parameters)


def refused(folder: Path, text: str, **parameters: str) -> BadScenario:
    with pytest.raises(BadScenario) as caught:
        loaded(folder, text, **parameters)
    return caught.value


def first_speed(scenario: Scenario) -> float:
    init = scenario.storyboard.init
    assert init is not None
    assert init.actions is not None
    (private,) = init.actions.privates
    (action,) = private.actions
    assert isinstance(action, SpeedAction)
    assert isinstance(action.target, AbsoluteTargetSpeed)
    return action.target.value


def with_speed(value: str, parameters: str = "") -> str:
    init = make.private("Ego", make.speed(0.125)).replace("0.125", value)
    return make.scenario(init=init, parameters=parameters)


def test_nodes_know_their_lines(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, make.scenario(init=make.private("Ego", make.teleport(3, 4))))
    lines = (tmp_path / "scenario.xosc").read_text().splitlines()
    init = scenario.storyboard.init
    assert init is not None
    assert init.actions is not None
    action = init.actions.privates[0].actions[0]
    assert isinstance(action, TeleportAction)
    assert action.position == WorldPosition(x=3, y=4)
    assert "<WorldPosition" in lines[action.position.line - 1]


def test_every_element_is_read(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, make.scenario(make.simple(make.event("e", make.speed(1)))))
    assert scenario.left_out == 0
    assert scenario.elements > 30
    assert scenario.findings == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("$v", 12.5),
        ("${$v * 2}", 25.0),
        ("${max($v, $w) - 1}", 19.0),
        (" ${ $w } ", 20.0),
        ("1e1", 10.0),
        ("INF", float("inf")),
    ],
)
def test_parameters_and_expressions(tmp_path: Path, value: str, expected: float) -> None:
    parameters = make.declaration("v", "12.5") + make.declaration("w", "${$v + 7.5}")
    assert first_speed(loaded(tmp_path, with_speed(value, parameters))) == expected


def test_parameters_can_be_given(tmp_path: Path) -> None:
    parameters = make.declaration("v", "12.5") + make.declaration("w", "${$v + 7.5}")
    scenario = loaded(tmp_path, with_speed("$w", parameters), v="1")
    assert first_speed(scenario) == 8.5
    assert scenario.parameters == {"v": "1", "w": "8.5"}


def test_a_text_keeps_its_zeros(tmp_path: Path) -> None:
    parameters = make.declaration("id", "007", kind="string")
    text = make.scenario(entities=make.entity("Ego").replace('"car"', '"$id"', 1))
    scenario = loaded(
        tmp_path,
        text.replace(
            "<CatalogLocations>",
            f"<ParameterDeclarations>{parameters}</ParameterDeclarations><CatalogLocations>",
        ),
    )
    vehicle = scenario.entities["Ego"].entity
    assert isinstance(vehicle, Vehicle)
    assert vehicle.name == "007"


@pytest.mark.parametrize(
    ("value", "parameters", "code"),
    [
        ("$nobody", "", "bad-value"),
        ("${1 / 0}", "", "bad-value"),
        ("${$v", make.declaration("v", "1"), "bad-value"),
        ("NaN", "", "bad-value"),
        ("fast", "", "bad-value"),
        ("", "", "bad-value"),
        ("$v", make.declaration("v", "x"), "bad-value"),
    ],
)
def test_bad_values_are_refused_with_their_line(
    tmp_path: Path, value: str, parameters: str, code: str
) -> None:
    error = refused(tmp_path, with_speed(value, parameters))
    assert error.code == code
    line = (tmp_path / "scenario.xosc").read_text().splitlines()[error.place.line - 1]
    assert f"<{error.element}" in line


@pytest.mark.parametrize(
    ("value", "kind"),
    [("x", "double"), ("-1", "unsignedInt"), ("maybe", "boolean"), ("yesterday", "dateTime")],
)
def test_a_parameter_that_is_not_of_its_type_is_noted(
    tmp_path: Path, value: str, kind: str
) -> None:
    scenario = loaded(tmp_path, with_speed("1", make.declaration("v", value, kind=kind)))
    (finding,) = scenario.findings
    assert (finding.code, finding.severity) == ("bad-parameter", Severity.WARNING)
    assert scenario.parameters == {"v": value}


CONSTRAINED = make.declaration(
    "v",
    "10",
    constraints="""
    <ConstraintGroup><ValueConstraint rule="greaterThan" value="5"/>
      <ValueConstraint rule="lessOrEqual" value="10"/></ConstraintGroup>
    <ConstraintGroup><ValueConstraint rule="equalTo" value="100"/></ConstraintGroup>""",
)


@pytest.mark.parametrize("value", ["6", "10", "100"])
def test_one_group_of_constraints_must_hold(tmp_path: Path, value: str) -> None:
    assert first_speed(loaded(tmp_path, with_speed("$v", CONSTRAINED), v=value)) == float(value)


@pytest.mark.parametrize("value", ["5", "11", "99"])
def test_values_outside_the_constraints_are_refused(tmp_path: Path, value: str) -> None:
    error = refused(tmp_path, with_speed("$v", CONSTRAINED), v=value)
    assert (error.code, error.element) == ("bad-parameter", "ParameterDeclaration")


def test_a_value_for_an_unknown_parameter_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, with_speed("1"), nobody="1").code == "unknown-parameter"


def test_parameters_of_a_story_are_known_inside_it_alone(tmp_path: Path) -> None:
    inner = make.event("e", make.speed(0.125).replace("0.125", "$v"), start=make.at(1))
    acts = make.act("act", make.group("group", make.maneuver("maneuver", inner)))
    inside = make.story("s", acts, parameters=make.declaration("v", "3"))
    assert loaded(tmp_path, make.scenario(inside)).left_out == 0
    assert refused(tmp_path, make.scenario(inside, make.story("t", acts))).code == "bad-value"


def reference(name: str, entry: str, assignments: str = "") -> str:
    inner = f"<ParameterAssignments>{assignments}</ParameterAssignments>" if assignments else ""
    return f'<CatalogReference catalogName="{name}" entryName="{entry}">{inner}</CatalogReference>'


def located(kind: str, path: str) -> str:
    return f'<{kind}Catalog><Directory path="{path}"/></{kind}Catalog>'


def test_catalogs_with_assigned_parameters(tmp_path: Path) -> None:
    entry = f"""<Maneuver name="go"><ParameterDeclarations>
      {make.declaration("v", "1")}{make.declaration("w", "${$v * 2}")}</ParameterDeclarations>
      {make.event("e", make.speed(0.125).replace("0.125", "$w"))}</Maneuver>"""
    make.write(tmp_path, make.catalog("moves", entry), "catalogs/anything.xosc")
    assigned = '<ParameterAssignment parameterRef="v" value="4"/>'
    groups = make.group("g", reference("moves", "go", assigned), reference("moves", "go"))
    text = make.scenario(
        make.story("s", make.act("a", groups)), catalogs=located("Maneuver", "catalogs")
    )
    scenario = loaded(tmp_path, text)
    maneuvers = scenario.storyboard.stories[0].acts[0].groups[0].maneuvers
    targets = [
        maneuver.events[0].actions[0].action.target.value  # type: ignore[union-attr]
        for maneuver in maneuvers
    ]
    assert targets == [8.0, 2.0]
    assert maneuvers[0].place.file.endswith("anything.xosc")
    assert scenario.findings == ()


@pytest.mark.parametrize("path", ["cars", "cars/any.xosc", "cars\\any.xosc"])
def test_a_catalog_may_be_named_in_the_place_of_its_directory(tmp_path: Path, path: str) -> None:
    vehicle = '<Vehicle name="red" vehicleCategory="car"/>'
    make.write(tmp_path, make.catalog("colours", vehicle), "cars/any.xosc")
    who = f'<ScenarioObject name="Ego">{reference("colours", "red")}</ScenarioObject>'

    text = make.scenario(entities=who, catalogs=located("Vehicle", path))
    assert loaded(tmp_path, text).entities["Ego"].entity is not None


def test_an_entry_that_is_not_there_is_refused(tmp_path: Path) -> None:
    make.write(tmp_path, make.catalog("cars"), "cars.xosc")
    who = f'<ScenarioObject name="Ego">{reference("cars", "red")}</ScenarioObject>'
    error = refused(tmp_path, make.scenario(entities=who, catalogs=located("Vehicle", ".")))
    assert (error.code, error.element) == ("unknown-catalog-entry", "CatalogReference")
    assert "red" in str(error)


def test_catalogs_in_a_circle_are_refused(tmp_path: Path) -> None:
    trailer = f'<Trailer><Trailer name="t">{reference("cars", "b")}</Trailer></Trailer>'
    other = f'<Trailer><Trailer name="t">{reference("cars", "a")}</Trailer></Trailer>'
    entries = [
        f'<Vehicle name="a" vehicleCategory="car">{trailer}</Vehicle>',
        f'<Vehicle name="b" vehicleCategory="car">{other}</Vehicle>',
    ]
    make.write(tmp_path, make.catalog("cars", *entries), "cars.xosc")
    who = f'<ScenarioObject name="Ego">{reference("cars", "a")}</ScenarioObject>'
    error = refused(tmp_path, make.scenario(entities=who, catalogs=located("Vehicle", ".")))
    assert error.code == "cyclic-catalog"


def test_catalogs_that_double_and_double_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concours.driving.scenarios.budget.MAX_NODES", 2_000)
    entries = []
    for level in range(12):
        waypoint = f"""<Waypoint routeStrategy="shortest"><Position><RoutePosition><RouteRef>
          {reference("routes", f"r{level + 1}")}</RouteRef><InRoutePosition/></RoutePosition>
          </Position></Waypoint>"""
        entries.append(f'<Route name="r{level}" closed="false">{waypoint * 2}</Route>')
    make.write(tmp_path, make.catalog("routes", *entries), "routes.xosc")
    action = f"""<PrivateAction><RoutingAction><AssignRouteAction>{reference("routes", "r0")}
      </AssignRouteAction></RoutingAction></PrivateAction>"""
    text = make.scenario(init=make.private("Ego", action), catalogs=located("Route", "."))
    assert refused(tmp_path, text).code == "too-many-elements"


def test_an_unknown_action_is_kept_and_named(tmp_path: Path) -> None:
    strange = "<PrivateAction><HoverAction height='3'><Deep/></HoverAction></PrivateAction>"
    scenario = loaded(tmp_path, make.scenario(init=make.private("Ego", strange)))
    init = scenario.storyboard.init
    assert init is not None
    assert init.actions is not None
    assert init.actions.privates[0].actions == (Unsupported(tag="HoverAction"),)
    (finding,) = scenario.findings
    assert (finding.code, finding.element) == ("unsupported", "HoverAction")
    assert finding.severity is Severity.UNSUPPORTED


def test_an_unknown_element_is_named_with_its_line(tmp_path: Path) -> None:
    text = make.scenario().replace("</Storyboard>", "\n<Extra><Inner/></Extra></Storyboard>")
    scenario = loaded(tmp_path, text)
    (finding,) = scenario.findings
    line = text.splitlines()[finding.line - 1]
    assert finding.element == "Extra"
    assert "<Extra>" in line
    assert scenario.left_out == 2


def test_an_unknown_attribute_is_named(tmp_path: Path) -> None:
    text = make.scenario().replace('name="Ego"', 'name="Ego" colour="red"', 1)
    (finding,) = loaded(tmp_path, text).findings
    assert (finding.code, finding.element) == ("unknown-attribute", "ScenarioObject")


def test_several_parts_of_a_controller_action_stay_together(tmp_path: Path) -> None:
    both = """<PrivateAction><ControllerAction><AssignControllerAction><Controller name="c">
      <Properties/></Controller></AssignControllerAction><OverrideControllerValueAction>
      <Throttle active="false" value="0"/></OverrideControllerValueAction></ControllerAction>
      </PrivateAction>"""
    scenario = loaded(tmp_path, make.scenario(make.simple(make.event("e", both))))
    action = scenario.storyboard.stories[0].acts[0].groups[0].maneuvers[0].events[0].actions[0]
    assert isinstance(action.action, ControllerAction)
    assert action.action.assign is not None
    assert action.action.override is not None


def test_routes_and_trajectories(tmp_path: Path) -> None:
    lane = '<Position><LanePosition roadId="1" laneId="-1" s="{}"/></Position>'
    points = "".join(
        f'<Waypoint routeStrategy="shortest">{lane.format(s)}</Waypoint>' for s in (1, 2)
    )
    control = "".join(f"<ControlPoint>{lane.format(s)}</ControlPoint>" for s in range(3))
    knots = "".join(f'<Knot value="{value}"/>' for value in (0, 0, 0, 1, 1, 1))
    text = make.scenario(
        init=make.private(
            "Ego",
            f"""<PrivateAction><RoutingAction><AssignRouteAction><Route name="r" closed="true">
            {points}</Route></AssignRouteAction></RoutingAction></PrivateAction>""",
            f"""<PrivateAction><RoutingAction><FollowTrajectoryAction><TrajectoryRef>
            <Trajectory name="t" closed="false"><Shape><Nurbs order="3">{control}{knots}</Nurbs>
            </Shape></Trajectory></TrajectoryRef><TimeReference><None/></TimeReference>
            <TrajectoryFollowingMode followingMode="follow"/></FollowTrajectoryAction>
            </RoutingAction></PrivateAction>""",
        )
    )
    scenario = loaded(tmp_path, text)
    init = scenario.storyboard.init
    assert init is not None
    assert init.actions is not None
    route, follow = init.actions.privates[0].actions
    assert isinstance(route, AssignRouteAction)
    assert isinstance(route.route, Route)
    assert isinstance(route.route.waypoints[1].position, LanePosition)
    assert isinstance(follow, FollowTrajectoryAction)
    assert isinstance(follow.trajectory.shape, Nurbs)
    assert [knot.value for knot in follow.trajectory.shape.knots] == [0, 0, 0, 1, 1, 1]
    assert scenario.findings == ()


def test_selections_name_members_and_kinds(tmp_path: Path) -> None:
    who = (
        make.entity("A")
        + make.entity("B")
        + '<ScenarioObject name="P"><Pedestrian name="p" pedestrianCategory="pedestrian" mass="1">'
        + "</Pedestrian></ScenarioObject>"
        + '<EntitySelection name="some"><Members><EntityRef entityRef="B"/></Members>'
        + '</EntitySelection><EntitySelection name="cars"><Members><ByType objectType="vehicle"/>'
        + "</Members></EntitySelection>"
    )
    scenario = loaded(tmp_path, make.scenario(entities=who))
    assert scenario.selections == {"some": ("B",), "cars": ("A", "B")}
    assert scenario.members("cars") == ("A", "B")
    assert scenario.members("P") == ("P",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<OpenDRIVE/>", "no-scenario"),
        ("<OpenSCENARIO/>", "no-scenario"),
        (make.catalog("c"), "no-scenario"),
        (make.scenario(entities=" "), "no-entities"),
        (make.scenario(entities=make.entity("A") * 2), "duplicate-name"),
        (make.scenario(init=make.private("Nobody", make.speed(1))), "unknown-entity"),
        (
            make.scenario(
                make.story("s", make.act("a", make.group("g", actors=["Nobody"]), stop=""))
            ),
            "unknown-entity",
        ),
    ],
)
def test_what_cannot_be_played_is_refused(tmp_path: Path, text: str, code: str) -> None:
    error = refused(tmp_path, text)
    assert error.code == code
    assert error.place.line >= 1
    assert error.place.file.endswith("scenario.xosc")


@pytest.mark.parametrize(
    "shape",
    [
        "<Polyline/>",
        '<Clothoid curvature="0" length="0"><Position><WorldPosition x="0" y="0"/></Position>'
        "</Clothoid>",
        '<Nurbs order="3"><ControlPoint><Position><WorldPosition x="0" y="0"/></Position>'
        "</ControlPoint></Nurbs>",
        '<ClothoidSpline><ClothoidSplineSegment curvatureStart="0" curvatureEnd="0" length="0"/>'
        "</ClothoidSpline>",
        '<Polyline><Vertex time="2"><Position><WorldPosition x="0" y="0"/></Position></Vertex>'
        '<Vertex time="1"><Position><WorldPosition x="1" y="0"/></Position></Vertex></Polyline>',
    ],
)
def test_curves_that_are_none_are_refused(tmp_path: Path, shape: str) -> None:
    action = f"""<PrivateAction><RoutingAction><FollowTrajectoryAction><Trajectory name="t"
      closed="false"><Shape>{shape}</Shape></Trajectory></FollowTrajectoryAction></RoutingAction>
      </PrivateAction>"""
    text = make.scenario(init=make.private("Ego", action))
    assert refused(tmp_path, text).code == "bad-curve"


@pytest.mark.parametrize(
    "broken",
    [
        """<PrivateAction><AppearanceAction><LightStateAction><LightType>
          <VehicleLight vehicleLightType="discoBall"/></LightType><LightState mode="on"/>
          </LightStateAction></AppearanceAction></PrivateAction>""",
        """<GlobalAction><EnvironmentAction><Environment name="e"><TimeOfDay animation="true"
          dateTime="teatime"/></Environment></EnvironmentAction></GlobalAction>""",
    ],
)
def test_a_broken_action_that_moves_nothing_is_left_out(tmp_path: Path, broken: str) -> None:
    text = make.scenario(make.simple(make.event("e", broken, make.speed(3), start=make.at(1))))
    scenario = loaded(tmp_path, text)
    actions = scenario.storyboard.stories[0].acts[0].groups[0].maneuvers[0].events[0].actions
    assert isinstance(actions[0].action, Unsupported)
    assert isinstance(actions[1].action, SpeedAction)
    assert {finding.severity for finding in scenario.findings} == {Severity.UNSUPPORTED}
    assert scenario.left_out == 0


def test_version_zero_is_refused_by_its_elements(tmp_path: Path) -> None:
    text = make.scenario(network='<Logics filepath="a.xodr"/>')
    assert refused(tmp_path, text).code == "old-version"


def test_of_two_where_one_belongs_the_second_is_left_out_and_counted(tmp_path: Path) -> None:
    twice = make.scenario().replace(
        "<RoadNetwork>", "<RoadNetwork><UsedArea/></RoadNetwork><RoadNetwork>"
    )
    scenario = loaded(tmp_path, twice)
    assert [finding.code for finding in scenario.findings] == ["repeated"]
    assert scenario.left_out == 1
