"""Which way is taken at a junction."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from concours.driving.scenarios.machine import DEFAULT
from concours.driving.world import Trace
from tests.driving.roads.maps import fork
from tests.factories.moves import acquire, on_lane, take_route, wander
from tests.factories.worlds import ahead, over, play, racecourse, value, when


def end_of(trace: Trace) -> str:
    """The road that Ego is on at the end."""
    return trace.road_ids[int(trace.of("Ego", "road")[-1])]


def drive(folder: Path, *actions: str, **how: object) -> Trace:
    return play(folder, ahead("Ego", 50, 10, *actions), where=fork(), **{"end": 12.0, **how})


def test_without_a_route_the_straightest_way_is_taken(tmp_path: Path) -> None:
    trace = drive(tmp_path)

    assert end_of(trace) == "2"
    assert value(trace, "Ego", "x", 12.0) == pytest.approx(170, abs=1e-6)


def test_a_route_decides(tmp_path: Path) -> None:
    trace = drive(tmp_path, take_route(on_lane("1", -1, 10), on_lane("3", -1, 50)))

    assert end_of(trace) == "3"
    # 50 m straight, a quarter of a circle of 20 + 1.75 m, then north
    left = 120 - 50 - math.pi / 2 * 21.75
    assert value(trace, "Ego", "x", 12.0) == pytest.approx(121.75, abs=1e-3)
    assert value(trace, "Ego", "y", 12.0) == pytest.approx(20 + left, abs=1e-3)


def test_a_route_may_be_given_on_the_way_and_again(tmp_path: Path) -> None:
    left = when(1, take_route(on_lane("1", -1, 10), on_lane("3", -1, 50)), name="left")
    on = when(2, take_route(on_lane("1", -1, 10), on_lane("2", -1, 50)), name="on")

    assert end_of(drive(tmp_path, events=(left,))) == "3"
    assert end_of(drive(tmp_path, events=(left, on))) == "2"


def test_a_route_that_leads_nowhere_is_noted(tmp_path: Path) -> None:
    trace = drive(tmp_path, take_route(on_lane("3", -1, 10), on_lane("2", -1, 50)), noted=True)

    assert "no way leads from road '3' to road '2'" in trace.notes[0]
    assert end_of(trace) == "2"


def test_a_position_is_acquired_by_the_way_to_it(tmp_path: Path) -> None:
    trace = drive(tmp_path, events=(when(1, acquire(on_lane("3", -1, 20))),))

    assert end_of(trace) == "3"
    assert over(trace) == pytest.approx(1.0)  # the way is set


def test_by_the_standard_it_is_over_when_it_is_reached(tmp_path: Path) -> None:
    event = when(1, acquire(on_lane("3", -1, 20)))
    trace = drive(tmp_path, events=(event,), conventions=DEFAULT)

    there = (50 + math.pi / 2 * 21.75 + 20) / 10
    assert over(trace) == pytest.approx(there, abs=0.12)


def test_random_ways_are_drawn_from_the_seed(tmp_path: Path) -> None:
    ends = [end_of(drive(tmp_path, wander(), seed=seed)) for seed in range(8)]
    again = [end_of(drive(tmp_path, wander(), seed=seed)) for seed in range(8)]

    assert ends == again
    assert set(ends) == {"2", "3"}


def test_a_route_may_go_round(tmp_path: Path) -> None:
    ego = ahead("Ego", 50, 20, take_route(on_lane("1", -1, 50), on_lane("2", -1, 50)))
    trace = play(tmp_path, ego, where=racecourse(), end=60)

    # 200 m straight and a circle of 21.75 m a round, from 50 m on road 1
    gone = (50 + 20 * 60) % (200 + 2 * math.pi * 21.75)
    assert value(trace, "Ego", "speed", 60.0) == 20
    assert end_of(trace) == "2"
    assert value(trace, "Ego", "s", 60.0) == pytest.approx(gone - 100 - math.pi * 21.75, abs=0.01)
