"""What a score is made of: measures with their reasons, parts, losses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Role = Literal["mean", "factor", "told"]
"""A part enters the weighted mean, multiplies what the mean gives, or is only told."""


class Reason(NamedTuple):
    """Where a metric fell short: seconds, metres on the map, and what happened."""

    time: float
    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What one metric found.

    Attributes:
        value: the share of its points that is kept, 0 to 1.
        measured: the number behind it, in `unit`; NaN where there is none.
        reasons: in the order of time; empty where value is 1.
    """

    value: float
    measured: float = float("nan")
    unit: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One metric in a score.

    weight: counts among the parts of role "mean". gate: at a value of 0 the whole score is 0.
    """

    name: str
    measure: Measure
    weight: float = 0.0
    role: Role = "mean"
    gate: bool = False


class Loss(NamedTuple):
    """Points of 100 that were lost: by which metric, when (s), where (m), why."""

    metric: str
    points: float
    time: float
    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A judged run.

    Attributes:
        preset: whose formula. value: 0 to 100.
        parts: every metric of the preset, in its order.
        losses: their points and `value` add up to 100.
        fault: why the algorithm was stopped, "" where it was not; a fault scores 0.
    """

    preset: str
    value: float
    parts: tuple[Part, ...] = ()
    losses: tuple[Loss, ...] = ()
    fault: str = field(default="")
