"""Keyed randomness: a function of its arguments, and uniform."""

from __future__ import annotations

import math

from concours.driving.keyed import uniform, word


def test_words_are_known_and_independent_of_order() -> None:
    forwards = [word(1, "a", index) for index in range(9)]
    backwards = [word(1, "a", index) for index in reversed(range(9))]
    assert forwards == backwards[::-1]
    assert len({*forwards, word(2, "a", 0), word(1, "b", 0), word(-1, "a", 0)}) == 12
    assert word(1, "a", 0) == forwards[0] == 106776379054197309  # pinned: results are kept


def test_uniforms_are_uniform() -> None:
    values = sorted(uniform(7, "x", index) for index in range(2000))
    assert 0 < values[0] < values[-1] < 1
    gap = max(abs(value - (rank + 0.5) / 2000) for rank, value in enumerate(values))
    assert gap < 1.63 / math.sqrt(2000)  # Kolmogorov and Smirnov at 1 %
