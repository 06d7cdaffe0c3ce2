"""Limits inside entries: at most so many reviewers of one team, or of one group."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from concours.peerreview.assignment.flow import Limits
from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray

Level = tuple[IntArray, int]


class LimitLevels:
    """Teams inside groups inside wider groups: the reviewers' classes, finest first.

    Raises BadInput where the classes are not nested, which a flow cannot hold.
    """

    def __init__(self, problem: AssignmentProblem) -> None:
        levels: list[Level] = []
        if problem.max_per_team is not None:
            levels.append((problem.reviewer_entry, problem.max_per_team))
        if problem.max_per_group is not None and problem.reviewer_groups is not None:
            groups = problem.reviewer_groups
            levels += [(groups[:, g], problem.max_per_group) for g in range(groups.shape[1])]
        binding = [level for level in levels if _binds(*level, problem.reviews_per_entry)]
        self.levels = sorted(binding, key=lambda level: -len(np.unique(level[0])))
        for (fine, _), (coarse, _) in combinations(self.levels, 2):
            if not _nested(fine, coarse):
                raise BadInput(
                    "max_per_team, max_per_group: limits that are not nested (a team or group "
                    'that lies across groups); use method "balanced" or one grouping'
                )

    def over(self, reviewer: IntArray, entry: IntArray, n: int) -> Limits | None:
        """The limits as they meet arcs (p,) of n entries; None where there are none."""
        if not self.levels:
            return None
        first, nodes, keys = 0, [], []
        for labels, _ in self.levels:
            label = labels[reviewer]
            key = np.where(label >= 0, label * n + entry, -1)
            known, at = np.unique(key, return_inverse=True)
            hollow = int(known.size > 0 and known[0] < 0)
            nodes.append(np.where(label >= 0, at - hollow + first, -1))
            keys.append(known[hollow:])
            first += len(known) - hollow
        of_arc = np.full(len(reviewer), -1, dtype=np.int64)
        parent = np.full(first, -1, dtype=np.int64)
        for inner in reversed(nodes):
            inside = inner >= 0
            parent[inner[inside]] = of_arc[inside]
            of_arc[inside] = inner[inside]
        room = [np.full(len(k), c) for k, (_, c) in zip(keys, self.levels, strict=True)]
        return Limits(
            of_arc=of_arc,
            parent=parent,
            entry=np.concatenate(keys) % n,
            capacity=np.concatenate(room).astype(np.int64),
        )


def _binds(labels: IntArray, most: int, reviews: int) -> bool:
    named = labels[labels >= 0]
    return most < reviews and named.size > 0 and int(np.bincount(named).max()) > most


def _nested(fine: IntArray, coarse: IntArray) -> bool:
    """Whether all reviewers of a fine class are of one coarse class, or of none."""
    inside = fine >= 0
    both = np.unique(np.stack([fine[inside], coarse[inside]]), axis=1)
    return bool(len(np.unique(both[0])) == both.shape[1])
