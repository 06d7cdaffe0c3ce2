"""Loops over ballots for the Plackett-Luce likelihood; tests compare them with plain sums.

Ballot l holds entries ranked[start[l]] .. ranked[start[l + 1] - 1], best first, and counts
weight[l] times (once where `weight` is empty); tied[k] says that place k ties with the one before.
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
    ranked: Array,
    tied: Array,
    worth: Array,
    w: Array,
    mean: Array,
    within: Array,
    across: Array,
) -> bool:
    """Fill scratch rows for one ballot; whether any of its places tie.

    w: worths; mean: sum over the choices an entry stands in of f / s, s what is chosen from and f
    the share of the entry left in it; within, across: the same of f f / ss, and of f / ss up to its
    own group, so that entries i before j meet in the sum w[i] w[j] across[i] of the Hessian, and
    entries of one group in w[i] w[j] within[i].
    """
    ties, tail = False, 0.0
    for k in range(size - 1, -1, -1):
        w[k] = worth[ranked[low + k]]
        tail += w[k]
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
            own += w[k]
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
def _logarithms(low: int, size: int, ranked: Array, tied: Array, theta: Array, w: Array) -> float:
    """Log-likelihood of one ballot."""
    total, tail, own, b = 0.0, 0.0, 0.0, size
    for a in range(size - 1, -1, -1):
        tail += w[a]
        own += w[a]
        total += theta[ranked[low + a]]
        if tied[low + a]:
            continue
        for j in range(b - a):
            total -= np.log(max(tail - own * j / (b - a), TINY))
        own, b = 0.0, a
    return total


@kernel
def slope(
    start: Array,
    ranked: Array,
    tied: Array,
    weight: Array,
    theta: Array,
    worth: Array,
    longest: int,
    gradient: Array,
    curvature: Array,
) -> float:
    """Log-likelihood; adds its gradient, and to `curvature` minus its second derivatives."""
    w, mean, within, across = np.empty((4, longest))
    total = 0.0
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        ties, whole, here = False, 0.0, 0.0
        for k in range(size - 1, -1, -1):
            i = ranked[low + k]
            w[k] = worth[i]
            whole += w[k]
            mean[k] = whole
            here += theta[i] - np.log(whole)
            ties |= tied[low + k]
        if not ties:
            once, twice = 0.0, 0.0
            for k in range(size):
                inverse = 1.0 / mean[k]
                once += inverse
                twice += inverse * inverse
                drawn = w[k] * once
                gradient[ranked[low + k]] += times * (1.0 - drawn)
                curvature[ranked[low + k]] += times * (drawn - w[k] * w[k] * twice)
            total += times * here
            continue
        _choices(low, size, ranked, tied, worth, w, mean, within, across)
        for k in range(size):
            drawn = w[k] * mean[k]
            gradient[ranked[low + k]] += times * (1.0 - drawn)
            curvature[ranked[low + k]] += times * (drawn - w[k] * w[k] * within[k])
        total += times * _logarithms(low, size, ranked, tied, theta, w)
    return total


@kernel
def bend(
    start: Array,
    ranked: Array,
    tied: Array,
    weight: Array,
    worth: Array,
    longest: int,
    x: Array,
    out: Array,
) -> None:
    """Add minus the Hessian times x to out. The innermost loop of a fit: without ties it runs on
    what a ballot's places need and no more."""
    w, mean, within, across, y, tail = np.empty((6, longest + 1))
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        ties, whole, moved = False, 0.0, 0.0
        tail[size] = 0.0
        for k in range(size - 1, -1, -1):
            w[k] = worth[ranked[low + k]]
            y[k] = x[ranked[low + k]]
            whole += w[k]
            moved += w[k] * y[k]
            mean[k] = whole
            tail[k] = moved
            ties |= tied[low + k]
        if not ties:
            once, met = 0.0, 0.0
            for k in range(size):
                inverse = 1.0 / mean[k]
                once += inverse
                met += inverse * inverse * tail[k]
                out[ranked[low + k]] += times * w[k] * (y[k] * once - met)
            continue
        _choices(low, size, ranked, tied, worth, w, mean, within, across)
        before, a = 0.0, 0
        while a < size:
            b = _group_end(low, a, size, tied)
            own = tail[a] - tail[b]
            met = before + across[a] * tail[b] + within[a] * own
            for k in range(a, b):
                out[ranked[low + k]] += times * w[k] * (y[k] * mean[k] - met)
            before += across[a] * own
            a = b


@kernel
def dense(
    start: Array,
    ranked: Array,
    tied: Array,
    weight: Array,
    worth: Array,
    longest: int,
    out: Array,
) -> None:
    """Subtract the Hessian from out (n, n); the sum of squared lengths in time."""
    w, mean, within, across = np.empty((4, longest))
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        _choices(low, size, ranked, tied, worth, w, mean, within, across)
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
    ranked: Array,
    tied: Array,
    weight: Array,
    worth: Array,
    longest: int,
    base: Array,
    message: Array,
    total: Array,
    fresh: Array,
) -> float:
    """One round of belief propagation on precisions; the largest relative change of `total`.

    `message` (m,) what each place tells its entry: its curvature less what the others of the ballot
    leave open, to first order (exact for pairs); `base` (n,) precisions before any ballot.
    """
    fresh[:] = base
    w, mean, within, across, own, tail = np.empty((6, longest + 1))
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        ties = _choices(low, size, ranked, tied, worth, w, mean, within, across)
        if not ties:
            # Places in order: the others' open parts lie before and after.
            tail[size] = 0.0
            for k in range(size - 1, -1, -1):
                own[k] = times * (w[k] * mean[k] - w[k] * w[k] * within[k])
                rest = own[k] + total[ranked[low + k]] - message[low + k]
                mean[k] = w[k] * w[k] / max(rest, TINY)
                tail[k] = tail[k + 1] + mean[k]
            before = 0.0
            for k in range(size):
                squared = across[k] * across[k]
                lost = before + squared * tail[k + 1]
                told = max(own[k] - (times * w[k]) ** 2 * lost, 0.0)
                message[low + k] = told
                fresh[ranked[low + k]] += told
                before += squared * mean[k]
            continue
        tail[size] = 0.0
        for k in range(size - 1, -1, -1):
            own[k] = times * (w[k] * mean[k] - w[k] * w[k] * within[k])
            rest = max(own[k] + total[ranked[low + k]] - message[low + k], TINY)
            tail[k] = tail[k + 1] + w[k] * w[k] / rest
        before, a = 0.0, 0
        while a < size:
            b = _group_end(low, a, size, tied)
            group = tail[a] - tail[b]
            for k in range(a, b):
                others = max(group - (tail[k] - tail[k + 1]), 0.0)
                lost = before + across[a] ** 2 * tail[b] + within[a] ** 2 * others
                message[low + k] = max(own[k] - (times * w[k]) ** 2 * lost, 0.0)
                fresh[ranked[low + k]] += message[low + k]
            before += across[a] ** 2 * group
            a = b
    change = 0.0
    for i in range(len(total)):
        change = max(change, abs(fresh[i] / total[i] - 1.0))
        total[i] = fresh[i]
    return change


@kernel
def steepness(
    start: Array,
    ranked: Array,
    tied: Array,
    weight: Array,
    theta: Array,
    worth: Array,
    out: Array,
) -> None:
    """out[l] = derivative of ballot l's log-likelihood by a factor on theta, and its variance."""
    for r in range(len(start) - 1):
        low, size = start[r], start[r + 1] - start[r]
        times = weight[r] if len(weight) else 1.0
        whole, first, second, b = 0.0, 0.0, 0.0, size
        for a in range(size - 1, -1, -1):
            i = ranked[low + a]
            whole += worth[i]
            first += worth[i] * theta[i]
            second += worth[i] * theta[i] ** 2
            if tied[low + a]:
                continue
            mean = first / max(whole, TINY)
            for k in range(a, b):
                out[r, 0] += times * (theta[ranked[low + k]] - mean)
            out[r, 1] += times * (b - a) * max(second / max(whole, TINY) - mean**2, 0.0)
            b = a
