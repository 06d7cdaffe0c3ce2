"""Dense groups: several entries whose reviewers favour one another more than chance allows."""

from __future__ import annotations

import numpy as np

from concours.peerreview.keyed import IntArray
from concours.peerreview.screening.chance import ENOUGH
from concours.peerreview.screening.coins import key
from concours.peerreview.screening.favours import grouped
from concours.peerreview.screening.peeling import densest_by_chance, peel
from concours.peerreview.screening.report import Findings, Flag
from concours.peerreview.screening.residuals import Residuals
from concours.peerreview.screening.task import ScreeningTask, flag, in_words, untested

UNIT = 1 / 16
"""Weights are whole numbers of this, so that greedy peeling has no rounding."""
MOST_GROUPS = 5
FIRST_DRAWS = 19


class DenseGroups:
    """A group of entries whose teams' reviews of one another are unusually favourable.

    Nodes are entries; a review weighs -ln(u) - 1 (mean 0), u the share of all reviews that are at
    least as favourable. Statistic: weight inside over the number of entries, greedily maximised.
    Null: every reviewer's residuals permuted over the entries the reviewer reviewed, the densest
    part of the whole graph taken each time, so that one p-value covers all groups. That a group's
    members often review one another is shown but not judged: who reviews whom is not their doing
    unless they could bid.
    """

    kind = "group"
    needs: tuple[str, ...] = ("reviewer_entry",)
    weight = 1.0

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """O(m) a draw; at most 1.2 / level draws, most often fewer than 100."""
        owner = task.reviewer_entry
        assert owner is not None  # noqa: S101  (needs)
        view = task.residuals
        graph = Graph(view, owner)
        linked = np.bincount(view.reviewer[graph.review], minlength=task.count) > 0
        reasons = [
            ("no-reviews", task.active == 0),
            ("independent", owner < 0),
            ("no-group-edges", ~linked),
        ]
        p_value = np.where(linked & (owner >= 0), 1.0, np.nan)
        groups = graph.groups()
        chances = self._chances(task, graph, groups, level)
        flags = []
        for (density, members), p in zip(groups, chances, strict=True):
            drawn = self._flag(view, owner, graph, density, members, p, level)
            who = np.array(drawn.reviewers, dtype=np.int64)
            p_value[who] = np.minimum(p_value[who], p)
            if p <= level:
                flags.append(drawn)
        return Findings(p_value=p_value, flags=flags, untested=untested(task, reasons))

    def _chances(
        self,
        task: ScreeningTask,
        graph: Graph,
        groups: list[tuple[float, IntArray]],
        level: float,
    ) -> list[float]:
        """p-value of each group, largest density first."""
        if not groups:
            return []
        coins = key(task.seed, self.kind)
        draws = max(ENOUGH, int(np.ceil(1.2 / level)))
        top = groups[0][0]
        chance = graph.by_chance(0.0, coins, 0, min(FIRST_DRAWS, draws), top)
        serious = [density for density, _ in groups if density > chance.max()]
        if serious and len(chance) < draws:
            more = graph.by_chance(min(serious), coins, len(chance), draws, top)
            chance = np.concatenate([chance, more])
        out = []
        for density, _ in groups:
            known = chance if density in serious else chance[:FIRST_DRAWS]
            out.append(float((1 + np.sum(known >= density)) / (1 + len(known))))
        return out

    def _flag(
        self,
        view: Residuals,
        owner: IntArray,
        graph: Graph,
        density: float,
        members: IntArray,
        p: float,
        level: float,
    ) -> Flag:
        inside = np.isin(owner[view.reviewer], members) & np.isin(view.entry, members)
        inside &= owner[view.reviewer] != view.entry
        favourable = inside & (graph.weight > 0)
        given = np.isin(owner[view.reviewer], members).sum()
        expected = float(given) * (len(members) - 1) / max(int(np.sum(view.part >= 0)) - 1, 1)
        mean = float(np.mean(view.residual[inside])) if bool(np.any(inside)) else 0.0
        return flag(
            self.kind,
            view.reviewer[favourable].tolist(),
            members.tolist(),
            statistic=density * UNIT,
            p_value=p,
            level=level,
            evidence={
                "entries": len(members),
                "reviews_inside": int(inside.sum()),
                "favourable_inside": int(favourable.sum()),
                "expected_inside": expected,
                "mean_residual": mean,
            },
            message=(
                f"{len(members)} entries whose reviewers favour one another: {favourable.sum()} of "
                f"{inside.sum()} reviews inside the group are more favourable than usual, "
                f"on average {mean:.2f} points above what others say. Honest data have any group "
                f"as dense with chance {in_words(p)}."
            ),
        )


class Graph:
    """Entries linked by reviews of one another, in the form the kernels read."""

    def __init__(self, view: Residuals, owner: IntArray) -> None:
        source = owner[view.reviewer]
        self.count = len(view.quality)
        self.start = view.start
        self.weight = np.rint((-np.log(view.tail) - 1) / UNIT).astype(np.int64)
        self.review = np.flatnonzero((source >= 0) & (source != view.entry))
        ends = np.concatenate([source[self.review], view.entry[self.review]])
        others = np.concatenate([view.entry[self.review], source[self.review]])
        self.first, order = grouped(ends, self.count)
        self.node = others[order]
        self.edge = np.concatenate([self.review, self.review])[order]

    def groups(self) -> list[tuple[float, IntArray]]:
        """Up to MOST_GROUPS parts of three entries or more, each the densest of what is left."""
        weight, found = self.weight.copy(), []
        alive = np.ones(self.count, dtype=np.int64)
        for _ in range(MOST_GROUPS):
            density, members = peel(self.first, self.node, self.edge, weight, alive)
            if density <= 0 or len(members) < 3:
                break
            found.append((density, members))
            alive[members] = 0
        return found

    def by_chance(
        self, least: float, coins: np.uint64, begin: int, end: int, top: float
    ) -> np.ndarray:
        """Densities of the draws begin .. end - 1; 0 below `least`."""
        links = (self.first, self.node, self.edge, self.start, self.weight)
        return densest_by_chance(*links, least, coins, begin, end, ENOUGH, top)
