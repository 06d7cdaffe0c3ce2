"""Traffic rules: lights, signs, lanes, lines, direction."""

from __future__ import annotations

import numpy as np

from concours.driving.scoring.metrics.reasons import at_row, greatest
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Measure, Reason


def red_lights(seen: Observations, *, each: float = 0.0) -> Measure:
    """`each` to the power of how many red lights were run."""
    reasons = tuple(
        Reason(one.time, one.x, one.y, f"signal {one.signal} was red ({one.state})")
        for one in seen.red_lights
    )
    return counted(reasons, each, "red lights")


def stop_signs(seen: Observations, *, each: float = 0.0) -> Measure:
    """`each` to the power of how many stop signs were passed without a stop."""
    reasons = tuple(
        Reason(one.time, one.x, one.y, f"no stop at sign {one.signal}") for one in seen.stop_signs
    )
    return counted(reasons, each, "stop signs")


def lanes_left(seen: Observations, *, each: float = 0.0, deeper: float = 0.0) -> Measure:
    """`each` to the power of how often a wheel was outside the driving lanes by `deeper` m."""
    reasons = tuple(
        Reason(one.start, one.x, one.y, f"{one.kind}: {one.depth:.2f} m outside the lanes")
        for one in seen.lanes_left
        if one.depth > deeper
    )
    return counted(reasons, each, "times")


def solid_lines(seen: Observations, *, each: float = 0.0) -> Measure:
    """`each` to the power of how often a solid line was crossed."""
    reasons = tuple(
        Reason(one.time, one.x, one.y, f"a {one.mark} line of road {one.road} was crossed")
        for one in seen.solid_lines
    )
    return counted(reasons, each, "lines")


def counted(reasons: tuple[Reason, ...], each: float, unit: str) -> Measure:
    """`each` to the power of the number of reasons."""
    number = len(reasons)
    return Measure(value=each**number, measured=float(number), unit=unit, reasons=reasons)


def direction(seen: Observations, *, some: float = 2.0, much: float = 6.0) -> Measure:
    """nuPlan's: metres driven against the traffic in any one second; 1, from some 1/2, much 0."""
    total = np.concatenate([[0.0], np.cumsum(seen.against)])
    first = np.searchsorted(seen.times, seen.times - 1.0 + 1e-9)
    recent = total[1:] - total[first]
    row, worst = greatest(recent)
    value = 1.0 if worst < some else 0.5 if worst < much else 0.0
    words = f"{worst:.1f} m against the traffic in a second"
    reasons = (at_row(seen, row, words),) if value < 1.0 else ()
    return Measure(value=value, measured=worst, unit="m", reasons=reasons)
