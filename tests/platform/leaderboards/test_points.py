from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.leaderboards.manifest import rules_in
from concours.platform.leaderboards.points import FULL, Scale, scale_of
from concours.platform.leaderboards.ranking import Column, Rules

HIGHER = Rules(columns=(Column(name="score"),), sort=("score",))
LOWER = Rules(columns=(Column(name="seconds", better="lower"),), sort=("seconds",))

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(numbers, numbers, st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]))
def test_points_are_within_range_and_never_turn_round(
    one: float, two: float, ends: tuple[float, float]
) -> None:
    scale = Scale(column="x", zero=ends[0], hundred=ends[1])
    low, high = sorted((one, two), reverse=ends[0] > ends[1])
    assert 0 <= scale.points_milli({"x": low}) <= scale.points_milli({"x": high}) <= FULL
    assert scale.points_milli({"x": ends[0]}) == 0
    assert scale.points_milli({"x": ends[1]}) == FULL


@pytest.mark.parametrize(
    ("value", "milli"), [(87.5, 87_500), (101.0, FULL), (-3.0, 0), (0.0005, 1), (0.0004, 0)]
)
def test_without_a_scale_the_main_column_is_taken_as_points(value: float, milli: int) -> None:
    scale = scale_of({}, HIGHER)
    assert scale is not None
    assert scale.points_milli({"score": value}) == milli


def test_a_declared_scale_turns_a_column_round() -> None:
    scale = scale_of({"points": {"column": "seconds", "zero": 60, "hundred": 20}}, LOWER)
    assert scale is not None
    assert [scale.points_milli({"seconds": s}) for s in (20.0, 30.0, 60.0, 90.0)] == [
        FULL,
        75_000,
        0,
        0,
    ]
    assert Fraction(scale.points_milli({"seconds": 47.0}), 1_000) == Fraction(65, 2)


def test_where_less_is_better_nothing_is_guessed() -> None:
    assert scale_of({}, LOWER) is None


@pytest.mark.parametrize(
    "declared",
    [
        {},
        [],
        {"column": "score", "zero": 0},
        {"column": "speed", "zero": 0, "hundred": 1},
        {"column": "score", "zero": 1, "hundred": 1},
        {"column": "score", "zero": "much", "hundred": 1},
    ],
)
def test_a_scale_that_is_none_is_refused(declared: Any) -> None:
    with pytest.raises(ValueError, match="points"):
        scale_of({"points": declared}, HIGHER)


def test_rules_are_read_from_a_manifest() -> None:
    manifest = {
        "columns": [
            {"name": "score", "title": "Driving score", "title_zh": "驾驶分", "decimals": 2},
            {"name": "seconds", "better": "lower", "public": False},
        ],
        "sort": ["score", "seconds"],
        "ties": "earlier",
        "rule": "last",
    }
    found = rules_in(manifest)
    assert (found.sort, found.ties, found.rule) == (("score", "seconds"), "earlier", "last")
    assert [(one.name, one.better, one.public, one.decimals) for one in found.columns] == [
        ("score", "higher", True, 2),
        ("seconds", "lower", False, 3),
    ]
    assert rules_in(manifest, rule="best").rule == "best"


def test_a_manifest_without_sort_is_sorted_by_its_first_column() -> None:
    assert rules_in({"columns": [{"name": "score"}]}).sort == ("score",)
    with pytest.raises(ValueError, match="sorted"):
        rules_in({"columns": []})
