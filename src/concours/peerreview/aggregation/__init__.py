"""What the reviews say together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy.typing as npt

from concours.peerreview.aggregation.baselines import Borda, Mean, ZScores
from concours.peerreview.aggregation.borda import borda
from concours.peerreview.aggregation.bradley_terry import BradleyTerry
from concours.peerreview.aggregation.choice import Prior
from concours.peerreview.aggregation.impartial import ImpartialRanks, impartial
from concours.peerreview.aggregation.ordinal import Ordinal
from concours.peerreview.aggregation.outcome import Question
from concours.peerreview.aggregation.plackett_luce import PlackettLuce
from concours.peerreview.aggregation.random_effects import RandomEffects
from concours.peerreview.aggregation.result import ConsensusResult, ranking
from concours.peerreview.aggregation.robust import Robust
from concours.peerreview.aggregation.staged import Change, WhatIf, changed
from concours.peerreview.errors import BadInput
from concours.peerreview.reviews import ReviewSet

__all__ = [
    "AGGREGATORS",
    "Aggregator",
    "BradleyTerry",
    "Change",
    "ConsensusResult",
    "ImpartialRanks",
    "Ordinal",
    "PlackettLuce",
    "Prior",
    "Question",
    "RandomEffects",
    "Robust",
    "WhatIf",
    "borda",
    "consensus",
    "impartial_ranks",
    "ranking",
    "what_if",
]


class Aggregator(Protocol):
    """A method of consensus."""

    @property
    def name(self) -> str:
        """Name in AGGREGATORS."""

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Fit and rank."""


AGGREGATORS: dict[str, type[Aggregator]] = {
    "random-effects": RandomEffects,
    "robust": Robust,
    "ordinal": Ordinal,
    "plackett-luce": PlackettLuce,
    "bradley-terry": BradleyTerry,
    "mean": Mean,
    "z-scores": ZScores,
    "borda": Borda,
}


def consensus(
    reviews: ReviewSet,
    *,
    method: str | Aggregator = "random-effects",
    level: float = 0.95,
    seed: bytes = b"",
    draws: int = 1_000,
    top: int | None = None,
) -> ConsensusResult:
    """Qualities and ranks with their uncertainty, and each reviewer's calibration.

    `method` is a name of AGGREGATORS or one of their objects with options of its own. `seed` keys
    the posterior draws and the coin for ties, `draws` is their number (at least 100), `top` asks
    for each entry's chance to be among the best `top`, and for the turnover and recall to expect.
    Raises BadInput. Time and memory: see the method; random-effects take O(m) above 500 entries.
    """
    if isinstance(method, str) and method not in AGGREGATORS:
        raise BadInput(f"no method {method!r}: {', '.join(sorted(AGGREGATORS))}")
    if not 0.5 <= level < 1:
        raise BadInput(f"level: 0.5 to below 1 expected, got {level}")
    if draws < 100:
        raise BadInput(f"draws: at least 100 expected, got {draws}")
    if reviews.n_entries < 1:
        raise BadInput("consensus: no entries")
    if top is not None and not 1 <= top <= reviews.n_entries:
        raise BadInput(f"top: 1 to {reviews.n_entries} expected, got {top}")
    asked = Question(level=level, seed=seed, draws=draws, top=top)
    chosen = AGGREGATORS[method]() if isinstance(method, str) else method
    return chosen.consensus(reviews, asked)


def impartial_ranks(
    reviews: ReviewSet,
    *,
    reviewer_entry: npt.ArrayLike,
    seed: bytes,
    folds: int | None = None,
    method: str | Aggregator = "random-effects",
    level: float = 0.95,
    draws: int = 1_000,
) -> ImpartialRanks:
    """Each entry's rank and interval in a fit without the reviews by its own reviewers.

    `reviewer_entry` (R,) is each reviewer's own entry, -1 for an independent one. A keyed
    permutation deals the entries to `folds` folds (by default each entry alone up to 64 entries,
    else 20). The fit of a fold leaves out all reviews by the reviewers of its entries, and these
    entries take their rank, interval and estimate from it. So no report of one's own moves one's
    own rank, to the bit; it may move others'. With fewer folds than entries a fit leaves out a
    share 1 / folds of the reviews. Raises BadInput. Time: one fit a fold.
    """

    def fit(left: ReviewSet) -> ConsensusResult:
        return consensus(left, method=method, level=level, seed=seed, draws=draws)

    return impartial(fit, reviews, reviewer_entry=reviewer_entry, seed=seed, folds=folds)


def what_if(
    reviews: ReviewSet,
    *,
    changes: Iterable[Change] | ReviewSet,
    method: str | Aggregator = "random-effects",
    level: float = 0.95,
    seed: bytes = b"",
    draws: int = 1_000,
    top: int | None = None,
) -> WhatIf:
    """The consensus before and after staged changes: (reviewer, entry, score) adds a review or
    replaces it, score None removes it; or the whole ReviewSet as it would be. Raises BadInput."""

    def fit(reviews: ReviewSet) -> ConsensusResult:
        return consensus(reviews, method=method, level=level, seed=seed, draws=draws, top=top)

    return WhatIf(before=fit(reviews), after=fit(changed(reviews, changes)))
