"""Choices that are a function of a seed and of how many were made before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from concours.driving.keyed import word

T = TypeVar("T")


class Choice:
    """The choices of one case."""

    def __init__(self, seed: int, case: int) -> None:
        self._purpose = f"fuzz {case}"
        self._seed = seed
        self._made = 0

    def below(self, count: int) -> int:
        """0 .. count - 1."""
        self._made += 1
        return word(self._seed, self._purpose, self._made) % count

    def of(self, options: Sequence[T]) -> T:
        """One of several."""
        return options[self.below(len(options))]

    def chance(self, one_in: int) -> bool:
        """True once in so many times."""
        return self.below(one_in) == 0
