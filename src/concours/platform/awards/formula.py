"""The formula of a result, free of the database: integers and fractions in, places out.

The total of a finalist is (w_machine * machine + w_peer * peer + w_jury * mean jury) divided by the
sum of the weights, in thousandths of a point and exact: no floating point anywhere. Whoever is not
a finalist follows the finalists, by peer score alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

VERSION = "weighted-mean/1"


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Non-negative integers, not all of them zero."""

    machine: int
    peer: int
    jury: int

    @property
    def total(self) -> int:
        return self.machine + self.peer + self.jury

    @property
    def needed(self) -> tuple[str, ...]:
        """The parts that count."""
        return tuple(part for part in ("machine", "peer", "jury") if getattr(self, part))


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An entry's scores in thousandths of a point (0..100,000); None or () where it has none."""

    code: str
    finalist: bool
    machine: int | None = None
    peer: int | None = None
    jury: tuple[int, ...] = ()

    @property
    def jury_mean(self) -> Fraction | None:
        return Fraction(sum(self.jury), len(self.jury)) if self.jury else None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a candidate ends: equal totals share a place, and the places they take up are skipped
    (1, 1, 3)."""

    candidate: Candidate
    total: Fraction
    place: int
    tied: bool


def missing_parts(candidate: Candidate, weights: Weights) -> tuple[str, ...]:
    """The parts that `candidate` needs and has not: all that weigh for a finalist, else the peer
    score."""
    needed = weights.needed if candidate.finalist else ("peer",)
    has = {
        "machine": candidate.machine is not None,
        "peer": candidate.peer is not None,
        "jury": bool(candidate.jury),
    }
    return tuple(part for part in needed if not has[part])


def total_of(candidate: Candidate, weights: Weights) -> Fraction:
    """The candidate's exact total in thousandths of a point.

    Raises ValueError when a part that it needs is missing.
    """
    if missing := missing_parts(candidate, weights):
        raise ValueError(f"{candidate.code}: no {', '.join(missing)} score")
    if not candidate.finalist:
        return Fraction(candidate.peer or 0)
    weighted = (
        weights.machine * (candidate.machine or 0)
        + weights.peer * (candidate.peer or 0)
        + weights.jury * (candidate.jury_mean or Fraction(0))
    )
    return Fraction(weighted) / weights.total


def rank(candidates: Iterable[Candidate], weights: Weights) -> list[Standing]:
    """All candidates in order of place, equals in order of code; O(n log n).

    Does not depend on the order of `candidates`, nor of a candidate's jury scores.
    Raises ValueError for weights that sum to nothing, a score out of range, a code that comes
    twice, or a missing part.
    """
    pool = list(candidates)
    _require_sound(pool, weights)
    totals = {candidate.code: total_of(candidate, weights) for candidate in pool}

    def merit(candidate: Candidate) -> tuple[bool, Fraction]:
        return not candidate.finalist, -totals[candidate.code]

    standings: list[Standing] = []
    ordered = sorted(pool, key=lambda candidate: (*merit(candidate), candidate.code))
    for _, group in groupby(ordered, key=merit):
        equals = list(group)
        place = len(standings) + 1
        standings += [
            Standing(
                candidate=candidate,
                total=totals[candidate.code],
                place=place,
                tied=len(equals) > 1,
            )
            for candidate in equals
        ]
    return standings


def rounded(value: Fraction) -> int:
    """`value` (not negative) to the nearest integer, halves up: for showing, never for ranking."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _require_sound(pool: Sequence[Candidate], weights: Weights) -> None:
    if min(weights.machine, weights.peer, weights.jury) < 0 or weights.total == 0:
        raise ValueError("weights are not negative and not all zero")
    if len({candidate.code for candidate in pool}) != len(pool):
        raise ValueError("a code comes twice")
    for candidate in pool:
        for points in (candidate.machine, candidate.peer, *candidate.jury):
            if points is not None and not 0 <= points <= 100_000:
                raise ValueError(f"{candidate.code}: a score is between 0 and 100,000")
