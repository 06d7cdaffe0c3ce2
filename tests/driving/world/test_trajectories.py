"""Curves that entities are led along."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from concours.driving.world import Trace
from tests.factories.moves import (
    circle,
    element,
    follow,
    polyline,
    speed,
    timing,
    trajectory,
    vertex,
    world,
)
from tests.factories.worlds import ahead, begin, over, play, straight, told, value, when

BENT = polyline(vertex(0, -30), vertex(50, -30), vertex(50, -80))
TIMED = polyline(vertex(0, -30, 0), vertex(50, -30, 2), vertex(50, -80, 6))


def along(folder: Path, action: str, *, v: float = 10, **how: object) -> Trace:
    """Ego, on a plane without roads, follows a curve from 1 s on."""
    return play(
        folder, begin("Ego", world(-20, 0), v), events=(when(1, action),), **{"end": 12.0, **how}
    )


def place(trace: Trace, time: float) -> tuple[float, float, float]:
    x, y, heading = (value(trace, "Ego", name, time) for name in ("x", "y", "heading"))
    return x, y, heading


def test_without_times_a_polyline_is_driven_at_the_own_speed(tmp_path: Path) -> None:
    trace = along(tmp_path, follow(trajectory(BENT)))

    assert place(trace, 1.0) == pytest.approx((0, -30, 0), abs=1e-9)
    assert place(trace, 4.0) == pytest.approx((30, -30, 0), abs=1e-6)
    assert place(trace, 9.0) == pytest.approx((50, -60, -math.pi / 2), abs=1e-6)
    assert over(trace) == pytest.approx(11.0, abs=0.011)


def test_the_speed_may_change_on_the_way(tmp_path: Path) -> None:
    later = told("Ego", when(3, speed(20)))
    trace = along(tmp_path, follow(trajectory(BENT)), stories=(later,))

    assert place(trace, 6.0) == pytest.approx((50, -60, -math.pi / 2), abs=1e-6)


def test_times_say_when_each_corner_is_passed(tmp_path: Path) -> None:
    trace = along(tmp_path, follow(trajectory(TIMED), timing=timing()))

    assert place(trace, 2.0) == pytest.approx((25, -30, 0), abs=1e-6)
    assert value(trace, "Ego", "speed", 2.0) == pytest.approx(25, abs=1e-6)
    assert place(trace, 5.0) == pytest.approx((50, -55, -math.pi / 2), abs=1e-6)
    assert value(trace, "Ego", "speed", 5.0) == pytest.approx(12.5, abs=1e-6)
    assert over(trace) == pytest.approx(7.0, abs=0.011)
    assert value(trace, "Ego", "speed", 9.0) == pytest.approx(12.5, abs=1e-6)


def test_times_are_ignored_where_nothing_says_how_they_count(tmp_path: Path) -> None:
    trace = along(tmp_path, follow(trajectory(TIMED)))

    assert place(trace, 4.0) == pytest.approx((30, -30, 0), abs=1e-6)


@pytest.mark.parametrize(
    ("how", "end"),
    [
        (timing(offset=0.5), 7.5),
        (timing(scale=1.5), 10.0),
        (timing(offset=2, domain="absolute"), 8.0),
    ],
)
def test_times_are_scaled_and_shifted(tmp_path: Path, how: str, end: float) -> None:
    trace = along(tmp_path, follow(trajectory(TIMED), timing=how))

    assert over(trace) == pytest.approx(end, abs=0.011)


def test_an_offset_begins_on_the_way(tmp_path: Path) -> None:
    trace = along(tmp_path, follow(trajectory(BENT), start=60))

    assert place(trace, 1.0) == pytest.approx((50, -40, -math.pi / 2), abs=1e-9)
    assert over(trace) == pytest.approx(5.0, abs=0.011)


def test_a_closed_one_leads_back_to_its_start(tmp_path: Path) -> None:
    square = polyline(vertex(0, 0), vertex(20, 0), vertex(20, 20), vertex(0, 20))
    trace = along(tmp_path, follow(trajectory(square, closed=True)))

    assert over(trace) == pytest.approx(9.0, abs=0.011)
    assert place(trace, 8.0) == pytest.approx((0, 10, -math.pi / 2), abs=1e-6)


def test_a_clothoid_of_even_curvature_is_an_arc(tmp_path: Path) -> None:
    trace = along(tmp_path, follow(trajectory(circle(40, length=90))))

    for time in (1.0, 3.0, 6.0, 9.0):
        angle = 10 * (time - 1) / 40
        wanted = (40 * math.sin(angle), 40 - 40 * math.cos(angle), angle)
        assert place(trace, time) == pytest.approx(wanted, abs=1e-3)


def test_the_curvature_of_a_clothoid_changes_evenly(tmp_path: Path) -> None:
    shape = element(
        "Clothoid", element("Position", world(0, 0, h=0)),
        curvature=0.01, curvaturePrime=0.0005, length=80, startTime=0, stopTime=8,
    )  # fmt: skip
    trace = along(tmp_path, follow(trajectory(shape), timing=timing()), v=3)

    for time in (3.0, 6.0, 8.5):
        s = 10 * (time - 1)
        assert place(trace, time)[2] == pytest.approx(0.01 * s + 0.00025 * s * s, abs=1e-4)
    assert over(trace) == pytest.approx(9.0, abs=0.011)


def test_a_spline_of_clothoids_goes_on_where_each_ends(tmp_path: Path) -> None:
    start = element("PositionStart", world(0, 0, h=0))
    line = element("ClothoidSplineSegment", start, curvatureStart=0, curvatureEnd=0, length=30)
    arc = element("ClothoidSplineSegment", curvatureStart=0.02, curvatureEnd=0.02, length=60)
    shape = element("ClothoidSpline", line, arc)
    trace = along(tmp_path, follow(trajectory(shape)))

    assert place(trace, 3.0) == pytest.approx((20, 0, 0), abs=1e-6)
    angle = 0.02 * 40
    wanted = (30 + 50 * math.sin(angle), 50 - 50 * math.cos(angle), angle)
    assert place(trace, 8.0) == pytest.approx(wanted, abs=1e-3)


def test_a_spline_without_a_start_begins_where_its_entity_is(tmp_path: Path) -> None:
    """At 1 s, at (-10, 0), and straight on along x for 30 m."""
    line = element("ClothoidSplineSegment", curvatureStart=0, curvatureEnd=0, length=30)
    arc = element("ClothoidSplineSegment", curvatureStart=0.02, curvatureEnd=0.02, length=60)
    trace = along(tmp_path, follow(trajectory(element("ClothoidSpline", line, arc))))

    assert place(trace, 3.0) == pytest.approx((10, 0, 0), abs=1e-6)
    angle = 0.02 * 40
    wanted = (20 + 50 * math.sin(angle), 50 - 50 * math.cos(angle), angle)
    assert place(trace, 8.0) == pytest.approx(wanted, abs=1e-3)
    assert over(trace) == pytest.approx(10.0, abs=0.011)


def test_a_nurbs_may_be_an_exact_arc(tmp_path: Path) -> None:
    points = [((0, 0), 1.0), ((50, 0), math.sqrt(0.5)), ((50, 50), 1.0)]
    shape = element(
        "Nurbs",
        *(
            element("ControlPoint", element("Position", world(*at)), weight=weight)
            for at, weight in points
        ),
        *(element("Knot", value=knot) for knot in (0, 0, 0, 1, 1, 1)),
        order=3,
    )
    trace = along(tmp_path, follow(trajectory(shape)))

    row = slice(round(1 / 0.1), round(8.8 / 0.1))
    radius = np.hypot(trace.of("Ego", "x")[row], trace.of("Ego", "y")[row] - 50)
    np.testing.assert_allclose(radius, 50, atol=1e-3)
    assert over(trace) == pytest.approx(1 + 50 * math.pi / 2 / 10, abs=0.02)


def test_who_has_left_a_curve_drives_on_in_its_lane(tmp_path: Path) -> None:
    shape = polyline(vertex(10, -5.25), vertex(30, -5.25), vertex(50, -1.75))
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, follow(trajectory(shape))),),
    )  # fmt: skip

    ended = over(trace)
    assert ended == pytest.approx(1 + 2 + math.hypot(20, 3.5) / 10, abs=0.011)
    assert value(trace, "Ego", "lane", 9.0) == -1
    assert value(trace, "Ego", "y", 9.0) == pytest.approx(-1.75, abs=0.02)
    assert value(trace, "Ego", "x", 9.0) == pytest.approx(50 + 10 * (9 - ended), abs=0.3)


def test_a_curve_that_cannot_be_is_noted(tmp_path: Path) -> None:
    trace = along(tmp_path, follow(trajectory(circle(1e-9, length=100))), noted=True)

    assert "scenario.xosc" in trace.notes[0]
    assert "the curve turns too often" in trace.notes[0]
    assert over(trace) == pytest.approx(1.0)


def test_one_point_is_no_way_but_no_error(tmp_path: Path) -> None:
    trace = along(tmp_path, follow(trajectory(polyline(vertex(5, 5), vertex(5, 5)))), noted=True)

    assert over(trace) <= 1.02
    assert np.isfinite(trace.of("Ego", "x")).all()
