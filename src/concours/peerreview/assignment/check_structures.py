"""Review cycles and cliques in an assignment, listed by a bounded search of their own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.problem import Violation
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray

Nodes = npt.NDArray[np.int32]
Steps = npt.NDArray[np.int8]


def cycle_violations(edges: IntArray, n: int, longest: int, listed: int) -> list[Violation]:
    """Cycles of 3 .. `longest` entries among `edges`, keys a * n + b ascending, each once.

    A search forward from the least entry of each cycle meets one backward half-way: about
    O(n d**ceil(longest / 2)) where an entry reviews d others. At most `listed` are named, the rest
    is not counted.
    """
    ahead, target = _lists(edges, n)
    back, source = _lists(np.sort(edges % n * n + edges // n), n)
    rows = np.full((listed + 1, longest), -1, dtype=np.int32)
    count = _list_cycles(ahead, target, back, source, longest, rows)
    return _named(rows[:count], listed, "cycle", "review in a cycle", " → ")


def clique_violations(edges: IntArray, n: int, size: int, listed: int) -> list[Violation]:
    """Sets of `size` entries any two of which are joined by one of `edges`, as above."""
    one, other = np.divmod(edges, n)
    keys = np.sort(np.minimum(one, other) * n + np.maximum(one, other))
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if keys.size else keys
    start, neighbour = _lists(keys, n)
    rows = np.full((listed + 1, size), -1, dtype=np.int32)
    widest = int(np.diff(start).max(initial=0))
    count = _list_cliques(start, neighbour, size, np.empty((size, widest), dtype=np.int32), rows)
    return _named(rows[:count], listed, "clique", "all review one another", ", ")


def _named(rows: Nodes, listed: int, code: str, words: str, between: str) -> list[Violation]:
    found = []
    for row in rows[:listed]:
        names = [str(e) for e in row if e >= 0]
        message = f"entries {between.join(names)} {words}"
        found.append(Violation(code, message, entry=int(row[0])))
    if len(rows) > listed:
        found.append(Violation(code, "and more of this kind"))
    return found


def _lists(keys: IntArray, n: int) -> tuple[IntArray, Nodes]:
    """(n + 1,) starts and the second members, from ascending keys first * n + second."""
    first = keys // n
    start = np.concatenate([[0], np.cumsum(np.bincount(first, minlength=n))])
    return start, (keys % n).astype(np.int32)


@kernel
def _list_cycles(
    ahead: IntArray, target: Nodes, back: IntArray, source: Nodes, longest: int, rows: Nodes
) -> int:
    """Write cycles into `rows` until it is full; return how many."""
    n = len(ahead) - 1
    half = longest // 2
    steps = np.full(n, -1, dtype=np.int8)
    queue = np.empty(n, dtype=np.int32)
    path = np.empty(longest, dtype=np.int32)
    at = np.empty(longest, dtype=np.int64)
    count = 0
    for least in range(n):
        size = _steps_back(back, source, least, half, steps, queue)
        depth = 0 if size > 1 else -1
        path[0] = least
        at[0] = ahead[least]
        while depth >= 0:
            if at[depth] == ahead[path[depth] + 1]:
                depth -= 1
                continue
            w = target[at[depth]]
            at[depth] += 1
            if w == least and depth >= 2:
                rows[count, : depth + 1] = path[: depth + 1]
                count += 1
                if count == len(rows):
                    return count
            elif w > least and _leads_on(longest - depth - 1, half, steps[w], path, depth, w):
                depth += 1
                path[depth] = w
                at[depth] = ahead[w]
        for i in range(size):
            steps[queue[i]] = -1
    return count


@kernel
def _steps_back(
    back: IntArray, source: Nodes, least: int, half: int, steps: Steps, queue: Nodes
) -> int:
    """Fill `steps` of entries above `least` that reach it in up to `half`; how many, itself too."""
    queue[0] = least
    steps[least] = 0
    size, read = 1, 0
    while read < size:
        v = queue[read]
        read += 1
        if steps[v] == half:
            break
        for i in range(back[v], back[v + 1]):
            w = source[i]
            if w > least and steps[w] < 0:
                steps[w] = steps[v] + 1
                queue[size] = w
                size += 1
    return size


@kernel
def _leads_on(left: int, half: int, steps: int, path: Nodes, depth: int, entry: int) -> bool:
    """Whether a path may go to `entry` with `left` steps to close it, each entry once."""
    if left < 1 or (left <= half and not 0 < steps <= left):
        return False
    again = False
    for j in range(1, depth + 1):
        again |= path[j] == entry
    return not again


@kernel
def _list_cliques(start: IntArray, neighbour: Nodes, size: int, room: Nodes, rows: Nodes) -> int:
    """Write cliques into `rows` until it is full; lists hold greater neighbours, ascending."""
    filled = np.zeros(size, dtype=np.int64)
    at = np.zeros(size, dtype=np.int64)
    member = np.empty(size, dtype=np.int32)
    count = 0
    for least in range(len(start) - 1):
        filled[1] = start[least + 1] - start[least]
        room[1, : filled[1]] = neighbour[start[least] : start[least + 1]]
        member[0] = least
        depth = 1
        at[1] = 0
        while depth > 0:
            if filled[depth] - at[depth] < size - depth:
                depth -= 1
                continue
            v = room[depth, at[depth]]
            at[depth] += 1
            member[depth] = v
            if depth == size - 1:
                rows[count] = member
                count += 1
                if count == len(rows):
                    return count
                continue
            kept, i = 0, start[v]
            for j in range(at[depth], filled[depth]):
                w = room[depth, j]
                while i < start[v + 1] and neighbour[i] < w:
                    i += 1
                if i < start[v + 1] and neighbour[i] == w:
                    room[depth + 1, kept] = w
                    kept += 1
            depth += 1
            filled[depth] = kept
            at[depth] = 0
    return count
