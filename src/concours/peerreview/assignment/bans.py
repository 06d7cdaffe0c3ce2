"""Review cycles and cliques among chosen pairs, as sets of pairs that must not all be chosen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.arcs import Arcs
from concours.peerreview.assignment.eligibility import member
from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray

MUTUAL = 2
AT_ONCE = 4_000
"""So many longer cycles and cliques are forbidden in one round."""


class Bans:
    """The forbidden structures of a problem over its arcs."""

    def __init__(self, problem: AssignmentProblem, arcs: Arcs) -> None:
        self.n = problem.n_entries
        self.longest = problem.longest_banned_cycle
        self.clique = problem.cliques_of
        owner = problem.reviewer_entry[arcs.reviewer]
        self.owned = owner >= 0
        self.key = owner * self.n + arcs.entry
        self.back = arcs.entry * self.n + owner
        self.long = bool(self.owned.any()) and (self.longest > MUTUAL or self.clique > 0)
        self.any = bool(self.owned.any()) and (self.longest > 1 or self.clique > 0)

    def broken(self, chosen: IntArray) -> list[IntArray]:
        """Sets of arcs that `chosen` (m,) holds whole: mutual pairs, or else longer structures."""
        if not self.any:
            return []
        found = self._mutual(chosen) if self.longest >= MUTUAL else []
        return found or self.longer(chosen)

    def nearly(self, columns: IntArray, x: FloatArray) -> list[IntArray]:
        """Mutual pairs of `columns` whose fractions x add up to more than 1."""
        if not self.any or self.longest < MUTUAL:
            return []
        used = np.flatnonzero(x > 0)
        value = dict(zip(columns[used].tolist(), x[used].tolist(), strict=True))
        pairs = self._mutual(columns[used])
        return [p for p in pairs if value[int(p[0])] + value[int(p[1])] > 1 + 1e-6]

    def _mutual(self, chosen: IntArray) -> list[IntArray]:
        mine = chosen[self.owned[chosen]]
        order = mine[np.argsort(self.key[mine], kind="stable")]
        ranked = self.key[order]
        met = order[member(ranked, self.back[order])]
        ahead = met[self.key[met] < self.back[met]]
        first = np.searchsorted(ranked, self.back[ahead], side="left")
        last = np.searchsorted(ranked, self.back[ahead], side="right")
        return [
            np.array([a, b])
            for a, low, high in zip(ahead, first, last, strict=True)
            for b in order[low:high]
        ]

    def longer(self, chosen: IntArray) -> list[IntArray]:
        """Cycles of three and more, and cliques, among `chosen` (m,): 4,000 of each at most."""
        if not self.long:
            return []
        mine = chosen[self.owned[chosen]]
        order = mine[np.argsort(self.key[mine], kind="stable")]
        source, target = np.divmod(self.key[order], self.n)
        rows: list[npt.NDArray[np.int64]] = []
        if self.longest > MUTUAL:
            numbers = np.arange(self.n + 1)
            ahead = np.searchsorted(source, numbers)
            behind = np.argsort(target, kind="stable")
            back = np.searchsorted(target[behind], numbers)
            out = np.full((AT_ONCE, self.longest), -1, dtype=np.int64)
            count = _cycles(ahead, target, back, source[behind], self.longest, out)
            rows += [order[row[row >= 0]] for row in out[:count]]
        if self.clique:
            rows += self._cliques(order, source, target)
        return rows

    def _cliques(self, order: IntArray, source: IntArray, target: IntArray) -> list[IntArray]:
        joined = [set[int]() for _ in range(self.n)]
        arcs: dict[tuple[int, int], list[int]] = {}
        for arc, a, b in zip(order.tolist(), source.tolist(), target.tolist(), strict=True):
            low, high = min(a, b), max(a, b)
            joined[low].add(high)
            arcs.setdefault((low, high), []).append(arc)
        found: list[IntArray] = []
        for least in range(self.n):
            stack = [([least], joined[least])]
            while stack and len(found) < AT_ONCE:
                members, common = stack.pop()
                if len(members) == self.clique:
                    edges = [arcs[a, b] for i, a in enumerate(members) for b in members[i + 1 :]]
                    found.append(np.array([edge[0] for edge in edges]))
                    continue
                stack += [([*members, v], common & joined[v]) for v in sorted(common)]
        return found


@kernel
def _cycles(
    ahead: IntArray,
    target: IntArray,
    back: IntArray,
    source: IntArray,
    longest: int,
    out: IntArray,
) -> int:
    """Cycles of 3 .. longest entries, each from its least entry, as places in `target`.

    A path goes on only where the least entry can still be reached: distances of up to half the
    length are known from a search backward.
    """
    n = len(ahead) - 1
    half = longest // 2
    count = 0
    far = np.full(n, longest, dtype=np.int64)
    queue = np.empty(n, dtype=np.int64)
    path = np.empty(longest, dtype=np.int64)
    node = np.empty(longest + 1, dtype=np.int64)
    for least in range(n):
        seen = _distances(back, source, least, half, far, queue)
        node[0] = least
        path[0] = ahead[least] - 1
        depth = 0 if seen > 1 else -1
        while depth >= 0:
            path[depth] += 1
            if path[depth] >= ahead[node[depth] + 1]:
                depth -= 1
                continue
            v = target[path[depth]]
            left = longest - depth - 1
            if v == least and depth > 1:
                out[count, : depth + 1] = path[: depth + 1]
                count += 1
                if count == len(out):
                    return count
            elif v > least and left > 0 and (left > half or far[v] <= left):
                again = False
                for i in range(1, depth + 1):
                    again |= node[i] == v
                if not again:
                    depth += 1
                    node[depth] = v
                    path[depth] = ahead[v] - 1
        for i in range(seen):
            far[queue[i]] = longest
    return count


@kernel
def _distances(
    back: IntArray, source: IntArray, least: int, half: int, far: IntArray, queue: IntArray
) -> int:
    """Write how far entries above `least` are from it, up to `half`; how many, itself included."""
    queue[0] = least
    far[least] = 0
    size, read = 1, 0
    while read < size:
        v = queue[read]
        read += 1
        if far[v] == half:
            break
        for i in range(back[v], back[v + 1]):
            w = source[i]
            if w > least and far[w] > half:
                far[w] = far[v] + 1
                queue[size] = w
                size += 1
    return size
