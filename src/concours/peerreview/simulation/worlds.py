"""Worlds: how good the entries are, and what an honest reviewer sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray, Keyed
from concours.peerreview.rankings import blom
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.simulation.mallows import mallows_rankings


class Worlds(Protocol):
    """A family of worlds, drawn by seed."""

    @property
    def name(self) -> str:
        """Name for tables."""

    def quality(self, entries: int, *, seed: bytes) -> FloatArray:
        """(n,) true qualities, all different, higher is better."""

    def impressions(
        self, quality: FloatArray, reviewer: IntArray, entry: IntArray, *, seed: bytes
    ) -> FloatArray:
        """(m,) what each reviewer honestly thinks; pairs sorted by reviewer and entry."""

    def reviews(
        self, reviewer: IntArray, entry: IntArray, said: FloatArray, *, entries: int, reviewers: int
    ) -> ReviewSet:
        """The reports `said` (m,) in the form of these worlds: scores on a scale, or rankings."""


@dataclass(frozen=True, kw_only=True)
class GaussianWorlds:
    """Normal qualities; an impression is quality, widened by the reviewer's scale, + bias + noise.

    Attributes:
        quality_sd, bias_sd, noise_sd: standard deviations on the scale of the scores, 0 or more.
        noise_spread, scale_spread: standard deviations of the logarithm of a reviewer's own noise
            and scale; 0 = all alike.
        centre: quality of the middle entry.
        step: scores are rounded to whole multiples; None = not rounded.
        low, high: the ends of the scale; None = open.
    """

    quality_sd: float = 1.0
    bias_sd: float = 1.0
    noise_sd: float = 1.0
    noise_spread: float = 0.0
    scale_spread: float = 0.0
    centre: float = 0.0
    step: float | None = None
    low: float | None = None
    high: float | None = None
    name: str = "gaussian"

    def __post_init__(self) -> None:
        for field in ("quality_sd", "bias_sd", "noise_sd", "noise_spread", "scale_spread"):
            if not 0 <= getattr(self, field) < float("inf"):
                raise BadInput(f"{field}: 0 or more expected, got {getattr(self, field)}")
        if self.step is not None and not self.step > 0:
            raise BadInput(f"step: above 0 expected, got {self.step}")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise BadInput(f"low {self.low} is not below high {self.high}")

    def quality(self, entries: int, *, seed: bytes) -> FloatArray:
        """See Worlds."""
        drawn = Keyed(seed, "simulate/quality").normals(entries)
        return np.asarray(self.centre + self.quality_sd * drawn)

    def impressions(
        self, quality: FloatArray, reviewer: IntArray, entry: IntArray, *, seed: bytes
    ) -> FloatArray:
        """See Worlds. Traits depend on (seed, reviewer), noise on (seed, row)."""
        count = int(reviewer.max(initial=-1)) + 1
        bias = self.bias_sd * Keyed(seed, "simulate/bias").normals(count)
        noise = self.noise_sd * _widths(seed, "simulate/noise-spread", count, self.noise_spread)
        scale = _widths(seed, "simulate/scale-spread", count, self.scale_spread)
        seen = quality[entry] - self.centre
        seen = seen + noise[reviewer] * Keyed(seed, "simulate/noise").normals(len(reviewer))
        return np.asarray(self.centre + bias[reviewer] + scale[reviewer] * seen)

    def reviews(
        self, reviewer: IntArray, entry: IntArray, said: FloatArray, *, entries: int, reviewers: int
    ) -> ReviewSet:
        """See Worlds."""
        score = said
        if self.step is not None:
            score = np.rint(score / self.step) * self.step
        if self.low is not None or self.high is not None:
            score = np.clip(score, self.low, self.high)
        return ReviewSet(
            n_entries=entries, n_reviewers=reviewers, reviewer=reviewer, entry=entry, score=score
        )


def _widths(seed: bytes, purpose: str, count: int, spread: float) -> FloatArray:
    """(count,) factors with mean 1."""
    if spread == 0:
        return np.ones(count)
    return np.asarray(np.exp(spread * Keyed(seed, purpose).normals(count) - spread**2 / 2))


@dataclass(frozen=True, kw_only=True)
class MallowsWorlds:
    """Each reviewer ranks all entries by Mallows' model and reports the order of those given.

    Attributes:
        phi: dispersion, 0 = always the true order, 1 = any order alike.
    """

    phi: float = 0.5
    name: str = "mallows"

    def __post_init__(self) -> None:
        if not 0 <= self.phi <= 1:
            raise BadInput(f"phi: 0 to 1 expected, got {self.phi}")

    def quality(self, entries: int, *, seed: bytes) -> FloatArray:
        """See Worlds: minus the true place, in an order that is no input order."""
        place = Keyed(seed, "simulate/quality").permutation(entries)
        return -place.astype(np.float64)

    def impressions(
        self, quality: FloatArray, reviewer: IntArray, entry: IntArray, *, seed: bytes
    ) -> FloatArray:
        """See Worlds: minus the place in the reviewer's ranking. O(reviewers * n) memory."""
        count = int(reviewer.max(initial=-1)) + 1
        rankings = mallows_rankings(count, len(quality), phi=self.phi, seed=seed)
        place = np.empty_like(rankings)
        column = np.arange(len(quality), dtype=rankings.dtype)
        np.put_along_axis(place, rankings.astype(np.int64), column[None, :], axis=1)
        true_place = np.rint(-quality).astype(np.int64)
        return -place[reviewer, true_place[entry]].astype(np.float64)

    def reviews(
        self, reviewer: IntArray, entry: IntArray, said: FloatArray, *, entries: int, reviewers: int
    ) -> ReviewSet:
        """See Worlds: normal scores of the places, entries said to be alike share theirs."""
        order = np.lexsort((entry, -said, reviewer))
        who, value = reviewer[order], said[order]
        new = np.r_[True, (np.diff(who) != 0) | (np.diff(value) != 0)][: len(who)]
        lengths = np.bincount(who, minlength=reviewers)
        return ReviewSet(
            n_entries=entries,
            n_reviewers=reviewers,
            reviewer=who,
            entry=entry[order],
            score=blom(lengths, np.cumsum(new) - 1),
            ranked=True,
        )
