"""PeerNomination: whoever at least half of the own reviewers nominate is selected.

N. Mattei, P. Turrini, S. Zhydkov, "PeerNomination: relaxing exactness for increased accuracy in
peer selection", IJCAI 2020.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.keyed import FloatArray, IntArray, Keyed
from concours.peerreview.selection import nomination_kernels as kernels
from concours.peerreview.selection.nomination_quota import nomination_quotas
from concours.peerreview.selection.result import NominationResult
from concours.peerreview.selection.scores import ReviewPlaces, review_places
from concours.peerreview.selection.task import SelectionTask, SmallArray


class PeerNomination:
    """Size in expectation; impartial draw by draw: no report changes whether its reporter is in.

    Each reviewer nominates the upper part of the own list, the entry at its edge by a coin keyed by
    (seed, reviewer, entry); an entry is selected that at least half of its reviewers nominate. What
    a reviewer says so touches nobody but the entries reviewed. How many are nominated depends on
    the length of the list and on the number of the entry's reviews alone (`nomination_quotas`).
    Needs no parts. Raising an entry in a report never unselects it. Entries without a review are
    not selected.

    The number selected is `size` on average (30 +- 1.8 of 120 with 8 reviews) if reviewers agree as
    `agreement` says; it falls where they agree less (to 26 of 30 for 2 pairs of 3 at agreement 1).
    Give the agreement of an earlier season: that of these reviews would be a lever.
    """

    name = "peer-nomination"

    def select(self, task: SelectionTask) -> NominationResult:
        """O(m + n log n) time. Raises BadInput where a reviewer reviews the own entry."""
        task.require_no_own(self.name)
        task.require_reviews_alone(self.name)
        places = review_places(task, parts=False)
        count = np.bincount(task.entry, minlength=task.n).astype(np.int32)
        chance, sums = _nominate(task, places, count)
        nominations, expected = sums[:, 0].copy(), sums[:, 3]
        needed = (count.astype(np.int64) + 1) // 2
        chosen = ((count > 0) & (nominations >= needed)).astype(np.int64)
        score = expected / np.maximum(count, 1)
        part = np.zeros(task.n, dtype=np.int64)
        return NominationResult(
            method=self.name,
            impartial=True,
            selected=np.flatnonzero(chosen),
            chosen=chosen,
            probability=kernels.enough(task.entry, chance, sums, needed),
            score=score,
            part=part,
            place=task.places(score, part),
            share=np.ones(1),
            quota=np.array([float(task.size)]),
            seats=np.array([chosen.sum()]),
            nominations=nominations,
            needed=count / 2,
            reviews=count.astype(np.int64),
        )


def _nominate(
    task: SelectionTask, places: ReviewPlaces, count: SmallArray
) -> tuple[FloatArray, FloatArray]:
    """((m,) chance that each review nominates its entry, (n, 4) sums of the kernel)."""
    lengths, row = _numbered(places.length)
    counts, column = _numbered(count)
    quota = nomination_quotas(
        n=task.n, size=task.size, lengths=lengths, counts=counts, agreement=task.agreement
    )
    key, other = Keyed(task.seed, "select/nominations").words(2)
    chance, sums = np.empty(len(task.entry)), np.zeros((task.n, 4))
    kernels.nominate(
        task.start, task.entry, *places, row, column[count], quota, key, other, chance, sums
    )
    return chance, sums


def _numbered(values: SmallArray) -> tuple[IntArray, SmallArray]:
    """(the different values above 0, for each value up to the largest its number among them)."""
    seen = np.bincount(values) > 0
    seen[0] = False
    return np.flatnonzero(seen), (np.cumsum(seen) - 1).astype(np.int32)
