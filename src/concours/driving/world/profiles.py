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
    continuous: the corners of the even profile are rounded; where they lie too close for that, it
    rises, stays and falls to nothing between one entry and the next.
    """
    now, legs = start, list(entries)
    if legs and legs[0][1] is not None and legs[0][1] <= SHORTEST:
        now = legs.pop(0)[0]
    top = limits.max_speed
    if top is not None:
        legs = [(max(min(speed, top), -top), time) for speed, time in legs]
    if follow:
        rounded = _rounded(now, legs, limits)
        if rounded is not None:
            return rounded
    pieces: list[Piece] = []
    for speed, time in legs:
        pieces += _leg(now, speed, time, limits, follow=follow)
        now = speed
    return pieces


def _rounded(
    start: float, legs: Sequence[tuple[float, float | None]], limits: DynamicConstraints
) -> list[Piece] | None:
    """Even changes whose corners are rounded by constant jerk, each about its own corner.

    The first one begins at rest of acceleration, which shifts it by half its ramp. None where times
    or rates are not given, limits are exceeded, or corners overlap.
    """
    up, down = limits.max_acceleration_rate, limits.max_deceleration_rate
    if not up or not down or not legs:
        return None
    slopes, ends, time, speed = [], [], 0.0, start
    for target, seconds in legs:
        if not seconds or seconds <= SHORTEST:
            return None
        time += seconds
        slopes.append((target - speed) / seconds)
        ends.append((time, target))
        speed = target
    if any(not _within(slope, limits) for slope in slopes):
        return None
    corners = _corners(start, slopes, ends, up if slopes[0] > 0 else down)
    pieces: list[Piece] = []
    clock, value, gain = 0.0, start, 0.0
    for corner, slope in zip(corners, [*slopes, 0.0], strict=True):
        jerk = up if slope > gain else -down
        length = (slope - gain) / jerk
        begin = corner - (length / 2 if clock or pieces else 0.0)
        if begin < clock - SHORTEST:
            return None
        pieces += [(begin - clock, value, gain, 0.0), (length, value, gain, jerk)]
        value += gain * (begin - clock)
        pieces[-1] = (length, value, gain, jerk)
        value += length * (gain + slope) / 2
        clock, gain = begin + length, slope
    return [piece for piece in pieces if piece[0] > SHORTEST]


def _corners(
    start: float, slopes: Sequence[float], ends: Sequence[tuple[float, float]], rate: float
) -> list[float]:
    """When the slopes change; the first begins at 0, the last is followed by none."""
    shift = abs(slopes[0]) / (2 * rate)
    corners = [0.0, *(time for time, _ in ends)]
    time, speed = ends[0]
    following = slopes[1] if len(slopes) > 1 else 0.0
    if slopes[0] != following:
        # the first line, shifted, meets the second, which goes through (time, speed)
        corners[1] = (speed - following * time - start + slopes[0] * shift) / (
            slopes[0] - following
        )
    return corners


def _within(slope: float, limits: DynamicConstraints) -> bool:
    most = limits.max_acceleration if slope >= 0 else limits.max_deceleration
    return most is None or most <= 0 or abs(slope) <= most + SHORTEST


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
