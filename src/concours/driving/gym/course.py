"""The episodes of an environment, one after another."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from concours.driving.gym.episode import Episode, Terms
from concours.driving.gym.highway import Highway
from concours.driving.gym.scenes import Files, Scenes
from concours.driving.keyed import word

Source = Scenes | str | Path | Sequence[str | Path] | None
"""Where scenes come from: a source, a scenario file or several; None for `Highway()`."""


class Course:
    """Begins episodes: the n-th one after a seed is a function of the seed and n."""

    def __init__(self, scenes: Scenes, terms: Terms) -> None:
        self._scenes, self._terms = scenes, terms
        self._seed: int | None = None
        self._number = 0

    def begin(self, seed: int | None) -> Episode:
        """The first episode of a seed; with None the next one. Raises NoTask, BadScenario.

        Where no seed was ever given, one is drawn that nobody knows.
        """
        if seed is not None or self._seed is None:
            self._seed = seed if seed is not None else secrets.randbits(63)
            self._number = 0
        else:
            self._number += 1
        scene = self._scenes(word(self._seed, "gym scene of", self._number))
        return Episode(scene, self._terms, seed=word(self._seed, "gym world of", self._number))


def scenes_of(source: Source) -> Scenes:
    """The scenes of a source. Raises BadScenario, BadMap, ValueError for an empty list."""
    if source is None:
        return Highway()
    if isinstance(source, str | Path):
        return Files([source])
    return Files(source) if isinstance(source, Sequence) else source
