"""Reference lines: against scipy's Fresnel integrals, arc lengths, and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import fresnel

from concours.driving import roads
from tests.factories.driving import geometry, road, xodr

WIDE = st.floats(-0.2, 0.2, allow_subnormal=False)


def network(shape: str, *, length: float = 100.0, **place: float) -> roads.RoadNetwork:
    plan = geometry(shape, length=length, **place)
    return roads.loads(xodr(road(plan=plan, length=length)))


def by_fresnel(k0: float, k1: float, length: float, s: float) -> tuple[float, float]:
    """A spiral from the origin along x, by Fresnel integrals (k0 != k1)."""
    rate = (k1 - k0) / length
    scale = math.sqrt(math.pi / abs(rate))
    start = k0 / rate
    sines, cosines = fresnel(np.array([start, start + s]) / scale)
    u = scale * (cosines[1] - cosines[0])
    v = scale * (sines[1] - sines[0]) * math.copysign(1, rate)
    turn = -0.5 * k0 * k0 / rate
    return u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)


@settings(deadline=None)  # the first call compiles
@given(WIDE, WIDE, st.floats(0, 100))
def test_spirals_are_fresnel_integrals(k0: float, k1: float, s: float) -> None:
    if abs(k1 - k0) < 1e-3:
        k1 = k0 + 1e-3
    built = network(f'<spiral curvStart="{k0}" curvEnd="{k1}"/>')

    pose = built.road_pose("1", s)

    assert math.dist((pose.x, pose.y), by_fresnel(k0, k1, 100.0, s)) < 1e-9
    assert pose.curvature == pytest.approx(k0 + (k1 - k0) * s / 100, abs=1e-12)


@settings(deadline=None)  # the first call compiles
@given(WIDE, st.floats(0, 100))
def test_a_spiral_that_is_nearly_an_arc_is_an_arc(k: float, s: float) -> None:
    arc = network(f'<arc curvature="{k}"/>').road_pose("1", s)
    spiral = network(f'<spiral curvStart="{k}" curvEnd="{k + 1e-13}"/>').road_pose("1", s)

    assert spiral == pytest.approx(arc, abs=1e-8)


def test_an_arc_ends_on_its_circle() -> None:
    built = network('<arc curvature="-0.02"/>', length=25 * math.pi, x=3, y=4, hdg=math.pi / 2)

    pose = built.road_pose("1", 25 * math.pi, 2.0)

    assert pose[:3] == pytest.approx((53.0, 54.0 + 2.0, 0.0))
    assert pose.heading == pytest.approx(0.0, abs=1e-12)
    assert pose.curvature == pytest.approx(-0.02 / 1.04)


def test_polynomials_advance_by_arc_length() -> None:
    coefficients = 'a="0" b="0" c="0.01" d="-0.0002"'
    u = np.linspace(0, 40, 400_001)
    v = 0.01 * u**2 - 0.0002 * u**3
    arc = np.concatenate([[0], np.cumsum(np.hypot(np.diff(u), np.diff(v)))])
    length = float(arc[-1])
    scaled = (
        f'<paramPoly3 pRange="normalized" aU="0" bU="40" cU="0" dU="0" aV="0" bV="0" '
        f'cV="{0.01 * 40**2}" dV="{-0.0002 * 40**3}"/>'
    )
    stations = np.linspace(0, length, 50)

    for shape in (f"<poly3 {coefficients}/>", scaled):
        found = network(shape, length=length).road_poses(0, stations)

        assert found.x == pytest.approx(np.interp(stations, arc, u), abs=1e-5)
        assert found.y == pytest.approx(np.interp(stations, arc, v), abs=1e-5)


def test_curvature_is_the_change_of_heading() -> None:
    shapes = (
        '<poly3 a="0" b="0" c="0.004" d="-0.00005"/>',
        '<spiral curvStart="0.01" curvEnd="-0.03"/>',
        '<paramPoly3 pRange="arcLength" aU="0" bU="1" cU="0" dU="-0.0000067" aV="0" bV="0" '
        'cV="0.001" dV="0.00002"/>',
    )
    for shape in shapes:
        built = network(shape, length=50)
        s = np.linspace(1, 49, 30)
        for t in (-3.0, 0.0, 4.0):
            a, b = built.road_poses(0, s - 1e-4, t), built.road_poses(0, s + 1e-4, t)
            middle = built.road_poses(0, s, t)
            turned = np.remainder(b.heading - a.heading + np.pi, 2 * np.pi) - np.pi
            assert middle.curvature == pytest.approx(
                turned / np.hypot(b.x - a.x, b.y - a.y), abs=2e-5
            )


def test_a_long_spiral_is_refused_not_computed_for_ever() -> None:
    with pytest.raises(roads.BadMap, match="turns by"):
        network('<spiral curvStart="0" curvEnd="1e9"/>')
