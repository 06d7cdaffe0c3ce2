"""Copied comments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import pdtrc

from concours.peerreview.keyed import IntArray
from concours.peerreview.screening.report import Findings, Flag
from concours.peerreview.screening.task import ScreeningTask, flag, in_words, untested
from concours.peerreview.screening.text import (
    FEWEST_WORDS,
    PHRASE,
    Phrases,
    near_pairs,
    phrases,
)

COPY = 0.5
"""Jaccard similarity of phrases from which a comment counts as a copy."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _Pair:
    first: int
    second: int
    shared: int
    jaccard: float
    p_value: float


class CopiedComments:
    """Comments that share most of their phrases with another comment.

    Phrases are runs of 3 words (4 characters where a script has no spaces). Those of more
    than 10 reviewers and 5% of them are boilerplate and do not count, nor do comments of fewer than
    20 words. Statistic: Jaccard similarity, at least 0.5. The p-value bounds the chance that texts
    written independently share so much: Poisson, with every third shared phrase taken as a separate
    coincidence, times all comparisons. It does not cover a common source that both may quote.
    """

    kind = "copied-comments"
    needs: tuple[str, ...] = ("comments",)
    weight = 0.5

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """O(words log words) and what the near-duplicate pairs cost."""
        comments = task.comments
        assert comments is not None  # noqa: S101  (needs)
        given = np.array([i for i, text in enumerate(comments) if text], dtype=np.int64)
        reviewer = task.reviews.reviewer[given]
        found = phrases([comments[i] or "" for i in given], reviewer)
        long = (found.words >= FEWEST_WORDS) & (np.diff(found.start) > 0)
        wrote = np.bincount(reviewer[long], minlength=task.count) > 0
        pairs = copies(found, long)
        p_value = np.where(wrote, 1.0, np.nan)
        for pair in pairs:
            members = reviewer[[pair.first, pair.second]]
            p_value[members] = np.minimum(p_value[members], pair.p_value)
        sure = [pair for pair in pairs if pair.p_value <= level]
        flags = [self._flag(task, given, group, level) for group in grouped(sure, len(given))]
        reasons = [("no-reviews", task.active == 0), ("no-long-comments", ~wrote)]
        note = (
            f"{found.boilerplate} phrases shared by many reviewers were left out as boilerplate."
            if found.boilerplate
            else ""
        )
        return Findings(p_value=p_value, flags=flags, untested=untested(task, reasons), note=note)

    def _flag(self, task: ScreeningTask, given: IntArray, group: list[_Pair], level: float) -> Flag:
        inside = sorted({i for pair in group for i in (pair.first, pair.second)})
        review = given[inside]
        who = np.unique(task.reviews.reviewer[review])
        what = np.unique(task.reviews.entry[review])
        closest = max(group, key=lambda pair: (pair.jaccard, pair.shared))
        p = max(pair.p_value for pair in group)
        whose = (
            f"Reviewer {who[0]} repeats one comment"
            if len(who) == 1
            else f"Reviewers {', '.join(map(str, who))} give nearly the same comment"
        )
        return flag(
            self.kind,
            who.tolist(),
            what.tolist(),
            statistic=closest.jaccard,
            p_value=p,
            level=level,
            evidence={
                "comments": len(inside),
                "jaccard": closest.jaccard,
                "shared_phrases": closest.shared,
                "same_reviewer": int(len(who) == 1),
                "same_entry": int(len(what) == 1),
                "first_review": int(review[0]),
                "second_review": int(review[1]),
            },
            message=(
                f"{whose} {len(inside)} times on {len(what)} entries: the closest two share "
                f"{closest.jaccard:.0%} of their phrases. Texts written independently do so with "
                f"chance {in_words(p)}; a source that both quote is another explanation."
            ),
        )


def copies(found: Phrases, long: np.ndarray) -> list[_Pair]:
    """Near-duplicate pairs of long comments, with the chance of each among all comparisons."""
    total = int(long.sum())
    comparisons = total * (total - 1) / 2
    out = []
    for i, j, shared, jaccard in near_pairs(found, least=COPY):
        if not (long[i] and long[j]):
            continue
        smaller = min((i, j), key=lambda c: found.start[c + 1] - found.start[c])
        own = found.phrase[found.start[smaller] : found.start[smaller + 1]]
        # How often each phrase occurs elsewhere, half a time where it never does.
        elsewhere = np.maximum(found.comments[own] - 2, 0.5) / max(total - 2, 1)
        mean = float(elsewhere.sum()) / PHRASE
        apart = shared // PHRASE
        p = min(1.0, float(pdtrc(apart - 1, mean)) * comparisons) if apart else 1.0
        out.append(_Pair(first=i, second=j, shared=shared, jaccard=jaccard, p_value=p))
    return out


def grouped(pairs: list[_Pair], count: int) -> list[list[_Pair]]:
    """Pairs joined by common comments, in the order of their first."""
    if not pairs:
        return []
    ends = np.array([(pair.first, pair.second) for pair in pairs])
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    label = connected_components(graph, directed=False)[1]
    groups: dict[int, list[_Pair]] = {}
    for pair in pairs:
        groups.setdefault(int(label[pair.first]), []).append(pair)
    return list(groups.values())
