"""Lights, signs, lanes and lines on the street of tests/factories/runs.py."""

from __future__ import annotations

import math

import numpy as np
import pytest

from concours.driving.scoring import observe
from concours.driving.scoring.lights import is_red
from concours.driving.world import Light
from tests.driving.roads.maps import both, fork, linked
from tests.factories.driving import geometry, lane, road, section, xodr
from tests.factories.runs import (
    START,
    drive,
    lit,
    moving,
    reasonable,
    run_of,
    sideways,
    signed,
    street,
)
from tests.factories.worlds import racecourse

RED, GREEN, AMBER = "on;off;off", "off;off;on", "off;on;off"


@pytest.mark.parametrize(
    "state",
    ["on;off;off", "on;on;off", "on;off", "red", "Red", "stop", "red-yellow", "flashing;off;off"],
)
def test_states_that_forbid(state: str) -> None:
    assert is_red(state)


@pytest.mark.parametrize(
    "state",
    ["off;off;on", "off;on;off", "off;on", "on", "green", "yellow", "off;off;off", "", "go"],
)
def test_states_that_do_not(state: str) -> None:
    assert not is_red(state)


# Lights: the front passes s = 100 when the reference point is at 97, after 8.7 s of 10 m/s


def lights(*changes: tuple[float, str]) -> list[Light]:
    return [Light(time, "7", state) for time, state in changes]


def test_passing_the_line_on_red() -> None:
    run = drive(10.0, where=street(more=lit()), lights=lights((0.0, GREEN), (5.0, RED)))

    (passed,) = observe(run).red_lights

    assert (passed.time, passed.signal, passed.state) == (pytest.approx(8.7, abs=0.051), "7", RED)
    assert (passed.x, passed.y) == (pytest.approx(100.0, abs=0.51), pytest.approx(-1.75))


@pytest.mark.parametrize(
    "changes",
    [
        [(0.0, RED), (8.5, GREEN)],
        [(0.0, GREEN), (8.9, RED)],  # the front is over the line, the rest follows on red
        [(0.0, AMBER)],
        [],
    ],
)
def test_passing_the_line_otherwise(changes: list[tuple[float, str]]) -> None:
    run = drive(10.0, where=street(more=lit()), lights=lights(*changes))

    assert observe(run).red_lights == ()


def test_a_light_for_another_lane_or_direction_is_not_the_egos() -> None:
    beside = moving(10.0, x=START, y=-5.25)
    back = moving(10.0, x=200.0, y=1.75, heading=math.pi)
    for ego in (beside, back):
        run = run_of(ego, where=street(more=lit()), lights=lights((0.0, RED)))
        assert observe(run).red_lights == ()


def test_waiting_before_the_line_is_allowed() -> None:
    run = drive(
        lambda t: np.where(t < 8.5, 10.0, 0.0),
        seconds=20,
        where=street(more=lit()),
        lights=lights((0.0, RED)),
    )

    assert observe(run).red_lights == ()


@pytest.mark.parametrize("goal", [(200.0, -1.75), (117.0, 60.0)])
def test_a_line_shortly_before_a_junction_counts_once(goal: tuple[float, float]) -> None:
    ego = moving(10.0, seconds=15, x=START)
    run = run_of(ego, where=fork(), goal=goal, lights=lights((0.0, RED)))

    assert [one.signal for one in observe(run).red_lights] == ["7"]


@pytest.mark.parametrize(("number", "s"), [("1", 100.0), ("2", 0.0)])
def test_a_line_at_the_very_end_of_a_road_counts(number: str, s: float) -> None:
    def part(name: str, **more: float) -> str:
        link = both(linked("road", "2", "end"), linked("road", "2", "start"))
        line = section(lane(-1, before=-1, after=-1))
        return road(
            name,
            plan=geometry("<line/>", **more),
            sections=[line],
            link=link if name == "1" else link.replace('"2"', '"1"'),
            more=lit(s) if name == number else "",
        )

    where = xodr(part("1"), part("2", x=100.0))
    ego = moving(10.0, seconds=15, x=START)
    run = run_of(ego, where=where, goal=(190.0, -1.75), lights=lights((0.0, RED)))

    (passed,) = observe(run).red_lights

    assert passed.x == pytest.approx(100.0, abs=0.51)


# Stop signs


def test_passing_a_stop_sign_without_a_stop() -> None:
    (passed,) = observe(drive(10.0, where=street(more=signed()))).stop_signs

    assert (passed.signal, passed.x) == ("9", pytest.approx(100.0, abs=0.51))


@pytest.mark.parametrize(("halt", "run_it"), [(8.5, False), (6.0, True)])
def test_a_stop_counts_within_five_metres_of_the_line(halt: float, run_it: bool) -> None:
    def speed(times: np.ndarray) -> np.ndarray:
        return np.where((times > halt) & (times < halt + 2.0), 0.0, 10.0)

    seen = observe(drive(speed, where=street(more=signed())))

    assert bool(seen.stop_signs) == run_it


# Lanes


@pytest.mark.parametrize(
    ("end", "kind", "depth"),
    [
        # a wheel is 0.9 m to the side; the driving lanes end at y = -7
        (-6.5, "parking", 0.4),
        (-9.5, "sidewalk", 3.4),
        (-13.0, "off the roads", 6.9),
        (5.2, "sidewalk", 2.6),
        (3.0, "shoulder", 0.4),
    ],
)
def test_lanes_left(end: float, kind: str, depth: float) -> None:
    ego = moving(8.0, x=START, y=end, seconds=10)
    (stay,) = observe(drive(0.0, ego=ego)).lanes_left

    assert (stay.kind, stay.depth) == (kind, pytest.approx(depth))
    assert (stay.start, stay.end) == (0.0, 10.0)


def test_leaving_and_coming_back_are_two_stays_with_their_times() -> None:
    def y(times: np.ndarray) -> np.ndarray:
        return np.where((times >= 2.0) & (times < 4.0) | (times >= 6.0), -9.0, -5.25)

    ego = moving(8.0, x=START, seconds=8)
    ego["y"] = y(ego["times"])
    stays = observe(drive(0.0, ego=ego)).lanes_left

    assert [(stay.start, stay.end) for stay in stays] == [
        (pytest.approx(2.0), pytest.approx(3.95)),
        (pytest.approx(6.0), pytest.approx(8.0)),
    ]


def test_driving_in_the_lane_leaves_nothing() -> None:
    seen = observe(reasonable())

    assert seen.lanes_left == seen.solid_lines == seen.oncoming == ()
    assert not seen.astray.any()
    assert seen.against.sum() == 0.0


def test_the_oncoming_lane() -> None:
    ego = moving(8.0, seconds=10, x=START, y=1.75)
    seen = observe(drive(0.0, ego=ego))

    (stay,) = seen.oncoming
    assert (stay.kind, stay.start, stay.end) == ("oncoming", 0.0, 10.0)
    assert seen.against.sum() == pytest.approx(80.0)
    assert seen.astray.all()


def test_reversing_in_ones_own_lane_is_against_the_traffic_but_not_oncoming() -> None:
    seen = observe(drive(0.0, ego=moving(-2.0, seconds=5, x=100.0)))

    assert seen.oncoming == ()
    assert seen.against.sum() == pytest.approx(10.0)


# Lines


@pytest.mark.parametrize(
    ("end", "lanes"),
    [
        (-2.5, []),
        (-5.25, []),  # over the broken line
        (1.75, [0]),  # over the solid centre line
        (-0.8, [0]),  # one side's wheels
        (-9.0, [-2]),  # over the edge line
        (-1.0, []),  # the box is over the line, no wheel is
    ],
)
def test_solid_lines(end: float, lanes: list[int]) -> None:
    ego = moving(8.0, x=START, y=sideways(-1.75, end, by=1.0, after=2.0))
    seen = observe(drive(0.0, ego=ego))

    assert [line.lane for line in seen.solid_lines] == lanes
    assert all(line.mark == "solid" and line.road == "1" for line in seen.solid_lines)


def test_over_the_line_and_back_later_is_crossed_twice() -> None:
    def y(times: np.ndarray) -> np.ndarray:
        out = sideways(-1.75, 1.75, by=1.0, after=2.0)(times)
        return out + sideways(0.0, -3.5, by=1.0, after=10.0)(times)

    seen = observe(drive(0.0, ego=moving(8.0, x=START, y=y)))

    assert [line.lane for line in seen.solid_lines] == [0, 0]


def test_lines_in_junctions_are_nobodys() -> None:
    # road 10 of the fork has solid lines; the left turn drives over them
    arc = np.linspace(0.0, math.pi / 2, 64)
    ego = moving(10.0, seconds=12.0, x=START)
    radius = 20.0 + 1.75
    rows = np.flatnonzero(ego["x"] > 100.0)[: len(arc)]
    turn = arc[: len(rows)]
    ego["x"][rows] = 100.0 + radius * np.sin(turn)
    ego["y"][rows] = 20.0 - radius * np.cos(turn)
    ego["heading"][rows] = turn
    ego = {name: values[: rows[-1] + 1] for name, values in ego.items()}

    seen = observe(run_of(ego, where=fork(), goal=(121.75, 60.0)))

    assert seen.solid_lines == ()
    assert seen.lanes_left == ()


# Speed limits


def test_the_limit_is_the_lanes_then_the_roads_then_the_tasks() -> None:
    fast = lane(-1, inside='<speed sOffset="50" max="36" unit="km/h"/>')
    typed = road(sections=[section(lane(1), fast)])
    town = typed.replace("<planView>", '<type s="0" type="town"><speed max="5"/></type><planView>')
    ego = moving(8.0, seconds=10, x=10.0)

    by_road, by_task = (
        observe(run_of(ego, where=xodr(text), goal=(95.0, -1.75), speed_limit=7.0)).limit
        for text in (town, typed)
    )

    assert (by_road[0], by_road[-1]) == (pytest.approx(5.0), pytest.approx(10.0))
    assert (by_task[0], by_task[-1]) == (pytest.approx(7.0), pytest.approx(10.0))


# Progress


def test_progress_along_the_way() -> None:
    seen = observe(drive(10.0, seconds=10))

    assert not seen.arrived
    assert seen.progress[-1] == pytest.approx(0.5, abs=0.002)
    assert seen.distance[-1] == pytest.approx(100.0)


def test_arrival_ends_the_drive() -> None:
    seen = observe(drive(10.0, seconds=60))

    # 197 m of 200 at 10 m/s, for 3 m are near enough
    assert seen.arrival == seen.duration == pytest.approx(19.7)
    assert seen.progress[-1] == 1.0
    assert len(seen.times) == len(seen.speed) == len(seen.nearest) == len(seen.limit) == 395


def test_reversing_and_standing_make_no_progress() -> None:
    def speed(times: np.ndarray) -> np.ndarray:
        return np.where(times < 5.0, 10.0, -5.0)

    seen = observe(drive(speed, seconds=10))

    assert np.all(np.diff(seen.progress) >= 0.0)
    assert seen.progress[-1] == pytest.approx(0.25, abs=0.005)
    assert seen.distance[-1] == pytest.approx(75.0, abs=0.5)


def test_far_from_the_way_nothing_is_made() -> None:
    ego = moving(10.0, seconds=15, x=START, y=-60.0)

    run = drive(0.0, ego=ego, start_at=(START, -1.75))

    assert observe(run).progress[-1] == 0.0


def test_without_a_way_progress_is_coming_nearer() -> None:
    seen = observe(drive(10.0, seconds=10, route=False))

    # 97 of 197 m to the edge of the goal are left
    assert seen.progress[-1] == pytest.approx(100 / 197)


@pytest.mark.parametrize(("seconds", "when"), [(190.0, 185.0), (184.0, math.nan)])
def test_blocked_after_three_minutes(seconds: float, when: float) -> None:
    def speed(times: np.ndarray) -> np.ndarray:
        return np.where(times < 5.0, 4.0, 0.0)

    seen = observe(drive(speed, seconds=seconds))

    assert seen.blocked == pytest.approx(when, abs=0.06, nan_ok=True)


def test_a_way_that_comes_back_beside_itself_is_not_cut_short() -> None:
    # the way leads 100 m along x, turns, and ends 9.5 m beside its start
    ego = moving(5.0, seconds=2, x=5.0, y=4.5)
    run = run_of(
        ego, where=racecourse(radius=3.0), start_at=(5.0, -1.75), goal=(5.0, 7.75), radius=1.0
    )

    seen = observe(run)

    assert run.task.route is not None
    assert run.task.route.length > 190.0
    assert seen.progress[0] < 0.06
    assert seen.progress[-1] < 0.12
