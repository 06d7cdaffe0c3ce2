"""Laws that hold whatever is driven: ways and speeds, lanes and borders, profiles."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.driving.scenarios.actions import DynamicConstraints
from concours.driving.scenarios.trajectories import Piece, clothoids
from concours.driving.world.profiles import profile
from tests.factories.driving import geometry, road, xodr
from tests.factories.moves import on_lane, speed
from tests.factories.worlds import FOUR, ahead, begin, car, opened, play, straight, when

SHAPES = ("linear", "cubic", "sinusoidal")


@settings(max_examples=12, deadline=None)
@given(
    start=st.floats(0, 30),
    changes=st.lists(
        st.tuples(
            st.floats(0, 5), st.floats(0, 40), st.sampled_from(SHAPES),
            st.sampled_from(("time", "rate", "distance")), st.floats(0.2, 30),
        ),
        max_size=4,
    ),
)  # fmt: skip
def test_the_way_is_the_sum_of_the_speeds(
    tmp_path_factory: pytest.TempPathFactory,
    start: float,
    changes: list[tuple[float, float, str, str, float]],
) -> None:
    events = [
        when(time, speed(goal, shape, dimension, by), name=f"e{number}")
        for number, (time, goal, shape, dimension, by) in enumerate(changes)
    ]
    trace = play(
        tmp_path_factory.mktemp("way"), ahead("Ego", 0, start), where=straight(), events=events,
        end=6, control=0.01, cars=(car("Ego"),),
    )  # fmt: skip

    speeds, s = trace.of("Ego", "speed"), trace.of("Ego", "s")
    np.testing.assert_allclose(s[1:], np.cumsum(speeds[1:]) * 0.01, atol=1e-7)
    gains = trace.of("Ego", "acceleration")[1:]
    steady = np.abs(np.diff(speeds) / 0.01 - gains) < 1e-6
    assert steady.mean() > 0.98  # all but where a step of the Init or a hold is noted


def winding(pieces: list[tuple[str, float, float, float]]) -> bytes:
    """A road of arcs and spirals: shape, length, curvature at its start and end."""
    plan, x, y, heading, s = "", 0.0, 0.0, 0.0, 0.0
    for shape, length, first, last in pieces:
        if shape == "arc":
            last = first
        inner = (
            f'<arc curvature="{first}"/>'
            if shape == "arc"
            else f'<spiral curvStart="{first}" curvEnd="{last}"/>'
        )
        plan += geometry(inner, s=s, x=x, y=y, hdg=heading, length=length)
        bend = Piece(
            curvature=first, rate=(last - first) / length, length=length, start=(x, y, 0, heading)
        )
        end = clothoids([bend]).at(length)
        x, y, heading = float(end.x), float(end.y), float(end.heading)
        s += length
    return xodr(road(length=s, plan=plan, sections=[FOUR]))


CURVATURES = st.floats(-0.03, 0.03)


@settings(max_examples=10, deadline=None)
@given(
    pieces=st.lists(
        st.tuples(st.sampled_from(("arc", "spiral")), st.floats(20, 80), CURVATURES, CURVATURES),
        min_size=1,
        max_size=4,
    ),
    lane=st.sampled_from((-2, -1, 1, 2)),
    offset=st.floats(-1.0, 1.0),
)
def test_who_drives_stays_within_its_lane(
    tmp_path_factory: pytest.TempPathFactory,
    pieces: list[tuple[str, float, float, float]],
    lane: int,
    offset: float,
) -> None:
    where = winding(pieces)
    network = opened(where)
    start = 1.0 if lane < 0 else network.length("1") - 1.0
    trace = play(
        tmp_path_factory.mktemp("lane"), begin("Ego", on_lane("1", lane, start, offset), 12),
        where=where, end=12, cars=(car("Ego"),),
    )  # fmt: skip

    assert set(trace.of("Ego", "lane")) == {lane}
    np.testing.assert_allclose(trace.of("Ego", "offset"), offset, atol=1e-9)
    for row in range(0, len(trace.times), 10):
        s = float(trace.of("Ego", "s")[row])
        pose = network.lane_pose("1", lane, s, offset)
        x, y = trace.of("Ego", "x")[row], trace.of("Ego", "y")[row]
        assert math.hypot(x - pose.x, y - pose.y) < 1e-9
    # the way in the world is that of the speed, but for the step in which the curvature jumps
    ways = np.hypot(np.diff(trace.of("Ego", "x")), np.diff(trace.of("Ego", "y")))
    assert (ways <= 1.2 + 0.06).all()
    driving = trace.of("Ego", "speed")[1:] > 0
    assert (ways[driving] >= 1.2 - 0.06).all()


LIMITS = st.builds(
    DynamicConstraints,
    max_acceleration=st.one_of(st.none(), st.floats(0.5, 8)),
    max_deceleration=st.one_of(st.none(), st.floats(0.5, 8)),
    max_acceleration_rate=st.one_of(st.none(), st.floats(0.5, 20)),
    max_deceleration_rate=st.one_of(st.none(), st.floats(0.5, 20)),
)


@settings(max_examples=150, deadline=None)
@given(
    start=st.floats(0, 40),
    entries=st.lists(
        st.tuples(st.floats(0, 40), st.one_of(st.none(), st.floats(0.1, 20))),
        min_size=1,
        max_size=5,
    ),
    limits=LIMITS,
    follow=st.booleans(),
)
def test_a_profile_goes_on_without_jumps_and_gets_there(
    start: float,
    entries: list[tuple[float, float | None]],
    limits: DynamicConstraints,
    follow: bool,
) -> None:
    pieces = profile(start=start, entries=entries, limits=limits, follow=follow)

    if not pieces:
        assert all(abs(speed - start) < 1e-6 for speed, _ in entries)
        return
    assert all(
        seconds > 0 and math.isfinite(sum(piece)) for piece in pieces for seconds in piece[:1]
    )
    ends = [v + t * (a + 0.5 * t * j) for t, v, a, j in pieces]
    assert pieces[0][1] == pytest.approx(start, abs=1e-6)
    for end, (_, begins, _, _) in zip(ends, pieces[1:], strict=False):
        assert end == pytest.approx(begins, abs=1e-6)
    assert ends[-1] == pytest.approx(entries[-1][0], abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(
    start=st.floats(0, 40),
    speeds=st.lists(st.floats(0, 40), min_size=1, max_size=4),
    limits=st.builds(
        DynamicConstraints,
        max_acceleration=st.floats(0.5, 8),
        max_deceleration=st.floats(0.5, 8),
        max_acceleration_rate=st.floats(0.5, 20),
        max_deceleration_rate=st.floats(0.5, 20),
    ),
    follow=st.booleans(),
)
def test_a_profile_keeps_to_its_limits_and_passes_every_entry(
    start: float, speeds: list[float], limits: DynamicConstraints, follow: bool
) -> None:
    pieces = profile(start=start, entries=[(v, None) for v in speeds], limits=limits, follow=follow)

    up, down = limits.max_acceleration or 0, limits.max_deceleration or 0
    for t, _, a, j in pieces:
        for gain in (a, a + j * t):
            assert -down - 1e-6 <= gain <= up + 1e-6
    if follow:
        for (t, _, a, j), (_, _, onward, _) in pairwise(pieces):
            assert a + j * t == pytest.approx(onward, abs=1e-6)
    passed = [start] + [v + t * (a + 0.5 * t * j) for t, v, a, j in pieces]
    for wanted in speeds:
        assert min(abs(v - wanted) for v in passed) < 1e-6
