"""Entities that somebody outside drives by controls."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from concours.driving.vehicle.control import DirectControl, VehicleControl
from concours.driving.vehicle.presets import LINCOLN_MKZ
from concours.driving.world import Trace, World
from tests.factories.driving import geometry, lane, road, section, xodr
from tests.factories.moves import element, put, speed
from tests.factories.moves import world as in_world
from tests.factories.worlds import ahead, begin, build, fired, once, straight, when

GO, STOP = VehicleControl(throttle=0.7), VehicleControl(brake=1.0)


def drive(world: World, *controls: tuple[float, VehicleControl | DirectControl]) -> Trace:
    """Run to the end; each control from its time on."""
    left = list(controls)
    for number, frame in enumerate(world.run()):
        if number == 0:
            world.hand_over("Ego", LINCOLN_MKZ)
        while left and frame.time >= left[0][0] - 1e-9:
            world.control("Ego", left.pop(0)[1].row())
    assert world.trace is not None
    return world.trace


def lone(folder: Path, *init: str, **how: Any) -> World:
    given = {"where": straight(), "end": 12.0, "control": 0.05, **how}
    return build(folder, *init, **given)


def test_the_dynamics_move_it(tmp_path: Path) -> None:
    trace = drive(lone(tmp_path, ahead("Ego", 20, 0)), (0.0, GO), (8.0, STOP))

    x, v = trace.of("Ego", "x"), trace.of("Ego", "speed")
    middle = np.searchsorted(trace.times, 8.0)
    assert v[middle] > 5.0
    assert v[-1] == 0.0
    assert (np.diff(x) >= 0).all()
    assert x[-1] - x[0] == pytest.approx(np.trapezoid(v, trace.times), rel=0.01)
    assert np.abs(trace.of("Ego", "y") + 1.75).max() < 1e-6
    assert set(trace.of("Ego", "lane")) == {-1.0}


def test_steering_changes_the_lane_that_it_is_in(tmp_path: Path) -> None:
    turn = DirectControl(acceleration=0.0, steering_angle=-0.02)
    trace = drive(lone(tmp_path, ahead("Ego", 20, 10)), (0.0, turn))

    lanes = trace.of("Ego", "lane").tolist()
    assert lanes[0] == -1
    assert -2 in lanes
    assert trace.of("Ego", "y")[-1] < -7.0
    assert trace.of("Ego", "heading")[-1] < 0


def test_conditions_see_it(tmp_path: Path) -> None:
    near = element(
        "ReachPositionCondition", element("Position", in_world(40, -1.75)), tolerance=2.0
    )
    world = lone(tmp_path, ahead("Ego", 20, 0), events=[once(near, speed(3))])

    trace = drive(world, (0.0, GO))

    row = np.searchsorted(trace.times, fired(trace))
    assert trace.of("Ego", "x")[row] == pytest.approx(38, abs=0.6)


def test_the_scenario_does_not_move_it_any_more(tmp_path: Path) -> None:
    free = drive(lone(tmp_path, ahead("Ego", 20, 0)), (0.0, GO))
    meddling = [when(2.0, speed(30)), when(3.0, speed(0, "linear", "time", 2.0), name="more")]

    trace = drive(lone(tmp_path, ahead("Ego", 20, 0), events=meddling), (0.0, GO))

    assert trace.of("Ego", "x").tobytes() == free.of("Ego", "x").tobytes()


def test_what_it_was_doing_ends(tmp_path: Path) -> None:
    still = [speed(0), speed(20, "linear", "time", 5.0)]
    world = lone(tmp_path, ahead("Ego", 20, 0, *still[1:]))

    trace = drive(world, (0.0, VehicleControl(hand_brake=True, brake=1.0)))

    assert trace.of("Ego", "speed").max() == 0.0


def test_a_teleport_takes_it_along(tmp_path: Path) -> None:
    away = when(6.0, put(in_world(400, -5.25, z=0, h=0)))
    trace = drive(lone(tmp_path, ahead("Ego", 20, 0), events=[away]), (0.0, GO))

    x = trace.of("Ego", "x")
    after = np.searchsorted(trace.times, 6.1)
    assert x[after] == pytest.approx(400, abs=2)
    assert x[-1] > x[after] + 10


def test_others_go_by_it(tmp_path: Path) -> None:
    world = lone(tmp_path, ahead("Ego", 60, 0), ahead("Other", 20, 5))

    trace = drive(world, (0.0, VehicleControl(brake=1.0)))

    touches = [(t.first, t.second) for t in trace.touches]
    assert touches == [(0, 1)]


def hill(grade: float) -> bytes:
    plan = geometry("<line/>", length=1000)
    lanes = section(*(lane(number) for number in (1, -1)))
    built = road(length=1000, plan=plan, sections=[lanes])
    profile = (
        f'<elevationProfile><elevation s="0" a="0" b="{grade}" c="0" d="0"/></elevationProfile>'
    )
    return xodr(built.replace("</planView>", f"</planView>{profile}"))


def test_it_rolls_down_a_hill_and_leans_with_the_road(tmp_path: Path) -> None:
    world = lone(tmp_path, ahead("Ego", 500, 0), where=hill(-0.05))

    trace = drive(world, (0.0, VehicleControl()))

    assert trace.of("Ego", "speed")[-1] > 1.0
    assert trace.of("Ego", "pitch")[-1] == pytest.approx(math.atan(0.05))
    assert trace.of("Ego", "z")[-1] == pytest.approx(-0.05 * trace.of("Ego", "s")[-1])


@pytest.mark.parametrize("steps", [0.05, 0.1, 1.0])
def test_frames_do_not_change_what_happens(tmp_path: Path, steps: float) -> None:
    fine = drive(lone(tmp_path, ahead("Ego", 20, 0)), (0.0, GO), (5.0, STOP))
    world = lone(tmp_path, ahead("Ego", 20, 0), control=steps)

    trace = drive(world, (0.0, GO), (5.0, STOP))

    every = round(steps / 0.05)
    one, two = fine.of("Ego", "x")[::every], trace.of("Ego", "x")
    assert one[: len(two)].tobytes() == two[: len(one)].tobytes()


def test_a_world_without_roads_will_do(tmp_path: Path) -> None:
    start = begin("Ego", in_world(0, 0, z=0, h=math.pi / 2), 0)

    trace = drive(lone(tmp_path, start, where=None), (0.0, GO))

    assert trace.of("Ego", "y")[-1] > 20
    assert abs(trace.of("Ego", "x")[-1]) < 1e-6


def test_who_was_not_handed_over_takes_no_control(tmp_path: Path) -> None:
    world = lone(tmp_path, ahead("Ego", 20, 0))
    next(iter(world.run()))

    with pytest.raises(KeyError):
        world.control("Ego", GO.row())
    with pytest.raises(KeyError):
        world.hand_over("Other", LINCOLN_MKZ)
    world.hand_over("Ego", LINCOLN_MKZ)
    with pytest.raises(ValueError, match="finite"):
        world.control("Ego", np.full(6, np.nan))
