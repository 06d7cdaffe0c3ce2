"""Drivers of ours stop at red lights of their own lane, and at nothing else."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from concours.driving.world import Trace
from concours.driving.world import layout as at
from concours.driving.world.kernels.halting import FIRM
from concours.driving.world.lights import can_stop, lines_with_lights
from tests.driving.roads.maps import both, linked
from tests.factories.driving import geometry, lane, road, section, xodr
from tests.factories.moves import assign, controller, cycle, set_light, source, traffic
from tests.factories.worlds import (
    ahead,
    build,
    car,
    furnished,
    light,
    opened,
    play,
    straight,
    value,
    when,
)

FRONT = 3.0
"""Metres from a car's reference point to its front."""
STANDOFF = 2.0
"""Metres that a driver of ours keeps from what stops it."""
HEEDING = assign(controller("IDM", setSpeed=15, stopsAtLights="true"))


def driven(folder: Path, *init: str, at_light: str = "", **how: Any) -> Trace:
    """Ego at 0 with 15 m/s, which it wishes; light 7 at 300 m shows `at_light` if anything."""
    told = (set_light("7", at_light),) if at_light else ()
    given_: dict[str, Any] = {"where": straight(1000, light("7", 300)), "end": 60.0, **how}
    return play(folder, ahead("Ego", 0, 15, HEEDING), *told, *init, **given_)


def stopped_at(trace: Trace, line: float, name: str = "Ego") -> bool:
    front = float(trace.of(name, "x")[-1]) + FRONT
    return abs(front - (line - STANDOFF)) < 0.05 and float(trace.of(name, "speed")[-1]) < 0.02


def drove_on(trace: Trace, name: str = "Ego") -> bool:
    return float(trace.of(name, "speed").min()) > 14.9


@pytest.mark.parametrize("state", ["red", "on;off;off", "Stop", "red-yellow", "on;on;off"])
def test_it_stops_its_distance_before_a_red_light(tmp_path: Path, state: str) -> None:
    trace = driven(tmp_path, at_light=state)

    assert stopped_at(trace, 300)


def test_it_brakes_as_the_model_says(tmp_path: Path) -> None:
    trace = driven(tmp_path, at_light="red", end=40.0)

    def slope(_: float, y: np.ndarray) -> list[float]:
        x, v = y
        room = 300 - FRONT - x
        wanted = STANDOFF + v * 1.5 + v * v / (2 * math.sqrt(3 * 2))
        near = wanted / room if room <= 150 else 0.0  # what is farther is not looked at
        return [v, 3 * (1 - (v / 15) ** 4 - near**2)]

    solved = solve_ivp(slope, (0, 40), [0, 15], t_eval=trace.times, rtol=1e-8, max_step=0.01)
    np.testing.assert_allclose(trace.of("Ego", "x"), solved.y[0], atol=0.1)
    np.testing.assert_allclose(trace.of("Ego", "speed"), solved.y[1], atol=0.05)
    assert trace.of("Ego", "acceleration").min() > -4


def test_it_starts_at_green(tmp_path: Path) -> None:
    phases = cycle("7", ("red", 40), ("green", 100))
    trace = driven(tmp_path, signals=phases, end=60.0)

    assert value(trace, "Ego", "speed", 40.0) < 0.02
    assert value(trace, "Ego", "speed", 41.0) == pytest.approx(3.0, abs=0.1)
    assert value(trace, "Ego", "speed", 59.0) == pytest.approx(15.0, abs=0.1)


@pytest.mark.parametrize(
    ("state", "away", "stops"),
    [("yellow", 50, True), ("yellow", 32, False), ("red", 20, True), ("red", 12, False)],
)
def test_who_cannot_stop_any_more_passes(
    tmp_path: Path, state: str, away: float, stops: bool
) -> None:
    turns = when((300 - FRONT - away) / 15, set_light("7", state))
    trace = driven(tmp_path, events=(turns,), cars=(car("Ego", limits=(60, 3, 8)),))

    # 15 m/s: 3 m/s2 from 37.5 m, 8 m/s2 from 14 m
    assert stopped_at(trace, 300) if stops else drove_on(trace)


@pytest.mark.parametrize(
    "state", ["", "green", "off;off;off", "flashing;off;off", "off;flashing", "yellow-flashing"]
)
def test_lights_that_flash_or_say_nothing_stop_nobody(tmp_path: Path, state: str) -> None:
    assert drove_on(driven(tmp_path, at_light=state, end=40.0))


@pytest.mark.parametrize(
    "other",
    [
        light("7", 300, -2),
        light("7", 300, 1, 2, orientation="-"),
        light("7", 300, orientation="-"),
        light("7", 300, kind="1000002"),
    ],
    ids=["another lane", "lanes that come towards it", "who comes towards it", "pedestrians"],
)
def test_lights_for_others_stop_it_not(tmp_path: Path, other: str) -> None:
    assert drove_on(driven(tmp_path, at_light="red", where=straight(1000, other), end=40.0))


def test_in_a_lane_against_s_it_stops_too(tmp_path: Path) -> None:
    lit = straight(1000, light("7", 300, orientation="-"))
    trace = play(
        tmp_path, ahead("Ego", 600, 15, HEEDING, lane=1), set_light("7", "red"), where=lit,
        end=60,
    )  # fmt: skip

    assert trace.of("Ego", "x")[-1] - FRONT == pytest.approx(300 + STANDOFF, abs=0.05)


def test_two_lights_of_a_line_must_both_be_passed(tmp_path: Path) -> None:
    lit = straight(1000, light("7", 300, -1), light("8", 320, -1))
    trace = driven(tmp_path, set_light("8", "red"), at_light="green", where=lit)

    assert stopped_at(trace, 320)


def test_after_a_line_comes_the_next(tmp_path: Path) -> None:
    lit = straight(1000, light("7", 300), light("8", 600))
    green = when(40, set_light("7", "green"))
    trace = driven(
        tmp_path, set_light("8", "red"), at_light="red", where=lit, events=(green,), end=100
    )

    assert value(trace, "Ego", "speed", 39.0) < 0.02
    assert stopped_at(trace, 600)


@pytest.mark.parametrize("name", ["ACC", "IDM", ""])
def test_only_who_is_told_to_looks_at_lights(tmp_path: Path, name: str) -> None:
    driver = (assign(controller(name, setSpeed=15)),) if name else ()
    trace = play(
        tmp_path, ahead("Ego", 0, 15, *driver), set_light("7", "red"),
        where=straight(1000, light("7", 300)), end=40,
    )  # fmt: skip

    assert drove_on(trace)


# Over roads


def crossing(*, before: str = "", inside: str = "", side: str = "", after: str = "") -> bytes:
    """Road 1 leads straight by junction 5 (road 10) to road 2, to the left (road 11) nowhere."""

    def part(number: str, more: str, link: str, junction: str = "-1", **place: float) -> str:
        made = road(
            number, length=place.get("length", 100.0), plan=geometry("<line/>", **place),
            sections=[section(lane(-1, before=-1, after=-1))], link=link, more=more,
        )  # fmt: skip
        return made.replace('junction="-1"', f'junction="{junction}"')

    from_1 = linked("road", "1", "end")
    return xodr(
        part("1", before, f"<successor {linked('junction', '5')}/>"),
        part("2", after, f"<predecessor {linked('junction', '5')}/>", x=120),
        part("10", inside, both(from_1, linked("road", "2", "start")), "5", x=100, length=20),
        part("11", side, f"<predecessor {from_1}/>", "5", x=100, hdg=0.6, length=20),
        '<junction id="5" name="">'
        '<connection id="0" incomingRoad="1" connectingRoad="10" contactPoint="start">'
        '<laneLink from="-1" to="-1"/></connection>'
        '<connection id="1" incomingRoad="1" connectingRoad="11" contactPoint="start">'
        '<laneLink from="-1" to="-1"/></connection></junction>',
    )


@pytest.mark.parametrize(
    ("place", "s", "line"),
    [("before", 95.0, 95.0), ("inside", 1.0, 100.0), ("inside", 18.0, 100.0), ("after", 30, 150)],
)
def test_it_stops_at_lines_of_the_roads_ahead(
    tmp_path: Path, place: str, s: float, line: float
) -> None:
    where = crossing(**{place: furnished(light("7", s))})
    slow = assign(controller("IDM", setSpeed=8, stopsAtLights="true"))
    trace = play(
        tmp_path, ahead("Ego", 5, 8, slow), set_light("7", "red"), where=where, end=60,
    )  # fmt: skip

    assert stopped_at(trace, line)


def test_it_does_not_stop_for_a_way_that_it_does_not_take(tmp_path: Path) -> None:
    where = crossing(side=furnished(light("7", 1.0)))
    slow = assign(controller("IDM", setSpeed=8, stopsAtLights="true"))
    trace = play(tmp_path, ahead("Ego", 5, 8, slow), set_light("7", "red"), where=where, end=20)

    assert value(trace, "Ego", "x", 20.0) == pytest.approx(5 + 8 * 20, abs=0.5)


def test_who_is_in_the_junction_clears_it(tmp_path: Path) -> None:
    where = crossing(inside=furnished(light("7", 18.0)))
    slow = assign(controller("IDM", setSpeed=8, stopsAtLights="true"))
    late = when(12.5, set_light("7", "red"))  # the front is at 108 m
    trace = play(tmp_path, ahead("Ego", 5, 8, slow), where=where, events=(late,), end=20)

    assert trace.of("Ego", "speed").min() > 7.9


# Traffic


def flowing(folder: Path, signals: str, *, end: float, **how: Any) -> Trace:
    flow = traffic(source(100, -3.5, radius=80, rate=0.5, speed=12))
    return play(
        folder, ahead("Ego", 900, 0), flow, where=straight(1000, light("7", 300)),
        cars=(car("Ego"),), signals=signals, end=end, **how,
    )  # fmt: skip


def fronts(trace: Trace) -> np.ndarray:
    """x of the fronts of those of the flow that lead along s: (cars, frames)."""
    ahead_ = {actor.name: actor.center[0] + actor.length / 2 for actor in trace.actors}
    names = [n for n in ahead_ if n.startswith("flow#") and np.nanmax(trace.of(n, "lane")) < 0]
    return np.array([trace.of(name, "x") + ahead_[name] for name in names])


def test_traffic_queues_at_red_and_goes_at_green(tmp_path: Path) -> None:
    trace = flowing(tmp_path, cycle("7", ("red", 60), ("green", 60)), end=80)

    found = fronts(trace)
    red = trace.times < 60
    waiting = found[:, trace.times == 59.0]
    assert np.nanmax(found[:, red]) < 300
    assert (waiting > 250).sum() >= 4  # two lanes of them
    assert (found[:, -1] > 300).sum() >= 4
    assert trace.touches == ()


def test_traffic_goes_on_where_the_scenario_says_nothing_of_the_light(tmp_path: Path) -> None:
    trace = flowing(tmp_path, "", end=60)

    assert (np.nanmax(fronts(trace), axis=1) > 300).sum() >= 4
    assert trace.touches == ()


def test_frames_and_steps_give_the_same_bits(tmp_path: Path) -> None:
    given_: dict[str, Any] = {
        "where": straight(1000, light("7", 300)), "end": 50.0, "cars": (car("Ego"),),
        "signals": cycle("7", ("red", 21.3), ("green", 5.2), ("yellow", 3), ("red", 100)),
    }  # fmt: skip
    init = (ahead("Ego", 900, 0), traffic(source(100, -3.5, radius=80, rate=0.5, speed=12)))
    seen, skipped = build(tmp_path, *init, **given_), build(tmp_path, *init, **given_)

    for _ in seen.run():
        pass
    while skipped.skip(777):
        pass

    np.testing.assert_array_equal(seen.stage.scene.f, skipped.stage.scene.f)
    np.testing.assert_array_equal(seen.stage.scene.i, skipped.stage.scene.i)


def test_nobody_is_born_where_it_cannot_stop(tmp_path: Path) -> None:
    flow = traffic(source(280, -3.5, radius=40, rate=4, speed=12))
    trace = play(
        tmp_path, ahead("Ego", 900, 0), flow, set_light("7", "red"), cars=(car("Ego"),),
        where=straight(1000, light("7", 300)), end=20,
    )  # fmt: skip

    for x in fronts(trace):
        born = x[~np.isnan(x)][0]
        assert born > 300 or born < 300 - 12 * 12 / (2 * 3) + FRONT
    started_behind = [x for x in fronts(trace) if x[~np.isnan(x)][0] < 300]
    assert started_behind
    assert max(np.nanmax(x) for x in started_behind) < 300


@given(speed=st.floats(0, 40), s=st.floats(0, 999), way=st.sampled_from([1, -1]))
def test_who_can_stop_is_who_need_not_brake_hard(speed: float, s: float, way: int) -> None:
    stops = np.array([[4.0, 500.0, way, at.SHUT], [4.0, 700.0, way, at.OPEN], [5.0, 1, 1, at.SHUT]])

    room = (500 - s) * way
    expected = room <= 0 or speed**2 / (2 * room) <= FIRM

    assert can_stop(stops, 4, s, way, speed) == expected
    assert can_stop(stops, 6, s, way, speed)


def test_lines_know_their_lanes_and_lights() -> None:
    network = opened(straight(1000, light("7", 300, -1), light("8", 300, 1, 2, orientation="-")))

    found = {
        (int(network.tables.lanes[int(lane), 0]), s, way, signals)
        for (lane, s, way, _), signals in lines_with_lights(network)
    }

    assert found == {(-1, 300, 1, ("7",)), (1, 300, -1, ("8",)), (2, 300, -1, ("8",))}
