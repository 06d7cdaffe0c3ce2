"""Bid manipulation: wishes for entries that the reviewer fits badly."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.similarity import Similarity
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.screening.report import Findings, Flag
from concours.peerreview.screening.task import ScreeningTask, flag, in_words, scattered, untested

FEWEST_WISHES = 30
"""Wishes of others below which there is nothing to compare with."""


class BidManipulation:
    """A reviewer who wishes for an entry that honest wishes would not fall on.

    Fit of a wish: the share of entries, other than the own, that suit the reviewer no better than
    the one wished for, ties by half. Statistic: the lowest fit among the reviewer's wishes. Null:
    wishes are exchangeable draws from all reviewers' wishes; p = 1 - (1 - u) ** w for the rank u of
    the lowest fit among the *others'* wishes and w own wishes (leave-one-out, after Jecmen et al.,
    "Mitigating manipulation in peer review via randomized reviewer assignments", NeurIPS 2020, and
    Wu et al., "Making paper reviewing robust to bid manipulation attacks", ICML 2021).
    """

    kind = "bids"
    needs: tuple[str, ...] = ("bids", "similarity")
    weight = 1.0

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """O(wishes * log wishes + reviewers with a wish * n log n)."""
        bids, similarity = task.bids, task.similarity
        assert bids is not None  # noqa: S101  (needs)
        assert similarity is not None  # noqa: S101  (needs)
        wishes = np.bincount(bids[:, 0], minlength=task.count)
        few = len(bids) < FEWEST_WISHES
        reasons = [("no-wishes", wishes == 0), ("few-reviewers", np.full(task.count, few))]
        left = untested(task, reasons)
        if few:
            return Findings(p_value=np.full(task.count, np.nan), flags=[], untested=left)
        fit = fits(bids, similarity, task.reviewer_entry)
        chosen = np.flatnonzero(wishes > 0)
        start = np.concatenate([[0], np.cumsum(wishes)])
        worst = np.array([start[r] + int(np.argmin(fit[start[r] : start[r + 1]])) for r in chosen])
        p = self._chances(fit, start, chosen, worst)
        flags = [
            self._flag(task, bids, fit, worst[i], wishes, float(p[i]), level)
            for i in np.flatnonzero(p <= level)
        ]
        return Findings(p_value=scattered(chosen, p, task.count), flags=flags, untested=left)

    def _chances(
        self, fit: FloatArray, start: IntArray, chosen: IntArray, worst: IntArray
    ) -> FloatArray:
        ordered = np.sort(fit)
        low = fit[worst] + 1e-12
        own = start[chosen + 1] - start[chosen]
        mine = np.array(
            [np.sum(fit[start[r] : start[r + 1]] <= x) for r, x in zip(chosen, low, strict=True)]
        )
        others = np.searchsorted(ordered, low, side="right") - mine
        rank = (1 + others) / (1 + len(fit) - own)
        return np.asarray(-np.expm1(own * np.log1p(-np.minimum(rank, 1 - 1e-15))))

    def _flag(
        self,
        task: ScreeningTask,
        bids: IntArray,
        fit: FloatArray,
        wish: int,
        wishes: IntArray,
        p: float,
        level: float,
    ) -> Flag:
        r, e = (int(x) for x in bids[wish])
        returned = 0
        if task.reviewer_entry is not None and task.reviewer_entry[r] >= 0:
            theirs = np.flatnonzero(task.reviewer_entry == e)
            back = bids[np.isin(bids[:, 0], theirs), 1]
            returned = int(np.sum(back == task.reviewer_entry[r]))
        back_words = " Its own reviewers wish for this one's entry too." if returned else ""
        return flag(
            self.kind,
            [r],
            [e],
            statistic=float(fit[wish]),
            p_value=p,
            level=level,
            evidence={"fit": float(fit[wish]), "wishes": int(wishes[r]), "returned": returned},
            message=(
                f"Reviewer {r} wishes to review entry {e}, which suits this reviewer no "
                f"better than the worst {fit[wish]:.0%} of entries. Among {wishes[r]} honest "
                f"wishes one so unfitting comes with chance {in_words(p)}.{back_words}"
            ),
        )


def fits(bids: IntArray, similarity: Similarity, owner: IntArray | None) -> FloatArray:
    """(b,) share of the entries that suit the reviewer no better than the one wished for."""
    n = similarity.shape[1]
    out = np.empty(len(bids))
    for r in np.unique(bids[:, 0]):
        mine = np.flatnonzero(bids[:, 0] == r)
        row = similarity.units(np.array([r]), np.arange(n))
        if owner is not None and owner[r] >= 0:
            row = np.delete(row, owner[r])
        ordered = np.sort(row)
        value = similarity.units(bids[mine, 0], bids[mine, 1])
        below = np.searchsorted(ordered, value, side="left")
        upto = np.searchsorted(ordered, value, side="right")
        out[mine] = (below + upto) / 2 / max(len(row), 1)
    return out
