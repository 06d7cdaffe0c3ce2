"""Keeping a distance along the road, and being somewhere when another is somewhere else."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.factories.moves import element, keep_distance, on_lane, speed, synchronize
from tests.factories.worlds import ahead, car, gap, over, play, straight, told, value, when

LIMITS = {"maxAcceleration": 2.0, "maxDeceleration": 3.0, "maxSpeed": 30.0}


@pytest.mark.parametrize(("freespace", "between"), [(False, 0.0), (True, 4.0)])
def test_with_limits_a_distance_is_reached_within_them(
    tmp_path: Path, freespace: bool, between: float
) -> None:
    given = keep_distance("Other", distance=20, freespace=freespace, limits=LIMITS, continuous=True)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 60, 10), where=straight(),
        events=(when(1, given),), end=30,
    )  # fmt: skip

    assert gap(trace, "Ego", "Other")[-1] == pytest.approx(20 + between, abs=0.05)
    assert gap(trace, "Ego", "Other").min() > 4 + between  # it may come nearer on the way
    assert value(trace, "Ego", "speed", 30.0) == pytest.approx(10, abs=0.02)
    assert over(trace) == math.inf
    gains = trace.of("Ego", "acceleration")
    assert (gains.min(), gains.max()) >= (-3 - 1e-6, 0)
    assert gains.max() <= 2 + 1e-6


def test_a_distance_that_is_not_to_be_kept_ends_there(tmp_path: Path) -> None:
    given = keep_distance("Other", distance=20, limits=LIMITS)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 60, 10), where=straight(),
        events=(when(1, given),), end=30,
    )  # fmt: skip

    assert 1 < over(trace) < 30
    assert value(trace, "Ego", "s", round(over(trace), 1)) == pytest.approx(
        value(trace, "Other", "s", round(over(trace), 1)) - 20, abs=0.5
    )


def test_without_limits_it_is_there_at_once_and_stays(tmp_path: Path) -> None:
    given = keep_distance("Other", distance=15, continuous=True)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 60, 10), where=straight(),
        events=(when(1, given),),
        stories=(told("Other", when(4, speed(20, "linear", "time", 3), name="later")),),
    )  # fmt: skip

    apart = gap(trace, "Ego", "Other")[12:]
    np.testing.assert_allclose(apart, 15, atol=0.25)  # one step of the leader's motion
    assert over(trace) == math.inf


@pytest.mark.parametrize(("freespace", "between"), [(False, 0.0), (True, 4.0)])
def test_a_time_gap_counts_at_the_speed_of_the_other(
    tmp_path: Path, freespace: bool, between: float
) -> None:
    given = keep_distance("Other", timeGap=2, freespace=freespace, limits=LIMITS, continuous=True)
    trace = play(
        tmp_path, ahead("Ego", 0, 14), ahead("Other", 50, 12), where=straight(),
        events=(when(1, given),), end=30,
    )  # fmt: skip

    assert gap(trace, "Ego", "Other")[-1] == pytest.approx(24 + between, abs=0.1)


def test_one_may_lead(tmp_path: Path) -> None:
    given = keep_distance(
        "Other", distance=30, displacement="leadingReferencedEntity", limits=LIMITS,
        continuous=True,
    )  # fmt: skip
    trace = play(
        tmp_path, ahead("Ego", 60, 10), ahead("Other", 50, 10), where=straight(),
        events=(when(1, given),), end=30,
    )  # fmt: skip

    assert gap(trace, "Other", "Ego")[-1] == pytest.approx(30, abs=0.05)


def test_on_its_own_side_a_distance_is_kept(tmp_path: Path) -> None:
    given = keep_distance("Other", distance=30, displacement="any", limits=LIMITS, continuous=True)
    trace = play(
        tmp_path, ahead("Ego", 60, 10), ahead("Other", 50, 10), where=straight(),
        events=(when(1, given),), end=30,
    )  # fmt: skip

    assert gap(trace, "Other", "Ego")[-1] == pytest.approx(30, abs=0.05)


# Synchronize


def meeting(folder: Path, final: str = "", *, start: float = 8.0, **how: object) -> tuple:
    """Other gets from s = 100 to 200 in 10 s; Ego shall go from 0 to 150 meanwhile."""
    given = synchronize("Other", on_lane("1", -1, 200), on_lane("1", -2, 150), final, **how)
    trace = play(
        folder, ahead("Ego", 0, start, lane=-2), ahead("Other", 100, 10), where=straight(),
        events=(when(0, given),), end=14,
    )  # fmt: skip
    return trace, value(trace, "Ego", "s", 10.0)


def test_both_arrive_together(tmp_path: Path) -> None:
    trace, there = meeting(tmp_path)

    assert there == pytest.approx(150, abs=0.3)
    assert over(trace) == pytest.approx(10, abs=0.03)
    assert value(trace, "Ego", "speed", 5.0) == pytest.approx(15, abs=0.05)


@pytest.mark.parametrize("final", [5.0, 20.0])
def test_it_arrives_at_its_final_speed(tmp_path: Path, final: float) -> None:
    trace, there = meeting(tmp_path, element("AbsoluteSpeed", value=final))

    assert there == pytest.approx(150, abs=0.5)
    # an even change over 150 m in 10 s: from 30 - final to final
    assert value(trace, "Ego", "speed", 0.5) == pytest.approx(30 - final, abs=1.5)
    assert value(trace, "Ego", "speed", 11.0) == pytest.approx(final, abs=0.5)


def test_its_final_speed_may_be_from_the_masters(tmp_path: Path) -> None:
    final = element("RelativeSpeedToMaster", value=3, speedTargetValueType="delta")
    trace, there = meeting(tmp_path, final)

    assert there == pytest.approx(150, abs=0.5)
    assert value(trace, "Ego", "speed", 11.0) == pytest.approx(13, abs=0.2)


@pytest.mark.parametrize(
    "steady", ['<TargetTimeSteadyState time="3"/>', '<TargetDistanceSteadyState distance="60"/>']
)
def test_the_last_stretch_is_driven_evenly(tmp_path: Path, steady: str) -> None:
    trace, there = meeting(tmp_path, element("AbsoluteSpeed", steady, value=20))

    assert there == pytest.approx(150, abs=0.5)
    speeds = trace.of("Ego", "speed")[72:100]
    np.testing.assert_allclose(speeds, 20, atol=0.3)


def test_those_with_limits_keep_to_them(tmp_path: Path) -> None:
    given = synchronize(
        "Other", on_lane("1", -1, 200), on_lane("1", -2, 150), element("AbsoluteSpeed", value=20)
    )
    trace = play(
        tmp_path, ahead("Ego", 0, 10, lane=-2), ahead("Other", 100, 10), where=straight(),
        cars=(car("Ego", limits=(50, 4, 6)), car("Other")), events=(when(0, given),), end=14,
    )  # fmt: skip

    gains = trace.of("Ego", "acceleration")[:100]
    assert gains.min() >= -6 - 1e-6
    assert gains.max() <= 4 + 1e-6
    assert value(trace, "Ego", "s", 10.0) == pytest.approx(150, abs=0.5)
    assert value(trace, "Ego", "speed", 10.0) == pytest.approx(20, abs=0.5)


def test_a_master_that_stands_lets_it_wait(tmp_path: Path) -> None:
    given = synchronize("Other", on_lane("1", -1, 200), on_lane("1", -2, 150))
    trace = play(
        tmp_path, ahead("Ego", 0, 10, lane=-2), ahead("Other", 100, 0), where=straight(),
        events=(when(1, given),), end=6,
    )  # fmt: skip

    assert value(trace, "Ego", "speed", 5.0) == 0
    assert over(trace) == math.inf


def test_a_place_is_reached_at_its_tolerance(tmp_path: Path) -> None:
    trace, _ = meeting(tmp_path, targetTolerance=5, targetToleranceMaster=10)

    assert over(trace) == pytest.approx(9.0, abs=0.03)
    assert value(trace, "Ego", "s", 9.0) == pytest.approx(145, abs=0.3)
