"""Cycles, cliques and limits that given pairs break, found around a few new pairs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.keyed import IntArray


class Broken(NamedTuple):
    """Pairs (their indices) of which at most `most` may be kept together."""

    pairs: tuple[int, ...]
    most: int


class Structures:
    """The pairs (m, 2) as a graph of entries: A to B where a reviewer of A's team reviews B."""

    def __init__(self, problem: AssignmentProblem, pairs: IntArray) -> None:
        self.problem = problem
        self.reviewer, self.entry = pairs[:, 0], pairs[:, 1]
        self.owner = problem.reviewer_entry[self.reviewer]
        self._by_owner = np.argsort(self.owner, kind="stable")
        self._owners = self.owner[self._by_owner]
        self._by_entry = np.argsort(self.entry, kind="stable")
        self._entries = self.entry[self._by_entry]

    def around(self, pair: int) -> Iterator[Broken]:
        """What is broken with `pair` in it: a shortest cycle, a clique, limits of its entry.

        O(min(m, k**(z - 1))) for cycles up to z.
        """
        if self.owner[pair] >= 0:
            cycle = self._cycle(pair)
            if cycle is not None:
                yield Broken(cycle, len(cycle) - 1)
            if self.problem.cliques_of:
                yield from self._cliques(pair)
        yield from self._limits(pair)

    def _given(self, entry: int) -> IntArray:
        """Pairs by reviewers of the entry's team."""
        first, last = np.searchsorted(self._owners, [entry, entry + 1])
        return self._by_owner[first:last]

    def _received(self, entry: int) -> IntArray:
        """Pairs about the entry."""
        first, last = np.searchsorted(self._entries, [entry, entry + 1])
        return self._by_entry[first:last]

    def _cycle(self, pair: int) -> tuple[int, ...] | None:
        longest = self.problem.longest_banned_cycle
        start, goal = int(self.entry[pair]), int(self.owner[pair])
        came: dict[int, int] = {start: pair}
        waiting = deque([(start, 1)]) if longest > 1 else deque()
        while waiting:
            at, steps = waiting.popleft()
            for i in self._given(at).tolist():
                to = int(self.entry[i])
                if to == goal:
                    return self._way_back(i, came, pair)
                if to not in came and steps + 1 < longest:
                    came[to] = i
                    waiting.append((to, steps + 1))
        return None

    def _way_back(self, last: int, came: dict[int, int], first: int) -> tuple[int, ...]:
        way = [last]
        while way[-1] != first:
            way.append(came[int(self.owner[way[-1]])])
        return tuple(way)

    def _joined(self, entry: int) -> dict[int, int]:
        """{entry joined to this one by a review: one such pair}."""
        found = {int(self.entry[i]): int(i) for i in self._given(entry)}
        for i in self._received(entry).tolist():
            if self.owner[i] >= 0:
                found.setdefault(int(self.owner[i]), i)
        return found

    def _cliques(self, pair: int) -> Iterator[Broken]:
        a, b = int(self.owner[pair]), int(self.entry[pair])
        of_a, of_b = self._joined(a), self._joined(b)
        common = sorted(of_a.keys() & of_b.keys() - {a, b})
        joined = {e: self._joined(e) for e in common}
        for rest in combinations(common, self.problem.cliques_of - 2):
            if all(other in joined[one] for one, other in combinations(rest, 2)):
                inner = [joined[one][other] for one, other in combinations(rest, 2)]
                outer = [of[e] for e in rest for of in (of_a, of_b)]
                yield Broken((pair, *outer, *inner), len(outer) + len(inner))
                return

    def _limits(self, pair: int) -> Iterator[Broken]:
        problem, received = self.problem, self._received(int(self.entry[pair]))
        labels: list[tuple[IntArray, int]] = []
        if problem.max_per_team is not None:
            labels.append((problem.reviewer_entry, problem.max_per_team))
        if problem.max_per_group is not None and problem.reviewer_groups is not None:
            groups = problem.reviewer_groups
            labels += [(groups[:, g], problem.max_per_group) for g in range(groups.shape[1])]
        for label, most in labels:
            mine = label[self.reviewer[pair]]
            alike = received[label[self.reviewer[received]] == mine]
            if mine >= 0 and len(alike) > most:
                yield Broken(tuple(alike.tolist()), most)
