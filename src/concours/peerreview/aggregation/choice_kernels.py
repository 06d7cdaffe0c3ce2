"""Loops over ballots for the Plackett-Luce likelihood; tests compare them with plain sums.

Ballot l holds places start[l] .. start[l + 1] - 1, best first, and counts weight[l] times (once
where `weight` is empty); tied[k] says that place k ties with the one before. What the loops need of
the entries they take by place, (m,) arrays, and leave there what each place tells its entry: see
tour.py.
A group of t that tie is broken evenly (Efron, JASA 1977): its j-th choice, j = 0 .. t - 1, is from
the sum of all not yet placed less j / t of the group's. `worth` is exp(theta).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from concours.peerreview.jit import kernel

Array = Any  # numba specialises by dtype
TINY = 1e-300


@kernel
def order_ballots(start: Array, member: Array, score: Array, ranked: Array, tied: Array) -> int:
    """Fill `ranked` and `tied` from lists of scores; the greatest length. O(m) for short lists."""
    longest = 1
    for r in range(len(start) - 1):
        low, high = start[r], start[r + 1]
        longest = max(longest, high - low)
        order = np.argsort(-score[low:high], kind="mergesort")  # ties by entry
        for i in range(high - low):
            ranked[low + i] = member[low + order[i]]
            same = i > 0 and score[low + order[i]] == score[low + order[i - 1]]
            tied[low + i] = same
    return longest


@kernel
def _group_end(low: int, a: int, size: int, tied: Array) -> int:
    b = a + 1
    while b < size and tied[low + b]:
        b += 1
    return b


@kernel
def _choices(
    low: int,
    size: int,
    tied: Array,
    worth: Array,
    mean: Array,
    within: Array,
    across: Array,
) -> bool:
    """Fill scratch rows for one ballot; whether any of its places tie.

    mean: sum over the choices an entry stands in of f / s, s what is chosen from and f
    the share of the entry left in it; within, across: the same of f f / ss, and of f / ss up to its
    own group, so that entries i before j, of worths w, meet in the sum w[i] w[j] across[i] of the
    Hessian, and entries of one group in w[i] w[j] within[i].
    """
    ties, tail = False, 0.0
    for k in range(size - 1, -1, -1):
        tail += worth[low + k]
        mean[k] = tail
        ties |= tied[low + k]
    once, twice = 0.0, 0.0
    if not ties:
        for k in range(size):
            inverse = 1.0 / mean[k]
            once += inverse
            twice += inverse * inverse
            mean[k] = once
            within[k] = across[k] = twice
        return False
    a = 0
    while a < size:
        b = _group_end(low, a, size, tied)
        whole, own = mean[a], 0.0
        for k in range(a, b):
            own += worth[low + k]
        inside, both, half, passed, squared = 0.0, 0.0, 0.0, 0.0, 0.0
        for j in range(b - a):
            f = 1.0 - j / (b - a)
            inverse = 1.0 / max(whole - own * (1.0 - f), TINY)
            inside += f * inverse
            both += (f * inverse) ** 2
            half += f * inverse * inverse
            passed += inverse
            squared += inverse * inverse
        for k in range(a, b):
            mean[k], within[k], across[k] = once + inside, twice + both, twice + half
        once += passed
        twice += squared
        a = b
    return True


@kernel
def _logarithms(low: int, size: int, tied: Array, theta: Array, worth: Array) -> float:
    """Log-likelihood of one ballot."""
    total, tail, own, b = 0.0, 0.0, 0.0, size
    for a in range(size - 1, -1, -1):
        tail += worth[low + a]
        own += worth[low + a]
        total += theta[low + a]
        if tied[low + a]:
            continue
        for j in range(b - a):
            total -= np.log(max(tail - own * j / (b - a), TINY))
        own, b = 0.0, a
    return total


@kernel
def slope(
    start: Array, tied: Array, weight: Array, longest: int, theta: Array, worth: Array
) -> float:
    """Log-likelihood; leaves its gradient in `theta`, minus its second derivatives in `worth`."""
    mean, within, across = np.empty((3, longest))
    total = 0.0
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        ties, whole, here = False, 0.0, 0.0
        for k in range(size - 1, -1, -1):
            whole += worth[low + k]
            mean[k] = whole
            here += theta[low + k] - np.log(whole)
            ties |= tied[low + k]
        if ties:
            _choices(low, size, tied, worth, mean, within, across)
            here = _logarithms(low, size, tied, theta, worth)
            for k in range(size):
                w = worth[low + k]
                theta[low + k] = times * (1.0 - w * mean[k])
                worth[low + k] = times * (w * mean[k] - w * w * within[k])
        else:
            once, twice = 0.0, 0.0
            for k in range(size):
                inverse = 1.0 / mean[k]
                once += inverse
                twice += inverse * inverse
                w = worth[low + k]
                theta[low + k] = times * (1.0 - w * once)
                worth[low + k] = times * (w * once - w * w * twice)
        total += times * here
    return total


@kernel
def bend(start: Array, tied: Array, weight: Array, longest: int, worth: Array, x: Array) -> None:
    """Leave minus the Hessian times x in `x`. The innermost loop of a fit: without ties it runs on
    what a ballot's places need and no more."""
    mean, within, across, tail = np.empty((4, longest + 1))
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        ties, whole, moved = False, 0.0, 0.0
        tail[size] = 0.0
        for k in range(size - 1, -1, -1):
            whole += worth[low + k]
            moved += worth[low + k] * x[low + k]
            mean[k] = whole
            tail[k] = moved
            ties |= tied[low + k]
        if not ties:
            once, met = 0.0, 0.0
            for k in range(size):
                inverse = 1.0 / mean[k]
                once += inverse
                met += inverse * inverse * tail[k]
                x[low + k] = times * worth[low + k] * (x[low + k] * once - met)
            continue
        _choices(low, size, tied, worth, mean, within, across)
        before, a = 0.0, 0
        while a < size:
            b = _group_end(low, a, size, tied)
            own = tail[a] - tail[b]
            met = before + across[a] * tail[b] + within[a] * own
            for k in range(a, b):
                x[low + k] = times * worth[low + k] * (x[low + k] * mean[k] - met)
            before += across[a] * own
            a = b


@kernel
def dense(
    start: Array,
    tied: Array,
    weight: Array,
    longest: int,
    worth: Array,
    ranked: Array,
    out: Array,
) -> None:
    """Subtract the Hessian from out (n, n), of which place k is entry ranked[k]; the sum of squared
    lengths in time."""
    mean, within, across = np.empty((3, longest))
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        w = worth[low : low + size]
        _choices(low, size, tied, worth, mean, within, across)
        for k in range(size):
            i, alike = ranked[low + k], True
            out[i, i] += times * (w[k] * mean[k] - w[k] * w[k] * within[k])
            for later in range(k + 1, size):
                alike = alike and tied[low + later]
                met = times * w[k] * w[later] * (within[k] if alike else across[k])
                out[i, ranked[low + later]] -= met
                out[ranked[low + later], i] -= met


@kernel
def pass_messages(
    start: Array,
    tied: Array,
    weight: Array,
    longest: int,
    worth: Array,
    total: Array,
    message: Array,
) -> None:
    """Half a round of belief propagation on precisions, that of the ballots.

    `message` (m,) what each place tells its entry: its curvature less what the others of the ballot
    leave open, to first order (exact for pairs); `total` (m,) the precision of the entry.
    """
    mean, within, across, own, tail = np.empty((5, longest + 1))
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        w = worth[low : low + size]
        ties = _choices(low, size, tied, worth, mean, within, across)
        if not ties:
            # Places in order: the others' open parts lie before and after.
            tail[size] = 0.0
            for k in range(size - 1, -1, -1):
                own[k] = times * (w[k] * mean[k] - w[k] * w[k] * within[k])
                rest = own[k] + total[low + k] - message[low + k]
                mean[k] = w[k] * w[k] / max(rest, TINY)
                tail[k] = tail[k + 1] + mean[k]
            before = 0.0
            for k in range(size):
                squared = across[k] * across[k]
                lost = before + squared * tail[k + 1]
                message[low + k] = max(own[k] - (times * w[k]) ** 2 * lost, 0.0)
                before += squared * mean[k]
            continue
        tail[size] = 0.0
        for k in range(size - 1, -1, -1):
            own[k] = times * (w[k] * mean[k] - w[k] * w[k] * within[k])
            rest = max(own[k] + total[low + k] - message[low + k], TINY)
            tail[k] = tail[k + 1] + w[k] * w[k] / rest
        before, a = 0.0, 0
        while a < size:
            b = _group_end(low, a, size, tied)
            group = tail[a] - tail[b]
            for k in range(a, b):
                others = max(group - (tail[k] - tail[k + 1]), 0.0)
                lost = before + across[a] ** 2 * tail[b] + within[a] ** 2 * others
                message[low + k] = max(own[k] - (times * w[k]) ** 2 * lost, 0.0)
            before += across[a] ** 2 * group
            a = b


@kernel
def steepness(
    start: Array, tied: Array, weight: Array, longest: int, theta: Array, worth: Array, out: Array
) -> None:
    """out[l] = derivative of ballot l's log-likelihood by a factor on theta, and its variance."""
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        whole, first, second, b = 0.0, 0.0, 0.0, size
        for a in range(size - 1, -1, -1):
            w, t = worth[low + a], theta[low + a]
            whole += w
            first += w * t
            second += w * t**2
            if tied[low + a]:
                continue
            mean = first / max(whole, TINY)
            for k in range(a, b):
                out[r, 0] += times * (theta[low + k] - mean)
            out[r, 1] += times * (b - a) * max(second / max(whole, TINY) - mean**2, 0.0)
            b = a
