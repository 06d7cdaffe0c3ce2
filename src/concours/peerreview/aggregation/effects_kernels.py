"""Loops over the reviews of the random-effects model; tests compare them with dense matrices.

`start`, `member` are the lists of a ReviewSet, `omega` the reviews' weights, empty where all are 1.
"""

from __future__ import annotations

from typing import Any

from concours.peerreview.jit import kernel

Array = Any  # numba specialises by dtype


@kernel
def sums(
    start: Array,
    member: Array,
    omega: Array,
    score: Array,
    centre: float,
    scale: float,
    by_entry: Array,
    by_list: Array,
) -> tuple[float, float]:
    """Add w, w y and w w to columns 0, 1 and 2; return the sums of w y and w y y."""
    total, square = 0.0, 0.0
    for r in range(len(start) - 1):
        for k in range(start[r], start[r + 1]):
            w = omega[k] if len(omega) else 1.0
            y = (score[k] - centre) / scale
            by_entry[member[k], 0] += w
            by_entry[member[k], 1] += w * y
            by_list[r, 0] += w
            by_list[r, 1] += w * y
            by_entry[member[k], 2] += w * w
            by_list[r, 2] += w * w
            total += w * y
            square += w * y * y
    return total, square


@kernel
def list_sums(start: Array, member: Array, omega: Array, x: Array, out: Array) -> None:
    """out[l] = sum of w x over list l."""
    for r in range(len(start) - 1):
        total = 0.0
        for k in range(start[r], start[r + 1]):
            total += (omega[k] if len(omega) else 1.0) * x[member[k]]
        out[r] = total


@kernel
def entry_sums(start: Array, member: Array, omega: Array, x: Array, out: Array) -> None:
    """out[i] += sum of w x[l] over the lists l that hold entry i."""
    for r in range(len(start) - 1):
        for k in range(start[r], start[r + 1]):
            out[member[k]] += (omega[k] if len(omega) else 1.0) * x[r]


@kernel
def couple(start: Array, member: Array, omega: Array, share: Array, pair: Array) -> None:
    """Subtract C diag(share) C' x from out, `pair` (n, 2) holding x and out.

    Side by side, because each entry is met in an order that no cache foresees: one miss, not two.
    """
    for r in range(len(start) - 1):
        total = 0.0
        for k in range(start[r], start[r + 1]):
            total += (omega[k] if len(omega) else 1.0) * pair[member[k], 0]
        total *= share[r]
        for k in range(start[r], start[r + 1]):
            pair[member[k], 1] -= (omega[k] if len(omega) else 1.0) * total


@kernel
def own_share(start: Array, member: Array, omega: Array, share: Array, out: Array) -> None:
    """Add the diagonal of C diag(share) C' to out."""
    for r in range(len(start) - 1):
        for k in range(start[r], start[r + 1]):
            w = omega[k] if len(omega) else 1.0
            out[member[k]] += w * w * share[r]


@kernel
def pass_messages(
    start: Array,
    member: Array,
    omega: Array,
    base: float,
    prior: float,
    message: Array,
    total: Array,
    fresh: Array,
    listed: Array,
) -> float:
    """One round of belief propagation on precisions; the largest relative change of `total`.

    `message` (m,) what each review tells its entry, `total` (n,) and `listed` (L,) precisions of
    qualities and biases, `base` and `prior` those before any review.
    """
    fresh[:] = base
    for r in range(len(start) - 1):
        whole = prior
        for k in range(start[r], start[r + 1]):
            w = omega[k] if len(omega) else 1.0
            rest = total[member[k]] - message[k]
            whole += w * rest / (w + rest)
        listed[r] = whole
        for k in range(start[r], start[r + 1]):
            w = omega[k] if len(omega) else 1.0
            rest = total[member[k]] - message[k]
            others = max(whole - w * rest / (w + rest), 0.0)
            message[k] = w * others / (w + others)
            fresh[member[k]] += message[k]
    change = 0.0
    for i in range(len(total)):
        change = max(change, abs(fresh[i] / total[i] - 1.0))
        total[i] = fresh[i]
    return change


@kernel
def squares(
    start: Array,
    member: Array,
    omega: Array,
    score: Array,
    centre: float,
    scale: float,
    quality: Array,
    bias: Array,
    out: Array,
) -> None:
    """out[l] = weighted sum of squared residuals of list l; `bias` includes the mean."""
    for r in range(len(start) - 1):
        total = 0.0
        for k in range(start[r], start[r + 1]):
            w = omega[k] if len(omega) else 1.0
            rest = (score[k] - centre) / scale - quality[member[k]] - bias[r]
            total += w * rest * rest
        out[r] = total


@kernel
def freedom(
    start: Array, member: Array, omega: Array, quality: Array, bias: Array, out: Array
) -> None:
    """out[l] = sum over list l of 1 / (1 + w s), s the variance of what a review is to tell."""
    for r in range(len(start) - 1):
        total = 0.0
        for k in range(start[r], start[r + 1]):
            w = omega[k] if len(omega) else 1.0
            total += 1.0 / (1.0 + w * (quality[member[k]] + bias[r]))
        out[r] = total


@kernel
def widths(
    start: Array, member: Array, score: Array, quality: Array, variance: Array, out: Array
) -> None:
    """out[l] = (sum of squared deviations of the list's scores, the same of quality expected)."""
    for r in range(len(start) - 1):
        count = start[r + 1] - start[r]
        if count < 2:
            continue
        given, known = 0.0, 0.0
        for k in range(start[r], start[r + 1]):
            given += score[k] / count
            known += quality[member[k]] / count
        for k in range(start[r], start[r + 1]):
            out[r, 0] += (score[k] - given) ** 2
            out[r, 1] += (quality[member[k]] - known) ** 2
            out[r, 1] += variance[member[k]] * (1.0 - 1.0 / count)


@kernel
def t_weights(
    start: Array,
    member: Array,
    omega: Array,
    score: Array,
    centre: float,
    scale: float,
    quality: Array,
    bias: Array,
    noise: float,
    open_quality: Array,
    open_bias: Array,
    freedom: float,
    out: Array,
) -> None:
    """out[k] = expected weight of review k under t noise; `open_*` as in `freedom`."""
    for r in range(len(start) - 1):
        for k in range(start[r], start[r + 1]):
            w = omega[k] if len(omega) else 1.0
            rest = (score[k] - centre) / scale - quality[member[k]] - bias[r]
            known = open_quality[member[k]] + open_bias[r]
            square = rest * rest / noise + known / (1.0 + w * known)
            out[k] = (freedom + 1.0) / (freedom + square)
