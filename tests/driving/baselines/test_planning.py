"""What `careful` is made of: lines, predictions, taken metres, detours, pedals."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving.baselines import baseline

MODULES = ("way", "lining", "predicting", "minding", "passing", "pushing")
CAR = np.array([4.6, 1.8, 1.5])


def modules() -> Iterator[dict[str, ModuleType]]:
    folder = str(baseline("careful").parent)
    kept = {name: sys.modules.pop(name) for name in MODULES if name in sys.modules}
    sys.path.insert(0, folder)
    try:
        yield {name: importlib.import_module(name) for name in MODULES}
    finally:
        sys.path.remove(folder)
        for name in MODULES:
            sys.modules.pop(name, None)
        sys.modules.update(kept)


agent = pytest.fixture(scope="module")(modules)
Agent = dict[str, Any]


def straight(agent: Agent) -> Any:
    """A line 200 m along x."""
    points = [(float(x), 0.0) for x in range(0, 201, 2)]
    return agent["lining"].Line(agent["way"].Way(points, ["LANEFOLLOW"] * len(points)))


def track(agent: Agent, x: float, y: float, heading: float, speed: float, kind: int = 14) -> Any:
    return agent["predicting"].Track(0.0, kind, x, y, heading, CAR.copy(), speed)


def chosen(agent: Agent, speed: float, *others: Any, margin: float = 0.5) -> float:
    """The acceleration at 50 m of the straight line."""
    line, minding = straight(agent), agent["minding"]
    path = agent["lining"].Path(line, 44, 70)
    taken = minding.Taken(path)
    for other in others:
        taken.add(agent["predicting"].boxes(other, line), margin)
    bound = minding.bounds(path, 8.0, 1.6, 1.2)
    return float(taken.choose(50.0, speed, bound, 0.5))


def test_a_place_beside_a_line_is_found_again(agent: Agent) -> None:
    assert straight(agent).beside(30.3, 2.0) == pytest.approx((30.3, 2.0, 0.0))
    assert straight(agent).at(-10.0) == pytest.approx((-10.0, 0.0, 0.0))


@given(st.floats(-3.0, 3.0), st.floats(0.5, 15.0))
def test_whoever_turns_stays_on_a_circle(rate: float, speed: float) -> None:
    for agent in modules():
        one = track(agent, 100.0, 50.0, 1.0, speed)
        one.rate = rate if abs(rate) > 0.2 else 0.2
        boxes = agent["predicting"].boxes(one, straight(agent))
        radius = speed / one.rate
        middle = (100.0 - radius * math.sin(1.0), 50.0 + radius * math.cos(1.0))
        away = np.hypot(boxes[:, 0] - middle[0], boxes[:, 1] - middle[1])
        assert np.allclose(away, abs(radius), rtol=1e-6)


def test_who_stands_is_predicted_to_stand_and_who_drives_to_get_on(agent: Agent) -> None:
    stands = agent["predicting"].boxes(track(agent, 90, 1, 0, 0.1), straight(agent))
    drives = agent["predicting"].boxes(track(agent, 90, 1, 0, 5.0), straight(agent))
    assert np.ptp(stands, axis=0) == pytest.approx(0.0)
    assert drives[4, 0] == pytest.approx(95.0, abs=0.5)  # one second later
    assert drives[-1, 3] > drives[0, 3]  # less and less is known


def test_with_nobody_there_it_speeds_up_and_keeps_the_bound(agent: Agent) -> None:
    assert chosen(agent, 3.0) == 1.5


@pytest.mark.parametrize(("gap", "least", "most"), [(60.0, 1.5, 1.5), (18.0, -3.0, -0.5)])
def test_it_brakes_for_who_stands_ahead_in_time(
    agent: Agent, gap: float, least: float, most: float
) -> None:
    assert least <= chosen(agent, 7.0, track(agent, 50.0 + gap, 0.0, 0.0, 0.0)) <= most


def test_it_brakes_hard_where_nothing_else_helps(agent: Agent) -> None:
    assert chosen(agent, 7.0, track(agent, 58.0, 0.0, 0.0, 0.0)) <= -6.5


def test_it_gives_way_to_who_comes_across_but_not_to_who_goes_away(agent: Agent) -> None:
    coming = track(agent, 72.0, -20.0, math.pi / 2, 8.0)
    leaving = track(agent, 72.0, 6.0, math.pi / 2, 8.0)
    assert chosen(agent, 8.0, coming) < 0.0
    assert chosen(agent, 8.0, leaving) >= 0.0


def test_it_does_not_mind_who_drives_in_the_next_lane(agent: Agent) -> None:
    assert chosen(agent, 5.0, track(agent, 60.0, 3.5, 0.0, 2.0)) == 1.5


def test_speeds_are_reached_by_braking_gently(agent: Agent) -> None:
    squares = np.full(40, 64.0)
    squares[30:] = 4.0
    speeds = agent["minding"].slowed(squares, 1.2)
    assert speeds[30] == 2.0
    assert np.all(np.diff(speeds**2) >= -2 * 1.2 - 1e-9)


@given(st.floats(-4.0, 4.0), st.floats(8.0, 15.0), st.floats(1.0, 40.0))
def test_a_detour_begins_and_ends_in_the_lane(shift: float, ramp: float, size: float) -> None:
    for agent in modules():
        end = 10.0 + 2 * ramp + size
        detour = agent["passing"].Detour(10.0, 10.0 + ramp, 10.0 + ramp + size, end, shift)
        ends = detour.aside(np.array([0.0, 10.0, end, end + 5.0]))
        assert ends == pytest.approx(0.0, abs=1e-9)
        assert detour.aside(np.array(10.0 + ramp + size / 2)) == pytest.approx(shift)
        assert np.max(np.abs(detour.aside(np.linspace(0, end, 50)))) <= abs(shift) + 1e-9


def test_a_detour_waits_for_who_comes_towards(agent: Agent) -> None:
    line, passing = straight(agent), agent["passing"]
    block = passing.Block(80.0, 90.0, -1.0, 1.0, things=True, stood=9.0)
    detour = passing.around(block, 55.0, left=True, ramp=15.0)
    oncoming = track(agent, 130.0, 3.5, math.pi, 7.0)
    gone = track(agent, 40.0, 3.5, math.pi, 7.0)
    assert not passing.is_free(detour, [oncoming], line, 55.0, 5.0)
    assert passing.is_free(detour, [gone], line, 55.0, 5.0)


def test_pedals_brake_for_a_negative_wish_and_hold_a_standing_car(agent: Agent) -> None:
    pedals = agent["pushing"].Push()
    assert pedals.press(0.0, 0.0, -1.0) == (0.0, 0.4)
    assert pedals.press(0.05, 6.0, -8.0) == (0.0, 1.0)
    throttle, brake = pedals.press(0.1, 6.0, 1.5)
    assert throttle > 0.0
    assert brake == 0.0
