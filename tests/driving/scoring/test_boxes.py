"""Distances of boxes and times to collision."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving.scoring.boxes import Boxes, corners, distances, times_to_collision


def box(
    x: float = 0.0, y: float = 0.0, heading: float = 0.0, speed: float = 0.0, low: float = 0.0
) -> Boxes:
    """4 m by 2 m, 1.5 m high."""
    numbers = (x, y, low, low + 1.5, heading, speed, 2.0, 1.0)
    return Boxes(*(np.array([[number]]) for number in numbers))


def boxes() -> st.SearchStrategy[Boxes]:
    place = st.floats(-20, 20)
    return st.builds(box, place, place, st.floats(-4, 4), st.floats(-10, 10))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (box(x=10), 6.0),
        (box(y=-5), 3.0),
        (box(x=7, y=6), 5.0),  # corner to corner: 3 ahead, 4 to the side
        (box(x=10, heading=math.pi / 2), 7.0),
        (box(x=3), 0.0),
        (box(heading=math.pi / 2), 0.0),  # a cross: no corner of one is inside the other
        (box(x=10, heading=math.pi / 4), 10 - 2 - 3 / math.sqrt(2)),
        (box(x=3, low=1.6), math.inf),
        (box(x=math.nan), math.inf),
    ],
)
def test_distances(other: Boxes, expected: float) -> None:
    assert distances(box(), other)[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (box(speed=10), box(x=24), 2.0),
        (box(speed=10), box(x=24, speed=5), 4.0),
        (box(speed=10), box(x=24, speed=10), math.inf),
        (box(speed=10), box(x=44, heading=math.pi, speed=10), 2.0),
        (box(speed=10), box(x=24, y=2.1), math.inf),
        (box(speed=10), box(x=3), 0.0),
        (box(), box(x=3), 0.0),
        (box(), box(x=30), math.inf),
        (box(speed=-10), box(x=24), math.inf),
        (box(speed=10), box(x=24, low=6), math.inf),
        # crossing from the right: it touches the side when 2 + 1 m are left across
        (box(), box(y=-13, heading=math.pi / 2, speed=5), 2.0),
    ],
)
def test_times_to_collision(one: Boxes, two: Boxes, expected: float) -> None:
    assert times_to_collision(one, two)[0, 0] == pytest.approx(expected)


def after(one: Boxes, seconds: float) -> Boxes:
    """Where a box is later."""
    way = one.speed * seconds
    return one._replace(x=one.x + way * np.cos(one.heading), y=one.y + way * np.sin(one.heading))


@given(boxes(), boxes())
def test_boxes_touch_at_the_time_told_and_not_before(one: Boxes, two: Boxes) -> None:
    time = float(times_to_collision(one, two)[0, 0])

    steps = np.linspace(0.0, min(time, 20.0), 40, endpoint=False)
    assert all(distances(after(one, t), after(two, t))[0, 0] > 0 for t in steps if t < time)
    if math.isfinite(time) and time < 1e4:
        assert distances(after(one, time), after(two, time))[0, 0] <= 1e-6


@given(boxes(), boxes())
def test_distance_is_that_of_the_nearest_of_many_points(one: Boxes, two: Boxes) -> None:
    found = float(distances(one, two)[0, 0])

    def edge(each: Boxes) -> np.ndarray:
        x, y = (np.append(values[0, 0], values[0, 0, 0]) for values in corners(each))
        share = np.arange(161) / 40
        return np.stack([np.interp(share, range(5), x), np.interp(share, range(5), y)], axis=1)

    apart = np.linalg.norm(edge(one)[:, None] - edge(two), axis=2).min()
    assert distances(two, one)[0, 0] == pytest.approx(found, abs=1e-9)
    assert found <= apart + 1e-9
    if found > 0.0:
        assert apart <= found + 0.1
