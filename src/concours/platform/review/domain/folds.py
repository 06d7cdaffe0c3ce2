"""Ranks that leave an entry's own reviews out, without telling whose reviewer anybody is.

Entries are dealt at random to folds. The entries of a fold take their ranks from a fit without the
reviews by any reviewer of that fold, so that nothing a reviewer writes can move their own entry's
rank. What has to be known of a reviewer is the fold alone; the reviewer hides among LEAST entries
or more. Folds lie within the parts of the draw, which are known already: they tell no more than
that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from concours.peerreview import ConsensusResult, ReviewSet, consensus
from concours.peerreview.keyed import FloatArray, IntArray, Keyed

LEAST = 5
"""Entries of a fold, where a part is not smaller itself."""
MOST = 20
"""Folds, and so fits: each leaves out a twentieth of the reviews."""
FEWEST = 4
"""With fewer folds a fit would leave out more than a quarter of the reviews."""


def deal_folds(parts: Sequence[int], *, seed: bytes) -> list[int] | None:
    """The fold of each entry by its part, dealt by `seed`; None where there is no room for folds.

    Each part is cut into as many folds as leave LEAST entries to each, MOST in all.
    """
    part = np.asarray(parts, dtype=np.int64)
    labels = np.unique(part)
    order = Keyed(seed, "review/folds").permutation(len(part))
    fold = np.zeros(len(part), dtype=np.int64)
    count = 0
    for label in labels:
        members = order[part[order] == label]
        here = max(1, min(MOST // len(labels), len(members) // LEAST))
        fold[members] = count + np.arange(len(members)) % here
        count += here
    return fold.tolist() if count >= FEWEST else None


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranked:
    """What a standing says of each of n entries; `chance` is None where m was not asked for."""

    estimate: FloatArray
    standard_error: FloatArray
    rank: IntArray
    rank_low: IntArray
    rank_high: IntArray
    chance: FloatArray | None
    order: IntArray
    converged: bool


def ranked_by(result: ConsensusResult) -> Ranked:
    """Of one fit of all reviews."""
    return Ranked(
        estimate=result.estimate,
        standard_error=result.standard_error,
        rank=result.rank,
        rank_low=result.rank_low,
        rank_high=result.rank_high,
        chance=result.top_probability,
        order=result.order,
        converged=result.converged,
    )


def ranked_without_own(
    reviews: ReviewSet,
    whole: ConsensusResult,
    *,
    entry_fold: Sequence[int],
    reviewer_fold: Sequence[int],
    coin: bytes,
    draws: int,
) -> Ranked:
    """Of a fit a fold. `whole` is the fit of all reviews: it only orders entries of one rank.

    `coin` keys ties and draws and must depend on no review. Ranks may repeat and skip. As many
    fits as there are folds.
    """
    mine, theirs = np.asarray(entry_fold), np.asarray(reviewer_fold)
    found: dict[str, npt.NDArray[np.generic]] = {}
    converged = whole.converged
    for fold in np.unique(mine).tolist():
        fit = ranked_by(
            consensus(
                reviews.without(theirs == fold),
                method=whole.method,
                level=whole.level,
                draws=draws,
                top=whole.top,
                seed=hashlib.sha256(coin + f"/fold/{fold}".encode()).digest(),
            )
        )
        converged &= fit.converged
        here = mine == fold
        for name in _COLUMNS:
            column = getattr(fit, name)
            if column is not None:
                found.setdefault(name, np.zeros_like(column))[here] = column[here]
    place = np.empty(len(mine), dtype=np.int64)
    place[whole.order] = np.arange(len(mine))
    order = np.lexsort((place, found["rank"]))
    return Ranked(**{"chance": None, **found}, order=order, converged=converged)  # type: ignore[arg-type]


_COLUMNS = [field.name for field in fields(Ranked) if field.name not in {"order", "converged"}]
