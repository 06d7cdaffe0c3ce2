"""How many entries of a list a reviewer nominates so that `size` are selected in expectation.

The slack "epsilon" of N. Mattei, P. Turrini, S. Zhydkov, "PeerNomination: relaxing exactness for
increased accuracy in peer selection", IJCAI 2020, found for each list length and number of reviews:
an entry of random rank is to be selected with chance size / n. The paper's world, where reviewers
agree fully, is agreement 1; below it, qualities and the reviewers' errors are normal.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import scipy
from scipy.special import bdtr, bdtrc, gammaln, ndtr, ndtri

from concours.peerreview.keyed import FloatArray, IntArray

EXACT = 2_000  # entries up to which ranks are summed one by one
ERRORS = 40  # errors of a reviewer that are summed (Gauss-Hermite)
NODES = 200  # ranks at which larger fields are summed (Gauss-Legendre)
SHORT = 32  # lengths and counts up to which none is rounded
STEP = 2.0**-20  # quotas are whole multiples: nothing hangs on a library's last bit


def nomination_quotas(
    *, n: int, size: int, lengths: IntArray, counts: IntArray, agreement: float = 1.0
) -> FloatArray:
    """(len(lengths), len(counts)) entries to nominate in a list of each length.

    For entries with each number of reviews; both from 1 on. Between 0 and the length. `agreement`
    above 1/2 .. 1 is the chance that two reviewers order two entries alike.
    """
    table = np.empty((len(lengths), len(counts)))
    for i, length in enumerate(lengths.tolist()):
        for j, count in enumerate(counts.tolist()):
            near = _rounded(length)
            odd = _rounded(count) | (count & 1)
            table[i, j] = length * _quota(n, size, near, odd, agreement) / near
    return table


def _rounded(value: int) -> int:
    """The value itself up to SHORT, else cut to its five leading bits."""
    if value <= SHORT:
        return value
    shift = value.bit_length() - 5
    return (value >> shift) << shift


@lru_cache(maxsize=8192)
def _quota(n: int, size: int, length: int, count: int, agreement: float) -> float:
    if size >= n:
        return float(length)
    below, weight = _noisy(length, agreement) if agreement < 1 else _standing(n, length)
    needed = (count + 1) // 2

    def excess(quota: float) -> float:
        whole = min(int(quota), length - 1)
        part = quota - whole
        nominated = below[:, whole] + part * (below[:, whole + 1] - below[:, whole])
        chance = bdtrc(needed - 1, count, np.clip(nominated, 0.0, 1.0))
        return float(weight @ chance) - size / n

    found = scipy.optimize.brentq(excess, 0.0, float(length), xtol=1e-12)
    return float(np.rint(found / STEP) * STEP)


@lru_cache(maxsize=64)
def _standing(n: int, length: int) -> tuple[FloatArray, FloatArray]:
    """((ranks, length + 1) chance to have fewer than x better in a list, (ranks,) weight)."""
    if n <= EXACT:
        rank = np.arange(1.0, n + 1)
        weight = np.full(n, 1 / n)
    else:
        node, weight = np.polynomial.legendre.leggauss(NODES)
        rank, weight = np.clip((node + 1) / 2 * n + 0.5, 1, n), weight / 2
    better = np.arange(float(length))
    pmf = _pmf(rank[:, None] - 1, n - rank[:, None], better[None, :], length - 1, n)
    below = np.zeros((len(rank), length + 1))
    np.cumsum(pmf, axis=1, out=below[:, 1:])
    return below / below[:, -1:], weight


@lru_cache(maxsize=64)
def _noisy(length: int, agreement: float) -> tuple[FloatArray, FloatArray]:
    """The same in a large field of normal qualities with normal errors (sd 1 and `noise_sd`)."""
    node, weight = np.polynomial.legendre.leggauss(NODES)
    quality = ndtri((node + 1) / 2)
    error, chance = np.polynomial.hermite_e.hermegauss(ERRORS)
    noise = noise_sd(agreement)
    seen = quality[:, None] + noise * error[None, :]
    worse = ndtr(-seen / np.hypot(1.0, noise))
    below = np.zeros((NODES, length + 1))
    for taken in range(length):
        below[:, taken + 1] = bdtr(taken, length - 1, worse) @ (chance / chance.sum())
    return below, weight / 2


def noise_sd(agreement: float) -> float:
    """The sd of errors, in sds of quality, at which two reviewers so agree; both normal.

    The two differences they see correlate at 1 / (1 + sd**2): agreement = 1/2 + arcsin(that) / pi.
    """
    return float(np.sqrt(max(1 / np.sin(np.pi * (agreement - 0.5)) - 1, 0.0)))


def _pmf(
    better: FloatArray, worse: FloatArray, taken: FloatArray, others: int, n: int
) -> FloatArray:
    """Hypergeometric chance that `taken` of the `others` in the list are from the better ones."""
    with np.errstate(invalid="ignore"):
        logs = _choose(better, taken) + _choose(worse, others - taken)
        found = np.exp(logs - _choose(np.array(n - 1.0), np.array(float(others))))
    possible = (taken <= better) & (others - taken <= worse)
    return np.where(possible, found, 0.0)


def _choose(total: FloatArray, taken: FloatArray) -> FloatArray:
    rest = np.maximum(total - taken, 0.0)
    return np.asarray(gammaln(total + 1) - gammaln(taken + 1.0) - gammaln(rest + 1))
