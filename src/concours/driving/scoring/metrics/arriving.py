"""Getting there: the goal, the time, the way."""

from __future__ import annotations

import math

import numpy as np

from concours.driving.scoring.metrics.bands import Margin, band, ramp
from concours.driving.scoring.metrics.reasons import at_row, at_time
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Measure


def goal(seen: Observations) -> Measure:
    """1 where the goal was reached, else 0."""
    share = float(seen.progress[-1])
    if seen.arrived:
        return Measure(value=1.0, measured=share, unit="of the way")
    words = f"the goal was not reached: {share:.0%} of the way"
    return Measure(value=0.0, measured=share, unit="of the way", reasons=(at_row(seen, -1, words),))


def time(seen: Observations, *, margin: Margin = "below") -> Measure:
    """0 over the time limit, else the band of the CARSMOS table."""
    limit, x = seen.task.time_limit, seen.duration
    value = band(x, limit, margin=margin) if seen.in_time else 0.0
    words = f"{x:.1f} s of {limit:.1f} s"
    reasons = (at_row(seen, -1, words),) if value < 1.0 else ()
    return Measure(value=value, measured=x, unit="s", reasons=reasons)


def completion(seen: Observations) -> Measure:
    """The share of the way that was done before the ego counted as blocked (180 s)."""
    row = len(seen.times) - 1
    words = "the way was not driven to its end"
    if not math.isnan(seen.blocked):
        row, words = int(np.searchsorted(seen.times, seen.blocked)), "the ego was blocked"
    share = float(seen.progress[row])
    reasons = (at_row(seen, row, f"{words}: {share:.0%}"),) if share < 1.0 else ()
    return Measure(value=share, measured=share, unit="of the way", reasons=reasons)


def enough(seen: Observations, *, least: float) -> Measure:
    """1 where more than a share of the way was done, else 0 (nuPlan's making progress)."""
    share = float(seen.progress[-1])
    if share > least:
        return Measure(value=1.0, measured=share, unit="of the way")
    words = f"no progress: {share:.0%} of the way, {least:.0%} is the least"
    return Measure(value=0.0, measured=share, unit="of the way", reasons=(at_row(seen, -1, words),))


def in_time(seen: Observations) -> Measure:
    """1 within the time limit, else 0."""
    if seen.in_time:
        return Measure(value=1.0, measured=seen.duration, unit="s")
    reason = at_time(seen, seen.task.time_limit, f"over {seen.task.time_limit:.1f} s")
    return Measure(value=0.0, measured=seen.duration, unit="s", reasons=(reason,))


def pace(seen: Observations, *, full: float, none: float = 1.0) -> Measure:
    """1 where the drive took at most `full` of the time limit, 0 from `none` of it on."""
    limit = seen.task.time_limit
    share = seen.duration / limit if limit > 0.0 else math.inf
    value = ramp(share, none, full)
    words = f"slow: {seen.duration:.1f} s, {full * limit:.1f} s would do"
    reasons = (at_row(seen, -1, words),) if value < 1.0 else ()
    return Measure(value=value, measured=share, unit="of the time limit", reasons=reasons)
