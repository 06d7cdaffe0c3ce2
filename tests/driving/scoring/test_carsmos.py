"""The table of the challenge by hand, every reading of what it leaves open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving.scoring import Observations, observe, score
from concours.driving.scoring.lanes import SolidLine, Stay
from concours.driving.scoring.lights import Passed
from concours.driving.scoring.metrics.bands import band, excess
from concours.driving.scoring.presets import Carsmos2023
from concours.driving.world import Light
from tests.factories.runs import drive, eased, lit, moving, other, reasonable, sideways, street

NAMES = {
    "ReachDestinationTest",
    "TimeoutTest",
    "CollisionTest",
    "RunRedLightTest",
    "OnRoadTest",
    "OntoSolidLineTest",
    "RoadSpeedLimitTest",
    "MaxVelocityTest",
    "AccelerationLongitudinalTest",
    "AccelerationLateralTest",
    "JerkLongitudinalTest",
    "JerkLateralTest",
}


def steady(**task: float) -> Observations:
    """10 m/s from the first frame to the arrival after 9.7 s; no acceleration at all."""
    given: dict[str, float] = {"time_limit": 12.0, "speed_limit": 12.5, **task}
    return observe(drive(10.0, seconds=20, goal=(110.0, -1.75), **given))


def values(seen: Observations, **how: object) -> dict[str, float]:
    parts = Carsmos2023(**how)(seen).parts  # type: ignore[arg-type]
    return {part.name: 100.0 * part.measure.value for part in parts}


def test_the_names_are_the_challenges() -> None:
    assert set(values(steady())) == NAMES


# 60 + 40 * 2.3 / 4.8 = 79.1667 for the time, 60 + 40 * 2.5 / 5 = 80 for the speed
@pytest.mark.parametrize(
    ("axes", "expected"),
    [
        ("shared", (0.6 * 79.16667 + 5 * 100 + 0.8 * 80 + 0.5 * 100 + 0.3 * 100) / 7.2),
        ("each", (0.6 * 79.16667 + 5 * 100 + 0.8 * 80 + 2 * 0.5 * 100 + 2 * 0.3 * 100) / 8.0),
    ],
)
def test_a_drive_by_hand(axes: str, expected: float) -> None:
    assert Carsmos2023(axes=axes)(steady()).value == pytest.approx(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(("axes", "lost"), [("shared", 100 / 7.2), ("each", 100 / 8.0)])
def test_a_red_light_costs_its_share_of_the_weights(axes: str, lost: float) -> None:
    given = Carsmos2023(axes=axes)  # type: ignore[arg-type]
    seen = steady()
    red = replace(seen, red_lights=(Passed(3.0, 40.0, -1.75, "7", "red"),))

    assert given(seen).value - given(red).value == pytest.approx(lost)
    (loss,) = (one for one in given(red).losses if one.metric == "RunRedLightTest")
    assert loss == ("RunRedLightTest", pytest.approx(lost), 3.0, 40.0, -1.75, loss.words)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"lanes_left": (Stay(1.0, 2.0, 30.0, -7.5, "parking", 0.4),)}, "OnRoadTest"),
        ({"solid_lines": (SolidLine(1.0, 30.0, 0.0, "1", 0, "solid"),)}, "OntoSolidLineTest"),
    ],
)
def test_other_rules_are_all_or_nothing(change: dict[str, object], name: str) -> None:
    seen = replace(steady(), **change)  # type: ignore[arg-type]

    assert values(seen)[name] == 0.0
    assert Carsmos2023()(steady()).value - Carsmos2023()(seen).value == pytest.approx(100 / 7.2)


# The band, either way around: T = 10


@pytest.mark.parametrize(
    ("x", "below", "above"),
    [(10.0, 60.0, 100.0), (8.0, 80.0, 80.0), (6.0, 100.0, 60.0), (3.0, 100.0, 60.0)],
)
def test_the_band(x: float, below: float, above: float) -> None:
    assert 100 * band(x, 10.0) == pytest.approx(below)
    assert 100 * band(x, 10.0, margin="above") == pytest.approx(above)


@pytest.mark.parametrize(("x", "points"), [(10.0, 59.0), (11.0, 29.5), (12.0, 0.0), (30.0, 0.0)])
def test_over_the_limit_of_comfort(x: float, points: float) -> None:
    assert 100 * excess(x, 10.0) == pytest.approx(points)


@pytest.mark.parametrize(
    ("margin", "time", "speed"), [("below", 79.16667, 80), ("above", 80.83333, 80)]
)
def test_the_margin_turns_time_and_speed(margin: str, time: float, speed: float) -> None:
    found = values(steady(), margin=margin)

    assert (found["TimeoutTest"], found["MaxVelocityTest"]) == (
        pytest.approx(time),
        pytest.approx(speed),
    )


# Gates


def test_not_arrived_scores_nothing() -> None:
    result = score(drive(10.0, seconds=5), "carsmos-2023")

    assert result.value == 0.0
    assert any("not reached" in loss.words for loss in result.losses)


def test_over_time_scores_nothing_though_it_arrives() -> None:
    assert score(steady(time_limit=9.6), "carsmos-2023").value == 0.0
    assert score(steady(time_limit=9.7), "carsmos-2023").value > 90.0
    assert values(steady(time_limit=9.7))["TimeoutTest"] == pytest.approx(60.0)


def test_any_collision_scores_nothing_whoever_is_at_fault() -> None:
    fast = other("Fast", moving(12.0, seconds=120, x=-14.0))
    run = reasonable(others=[fast], touches=[(4.0, "Fast")])

    assert not observe(run).collisions[0].at_fault
    assert score(run, "carsmos-2023").value == 0.0


def test_a_fault_scores_nothing_and_says_why() -> None:
    result = score(reasonable(fault="the agent raised ValueError"), "carsmos-2023")

    assert (result.value, result.fault) == (0.0, "the agent raised ValueError")
    assert result.losses[0].words == "the agent raised ValueError"


# Speed


def test_over_the_speed_limit_nothing_is_left_of_it() -> None:
    assert values(steady(speed_limit=9.9))["MaxVelocityTest"] == 0.0
    assert values(steady(speed_limit=10.0))["MaxVelocityTest"] == pytest.approx(60.0)
    assert values(steady(speed_limit=float("inf")))["MaxVelocityTest"] == 100.0


# Comfort: what x is


def shaken() -> Observations:
    """Longitudinal: one frame at 6.6 in raw, 3.6 everywhere filtered; the limit is 6."""
    seen = steady()
    spike = np.zeros_like(seen.speed)
    spike[100] = -6.6
    even = np.full_like(seen.speed, 3.6)
    return replace(
        seen,
        raw=seen.raw._replace(longitudinal=spike),
        filtered=seen.filtered._replace(longitudinal=even),
    )


@pytest.mark.parametrize(
    ("taken", "x", "points"),
    [
        ("maximum", 6.6, 59 * (1 - 0.6 / 1.2)),
        ("rms", 6.6 / np.sqrt(195), 100.0),
        ("filtered", 3.6, 100.0),
    ],
)
def test_what_x_is(taken: str, x: float, points: float) -> None:
    result = Carsmos2023(comfort=taken)(shaken())  # type: ignore[arg-type]
    (part,) = (one for one in result.parts if one.name == "AccelerationLongitudinalTest")

    assert part.measure.measured == pytest.approx(x)
    assert 100 * part.measure.value == pytest.approx(points)


def test_each_axis_has_its_limit() -> None:
    seen = steady()
    high = np.full_like(seen.speed, 5.0)
    seen = replace(
        seen,
        filtered=seen.filtered._replace(
            longitudinal=high,
            lateral=np.full_like(high, 2.3),
            longitudinal_jerk=high * 1.1,
            lateral_jerk=high,
        ),
    )

    found = values(seen)

    assert found["AccelerationLongitudinalTest"] == pytest.approx(60 + 40 * 1 / 2.4)
    assert found["AccelerationLateralTest"] == pytest.approx(60.0)
    assert found["JerkLongitudinalTest"] == pytest.approx(59 * (1 - 0.5 / 1.0))
    assert found["JerkLateralTest"] == pytest.approx(100.0)


def test_raw_jerk_of_an_ordinary_start_is_lost_and_the_filtered_is_not() -> None:
    start = observe(drive(lambda t: np.minimum(2.0 * t, 8.0)))

    assert values(start, comfort="maximum")["JerkLongitudinalTest"] == 0.0
    assert values(start, comfort="filtered")["JerkLongitudinalTest"] == 100.0


# As a whole


def test_events_of_a_run_reach_the_table() -> None:
    ego = moving(eased(8.0, rise=8.0), seconds=60, x=10.0, y=sideways(-1.75, 1.75, by=1, after=15))
    run = drive(
        0.0, ego=ego, where=street(more=lit(60.0)), lights=[Light(0.0, "7", "red")], radius=5.0
    )

    found = values(observe(run))

    assert (found["RunRedLightTest"], found["OntoSolidLineTest"]) == (0.0, 0.0)
    assert (found["ReachDestinationTest"], found["OnRoadTest"]) == (100.0, 100.0)


def test_the_challenge_rewards_crawling() -> None:
    quick, slow = (score(drive(eased(v, rise=8.0)), "carsmos-2023").value for v in (13.0, 8.0))

    assert slow > quick


@given(st.floats(0, 100), st.floats(0.1, 100), st.floats(0, 50))
def test_bands_are_between_0_and_1_and_fall_with_x(x: float, limit: float, more: float) -> None:
    low, high = min(x, limit), min(x + more, limit)
    assert 0.6 <= band(high, limit) <= band(low, limit) <= 1.0
    assert 0.0 <= excess(limit + more, limit) <= 0.59
