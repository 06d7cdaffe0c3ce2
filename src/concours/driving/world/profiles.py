"""Speed profiles as pieces of constant jerk."""

from __future__ import annotations

import math
from collections.abc import Sequence

from concours.driving.scenarios.actions import DynamicConstraints

Piece = tuple[float, float, float, float]
"""Seconds, and speed, acceleration and jerk at its start."""
SHORTEST = 1e-9


def profile(
    *,
    start: float,
    entries: Sequence[tuple[float, float | None]],
    limits: DynamicConstraints,
    follow: bool,
) -> list[Piece]:
    """The pieces from a speed (m/s) through entries (speed, seconds after the one before).

    An entry without a time is reached as fast as the limits allow; with one, evenly in that time,
    though not faster than the limits. With `follow` and limits on the rate, acceleration is
    continuous: it rises, stays and falls to nothing at each entry.
    """
    pieces: list[Piece] = []
    now = start
    for number, (speed, time) in enumerate(entries):
        if number == 0 and time is not None and time <= SHORTEST:
            now = speed
            continue
        top = limits.max_speed
        target = speed if top is None else max(min(speed, top), -top)
        pieces += _leg(now, target, time, limits, follow=follow)
        now = target
    return pieces


def _leg(
    start: float, target: float, time: float | None, limits: DynamicConstraints, *, follow: bool
) -> list[Piece]:
    change = target - start
    if change >= 0:
        most, rate = limits.max_acceleration, limits.max_acceleration_rate
    else:
        most, rate = limits.max_deceleration, limits.max_deceleration_rate
    most = math.inf if most is None or most <= 0 else most
    if abs(change) < SHORTEST:
        return [(time, start, 0.0, 0.0)] if time else []
    if follow and rate is not None and 0 < rate < math.inf:
        return _eased(start, change, time, most, rate)
    needed = abs(change) / most
    seconds = max(needed, SHORTEST if time is None else time)
    return [(max(seconds, SHORTEST), start, change / max(seconds, SHORTEST), 0.0)]


def _eased(
    start: float, change: float, time: float | None, most: float, rate: float
) -> list[Piece]:
    """Acceleration that rises at `rate` to a peak, stays, and falls: a trapezium over time."""
    sense = 1.0 if change > 0 else -1.0
    size = abs(change)
    peak = min(most, math.sqrt(size * rate))
    ramp, hold = peak / rate, size / peak - peak / rate
    if time is not None and time > 2 * ramp + hold:
        # the least peak that gets there in time: size = peak * (time - peak / rate)
        root = time * time - 4.0 * size / rate
        peak = 0.5 * rate * (time - math.sqrt(max(root, 0.0)))
        ramp = peak / rate
        hold = max(time - 2 * ramp, 0.0)
    first = start + sense * 0.5 * peak * ramp
    second = first + sense * peak * hold
    pieces: list[Piece] = [
        (ramp, start, 0.0, sense * rate),
        (hold, first, sense * peak, 0.0),
        (ramp, second, sense * peak, -sense * rate),
    ]
    return [piece for piece in pieces if piece[0] > SHORTEST]
