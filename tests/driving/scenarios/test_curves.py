"""Curves and transitions against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import fresnel

from concours.driving.scenarios.enums import DynamicsDimension, DynamicsShape, ReferenceContext
from concours.driving.scenarios.nurbs import nurbs
from concours.driving.scenarios.routing import Timing
from concours.driving.scenarios.trajectories import (
    Curve,
    Piece,
    clothoids,
    distance_at,
    polyline,
    time_of,
)
from concours.driving.scenarios.transitions import Transition, transition

SHAPES = [DynamicsShape.LINEAR, DynamicsShape.CUBIC, DynamicsShape.SINUSOIDAL]


def test_a_polyline_is_followed_by_its_length() -> None:
    curve = polyline([(0, 0, 0), (3, 4, 0), (3, 4, 12)])
    assert curve.length == 17.0
    points = curve.at([-1, 2.5, 5, 11, 99])
    assert points.x.tolist() == [0, 1.5, 3, 3, 3]
    assert points.z.tolist() == [0, 0, 0, 6, 12]
    assert np.allclose(points.heading, math.atan2(4, 3))


def test_points_that_coincide_keep_the_heading() -> None:
    curve = polyline([(1, 1, 0), (1, 1, 0), (1, 5, 0), (1, 5, 0)], times=[0, 1, 2, 3])
    assert np.allclose(curve.at([0.0, 2.0, 4.0]).heading, math.pi / 2)
    assert distance_at(curve, [0.5, 1.25, 2.5]).tolist() == [0, 1, 4]


def test_a_clothoid_without_curvature_is_a_line() -> None:
    curve = clothoids([Piece(curvature=0, rate=0, length=10, start=(1, 2, 3, math.pi / 2))])
    points = curve.at([0, 4, 10])
    assert np.allclose(points.x, 1)
    assert np.allclose(points.y, [2, 6, 12])
    assert np.allclose(points.z, 3)


@given(
    st.floats(1.0, 500.0), st.floats(-3, 3), st.floats(0.1, 4 * math.pi), st.sampled_from([-1, 1])
)
def test_a_clothoid_of_constant_curvature_is_an_arc(
    radius: float, heading: float, turn: float, side: int
) -> None:
    length = radius * turn
    curve = clothoids(
        [Piece(curvature=side / radius, rate=0, length=length, start=(0, 0, 0, heading))]
    )
    s = np.linspace(0, length, 17)
    angle = heading + side * s / radius
    points = curve.at(s)
    assert np.allclose(points.x, side * radius * (np.sin(angle) - math.sin(heading)), atol=1e-9)
    assert np.allclose(points.y, side * radius * (math.cos(heading) - np.cos(angle)), atol=1e-9)
    assert np.allclose(points.heading, angle)


@given(st.floats(1e-5, 0.05), st.floats(1.0, 150.0))
def test_a_clothoid_from_a_line_is_fresnels(rate: float, length: float) -> None:
    curve = clothoids([Piece(curvature=0, rate=rate, length=length, start=(0, 0, 0, 0))])
    s = np.linspace(0, length, 33)
    scale = math.sqrt(math.pi / rate)
    sine, cosine = fresnel(s / scale)
    points = curve.at(s)
    assert np.allclose(points.x, scale * cosine, atol=1e-8)
    assert np.allclose(points.y, scale * sine, atol=1e-8)
    assert np.allclose(points.curvature, rate * s)


def test_a_spline_of_clothoids_goes_on_where_the_last_ends() -> None:
    pieces = [
        Piece(curvature=0.0, rate=0.001, length=50, start=(0, 0, 0, 0)),
        Piece(curvature=0.05, rate=0.0, length=20),
        Piece(curvature=0.05, rate=-0.001, length=50, h_offset=0.1),
    ]
    curve = clothoids(pieces, times=[0, 5, 6, 11])
    assert curve.length == 120
    s = np.array([50.0, 70.0])
    before, after = curve.at(s - 1e-9), curve.at(s + 1e-9)
    assert np.allclose(before.x, after.x, atol=1e-8)
    assert np.allclose(before.y, after.y, atol=1e-8)
    assert np.allclose(after.heading - before.heading, [0, 0.1], atol=1e-8)
    assert distance_at(curve, [2.5, 5.5, 11, 99]).tolist() == [25, 60, 120, 120]


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [Piece(curvature=0, rate=0, length=1)],
        [Piece(curvature=0, rate=0, length=0, start=(0, 0, 0, 0))],
        [Piece(curvature=1e9, rate=0, length=1e9, start=(0, 0, 0, 0))],
        [Piece(curvature=0, rate=0, length=math.inf, start=(0, 0, 0, 0))],
    ],
)
def test_clothoids_that_are_none_are_refused(pieces: list[Piece]) -> None:
    with pytest.raises(ValueError):
        clothoids(pieces)


def quarter_circle(radius: float = 1.0) -> Curve:
    return nurbs(
        [(radius, 0, 0), (radius, radius, 0), (0, radius, 0)],
        order=3,
        knots=[0, 0, 0, 1, 1, 1],
        weights=[1, math.sqrt(0.5), 1],
    )


def test_a_nurbs_makes_an_exact_circle_by_arc_length() -> None:
    curve = quarter_circle(10)
    assert curve.length == pytest.approx(5 * math.pi, rel=1e-12)
    s = np.linspace(0, curve.length, 25)
    points = curve.at(s)
    assert np.allclose(points.x, 10 * np.cos(s / 10), atol=1e-9)
    assert np.allclose(points.y, 10 * np.sin(s / 10), atol=1e-9)
    assert np.allclose(points.heading, s / 10 + math.pi / 2, atol=1e-9)
    assert np.allclose(points.curvature, 0.1, atol=1e-8)


def test_a_nurbs_of_order_two_is_a_polyline() -> None:
    corners = [(0, 0, 0), (3, 4, 0), (10, 4, 0)]
    curve = nurbs(corners, order=2, knots=[0, 0, 1, 2, 2], weights=[1, 1, 1], times=[0, 5, 12])
    line = polyline(corners, times=[0, 5, 12])
    s = np.linspace(0, 12, 13)
    assert np.allclose(curve.at(s).x, line.at(s).x)
    assert np.allclose(curve.at(s).y, line.at(s).y)
    assert np.allclose(distance_at(curve, s), distance_at(line, s))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(1, 50), st.floats(-40, 40), st.floats(-5, 5), st.floats(0.5, 2)),
        min_size=4,
        max_size=9,
    )
)
def test_equal_steps_along_a_nurbs_are_equal_ways(
    steps: list[tuple[float, float, float, float]],
) -> None:
    points = np.array(steps)[:, :3]
    points[:, 0] = np.cumsum(points[:, 0])  # x only grows, so that the curve never stands still
    inner = len(points) - 4
    knots = [0.0] * 4 + [float(each + 1) for each in range(inner)] + [inner + 1.0] * 4
    curve = nurbs(points, order=4, knots=knots, weights=[step[3] for step in steps])
    fine = curve.at(np.linspace(0, curve.length, 2001))
    where = np.stack([fine.x, fine.y, fine.z], axis=1)
    chords = np.linalg.norm(np.diff(where, axis=0), axis=1)
    assert chords.sum() == pytest.approx(curve.length, rel=1e-3)
    assert np.all(chords <= curve.length / 2000 * (1 + 1e-4) + 1e-9)


def test_nurbs_that_are_none_are_refused() -> None:
    for order, knots in [(3, [0, 0, 1, 1]), (9, [0] * 11), (3, [0, 0, 0, 0, 0, 0])]:
        with pytest.raises(ValueError):
            nurbs([(0, 0, 0), (1, 0, 0), (2, 0, 0)], order=order, knots=knots, weights=[1, 1, 1])


def test_times_of_a_trajectory_are_shifted_and_stretched() -> None:
    timing = Timing(domain=ReferenceContext.RELATIVE, offset=1.0, scale=2.0)
    assert time_of(timing, now=15.0, started=10.0) == 2.0
    absolute = Timing(domain=ReferenceContext.ABSOLUTE, offset=1.0, scale=2.0)
    assert time_of(absolute, now=15.0, started=10.0) == 7.0


def test_a_curve_without_times_says_so() -> None:
    with pytest.raises(ValueError, match="times"):
        distance_at(quarter_circle(), 1.0)


@given(st.sampled_from(SHAPES), st.floats(-50, 50), st.floats(-50, 50), st.floats(0.01, 100.0))
def test_transitions_start_end_and_have_the_rate_of_their_course(
    shape: DynamicsShape, start: float, target: float, extent: float
) -> None:
    course = Transition(start=start, target=target, extent=extent, shape=shape)
    assert course.value(0) == start
    assert course.value(extent) == target
    assert course.value(extent / 2) == pytest.approx((start + target) / 2, abs=1e-9)
    step = extent * 1e-5
    for part in (0.1, 0.37, 0.5, 0.9):
        slope = (course.value(part * extent + step) - course.value(part * extent - step)) / 2 / step
        assert slope == pytest.approx(course.rate(part * extent), abs=1e-4 * abs(slope) + 1e-7)


@given(st.sampled_from(SHAPES), st.floats(-50, 50), st.floats(-50, 50), st.floats(0.01, 100.0))
def test_a_rate_is_the_peak_of_the_course(
    shape: DynamicsShape, start: float, target: float, rate: float
) -> None:
    course = transition(
        start=start, target=target, shape=shape, dimension=DynamicsDimension.RATE, value=rate
    )
    if start != target and course.extent > 1e-9:
        rates = [abs(course.rate(course.extent * part)) for part in np.linspace(0, 0.999, 400)]
        assert max(rates) == pytest.approx(rate, rel=1e-3)


def test_steps_and_rates_of_nothing() -> None:
    step = transition(
        start=1, target=5, shape=DynamicsShape.STEP, dimension=DynamicsDimension.TIME, value=3
    )
    assert (step.value(0), step.done(0), step.rate(0)) == (5, True, 0)
    never = transition(
        start=1, target=5, shape=DynamicsShape.LINEAR, dimension=DynamicsDimension.RATE, value=0
    )
    assert (never.value(1e9), never.done(1e9)) == (1, False)
    there = transition(
        start=5, target=5, shape=DynamicsShape.LINEAR, dimension=DynamicsDimension.RATE, value=0
    )
    assert there.done(0)
