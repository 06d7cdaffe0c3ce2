"""Perturbed maximisation: chances spread as wide as a little of the expected similarity buys.

Xu, Jecmen, Song and Fang, "A one-size-fits-all approach to improving randomness in paper
assignment" (NeurIPS 2023). The linear programme of method "randomised" has optima at corners: of
many pairs that fit alike a few are drawn with the cap's probability and the others never. Here a
pair's similarity counts the less the more probable the pair is already, so that pairs that fit
alike get like chances, and one that fits a little worse a little less.
"""

from __future__ import annotations

from concours.peerreview.assignment import explain, spread
from concours.peerreview.assignment.curve import STRENGTH_STEPS, Curve
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.network import LARGEST_COST
from concours.peerreview.assignment.perturbing import Perturbing, Proven
from concours.peerreview.assignment.pools import DensePool
from concours.peerreview.assignment.problem import AssignmentProblem, Outcome
from concours.peerreview.assignment.search import gap
from concours.peerreview.assignment.similarity import UNIT
from concours.peerreview.assignment.space import Cap, Space
from concours.peerreview.keyed import IntArray

LEAST_SCALE = 1_024
GREATEST_LEAST_SCALE = 1 << 16
UNITS_EACH = 16
"""Were all pairs equally probable, each would have so many units of probability at least."""
FINE, FINEST = 1 << 20, 1 << 30
STEPS_A_UNIT = 16
SPARE_COST = 16


class Perturbed:
    """Greatest sum of S f(x) over probabilities x of at most max_probability."""

    name = "perturbed"

    def pairs(self, problem: AssignmentProblem, *, part: IntArray, seed: bytes) -> Outcome:
        """A draw, with the probabilities it was drawn from in `marginals`.

        f is concave with f'(0) = 1 and f'(max_probability) = 1 - perturbation, see `curve.py`.
        Caps, draws, secret directions and refusals are those of method "randomised".

        Probabilities are multiples of 1 / scale for a scale of at least 1,024 that the cap's
        denominator divides, and 16 units to the mean pair. They are the optimum among those, by
        exact flow prices, and "gap" proves how far from the optimum over all probabilities they can
        be; grid and rounding alone make it about 1e-6. Pairs that fit alike in the same place get
        equal probabilities, but for one unit.

        A pair of similarity 0 has no worth that could fall, and f alone leaves it to chance which
        of them serve where none that fits is to be had. Here they are spread too, by a penalty of
        1e-6 (x - f(x)), one unit of similarity: at equal worth an unfit reviewer is no more
        foreseeable than a fit one, none is ever preferred to a fit one, and it cannot cost more
        than 1e-6 of similarity a review. Of more than 100,000 pairs in all only the first few of
        each side by coin are spread like this, so that memory is not filled with unfit pairs, and
        "gap" says what that leaves. A pair of negative similarity is worth the less the more
        probable: S x - |S| (x - f(x)).

        Facts: those of "randomised", of which expected_total is the plain expected similarity;
        perturbed_total (the sum of S f(x) that is maximised, penalties included), bound (of it,
        over all probabilities under the secret directions), gap, (bound - perturbed_total) /
        |bound|; perturbation; scale.

        Raises InfeasibleAssignment with code "max-probability" and the least cap that can be kept.
        A few flows over the pairs that matter, about 170 bytes a piece.
        """
        eligibility = Eligibility(problem, part)
        explain.refuse_the_impossible(eligibility)
        cap = Cap.of(problem.max_probability, least_scale=_least_scale(problem))
        space = Space(eligibility, seed)
        curve = Curve.of(
            problem.perturbation_shape,
            problem.perturbation,
            units=cap.units,
            top=_top(space, cap),
        )
        proven = Perturbing(space, curve, cap).settle()
        outcome = spread.outcome(space, proven.settled, cap)
        outcome.facts.update(_facts(problem, proven, curve.top * cap.scale), scale=float(cap.scale))
        return outcome


def _facts(problem: AssignmentProblem, proven: Proven, units: int) -> dict[str, float]:
    return {
        "perturbed_total": proven.worth / units * UNIT,
        "bound": proven.bound / units * UNIT,
        "gap": gap(proven.worth, proven.bound),
        "perturbation": round(problem.perturbation * STRENGTH_STEPS) / STRENGTH_STEPS,
    }


def _least_scale(problem: AssignmentProblem) -> int:
    even = UNITS_EACH * -(-problem.n_reviewers // problem.reviews_per_entry)
    return min(max(LEAST_SCALE, even), GREATEST_LEAST_SCALE)


def _top(space: Space, cap: Cap) -> int:
    """By what power of 2 worths are multiplied in flows.

    So that the slope of f differs from unit to unit by 16, at a strength above 0, and is exact to
    2**-20 at least; where similarities are great less is what 64 bits hold.
    """
    pool, problem = space.pool, space.problem
    worth = pool.cells if isinstance(pool, DensePool) else pool.first().worth
    nodes = problem.n_reviewers + problem.n_entries + len(space.levels.levels) * worth.size
    room = LARGEST_COST // (SPARE_COST * max(int(abs(worth).max(initial=1)), 1) * nodes)
    wanted = STEPS_A_UNIT * cap.units / max(problem.perturbation, 1 / STRENGTH_STEPS)
    wanted = min(max(int(wanted), FINE), FINEST, max(room, 16))
    return 1 << (wanted.bit_length() - 1)
