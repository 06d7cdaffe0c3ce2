"""Files as an independent writer makes them (scenariogeneration), in each version."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenariogeneration import xosc

from concours.driving.scenarios import Scenario, load
from concours.driving.scenarios.machine import Move
from concours.driving.scenarios.positions import Clothoid, Nurbs, Polyline
from concours.driving.scenarios.routing import FollowTrajectoryAction
from tests.driving.scenarios.straight import StraightWorld

MINORS = [0, 1, 2, 3]


def vehicle() -> xosc.Vehicle:
    box = xosc.BoundingBox(2, 5, 1.8, 2.0, 0, 0.9)
    axle = xosc.Axle(0.5, 0.8, 1.7, 3, 0.4)
    return xosc.Vehicle("car", xosc.VehicleCategory.car, box, axle, axle, 60, 5, 9)


def written(folder: Path, storyboard: xosc.StoryBoard, minor: int) -> Scenario:
    entities = xosc.Entities()
    entities.add_scenario_object("Ego", vehicle())
    entities.add_scenario_object("Other", vehicle())
    scenario = xosc.Scenario(
        "made",
        "somebody",
        xosc.ParameterDeclarations(),
        entities=entities,
        storyboard=storyboard,
        roadnetwork=xosc.RoadNetwork("map.xodr"),
        catalog=xosc.Catalog(),
        osc_minor_version=minor,
    )
    path = folder / "made.xosc"
    scenario.write_xml(str(path))
    return load(path)


def init() -> xosc.Init:
    actions = xosc.Init()
    for name, x in (("Ego", 0), ("Other", 40)):
        actions.add_init_action(name, xosc.TeleportAction(xosc.WorldPosition(x, 0, 0, 0, 0, 0)))
        step = xosc.TransitionDynamics(xosc.DynamicsShapes.step, xosc.DynamicsDimension.time, 0)
        actions.add_init_action(name, xosc.AbsoluteSpeedAction(10, step))
    return actions


def at(seconds: float, point: str = "start") -> xosc.ValueTrigger:
    condition = xosc.SimulationTimeCondition(seconds, xosc.Rule.greaterThan)
    return xosc.ValueTrigger("at", 0, xosc.ConditionEdge.none, condition, point)


@pytest.mark.parametrize("minor", MINORS)
def test_a_story_is_read_whole_and_played(tmp_path: Path, minor: int) -> None:
    dynamics = xosc.TransitionDynamics(
        xosc.DynamicsShapes.sinusoidal, xosc.DynamicsDimension.time, 2
    )
    headway = xosc.EntityTrigger(
        "near",
        0.5,
        xosc.ConditionEdge.none,
        xosc.TimeHeadwayCondition("Other", 3.0, xosc.Rule.lessThan),
        "Ego",
    )
    event = xosc.Event("faster", xosc.Priority.parallel)
    event.add_trigger(at(1))
    event.add_action("speed", xosc.AbsoluteSpeedAction(20, dynamics))
    change = xosc.Event("aside", xosc.Priority.parallel)
    change.add_trigger(headway)
    change.add_action("lane", xosc.AbsoluteLaneChangeAction(-1, dynamics))
    maneuver = xosc.Maneuver("maneuver")
    maneuver.add_event(event)
    maneuver.add_event(change)
    storyboard = xosc.StoryBoard(init(), at(9, "stop")) if minor else xosc.StoryBoard(init())
    storyboard.add_maneuver(maneuver, "Ego")
    scenario = written(tmp_path, storyboard, minor)
    assert scenario.version == (1, minor)
    assert scenario.left_out == 0
    assert [f for f in scenario.findings if f.code != "never-true"] == []
    world = StraightWorld(scenario)
    record = world.run(6)
    starts = {each.name: round(each.time, 6) for each in record if each.move is Move.START}
    assert starts["faster"] == 1.01
    assert 1.5 < starts["aside"] < 4
    assert world.bodies["Ego"].speed == 20


@pytest.mark.parametrize("minor", MINORS)
def test_trajectories(tmp_path: Path, minor: int) -> None:
    def place(x: float) -> xosc.WorldPosition:
        return xosc.WorldPosition(x, x, 0, 0, 0, 0)

    nurbs = xosc.Nurbs(3)
    for x in range(4):
        nurbs.add_control_point(xosc.ControlPoint(place(x), time=float(x), weight=1))
    nurbs.add_knots([0, 0, 0, 0.5, 1, 1, 1])
    shapes = {
        Polyline: xosc.Polyline([0, 1, 2], [place(x) for x in range(3)]),
        Clothoid: xosc.Clothoid(0.01, 0.001, 50, place(0), 0, 5),
        Nurbs: nurbs,
    }
    maneuver = xosc.Maneuver("maneuver")
    for cls, shape in shapes.items():
        trajectory = xosc.Trajectory(cls.__name__, closed=False)
        trajectory.add_shape(shape)
        event = xosc.Event(cls.__name__, xosc.Priority.overwrite)
        event.add_trigger(at(1))
        event.add_action(
            "follow",
            xosc.FollowTrajectoryAction(
                trajectory, xosc.FollowingMode.position, xosc.ReferenceContext.relative, 1, 0
            ),
        )
        maneuver.add_event(event)
    storyboard = xosc.StoryBoard(init(), at(9, "stop"))
    storyboard.add_maneuver(maneuver, "Ego")
    scenario = written(tmp_path, storyboard, minor)
    assert scenario.left_out == 0
    events = scenario.storyboard.stories[0].acts[0].groups[0].maneuvers[0].events
    found = []
    for event in events:
        action = event.actions[0].action
        assert isinstance(action, FollowTrajectoryAction)
        found.append(type(action.trajectory.shape))
    assert found == [Polyline, Clothoid, Nurbs]
