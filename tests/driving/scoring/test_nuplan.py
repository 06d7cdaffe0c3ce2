"""The multipliers and terms of nuPlan's closed-loop score by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from concours.driving.scoring import Observations, observe, score
from concours.driving.scoring.collisions import Collision
from concours.driving.scoring.lanes import Stay
from tests.factories.runs import collision, drive, reasonable


def clean() -> Observations:
    return observe(reasonable())


def value(seen: Observations) -> float:
    return score(seen, "nuplan-cls").value


def test_a_clean_drive_has_everything() -> None:
    assert value(clean()) == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("collisions", "expected"),
    [
        ((collision("vehicle"),), 0.0),
        ((collision("pedestrian"),), 0.0),
        ((collision("static"),), 50.0),
        ((collision("static"), collision("static")), 0.0),
        ((collision("vehicle", how="from behind", at_fault=False),), 100.0),
    ],
)
def test_collisions(collisions: tuple[Collision, ...], expected: float) -> None:
    assert value(replace(clean(), collisions=collisions)) == pytest.approx(expected)


@pytest.mark.parametrize(("depth", "expected"), [(0.29, 100.0), (0.31, 0.0)])
def test_the_drivable_area(depth: float, expected: float) -> None:
    stay = Stay(1.0, 2.0, 20.0, -8.0, "parking", depth)

    assert value(replace(clean(), lanes_left=(stay,))) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("metres", "expected"), [(1.9, 100.0), (2.1, 50.0), (5.9, 50.0), (6.1, 0.0)]
)
def test_driving_direction(metres: float, expected: float) -> None:
    seen = clean()
    against = np.zeros_like(seen.against)
    against[100:120] = metres / 20  # within one second

    assert value(replace(seen, against=against)) == pytest.approx(expected)


def test_the_second_of_the_direction_slides() -> None:
    seen = clean()
    against = np.zeros_like(seen.against)
    against[100:140] = 3.8 / 40  # 1.9 m in any second, 3.8 in two

    assert value(replace(seen, against=against)) == pytest.approx(100.0)


@pytest.mark.parametrize(("seconds", "expected"), [(3.9, 0.0), (10.0, 100 * 13.5 / 16)])
def test_progress(seconds: float, expected: float) -> None:
    # less than a fifth of the way is none; half of it is half of 5 in 16
    assert value(observe(drive(10.0, seconds=seconds))) == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize(("least", "expected"), [(0.95, 100.0), (0.94, 100 * 11 / 16)])
def test_time_to_collision(least: float, expected: float) -> None:
    seen = clean()
    seconds = np.full_like(seen.speed, 9.0)
    seconds[50] = least

    assert value(replace(seen, collision_in=seconds)) == pytest.approx(expected)


def test_speed_limit() -> None:
    seen = clean()
    over = np.abs(seen.speed) - 2.23 / 4  # a quarter of what leaves nothing, in every frame

    assert value(replace(seen, limit=over)) == pytest.approx(100 * (16 - 4 / 4) / 16)


@pytest.mark.parametrize(
    ("quantity", "bound"),
    [
        ("longitudinal", 2.40),
        ("longitudinal", -4.05),
        ("lateral", -4.89),
        ("longitudinal_jerk", 4.13),
        ("jerk", 8.37),
        ("yaw_rate", 0.95),
        ("yaw_acceleration", -1.93),
    ],
)
def test_comfort_is_all_or_nothing(quantity: str, bound: float) -> None:
    seen = clean()
    for share, expected in ((0.99, 100.0), (1.01, 100 * 14 / 16)):
        values = np.zeros_like(seen.speed)
        values[70] = share * bound
        changed = replace(seen, filtered=seen.filtered._replace(**{quantity: values}))
        assert value(changed) == pytest.approx(expected)
