"""What would follow if some reviews were other than they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from concours.peerreview.aggregation.result import ConsensusResult
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray
from concours.peerreview.reviews import ReviewSet

Change = tuple[int, int, float | None]


@dataclass(frozen=True, eq=False, kw_only=True)
class WhatIf:
    """The consensus before and after staged changes.

    Attributes:
        before, after: the two results.
        moved: entries whose rank differs, the greatest move first.
    """

    before: ConsensusResult
    after: ConsensusResult

    @property
    def rank_change(self) -> IntArray:
        """(n,) places gained, above 0 = better after."""
        return self.before.rank - self.after.rank

    @property
    def moved(self) -> IntArray:
        """Entries whose rank differs, the greatest move first, ties by index."""
        change = np.abs(self.rank_change)
        return np.argsort(-change, kind="stable")[: int(np.sum(change > 0))]


def changed(reviews: ReviewSet, changes: Iterable[Change] | ReviewSet) -> ReviewSet:
    """`reviews` with each (reviewer, entry, score) added or replaced, or removed where None.

    A change of a pair that abstained takes the abstention back. A ReviewSet is taken as it is: the
    way to change rankings and comparisons.
    """
    if isinstance(changes, ReviewSet):
        if changes.n_entries != reviews.n_entries:
            raise BadInput(f"changes: {reviews.n_entries} entries expected")
        return changes
    if reviews.ranked:
        raise BadInput("changes: of rankings and comparisons give the whole changed ReviewSet")
    wanted: dict[tuple[int, int], float | None] = {}
    for index, (reviewer, entry, score) in enumerate(changes):
        if not 0 <= reviewer < reviews.n_reviewers:
            raise BadInput(f"changes[{index}]: no reviewer {reviewer}")
        if not 0 <= entry < reviews.n_entries:
            raise BadInput(f"changes[{index}]: no entry {entry}")
        if (reviewer, entry) in wanted:
            raise BadInput(f"changes[{index}]: reviewer {reviewer} has entry {entry} twice")
        wanted[reviewer, entry] = score
    return _applied(reviews, wanted)


def _applied(reviews: ReviewSet, wanted: dict[tuple[int, int], float | None]) -> ReviewSet:
    n = reviews.n_entries
    touched = np.array([r * n + e for r, e in wanted], dtype=np.int64)
    keep = ~np.isin(reviews.reviewer * n + reviews.entry, touched)
    if any(score is None for score in wanted.values()):
        given = set((reviews.reviewer[~keep] * n + reviews.entry[~keep]).tolist())
        for (reviewer, entry), score in wanted.items():
            if score is None and reviewer * n + entry not in given:
                raise BadInput(f"changes: reviewer {reviewer} has no review of {entry} to remove")
    added = np.array(
        [(r, e, s) for (r, e), s in wanted.items() if s is not None], dtype=np.float64
    ).reshape(-1, 3)
    silent = reviews.abstentions
    return ReviewSet(
        n_entries=n,
        n_reviewers=reviews.n_reviewers,
        reviewer=np.concatenate(
            [reviews.reviewer[keep], np.array([a[0] for a in added], dtype=np.int64)]
        ),
        entry=np.concatenate(
            [reviews.entry[keep], np.array([a[1] for a in added], dtype=np.int64)]
        ),
        score=np.concatenate(
            [reviews.score[keep], np.array([a[2] for a in added], dtype=np.float64)]
        ),
        abstentions=silent[~np.isin(silent[:, 0] * n + silent[:, 1], touched)],
    )
