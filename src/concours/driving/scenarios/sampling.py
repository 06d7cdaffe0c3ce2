"""Draws from the stochastic distributions, each by inversion of one uniform number.

A range cuts a distribution: what lies outside has no weight, and the rest is scaled up.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from concours.driving.scenarios.distributions import (
    AnyStochastic,
    Histogram,
    LogNormalDistribution,
    NormalDistribution,
    PoissonDistribution,
    ProbabilityDistributionSet,
    UniformDistribution,
)
from concours.driving.scenarios.expressions import as_text
from concours.driving.scenarios.nodes import Node
from concours.driving.scenarios.traffic import Range

Draw = Callable[[float], str]
MAX_MEAN = 1e9


class BadDistribution(ValueError):
    """The numbers make no distribution; node says where."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.node = node


def sampler(distribution: AnyStochastic) -> Draw:
    """A function from a number in (0, 1) to a value as text.

    Raises: BadDistribution for weights that sum to nothing, a negative variance, an empty range, or
    a distribution that only a tool knows.
    """
    match distribution:
        case ProbabilityDistributionSet(elements=elements):
            pick = _weighted([each.weight for each in elements], distribution)
            return lambda u: elements[pick(u)[0]].value
        case UniformDistribution(range=limits):
            low, high = _limits(limits, distribution, finite=True)
            return lambda u: as_text(low + u * (high - low))
        case NormalDistribution():
            draw = _normal(distribution, *_limits(distribution.range, distribution))
            return lambda u: as_text(draw(u))
        case LogNormalDistribution():
            return _log_normal(distribution)
        case PoissonDistribution():
            return _poisson(distribution)
        case Histogram():
            return _histogram(distribution)
        case _:
            raise BadDistribution("is known to its own tool only", distribution)


def _limits(limits: Range | None, node: Node, *, finite: bool = False) -> tuple[float, float]:
    low = limits.lower_limit if limits else -math.inf
    high = limits.upper_limit if limits else math.inf
    if low > high or (finite and not (math.isfinite(low) and math.isfinite(high))):
        raise BadDistribution(f"no range from {low} to {high}", node)
    return low, high


def _weighted(weights: Sequence[float], node: Node) -> Callable[[float], tuple[int, float]]:
    """From (0, 1) to an index, and how far within its share the number lies (0 .. 1)."""
    if any(not 0 <= weight < math.inf for weight in weights):
        raise BadDistribution("a weight is below zero or infinite", node)
    total = math.fsum(weights)
    if not 0 < total < math.inf:
        raise BadDistribution("the weights sum to nothing", node)
    ends = list(accumulate(weights))
    last = max(index for index, weight in enumerate(weights) if weight > 0)

    def pick(u: float) -> tuple[int, float]:
        at = u * ends[-1]
        index = min(bisect_right(ends, at), last)
        return index, min(1.0, max(0.0, 1 - (ends[index] - at) / weights[index]))

    return pick


def _normal(
    node: NormalDistribution | LogNormalDistribution, low: float, high: float
) -> Callable[[float], float]:
    from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp  # half a second, for few files

    mean, variance = node.expected_value, node.variance
    if not 0 <= variance < math.inf or not math.isfinite(mean):
        raise BadDistribution("the variance is below zero, or a number is infinite", node)
    if variance == 0:
        return lambda _: min(max(mean, low), high)
    deviation = math.sqrt(variance)
    first, last = (low - mean) / deviation, (high - mean) / deviation
    mirror = first > 0  # where both ends lie above the mean, the lower tail is the exact one
    if mirror:
        first, last = -last, -first
    bottom, top = float(ndtr(first)), float(ndtr(last))

    def draw(u: float) -> float:
        share = bottom + (1 - u if mirror else u) * (top - bottom)
        if share < 1e-290:  # so far out that only logarithms tell ends apart
            log_low, log_high = float(log_ndtr(first)), float(log_ndtr(last))
            if log_high == -math.inf:
                return low if mirror else high
            ratio = math.exp(log_low - log_high)
            z = float(ndtri_exp(log_high + math.log(ratio + (1 - ratio) * u)))
        else:
            z = float(ndtri(share))
        z = min(max(z, first), last)
        return min(max(mean + deviation * (-z if mirror else z), low), high)

    return draw


def _log_normal(node: LogNormalDistribution) -> Draw:
    low, high = _limits(node.range, node)
    if high <= 0:
        raise BadDistribution("the range leaves no value above zero", node)
    inner = _normal(
        node, math.log(low) if low > 0 else -math.inf, math.log(high) if high < math.inf else high
    )
    return lambda u: as_text(min(max(math.exp(min(inner(u), 700.0)), low), high))


def _poisson(node: PoissonDistribution) -> Draw:
    from scipy.special import pdtr, pdtrik

    mean = node.expected_value
    low, high = _limits(node.range, node)
    first = max(0, math.ceil(low)) if math.isfinite(low) else 0
    if not 0 <= mean <= MAX_MEAN or high < first:
        raise BadDistribution(f"a count around {mean} from {low} to {high}", node)
    if mean == 0:
        return lambda _: str(first)
    last = math.floor(high) if math.isfinite(high) else None
    bottom = float(pdtr(first - 1, mean)) if first else 0.0
    top = 1.0 if last is None else float(pdtr(last, mean))
    if not bottom < top:
        raise BadDistribution("the range has no weight", node)

    def draw(u: float) -> str:
        share = bottom + u * (top - bottom)
        count = max(first, math.ceil(float(pdtrik(share, mean)) - 1e-6))
        while count > first and float(pdtr(count - 1, mean)) >= share:
            count -= 1
        while float(pdtr(count, mean)) < share:
            count += 1
        return str(count if last is None else min(count, last))

    return draw


def _histogram(node: Histogram) -> Draw:
    limits = [_limits(each.range, each, finite=True) for each in node.bins]
    pick = _weighted([each.weight for each in node.bins], node)

    def draw(u: float) -> str:
        index, part = pick(u)
        low, high = limits[index]
        return as_text(low + part * (high - low))

    return draw
