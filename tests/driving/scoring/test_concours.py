"""Our own score: what has to lose, loses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from concours.driving.scoring import Observations, Score, observe, score
from concours.driving.scoring.lanes import SolidLine, Stay
from concours.driving.scoring.lights import Passed
from concours.driving.scoring.metrics.bands import ease, ramp
from tests.factories.runs import GOAL, START, collision, drive, eased, moving, other, reasonable

WEIGHTS = 17.0


def judged(run_speed: object, **how: object) -> Score:
    return score(drive(run_speed, **how))  # type: ignore[arg-type]


def clean() -> Observations:
    return observe(reasonable())


def test_a_reasonable_drive_has_everything() -> None:
    result = score(clean())

    assert (result.value, result.losses) == (pytest.approx(100.0), ())


@pytest.mark.parametrize(
    "speed",
    [
        eased(2.6, rise=4.0),  # crawls, and arrives just in time
        lambda t: np.where(t < 24.0, eased(8.0, rise=8.0)(t), 0.0),  # stops 40 m early
        lambda t: eased(8.0, rise=8.0)(t) + 2.0 * np.sin(np.pi * t) * (t > 8.0),  # jerks
        eased(20.0, rise=16.0),  # speeds
        lambda t: np.minimum(12.0 * t, 8.0),  # starts like a rocket
    ],
    ids=["crawling", "stopping early", "jerky", "speeding", "rocket"],
)
def test_what_loses_against_a_reasonable_drive(speed: object) -> None:
    result = judged(speed)

    assert result.value < score(clean()).value - 5.0
    assert sum(loss.points for loss in result.losses) == pytest.approx(100.0 - result.value)


def test_crawling_loses_its_pace() -> None:
    result = judged(2.6)
    (loss,) = result.losses

    # 197 m at 2.6 m/s take 75.8 s of 83.3: 0.9096 of it, where 0.6 is quick enough
    assert loss.metric == "PaceTest"
    assert loss.points == pytest.approx(100 * 4 / WEIGHTS * (1 - (1 - 75.8 / (200 / 2.4)) / 0.4))


def test_stopping_early_keeps_less_than_a_fifth() -> None:
    values = [judged(10.0, seconds=seconds).value for seconds in (2.0, 10.0, 19.0)]

    assert values == sorted(values)
    assert values[-1] < 20.0


def test_arriving_late_is_not_arriving() -> None:
    late = judged(2.3)

    assert late.value <= 20.0
    assert any("over 83.3 s" in loss.words for loss in late.losses)


@pytest.mark.parametrize(("fault", "value"), [(True, 0.0), (False, 100.0)])
def test_only_a_collision_of_ones_own_fault_is_a_gate(fault: bool, value: float) -> None:
    hit = collision(at_fault=fault)

    assert score(replace(clean(), collisions=(hit,))).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"red_lights": (Passed(1.0, 20.0, 0.0, "7", "red"),)}, 0.5),
        ({"stop_signs": (Passed(1.0, 20.0, 0.0, "9", ""),)}, 0.7),
        ({"lanes_left": (Stay(1.0, 2.0, 20.0, -8.0, "sidewalk", 0.4),)}, 0.7),
        ({"solid_lines": (SolidLine(1.0, 20.0, 0.0, "1", 0, "solid"),) * 2}, 0.85**2),
    ],
)
def test_rules_multiply(change: dict[str, object], kept: float) -> None:
    assert score(replace(clean(), **change)).value == pytest.approx(100 * kept)  # type: ignore[arg-type]


@pytest.mark.parametrize(("least", "share"), [(2.5, 1.0), (1.5, 0.5), (1.0, 0.15625), (0.4, 0.0)])
def test_time_to_collision_is_smooth(least: float, share: float) -> None:
    seen = clean()
    seconds = np.full_like(seen.speed, np.inf)
    seconds[40] = least

    value = score(replace(seen, collision_in=seconds)).value

    assert value == pytest.approx(100 - 100 * 4 / WEIGHTS * (1 - share))


def test_a_near_miss_costs_while_moving_and_not_while_standing() -> None:
    # past a person 0.6 m from the side: half of the room that is wanted
    thin = {"length": 0.6, "width": 0.6, "center": (0.0, 0.0, 0.9)}
    person = other("P", moving(0.0, seconds=120, x=100.0, y=-3.65), kind="pedestrian", **thin)
    passing = score(reasonable(others=[person]))
    (loss,) = (one for one in passing.losses if one.metric == "NearMissTest")

    assert loss.points == pytest.approx(100 * 3 / WEIGHTS * 0.5)
    assert loss.x == pytest.approx(97.0, abs=4.0)

    queue = other("Q", moving(0.0, seconds=5, x=START + 4.6))
    waiting = score(drive(0.0, seconds=5, others=[queue]))
    assert [one for one in waiting.losses if one.metric == "NearMissTest"] == []


def test_a_lead_vehicle_that_keeps_its_distance_costs_nothing() -> None:
    lead = other("Lead", moving(eased(8.0, rise=8.0), seconds=120, x=START + 20.0))

    assert score(reasonable(others=[lead])).value == pytest.approx(100.0)


def test_smooth_shapes() -> None:
    assert [ramp(x, 2.0, 1.0) for x in (0.5, 1.0, 1.25, 2.0, 3.0)] == [1.0, 1.0, 0.75, 0.0, 0.0]
    assert [ease(x, 0.0, 4.0) for x in (-1.0, 1.0, 2.0, 3.0, 5.0)] == [0, 0.15625, 0.5, 0.84375, 1]


def test_a_loss_says_where_and_when() -> None:
    result = judged(eased(20.0, rise=16.0))
    (loss,) = (one for one in result.losses if one.metric == "RoadSpeedLimitTest")

    assert START < loss.x < GOAL
    assert "over the limit of 15.0 m/s" in loss.words
