"""Strategic down-scoring: lower scores for entries that stand near the own one."""

from __future__ import annotations

import numpy as np

from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.screening.chance import ENOUGH, agreement_tail, agreements, lower_tail
from concours.peerreview.screening.coins import key
from concours.peerreview.screening.honest import donors, widths
from concours.peerreview.screening.report import Findings, Flag
from concours.peerreview.screening.residuals import BoolArray, Residuals
from concours.peerreview.screening.task import ScreeningTask, flag, in_words, scattered, untested

WIDTH = 0.3
"""Entries within this share of the ranking around the own entry are rivals."""


class DownScoring:
    """A reviewer who scores rivals lower than others do, and the rest not.

    Rivalry falls from 1 at the own entry's place in the others' ranking to 0 at a distance of WIDTH
    of the ranking. Statistic: moderated t of the slope of the reviewer's residuals on rivalry.
    Null: residuals of another reviewer, permuted; exact when those are exchangeable. The evidence
    adds the permutation test within the reviewer's own residuals, which assumes less, but which few
    reviews cannot make rare: its least value is one in the number of their orders.
    """

    kind = "down-scoring"
    needs: tuple[str, ...] = ("reviewer_entry",)
    weight = 2.0

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """O(R * load * (1 + ln draws)) expected where most are honest."""
        owner = task.reviewer_entry
        assert owner is not None  # noqa: S101  (needs)
        view = task.residuals
        rivalry = rivalries(view, owner)
        load, total = view.load, view.sums(rivalry)
        other = donors(view)
        # Without anybody whose residuals could stand for an honest reviewer's nothing is tested.
        fewest = 3 if other.width else np.inf
        reasons = _reasons(task, view, owner, rivalry, fewest=fewest)
        chosen = np.flatnonzero(~np.any([mask for _, mask in reasons], axis=0))
        centred = rivalry - (total / np.maximum(load, 1))[view.reviewer]
        prior = (view.prior_df, view.prior_variance)
        seen = agreements(view.start, chosen, centred, view.residual, *prior)
        p = agreement_tail(
            view.start,
            chosen,
            other.order,
            other.low(widths(view)[chosen]),
            other.width,
            centred,
            other.rest,
            0.0,
            seen,
            view.prior_df,
            view.prior_variance,
            key(task.seed, self.kind),
            task.draws_at(level),
            ENOUGH,
        )
        p = np.where(seen < 0, p, 1.0)
        hit = np.flatnonzero(p <= level)
        again = (
            key(task.seed, f"{self.kind}/within"),
            task.draws_at(level),
            task.draws_at(level) + 1,
        )
        within = lower_tail(view.start, chosen[hit], rivalry, view.residual, *again)
        flags = [
            self._flag(view, rivalry, int(chosen[i]), (seen[i], p[i], own), level)
            for i, own in zip(hit, within, strict=True)
        ]
        return Findings(
            p_value=scattered(chosen, p, task.count), flags=flags, untested=untested(task, reasons)
        )

    def _flag(
        self,
        view: Residuals,
        rivalry: FloatArray,
        r: int,
        found: tuple[float, float, float],
        level: float,
    ) -> Flag:
        seen, p, within = found
        mine = slice(int(view.start[r]), int(view.start[r + 1]))
        near, gap = rivalry[mine], view.residual[mine]
        rivals = float(np.sum(near * gap) / np.sum(near))
        rest = float(np.sum((1 - near) * gap) / max(np.sum(1 - near), 1e-12))
        named = view.entry[mine][near > 0].tolist()
        return flag(
            self.kind,
            [r],
            named,
            statistic=seen,
            p_value=p,
            level=level,
            evidence={
                "rivals": len(named),
                "reviews": len(near),
                "residual_rivals": rivals,
                "residual_others": rest,
                "p_within": float(within),
            },
            message=(
                f"Reviewer {r} scores {len(named)} rivals of the own entry {rest - rivals:.2f} "
                f"points lower than the other entries, beyond what others say of both. By chance "
                f"an honest reviewer does so with probability {in_words(p)}."
            ),
        )


def _reasons(
    task: ScreeningTask, view: Residuals, owner: IntArray, rivalry: FloatArray, *, fewest: float
) -> list[tuple[str, BoolArray]]:
    load, total = view.load, view.sums(rivalry)
    square = view.sums(view.residual**2)
    own = np.maximum(owner, 0)
    first = np.full(task.count, -1, dtype=np.int64)
    first[load > 0] = view.part[view.entry[view.start[:-1][load > 0]]]
    uneven = view.sums(rivalry**2) * load > total**2 * (1 + 1e-12)
    return [
        ("no-reviews", task.active == 0),
        ("independent", owner < 0),
        ("own-entry-unreviewed", np.isnan(view.quality[own])),
        ("few-reviews", load < fewest),
        ("own-entry-apart", view.part[own] != first),
        ("no-rivals", ~uneven | (total <= 0)),
        ("no-noise", square <= 1e-18 * max(float(square.max(initial=0.0)), 1e-300)),
    ]


def rivalries(view: Residuals, owner: IntArray) -> FloatArray:
    """(m,) 0 .. 1: how near each entry stands to the reviewer's own in the others' ranking."""
    ranked = np.sort(view.quality[np.isfinite(view.quality)])
    if not len(ranked):
        return np.zeros(len(view.entry))
    own = owner[view.reviewer]
    theirs = np.searchsorted(ranked, view.others) / len(ranked)
    quality = np.where(own >= 0, view.quality[np.maximum(own, 0)], np.nan)
    ours = np.searchsorted(ranked, quality) / len(ranked)
    near = np.maximum(1 - np.abs(theirs - ours) / WIDTH, 0.0)
    return np.where(np.isfinite(quality), near, 0.0)
