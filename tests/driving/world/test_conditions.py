"""Conditions on distances and times between entities and to places, against formulas."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.driving.world.approaching import BEND_RATE, TICK, approach, relative
from tests.factories.moves import (
    change_lane,
    element,
    on_lane,
    world,
)
from tests.factories.worlds import (
    ahead,
    bend,
    fired,
    once,
    play,
    straight,
    told,
    when,
)  # fmt: skip

RELATIVE_DISTANCE = "RelativeDistanceCondition"


@pytest.mark.parametrize(
    ("test", "time"),
    [
        (relative(RELATIVE_DISTANCE, "lessThan", 50), 5.0),
        (relative(RELATIVE_DISTANCE, "lessThan", 50, freespace=True), 4.6),
        (relative(RELATIVE_DISTANCE, "lessThan", 50, coordinateSystem="lane"), 5.0),
        (relative(RELATIVE_DISTANCE, "lessThan", 50, coordinateSystem="road", freespace=True), 4.6),
        (relative(RELATIVE_DISTANCE, "lessThan", 50, coordinateSystem="world"), 5.0),
        (
            relative(RELATIVE_DISTANCE, "lessThan", 50, relativeDistanceType="euclidianDistance"),
            (100 - math.sqrt(50**2 - 3.5**2)) / 10,
        ),
        (relative("TimeHeadwayCondition", "lessThan", 3), 7.0),
        (relative("TimeHeadwayCondition", "lessThan", 3, freespace=True), 6.6),
        (relative("TimeHeadwayCondition", "lessThan", 3, coordinateSystem="lane"), 7.0),
    ],
)
def test_distances_to_one_that_stands(tmp_path: Path, test: str, time: float) -> None:
    trace = approach(tmp_path, test, lane=-2)

    assert fired(trace) == pytest.approx(time, abs=TICK)


@pytest.mark.parametrize(("free", "time"), [(False, 70 / 6), (True, 66 / 6)])
def test_time_to_collision_with_an_entity(tmp_path: Path, free: bool, time: float) -> None:
    target = element("TimeToCollisionConditionTarget", element("EntityRef", entityRef="Other"))
    test = element(
        "TimeToCollisionCondition", target, rule="lessThan", value=5, freespace=free,
        relativeDistanceType="longitudinal",
    )  # fmt: skip

    assert fired(approach(tmp_path, test, other=4)) == pytest.approx(time, abs=TICK)
    assert fired(approach(tmp_path, test, other=10)) == math.inf


def placed(kind: str, position: str, **how: object) -> str:
    inner = element("Position", position)
    if kind == "TimeToCollisionCondition":
        inner = element("TimeToCollisionConditionTarget", inner)
    return element(kind, inner, **how)


@pytest.mark.parametrize(
    ("test", "time"),
    [
        (
            placed("TimeToCollisionCondition", on_lane("1", -1, 100), rule="lessThan", value=2,
                   freespace=False),
            8.0,
        ),
        (placed("ReachPositionCondition", on_lane("1", -1, 100), tolerance=2), 9.8),
        (
            placed("ReachPositionCondition", world(100, 1.75), tolerance=5),
            (100 - math.sqrt(12.75)) / 10,
        ),
        (
            placed("DistanceCondition", on_lane("1", -1, 100), rule="lessThan", value=20,
                   freespace=False),
            8.0,
        ),
        (
            placed("DistanceCondition", on_lane("1", -1, 100), rule="lessThan", value=20,
                   freespace=True),
            7.7,
        ),
        (
            placed("DistanceCondition", on_lane("1", -2, 100), rule="lessThan", value=20,
                   freespace=False, relativeDistanceType="longitudinal", coordinateSystem="lane"),
            8.0,
        ),
        (
            placed("DistanceCondition", world(100, 50), rule="lessThan", value=20,
                   freespace=False, relativeDistanceType="longitudinal"),
            8.0,
        ),
    ],
)  # fmt: skip
def test_distances_to_a_place(tmp_path: Path, test: str, time: float) -> None:
    assert fired(approach(tmp_path, test)) == pytest.approx(time, abs=TICK)


def test_a_place_may_move_with_an_entity(tmp_path: Path) -> None:
    behind = element("RelativeObjectPosition", entityRef="Other", dx=-20, dy=0)
    test = placed("ReachPositionCondition", behind, tolerance=1)

    assert fired(approach(tmp_path, test, other=5, end=20)) == pytest.approx(79 / 5, abs=TICK)


@pytest.mark.parametrize("system", ["lane", "road"])
def test_along_a_bend_distances_are_those_of_the_road(tmp_path: Path, system: str) -> None:
    test = relative(RELATIVE_DISTANCE, "lessThan", 50, coordinateSystem=system)
    trace = approach(tmp_path, test, where=bend(100, 150))

    assert fired(trace) == pytest.approx(50 / BEND_RATE, abs=TICK)


def test_along_a_bend_the_own_axes_are_others(tmp_path: Path) -> None:
    longitudinal = relative(RELATIVE_DISTANCE, "lessThan", 50, coordinateSystem="entity")
    lateral = relative(
        RELATIVE_DISTANCE, "lessThan", 20, coordinateSystem="entity", relativeDistanceType="lateral"
    )

    one = approach(tmp_path, longitudinal, where=bend(100, 150))
    two = approach(tmp_path, lateral, where=bend(100, 150))

    assert fired(one) == pytest.approx((100 - 100 * math.asin(50 / 101.75)) / BEND_RATE, abs=TICK)
    angle = math.acos(1 - 20 / 101.75)
    assert fired(two) == pytest.approx((100 - 100 * angle) / BEND_RATE, abs=TICK)


@pytest.mark.parametrize(
    ("system", "free", "least", "time"),
    [("entity", False, 1.75, 1.0), ("lane", False, 1.75, 1.0), ("lane", True, 0.5, 4 / 7)],
)
def test_distances_to_the_side(
    tmp_path: Path, system: str, free: bool, least: float, time: float
) -> None:
    test = relative(
        RELATIVE_DISTANCE, "lessThan", least, relativeDistanceType="lateral",
        coordinateSystem=system, freespace=free,
    )  # fmt: skip
    shift = told("Other", when(0, change_lane(-1, value=2), name="shift"))
    trace = approach(tmp_path, test, lane=-2, stories=(shift,))

    # 3.5 m apart, nearer by 1.75 m a second; between the boxes 2 m less
    wanted = (3.5 - least - (2 if free else 0)) / 1.75
    assert fired(trace) == pytest.approx(wanted, abs=TICK)
    assert wanted == pytest.approx(time)


def test_who_is_behind_has_no_headway(tmp_path: Path) -> None:
    test = relative("TimeHeadwayCondition", "lessThan", 100)
    trace = play(
        tmp_path, ahead("Ego", 50, 10), ahead("Other", 0, 10), where=straight(),
        events=(once(test),), end=3,
    )  # fmt: skip

    assert fired(trace) == math.inf
