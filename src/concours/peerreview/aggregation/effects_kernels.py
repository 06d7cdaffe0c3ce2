"""Loops over the reviews of the random-effects model; tests compare them with dense matrices.

Review k of the tour is of entry[k] and in list by[k]; its score and weight are at place[k] of
`score` and of `omega`, which is empty where all weights are 1.
"""

from __future__ import annotations

from typing import Any

from concours.peerreview.jit import kernel

Array = Any  # numba specialises by dtype


@kernel
def sums(
    by: Array,
    entry: Array,
    place: Array,
    omega: Array,
    score: Array,
    centre: float,
    scale: float,
    by_entry: Array,
    by_list: Array,
) -> tuple[float, float]:
    """Add w, w y and w w to columns 0, 1 and 2; return the sums of w y and w y y."""
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        y = (score[place[k]] - centre) / scale
        by_entry[entry[k], 0] += w
        by_entry[entry[k], 1] += w * y
        by_list[by[k], 0] += w
        by_list[by[k], 1] += w * y
        by_entry[entry[k], 2] += w * w
        by_list[by[k], 2] += w * w
    total, square = 0.0, 0.0
    for k in range(len(score)):
        w = omega[k] if len(omega) else 1.0
        y = (score[k] - centre) / scale
        total += w * y
        square += w * y * y
    return total, square


@kernel
def list_sums(by: Array, entry: Array, place: Array, omega: Array, x: Array, out: Array) -> None:
    """out[l] += sum of w x over list l."""
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        out[by[k]] += w * x[entry[k]]


@kernel
def entry_sums(by: Array, entry: Array, place: Array, omega: Array, x: Array, out: Array) -> None:
    """out[i] += sum of w x[l] over the lists l that hold entry i."""
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        out[entry[k]] += w * x[by[k]]


@kernel
def couple(
    by: Array,
    entry: Array,
    place: Array,
    omega: Array,
    share: Array,
    x: Array,
    listed: Array,
    out: Array,
) -> None:
    """Subtract C diag(share) C' x from out; `listed` (L,) is scratch."""
    listed[:] = 0.0
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        listed[by[k]] += w * x[entry[k]]
    for r in range(len(listed)):
        listed[r] *= share[r]
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        out[entry[k]] -= w * listed[by[k]]


@kernel
def own_share(
    by: Array, entry: Array, place: Array, omega: Array, share: Array, out: Array
) -> None:
    """Add the diagonal of C diag(share) C' to out."""
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        out[entry[k]] += w * w * share[by[k]]


@kernel
def pass_messages(
    by: Array,
    entry: Array,
    place: Array,
    omega: Array,
    base: float,
    prior: float,
    message: Array,
    total: Array,
    fresh: Array,
    listed: Array,
) -> float:
    """One round of belief propagation on precisions; the largest relative change of `total`.

    `message` (m,) what each review of the tour tells its entry, `total` (n,) and `listed` (L,)
    precisions of qualities and biases, `base` and `prior` those before any review.
    """
    fresh[:] = base
    listed[:] = prior
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        rest = total[entry[k]] - message[k]
        listed[by[k]] += w * rest / (w + rest)
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        rest = total[entry[k]] - message[k]
        others = max(listed[by[k]] - w * rest / (w + rest), 0.0)
        message[k] = w * others / (w + others)
        fresh[entry[k]] += message[k]
    change = 0.0
    for i in range(len(total)):
        change = max(change, abs(fresh[i] / total[i] - 1.0))
        total[i] = fresh[i]
    return change


@kernel
def squares(
    by: Array,
    entry: Array,
    place: Array,
    omega: Array,
    score: Array,
    centre: float,
    scale: float,
    quality: Array,
    bias: Array,
    out: Array,
) -> None:
    """out[l] += weighted sum of squared residuals of list l; `bias` includes the mean."""
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        rest = (score[place[k]] - centre) / scale - quality[entry[k]] - bias[by[k]]
        out[by[k]] += w * rest * rest


@kernel
def freedom(
    by: Array,
    entry: Array,
    place: Array,
    omega: Array,
    quality: Array,
    bias: Array,
    out: Array,
) -> None:
    """out[l] += sum over list l of 1 / (1 + w s), s the variance of what a review is to tell."""
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        out[by[k]] += 1.0 / (1.0 + w * (quality[entry[k]] + bias[by[k]]))


@kernel
def widths(
    by: Array,
    entry: Array,
    place: Array,
    length: Array,
    score: Array,
    quality: Array,
    variance: Array,
    mean: Array,
    out: Array,
) -> None:
    """Add to columns 0 and 1 of `out` (L, 2) the sums of squared deviations of each list's scores,
    and the same of quality expected, of lists of two and more; `mean` (L, 2) holds zeros."""
    for k in range(len(by)):
        mean[by[k], 0] += score[place[k]] / length[by[k]]
        mean[by[k], 1] += quality[entry[k]] / length[by[k]]
    for k in range(len(by)):
        r = by[k]
        if length[r] > 1:
            out[r, 0] += (score[place[k]] - mean[r, 0]) ** 2
            out[r, 1] += (quality[entry[k]] - mean[r, 1]) ** 2
            out[r, 1] += variance[entry[k]] * (1.0 - 1.0 / length[r])


@kernel
def t_weights(
    by: Array,
    entry: Array,
    place: Array,
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
    """out[place[k]] = expected weight of review k under t noise; `open_*` as in `freedom`."""
    for k in range(len(by)):
        w = omega[place[k]] if len(omega) else 1.0
        rest = (score[place[k]] - centre) / scale - quality[entry[k]] - bias[by[k]]
        known = open_quality[entry[k]] + open_bias[by[k]]
        square = rest * rest / noise + known / (1.0 + w * known)
        out[place[k]] = (freedom + 1.0) / (freedom + square)
