"""Worths of entries from choices, by penalised likelihood and Newton's method.

theta = log of worth. The prior is normal, its variance from the data unless given (empirical Bayes,
MacKay, "Bayesian interpolation", Neural Computation 1992), or gamma on the worths (Caron and
Doucet, "Efficient Bayesian inference for generalized Bradley-Terry models", JCGS 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import linalg
from scipy.special import polygamma

from concours.peerreview.aggregation.linear import Multiply, conjugate_gradients, stretched
from concours.peerreview.aggregation.tour import Tour, toured
from concours.peerreview.aggregation.variance import DENSE
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import Int32Array, ReviewSet

NEWTON = 200
STEPS = 500
ROUNDS = 100
COARSE, FINE = 0.1, 0.01  # tolerances of Newton's steps
FARTHEST = 4.0  # that an entry moves in one step
SETTLED = 1e-9  # mean squared Newton step, in units of its error, that is the last
ROUGH = 1e-2  # the same from which on the prior's variance is learnt too
WIDEST, NARROWEST = 1e3, 1e-3  # variances of theta

Slope = tuple[float, FloatArray, FloatArray]  # value, gradient, minus second derivatives


@dataclass(frozen=True)
class Prior:
    """ "normal" with `strength` its variance, from the data where None; or "gamma" of mean 1 and
    shape `strength` on the worths, 1 where None.

    With a gamma of shape a the maximum is that of I-LSR with alpha = a / n in `choix`.
    """

    kind: str = "normal"
    strength: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("normal", "gamma"):
            raise BadInput(f"prior: normal or gamma expected, got {self.kind!r}")
        if self.strength is not None and not 0 < self.strength < np.inf:
            raise BadInput(f"prior: a strength above 0 expected, got {self.strength}")


@dataclass(frozen=True, eq=False, kw_only=True)
class Ballots:
    """Rankings as choice_kernels takes them: `ranked` (m,) the entry of each place, `reviewer`
    (ballots,) whose each is."""

    n: int
    start: IntArray
    ranked: Int32Array
    tied: npt.NDArray[np.bool_]
    weight: FloatArray
    longest: int
    reviewer: Int32Array

    @property
    def _lists(self) -> tuple[IntArray, npt.NDArray[np.bool_], FloatArray, int]:
        return self.start, self.tied, self.weight, self.longest

    @cached_property
    def _tour(self) -> Tour:
        return toured(self.ranked, self.n)

    def slope(self, theta: FloatArray) -> Slope:
        """Of the log-likelihood. O(m)."""
        from concours.peerreview.aggregation.choice_kernels import slope

        gradient, curvature = np.zeros((2, self.n))
        by_theta, by_worth = self._tour.collected(theta), self._tour.collected(np.exp(theta))
        value = slope(*self._lists, by_theta, by_worth)
        self._tour.add(by_theta, gradient)
        self._tour.add(by_worth, curvature)
        return value, gradient, curvature

    def multiply(self, worth: FloatArray, prior: FloatArray) -> Multiply:
        """Minus the Hessian, with the prior's precisions, times a vector. O(m)."""
        from concours.peerreview.aggregation.choice_kernels import bend

        by_worth, told = self._tour.collected(worth), np.empty(len(self.ranked))

        def multiply(x: FloatArray) -> FloatArray:
            self._tour.collect(x, told)
            moved = prior * x
            bend(*self._lists, by_worth, told)
            self._tour.add(told, moved)
            return moved

        return multiply

    def precision(self, worth: FloatArray, prior: FloatArray) -> FloatArray:
        """(n, n) the same as a matrix."""
        from concours.peerreview.aggregation.choice_kernels import dense

        out = np.diag(prior)
        dense(*self._lists, worth[self.ranked], self.ranked, out)
        return out

    def spread(
        self, worth: FloatArray, prior: FloatArray, diagonal: FloatArray
    ) -> tuple[FloatArray, bool]:
        """((n,) variances by belief propagation, stretched to the trace; settled)."""
        from concours.peerreview.aggregation.choice_kernels import pass_messages

        by_worth, message = self._tour.collected(worth), np.zeros(len(self.ranked))
        by_total = np.empty(len(self.ranked))
        total, settled = diagonal, False
        for _ in range(ROUNDS):
            self._tour.collect(total, by_total)
            pass_messages(*self._lists, by_worth, by_total, message)
            fresh = prior.copy()
            self._tour.add(message, fresh)
            change = float(np.max(np.abs(fresh / total - 1)))
            total = fresh
            if change < 1e-5:
                settled = True
                break
        del by_worth, by_total, message
        return stretched(1 / total, diagonal, self.multiply(worth, prior)), settled

    def steepness(self, theta: FloatArray) -> FloatArray:
        """(ballots, 2) see choice_kernels.steepness."""
        from concours.peerreview.aggregation.choice_kernels import steepness

        out = np.zeros((len(self.start) - 1, 2))
        by_theta, by_worth = self._tour.collected(theta), self._tour.collected(np.exp(theta))
        steepness(*self._lists, by_theta, by_worth, out)
        return out


def ballots(reviews: ReviewSet) -> Ballots:
    """Each list of scores as a ranking, the best first; equal scores tie. O(m log L)."""
    from concours.peerreview.aggregation.choice_kernels import order_ballots

    ranked, tied = np.empty_like(reviews.member), np.empty(len(reviews), dtype=np.bool_)
    longest = order_ballots(reviews.start, reviews.member, reviews.score, ranked, tied)
    return Ballots(
        n=reviews.n_entries, start=reviews.start, ranked=ranked, tied=tied, weight=np.zeros(0),
        longest=longest, reviewer=reviews.list_reviewer,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Worths:
    """theta (n,) at its maximum, its variance there, and the prior's."""

    theta: FloatArray
    variance: FloatArray
    covariance: FloatArray | None
    prior_variance: float
    converged: bool
    iterations: int


def fit(votes: Ballots, prior: Prior) -> Worths:
    """Newton's method with conjugate gradients; dense up to DENSE entries. About O(m) a step."""
    belief = _Belief(normal=prior.kind == "normal", strength=prior.strength or 1.0)
    learn = belief.normal and prior.strength is None
    theta, here = np.zeros(votes.n), votes.slope(np.zeros(votes.n))
    converged, iteration = False, 0
    while not converged and iteration < NEWTON:
        iteration += 1
        step = _step(votes, theta, here, belief, tolerance=COARSE if learn else FINE)
        gain = float(np.sum((here[1] + belief.slope(theta)[1]) * step)) / votes.n
        converged = gain < SETTLED and not learn
        theta, here = _advanced(votes, theta, step, here, gain, belief)
        if learn and gain < ROUGH:
            last, belief = belief, _learnt(votes, theta, here, belief)
            learn = abs(np.log(belief.strength / last.strength)) > 1e-3
    own = belief.precision(theta)
    covariance, settled = None, True
    if votes.n <= DENSE:
        covariance = _inverse(votes.precision(np.exp(theta), own))
        variance = np.diag(covariance).copy()
    else:
        variance, settled = votes.spread(np.exp(theta), own, here[2] + own)
    return Worths(
        theta=theta, variance=variance, covariance=covariance, prior_variance=belief.variance,
        converged=converged and settled, iterations=iteration,
    )  # fmt: skip


@dataclass(frozen=True)
class _Belief:
    """The prior's part of the penalised likelihood."""

    normal: bool
    strength: float

    @property
    def variance(self) -> float:
        return self.strength if self.normal else float(polygamma(1, self.strength))

    def precision(self, theta: FloatArray) -> FloatArray:
        """(n,) minus second derivatives."""
        if self.normal:
            return np.full(len(theta), 1 / self.strength)
        return self.strength * np.exp(theta)

    def slope(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """(value, gradient)."""
        if self.normal:
            return -float(np.sum(theta**2)) / (2 * self.strength), -theta / self.strength
        own = self.precision(theta)
        return float(np.sum(self.strength * theta - own)), self.strength - own


def _step(
    votes: Ballots, theta: FloatArray, here: Slope, belief: _Belief, *, tolerance: float
) -> FloatArray:
    worth, own = np.exp(theta), belief.precision(theta)
    gradient = here[1] + belief.slope(theta)[1]
    if votes.n <= DENSE:
        factor = linalg.cho_factor(votes.precision(worth, own), check_finite=False)
        step = np.asarray(linalg.cho_solve(factor, gradient, check_finite=False))
    else:
        step, _, _ = conjugate_gradients(
            votes.multiply(worth, own), here[2] + own, gradient, tolerance=tolerance, steps=STEPS
        )
    return step * min(1.0, FARTHEST / max(float(np.max(np.abs(step))), 1e-300))


def _advanced(
    votes: Ballots, theta: FloatArray, step: FloatArray, here: Slope, gain: float, belief: _Belief
) -> tuple[FloatArray, Slope]:
    """The step, halved until the penalised likelihood rises, and the slope there."""
    length, now = 1.0, here[0] + belief.slope(theta)[0]
    while length > 1e-6:
        ahead = theta + length * step
        there = votes.slope(ahead)
        value = there[0] + belief.slope(ahead)[0]
        if value >= now + 1e-4 * length * gain * votes.n - 1e-12 * abs(now):
            return ahead, there
        length /= 2
    return theta, here


def _learnt(votes: Ballots, theta: FloatArray, here: Slope, belief: _Belief) -> _Belief:
    """The normal prior's variance, with one entry's worth of belief in 1."""
    own = belief.precision(theta)
    if votes.n <= DENSE:
        variance = np.diag(_inverse(votes.precision(np.exp(theta), own)))
    else:
        variance = 1 / (here[2] + own)
    known = float(np.sum(1 - variance * own))
    found = (float(np.sum(theta**2)) + 1) / (known + 1)
    return _Belief(normal=True, strength=float(np.clip(found, NARROWEST, WIDEST)))


def _inverse(matrix: FloatArray) -> FloatArray:
    factor = linalg.cho_factor(matrix, lower=True, check_finite=False)
    inverse = np.asarray(linalg.cho_solve(factor, np.eye(len(matrix)), check_finite=False))
    return np.asarray((inverse + inverse.T) / 2)
