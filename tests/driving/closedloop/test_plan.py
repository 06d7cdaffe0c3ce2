"""The way as points."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving.closedloop.plan import CHANGE, Option, plan_of
from tests.factories.worlds import bend, opened, racecourse, straight


def test_points_follow_the_middle_of_the_lane() -> None:
    network = opened(straight())
    route = network.find_route(("1", -1, 20.0), ("1", -1, 121.0))
    assert route is not None

    plan = plan_of(network, route, spacing=2.0)

    assert (plan[0].x, plan[-1].x) == pytest.approx((20, 121))
    assert {round(point.y, 9) for point in plan} == {-1.75}
    assert {point.option for point in plan} == {Option.LANEFOLLOW}
    assert all(0 < b.x - a.x <= 2.0 for a, b in pairwise(plan))


def test_against_s_one_looks_where_one_drives() -> None:
    network = opened(straight())
    route = network.find_route(("1", 1, 120.0), ("1", 1, 20.0))
    assert route is not None

    plan = plan_of(network, route)

    assert plan[0].x > plan[-1].x
    assert all(abs(abs(point.heading) - math.pi) < 1e-9 for point in plan)


@given(start=st.sampled_from([-1, -2]), metres=st.floats(5.0, 300.0))
def test_a_change_of_lane_is_smooth_and_named(start: int, metres: float) -> None:
    network = opened(straight())
    goal = -3 - start
    route = network.find_route(("1", start, 20.0), ("1", goal, 20.0 + metres))
    assert route is not None

    plan = plan_of(network, route)

    sideways = Option.CHANGELANELEFT if goal > start else Option.CHANGELANERIGHT
    middles = {-1: -1.75, -2: -5.25}
    assert plan[0].y == pytest.approx(middles[start])
    assert plan[-1].y == pytest.approx(middles[goal])
    assert {point.option for point in plan} <= {sideways, Option.LANEFOLLOW}
    assert plan[0].option is sideways
    drawn = [point for point in plan if point.x - 20.0 < min(CHANGE, metres) - 1e-9]
    assert {point.option for point in drawn} == {sideways}
    for a, b in pairwise(plan):
        seen = math.atan2(b.y - a.y, b.x - a.x)
        assert abs(seen - (a.heading + b.heading) / 2) < 0.2 * max(1.0, CHANGE / metres)


def test_points_on_a_bend_turn_with_it() -> None:
    network = opened(bend(radius=100.0))
    route = network.find_route(("1", -1, 0.0), ("1", -1, 150.0))
    assert route is not None

    plan = plan_of(network, route)

    for a, b in pairwise(plan):
        chord = math.atan2(b.y - a.y, b.x - a.x)
        assert chord == pytest.approx((a.heading + b.heading) / 2, abs=1e-6)
    assert plan[-1].heading == pytest.approx(1.5, abs=1e-6)


def test_a_turn_through_a_junction_is_named() -> None:
    network = opened(racecourse())
    route = network.find_route(("1", -1, 10.0), ("2", -1, 50.0))
    assert route is not None

    plan = plan_of(network, route)

    inside = {point.option for point in plan if point.x > 100.5}
    assert inside == {Option.LEFT}
    assert plan[0].option is plan[-1].option is Option.LANEFOLLOW
