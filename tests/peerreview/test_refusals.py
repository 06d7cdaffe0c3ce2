"""Assignment refused: the reason is right and the remedy works."""

from __future__ import annotations

import numpy as np
import pytest

from concours.peerreview import (
    AssignmentProblem,
    BadInput,
    InfeasibleAssignment,
    assign,
    check_assignment,
)

SEED = bytes(range(32))
# Reviewers 0 to 4 may review entries 10 and 11 only.
FIVE_FOR_TWO = [(r, e) for r in range(5) for e in range(10)]


def plain(n: int, k: int, **more: object) -> AssignmentProblem:
    values = {"n_entries": n, "reviewer_entry": np.arange(n), "reviews_per_entry": k} | more
    return AssignmentProblem(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (plain(4, 2), "mutual", "lower reviews per entry to 1"),
        (
            plain(20, 5, conflicts=[(r, 7) for r in range(20) if r not in (1, 2, 3)]),
            "entry-eligible",
            "entry 7 has 3 eligible reviewers and needs 5: lower reviews per entry to 3 or remove",
        ),
        (plain(20, 2, load_max=1), "load-total", "20 reviews and 40 are needed"),
        (plain(20, 2, load_min=3, load_max=5), "load-total", "must do 60 reviews"),
        (
            plain(20, 2, conflicts=[(3, e) for e in range(19)]),
            "reviewer-eligible",
            "reviewer 3 may review 1 entries and must review 2",
        ),
        (
            plain(12, 2, conflicts=FIVE_FOR_TWO),
            "loads",
            "allow loads from",
        ),
    ],
)
def test_a_refusal_names_what_to_loosen(problem: AssignmentProblem, code: str, words: str) -> None:
    with pytest.raises(InfeasibleAssignment, match=words) as caught:
        assign(problem, seed=SEED)
    assert caught.value.code == code


def test_the_loads_a_refusal_names_are_enough() -> None:
    with pytest.raises(InfeasibleAssignment) as caught:
        assign(plain(12, 2, conflicts=FIVE_FOR_TWO, allow_mutual=True), seed=SEED)
    low, high = caught.value.details["load_min"], caught.value.details["load_max"]
    wider = plain(12, 2, conflicts=FIVE_FOR_TWO, allow_mutual=True, load_min=low, load_max=high)
    assert check_assignment(wider, assign(wider, seed=SEED).pairs) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_entries": 0}, "n_entries"),
        ({"reviewer_entry": []}, "reviewer_entry"),
        ({"reviewer_entry": [0, 9]}, r"reviewer_entry\[1\]"),
        ({"reviewer_entry": [0.5, 1]}, "whole numbers"),
        ({"reviewer_entry": [float("nan"), 1]}, "whole numbers"),
        ({"reviews_per_entry": 0}, "reviews_per_entry"),
        ({"conflicts": [(0, 1), (0, 7)]}, r"conflicts\[1\]: no entry 7"),
        ({"conflicts": [(5, 1)]}, r"conflicts\[0\]: no reviewer 5"),
        ({"conflicts": [1, 2, 3]}, "shape"),
        ({"parts": 6}, "parts"),
        ({"load_min": 3, "load_max": 2}, "load_min"),
        ({"load_min": -1}, "negative"),
        ({"load_max": [1, 2]}, "load_max"),
        ({"entry_groups": [0] * 5}, "both or neither"),
        ({"entry_groups": [0] * 4, "reviewer_groups": [0] * 5}, "groups"),
    ],
)
def test_malformed_problems_are_named(change: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        plain(**({"n": 5, "k": 1} | change))  # type: ignore[arg-type]


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(BadInput, match="balanced"):
        assign(plain(5, 1), seed=SEED, method="best")
