"""What is worth a hundred points."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours import evaluation
from concours.evaluation.manifest import Points
from tests.factories.evaluators import MANIFEST, write_evaluator

POINTS = '\n[points]\ncolumn = "error"\nzero = 1000\nhundred = 0\n'


def test_a_manifest_says_what_is_worth_a_hundred_points(tmp_path: Path) -> None:
    found = evaluation.load(write_evaluator(tmp_path / "one", manifest=MANIFEST + POINTS))
    assert found.points == Points(column="error", zero=1000.0, hundred=0.0)
    assert evaluation.load(write_evaluator(tmp_path / "two")).points is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"error"', '"speed"', "points.column"),
        ("hundred = 0", "hundred = 1000", "points.hundred"),
        ("zero = 1000\n", "", "points.zero"),
        ("zero = 1000", 'zero = "much"', "points.zero"),
        ("hundred = 0", "hundred = 0\nfifty = 1", "points.fifty"),
    ],
)
def test_points_that_are_none_are_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    manifest = MANIFEST + POINTS.replace(old, new)
    with pytest.raises(evaluation.BadEvaluator, match=words):
        evaluation.load(write_evaluator(tmp_path / "one", manifest=manifest))
