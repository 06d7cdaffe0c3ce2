"""What is refused, and what is noted with its line and left out."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from concours.driving.scenarios import BadScenario, load
from concours.driving.world import World
from tests.factories import scenarios as s
from tests.factories.moves import (
    acquire,
    change_lane,
    element,
    keep_aside,
    keep_distance,
    move_aside,
    on_lane,
    on_road,
    put,
    relative_speed,
    speed,
    speed_profile,
    synchronize,
    take_route,
    wander,
    world,
)  # fmt: skip
from tests.factories.worlds import (
    ahead,
    begin,
    build,
    fired,
    once,
    over,
    play,
    straight,
    value,
    when,
)  # fmt: skip


def test_a_map_that_is_missing_is_told_with_file_and_line(tmp_path: Path) -> None:
    text = s.scenario(network='\n<LogicFile filepath="nowhere.xodr"/>')
    path = s.write(tmp_path, text)

    with pytest.raises(BadScenario, match=r"there is no map nowhere.xodr") as caught:
        World(load(path))

    line = 1 + next(n for n, each in enumerate(text.splitlines()) if "nowhere" in each)
    assert caught.value.code == "missing-map"
    assert f"scenario.xosc:{line}" in str(caught.value)


@pytest.mark.parametrize(
    "how",
    [
        {"step": math.nan},
        {"step": math.inf},
        {"step": 0.0},
        {"step": -0.01},
        {"step": 1e-320},
        {"end": math.nan},
        {"end": math.inf},
        {"end": -1.0},
        {"control": math.nan},
        {"control": math.inf},
        {"control": 0.0},
    ],
    ids=str,
)
def test_times_that_are_none_are_refused(tmp_path: Path, how: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="step"):
        build(tmp_path, ahead("Ego", 0, 10), where=straight(), **how)


# Noted


NOWHERE = [
    (put(on_lane("7", -1, 10)), "no road '7'"),
    (put(on_lane("1", -9, 10)), "-9"),
    (put(on_lane("1", "left", 10)), "'left' is no lane id"),
    (put(on_lane("1", -1, 5000)), "s = 5000 is not on it"),
    (put(on_road("1", -20)), "s = -20 is not on it"),
    (put(element("RelativeLanePosition", entityRef="Ego", dLane=-5, ds=0)), "no lane -6"),
    (put(element("RelativeLanePosition", entityRef="Ego", dLane=0, ds=2000)), "the road ends"),
    (put(element("RelativeRoadPosition", entityRef="Ego", ds=-900, dt=0)), "the road ends"),
    (change_lane(9), "no lane 9"),
    (take_route(on_lane("1", -1, 1), on_lane("7", -1, 1)), "no road '7'"),
    (acquire(on_lane("7", -1, 1)), "no road '7'"),
    (synchronize("Other", on_lane("7", -1, 1), on_lane("1", -1, 1)), "no road '7'"),
]


@pytest.mark.parametrize(("action", "words"), NOWHERE)
def test_places_that_are_not_there_are_noted_with_their_line(
    tmp_path: Path, action: str, words: str
) -> None:
    trace = play(
        tmp_path, ahead("Ego", 50, 10), ahead("Other", 90, 10), where=straight(),
        events=(when(1, action),), end=3, noted=True,
    )  # fmt: skip

    (note, *_) = trace.notes
    assert words in note
    assert "scenario.xosc:" in note
    assert over(trace) == pytest.approx(1.0)
    assert value(trace, "Ego", "s", 3.0) == pytest.approx(80)


LED = [
    relative_speed(3, "Ego", factor=True, continuous=True),
    speed_profile((3, 1), other="Ego"),
    keep_distance("Ego", distance=5),
    keep_aside("Ego", distance=5),
    synchronize("Ego", on_lane("1", -1, 200), on_lane("1", -1, 300)),
]


@pytest.mark.parametrize("action", LED)
def test_nobody_is_led_by_themselves(tmp_path: Path, action: str) -> None:
    trace = play(
        tmp_path, ahead("Ego", 50, 10), where=straight(), events=(when(1, action),), end=3,
        noted=True,
    )  # fmt: skip

    assert "nobody can be led by themselves" in trace.notes[0]
    assert value(trace, "Ego", "s", 3.0) == pytest.approx(80)


def test_conditions_on_places_that_are_not_there_are_noted_once(tmp_path: Path) -> None:
    place = element("Position", on_lane("7", -1, 1))
    test = element("ReachPositionCondition", place, tolerance=2)
    trace = play(
        tmp_path, ahead("Ego", 50, 10), where=straight(), events=(once(test),), end=2, noted=True
    )

    assert sum("no road '7'" in note for note in trace.notes) == 1
    assert fired(trace) == math.inf


NEED_A_ROAD = [
    change_lane(-2),
    move_aside(1.0, most=1.0),
    wander(),
    take_route(on_lane("1", -1, 1), on_lane("1", -1, 50)),
    acquire(on_lane("1", -1, 1)),
]


@pytest.mark.parametrize("action", NEED_A_ROAD)
def test_without_a_map_what_needs_one_is_noted(tmp_path: Path, action: str) -> None:
    trace = play(
        tmp_path, begin("Ego", world(0, 0, h=0), 10), begin("Other", world(50, 0, h=0), 10),
        events=(when(1, action),), end=2, noted=True,
    )  # fmt: skip

    assert "scenario.xosc:" in trace.notes[0]
    assert value(trace, "Ego", "x", 2.0) == pytest.approx(20)


def test_without_a_map_entities_go_straight_on(tmp_path: Path) -> None:
    trace = play(tmp_path, begin("Ego", world(3, 4, h=0.5), 10), end=4)

    assert value(trace, "Ego", "x", 4.0) == pytest.approx(3 + 40 * math.cos(0.5))
    assert value(trace, "Ego", "y", 4.0) == pytest.approx(4 + 40 * math.sin(0.5))
    assert value(trace, "Ego", "road", 4.0) == -1


def test_who_was_never_put_anywhere_is_not_there(tmp_path: Path) -> None:
    events = (when(1, speed(10), change_lane(-2), keep_distance("Other", distance=5), name="do"),)
    trace = play(tmp_path, ahead("Other", 0, 10), where=straight(), events=events, noted=True)

    assert np.isnan(trace.of("Ego", "x")).all()


def test_a_scenario_without_entities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match=r"scenario.xosc:\d+: <Entities>: there are no entities"):
        build(tmp_path, where=straight(), cars=())


def test_an_action_that_is_not_known_is_noted_by_its_name(tmp_path: Path) -> None:
    strange = element("PrivateAction", element("RoutingAction", "<FlyAction/>"))

    trace = play(tmp_path, ahead("Ego", 0, 10, strange), where=straight(), noted=True, end=1)

    assert any("<FlyAction> is not supported" in note for note in trace.notes)
