"""Minding others: which metres of the path are taken when, and how fast one may go then."""

import numpy as np
from predicting import COUNT, STEP

HALF_WIDTH, BODY = 1.05, 1.4
"""Metres: half the vehicle's width; its middles of circles reach so far ahead and behind."""
CHOICES = np.array([1.5, 1.0, 0.5, 0.0, -0.5, -1.0, -1.5, -2.0, -3.0, -4.5, -6.5])
"""m/s2 that may be chosen for the next moment."""
GENTLE = 1.6
"""m/s2 at which it stops where it may."""
MOMENT = 2
"""Predictions for which a choice is kept before it may stop."""
GAP = 2.0
"""Metres to keep ahead."""


class Taken:
    """(COUNT, n): whether a metre of a path is taken at a time; with a margin and without."""

    def __init__(self, path):
        self.path = path
        self.close = np.zeros((COUNT, len(path.x)), dtype=bool)
        self.wide = np.zeros_like(self.close)

    def add(self, boxes, margin):
        """Boxes by time (COUNT, 5), to be kept off by some metres."""
        cos, sin = np.cos(boxes[:, 2:3]), np.sin(boxes[:, 2:3])
        dx, dy = self.path.x - boxes[:, 0:1], self.path.y - boxes[:, 1:2]
        ahead = np.maximum(np.abs(dx * cos + dy * sin) - boxes[:, 3:4], 0.0)
        aside = np.maximum(np.abs(dy * cos - dx * sin) - boxes[:, 4:5], 0.0)
        away = ahead**2 + aside**2
        self.close |= away < (HALF_WIDTH + 0.4 * margin) ** 2
        self.wide |= away < (HALF_WIDTH + margin) ** 2

    def wall(self, metres):
        """Nobody goes beyond some metres, ever."""
        beyond = self.path.metres >= metres
        self.close |= beyond
        self.wide |= beyond

    def choose(self, metres, speed, bound, grown):
        """The acceleration (m/s2) for the next moment.

        The greatest from which one can still stop gently, or go on, without meeting anybody.
        bound: the speed (m/s) that each metre of the path allows. grown: seconds by which others
        may be early or late.
        """
        start = metres - self.path.metres[0]
        stop = np.where(CHOICES < -GENTLE, CHOICES, -GENTLE)
        both = _driven(start, speed, bound, np.concatenate([stop, CHOICES]))
        stopping, going = both[:, : len(CHOICES)], both[:, len(CHOICES) :]
        late = _spread(self.wide, round(grown / STEP))
        fine = _free(self.wide, stopping, GAP) | _free(late, going, GAP)
        if fine.any():
            return float(CHOICES[np.argmax(fine)])
        tight = _free(self.close, stopping, 0.5) | _free(self.close, going, 0.5)
        for number in [*range(7, len(CHOICES)), *range(6, -1, -1)]:
            if tight[number]:
                return float(CHOICES[number])
        return -8.0


def _spread(taken, steps):
    """Taken also some time before and after."""
    out = taken.copy()
    for step in range(1, steps + 1):
        out[step:] |= taken[:-step]
        out[:-step] |= taken[step:]
    return out


def _driven(start, speed, bound, after):
    """(COUNT, k) metres from the path's start, with `after` (m/s2) once the moment is over.

    after: one or more times as many as there are choices. Whatever is chosen, the bound is kept.
    """
    out = np.empty((COUNT, len(after)))
    at, now = np.full(len(after), start), np.full(len(after), speed)
    chosen = np.tile(CHOICES, len(after) // len(CHOICES))
    last = len(bound) - 1
    for number in range(COUNT):
        out[number] = at
        gain = chosen if number < MOMENT else after
        most = np.maximum(bound[np.minimum(at.astype(int), last)], now - 2.0 * STEP)
        then = np.minimum(np.maximum(now + gain * STEP, 0.0), most)
        at = at + (now + then) / 2 * STEP
        now = then
    return out


def _free(taken, driven, gap):
    """(choices,) whether nobody is met; whoever stands behind a taken metre may stay there."""
    count = taken.shape[1]
    sums = np.zeros((COUNT, count + 1), dtype=int)
    np.cumsum(taken, axis=1, out=sums[:, 1:])
    low = np.clip((driven - BODY).astype(int), 0, count)
    high = np.clip(np.ceil(driven + BODY + gap).astype(int), 0, count)
    rows = np.arange(COUNT)[:, None]
    met = sums[rows, high] > sums[rows, low]
    return ~met.any(axis=0)


def bounds(path, pace, sideways, braking):
    """(n,) m/s: bends cost so much to the side, and are met by braking in time."""
    squares = np.minimum(sideways / np.maximum(np.abs(path.bends()), 1e-3), pace**2)
    return slowed(squares, braking)


def slowed(squares, braking):
    """Speeds (m/s) from squares of them, each to be met by braking before it."""
    ramp = 2 * braking * np.arange(len(squares))
    reachable = np.minimum.accumulate((squares + ramp)[::-1])[::-1] - ramp
    return np.sqrt(np.maximum(reachable, 0.0))
