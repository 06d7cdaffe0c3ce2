"""The reward, a pure function."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("gymnasium", reason="the environments need gymnasium, which is not installed")

from concours.driving.gym import Moment, Weights, reward

QUIET = Moment(seconds=1.0, metres=20.0, aside=0.0, speed=20.0, limit=20.0)


def test_a_second_at_the_limit_is_worth_one() -> None:
    assert reward(QUIET, Weights()) == 1.0


def test_standing_is_worth_nothing_and_going_back_costs() -> None:
    assert reward(QUIET._replace(metres=0.0, speed=0.0), Weights()) == 0.0
    assert reward(QUIET._replace(metres=-2.0, speed=2.0), Weights()) == pytest.approx(-0.1)


def test_without_a_limit_the_usual_speed_counts() -> None:
    moment = QUIET._replace(limit=math.inf, metres=15.0, speed=15.0)

    assert reward(moment, Weights()) == 1.0


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"aside": 3.5}, 0.05),
        ({"aside": 1.75}, 0.025),
        ({"aside": 30.0}, 0.05),
        ({"speed": 30.0}, 0.5),
        ({"reds": 2}, 20.0),
        ({"collided": True}, 20.0),
        ({"left_road": True}, 20.0),
        ({"arrived": True}, -10.0),
    ],
)
def test_each_term_by_itself(change: dict[str, float], lost: float) -> None:
    assert reward(QUIET._replace(**change), Weights()) == pytest.approx(1.0 - lost)


@given(
    parts=st.integers(1, 20),
    metres=st.floats(-50.0, 50.0),
    aside=st.floats(0.0, 20.0),
    speed=st.floats(0.0, 60.0),
)
def test_shorter_steps_give_the_same_in_all(
    parts: int, metres: float, aside: float, speed: float
) -> None:
    whole = QUIET._replace(metres=metres, aside=aside, speed=speed)
    part = whole._replace(seconds=1.0 / parts, metres=metres / parts)

    total = sum(reward(part, Weights()) for _ in range(parts))

    assert total == pytest.approx(reward(whole, Weights()), abs=1e-9)


@given(far=st.floats(0.0, 1e3))
def test_faster_than_the_limit_never_pays(far: float) -> None:
    moment = QUIET._replace(metres=20.0 + far, speed=20.0 + far)

    assert reward(moment, Weights()) <= 1.0 + 1e-9
