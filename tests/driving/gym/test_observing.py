"""What is shown, where the numbers are known."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("gymnasium", reason="the environments need gymnasium, which is not installed")

from concours.driving.gym import DrivingEnv, Terms
from tests.factories.gym import STILL, Street, street
from tests.factories.moves import on_lane
from tests.factories.worlds import ahead, begin, bend


def shown(env: DrivingEnv) -> np.ndarray:
    return env.reset(seed=0)[0].astype(float)


def test_the_ego_in_the_middle_of_its_lane(tmp_path: Path) -> None:
    seen = shown(street(tmp_path, goal=500.0))

    assert seen[:8] == pytest.approx([0.25, 0, 0, 0, 0, 0, 1.0, 0.4], abs=1e-6)
    assert seen[8:17] == pytest.approx([0.0] * 9, abs=1e-9)
    assert not seen[17:].any()


def test_others_in_the_egos_axes_the_nearest_first(tmp_path: Path) -> None:
    # boxes have their middle one metre ahead of the reference point; lanes are 3.5 m wide
    init = (
        ahead("Far", 160.0, 14.0),
        begin("Oncoming", on_lane("1", 1, 140.0), 6.0),
        ahead("Behind", 80.0, 10.0, lane=-2),
        ahead("Unseen", 300.0, 10.0),
    )
    cars = ("Far", "Oncoming", "Behind", "Unseen")

    seen = shown(street(tmp_path, *init, cars=cars, terms=Terms(others=4)))

    rows = seen[17:].reshape(4, 7)
    assert rows[0] == pytest.approx([1, -0.19, -0.035, 0, 0, 1, 0], abs=1e-6)
    assert rows[1] == pytest.approx([1, 0.39, 0.035, -0.4, 0, -1, 0], abs=1e-6)
    assert rows[2] == pytest.approx([1, 0.61, 0, 0.1, 0, 1, 0], abs=1e-6)
    assert not rows[3].any()


def test_no_more_than_asked_for_are_shown(tmp_path: Path) -> None:
    init = (ahead("Far", 160.0, 14.0), ahead("Near", 120.0, 10.0))

    seen = shown(street(tmp_path, *init, cars=("Far", "Near"), terms=Terms(others=1)))

    assert seen.shape == (24,)
    assert seen[18] == pytest.approx(0.21)


def test_the_bend_ahead_is_told(tmp_path: Path) -> None:
    env = DrivingEnv(Street(tmp_path, goal=145.0, where=bend(radius=100.0, length=150.0)))

    seen = shown(env)

    inner = 1.0 / (100.0 + 1.75)  # the lane lies on the outer side of a bend to the left
    assert seen[8:12] == pytest.approx([inner / 0.1] * 4, rel=0.01)
    assert seen[12] == 0.0  # behind the goal


def test_turning_left_shows_left(tmp_path: Path) -> None:
    env = street(tmp_path)

    for _ in range(8):
        seen = env.step(np.array([0.0, 0.2]))[0]

    speed, _, rate, wheel, heading, offset = seen[:6].tolist()
    assert speed == pytest.approx(0.25, abs=0.02)
    assert min(rate, wheel, heading, offset) > 0.0
    assert wheel == pytest.approx(0.1 / 0.6, rel=0.1)
    assert math.sin(heading * math.pi) > 0.0


def test_the_way_grows_shorter_by_what_was_driven(tmp_path: Path) -> None:
    env = street(tmp_path, goal=400.0, terms=Terms(seconds=1.0))

    seen, _, _, _, info = env.step(np.array(STILL))

    assert info["metres"] == pytest.approx(10.0, abs=0.2)
    assert seen[7] * 1000.0 == pytest.approx(300.0 - info["metres"], abs=0.1)
