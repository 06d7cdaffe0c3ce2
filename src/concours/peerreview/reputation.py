"""How far a reviewer's word has carried: duties kept, usefulness, agreement; with uncertainty.

Each is the Beta reputation of Jøsang and Ismail ("The Beta Reputation System", 15th Bled eCommerce
Conference, 2002): evidence for and against, older seasons counting less by a factor of forgetting,
under a uniform prior. What is given back is the posterior's mean and its central interval, so
that a reviewer of whom little is known has a wide one and no number that looks like a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import scipy

from concours.peerreview.errors import BadInput

LOWEST, HIGHEST = 1, 5
"""Ratings of usefulness."""
FORGETTING = 0.8
LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class SeasonRecord:
    """What one season tells of a reviewer.

    `kept` of `owed` duties were done in time. `ratings` are those of usefulness, 1 .. 5. Of `pairs`
    of entries that the reviewer ordered, `agreeing` stand in the order of the others' mean;
    `reviews` is the number of reviews that these pairs are of.
    """

    kept: int
    owed: int
    ratings: tuple[int, ...] = ()
    agreeing: int = 0
    pairs: int = 0
    reviews: int = 0


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A share, 0 .. 1: its expectation, its interval, and on how many observations it rests.

    `evidence` is their number after forgetting.
    """

    mean: float
    low: float
    high: float
    count: int
    evidence: float


@dataclass(frozen=True, kw_only=True)
class Reputation:
    """`usefulness` is 0 for ratings of 1 and 1 for ratings of 5."""

    duties: Estimate
    usefulness: Estimate
    agreement: Estimate


def reputation(
    seasons: Sequence[SeasonRecord], *, forgetting: float = FORGETTING, level: float = LEVEL
) -> Reputation:
    """The reputation from the `seasons` of one reviewer, the oldest first. O(ratings).

    `forgetting`, over 0 and up to 1, is what evidence keeps of its weight a season later. Pairs of
    entries are not independent of each other: the agreement of a season weighs as much as it has
    reviews, not as it has pairs. Raises BadInput for counts that cannot be.
    """
    if not 0 < forgetting <= 1 or not 0 < level < 1:
        raise BadInput("forgetting is over 0 and up to 1, the level between 0 and 1")
    for season in seasons:
        _require_sound(season)
    newest = len(seasons) - 1
    weights = [forgetting ** (newest - index) for index in range(len(seasons))]
    return Reputation(
        duties=_estimate(
            [(season.kept, season.owed, season.owed) for season in seasons], weights, level
        ),
        usefulness=_estimate([_useful(season) for season in seasons], weights, level),
        agreement=_estimate([_agreed(season) for season in seasons], weights, level),
    )


def usefulness_of(season: SeasonRecord, *, level: float = LEVEL) -> Estimate:
    """How useful the reviews of one season were, by itself. Raises BadInput as `reputation`."""
    _require_sound(season)
    return _estimate([_useful(season)], [1.0], level)


def pairwise_agreement(reviews: Iterable[tuple[float, float]]) -> tuple[int, int, int]:
    """(agreeing, pairs, reviews) of (own points, mean of the others' points) for each review.

    Pairs that either side holds equal tell nothing and are left out. O(reviews²).
    """
    known = list(reviews)
    agreeing = pairs = 0
    for (own, others), (own_next, others_next) in combinations(known, 2):
        side = (own - own_next) * (others - others_next)
        pairs += side != 0
        agreeing += side > 0
    return agreeing, pairs, len(known) if pairs else 0


def _useful(season: SeasonRecord) -> tuple[float, float, int]:
    span = HIGHEST - LOWEST
    total = sum((rating - LOWEST) / span for rating in season.ratings)
    return total, len(season.ratings), len(season.ratings)


def _agreed(season: SeasonRecord) -> tuple[float, float, int]:
    if not season.pairs:
        return 0.0, 0, 0
    return season.agreeing / season.pairs * season.reviews, season.reviews, season.reviews


def _estimate(
    evidence: Sequence[tuple[float, float, int]], weights: Sequence[float], level: float
) -> Estimate:
    """From (in favour, in all, observations) of each season."""
    pairs = list(zip(evidence, weights, strict=True))
    favour = sum(weight * good for (good, _all, _count), weight in pairs)
    total = sum(weight * whole for (_good, whole, _count), weight in pairs)
    first, second = 1 + favour, 1 + total - favour
    low, high = scipy.stats.beta.interval(level, first, second)
    return Estimate(
        mean=first / (first + second),
        low=float(low),
        high=float(high),
        count=sum(count for _good, _all, count in evidence),
        evidence=total,
    )


def _require_sound(season: SeasonRecord) -> None:
    if not 0 <= season.kept <= season.owed:
        raise BadInput("no more duties are kept than are owed")
    if any(not LOWEST <= rating <= HIGHEST for rating in season.ratings):
        raise BadInput("ratings go from 1 to 5")
    if not 0 <= season.agreeing <= season.pairs or season.reviews < 0:
        raise BadInput("no more pairs agree than there are")
