"""Minding others: which metres of the path are taken when, and how fast one may go then."""

import math

import numpy as np
from predicting import COUNT, STEP

HALF_WIDTH, BODY = 1.05, 1.4
"""Metres: half the vehicle's width; its middles of circles reach so far ahead and behind."""
CHOICES = (1.5, 1.0, 0.5, 0.0, -0.5, -1.0, -1.5, -2.0, -3.0, -4.5, -6.5)
"""m/s2 that may be chosen for the next moment."""
TIGHT = (*CHOICES[7:], *CHOICES[6::-1])
"""Their order where none is fine: braking first."""
GENTLE = 1.6
"""m/s2 at which it stops where it may."""
MOMENT = 2
"""Predictions for which a choice is kept before it may stop."""
GAP, TIGHT_GAP = 2.0, 0.5
"""Metres to keep ahead; where none of the choices is fine."""


class Taken:
    """Which metres of a path are taken at each time: a bit each; with a margin and without."""

    def __init__(self, path):
        self.path = path
        self.close, self.wide = [0] * COUNT, [0] * COUNT
        self._low = np.array([path.x.min(), path.y.min()])
        self._high = np.array([path.x.max(), path.y.max()])

    def add(self, boxes, margin):
        """Boxes by time (COUNT or, of what stands, 1; 5), to be kept off by some metres."""
        near = self._near(boxes, HALF_WIDTH + margin)
        if not len(near):
            return
        x, y, heading, length, width = boxes[near].T[:, :, None]
        cos, sin = np.cos(heading), np.sin(heading)
        dx, dy = self.path.x - x, self.path.y - y
        ahead = np.maximum(np.abs(dx * cos + dy * sin) - length, 0.0)
        aside = np.maximum(np.abs(dy * cos - dx * sin) - width, 0.0)
        away = ahead**2 + aside**2
        when = near.tolist() if len(boxes) > 1 else range(COUNT)
        self._take(self.close, when, _bits(away < (HALF_WIDTH + 0.4 * margin) ** 2))
        self._take(self.wide, when, _bits(away < (HALF_WIDTH + margin) ** 2))

    def wall(self, metres):
        """Nobody goes beyond some metres, ever."""
        beyond = _bits((self.path.metres >= metres)[None])
        self._take(self.close, range(COUNT), beyond)
        self._take(self.wide, range(COUNT), beyond)

    def choose(self, metres, speed, bound, grown):
        """The acceleration (m/s2) for the next moment.

        The greatest from which one can still stop gently, or go on, without meeting anybody.
        bound: the speed (m/s) that each metre of the path allows. grown: seconds by which others
        may be early or late.
        """
        here = metres - float(self.path.metres[0]), speed, bound.tolist()
        late = _spread(self.wide, round(grown / STEP))
        for choice in CHOICES:
            stops = _is_free(self.wide, *here, choice, min(choice, -GENTLE), GAP)
            if stops or _is_free(late, *here, choice, choice, GAP):
                return choice
        for choice in TIGHT:
            stops = _is_free(self.close, *here, choice, min(choice, -GENTLE), TIGHT_GAP)
            if stops or _is_free(self.close, *here, choice, choice, TIGHT_GAP):
                return choice
        return -8.0

    def _near(self, boxes, room):
        """Which boxes can be within some metres of the path at all."""
        reach = (np.hypot(boxes[:, 3], boxes[:, 4]) + room + 0.1)[:, None]
        middles = boxes[:, :2]
        return np.flatnonzero(
            ((middles + reach > self._low) & (middles - reach < self._high)).all(axis=1)
        )

    @staticmethod
    def _take(rows, when, bits):
        """One row of bits a time, or one for all."""
        for number, time in enumerate(when):
            rows[time] |= bits[number if len(bits) > 1 else 0]


def _bits(marks):
    """(k, n) marks as k numbers, the first mark the lowest bit."""
    packed = np.packbits(marks, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def _spread(rows, steps):
    """Taken also some time before and after."""
    out = []
    for time in range(len(rows)):
        taken = 0
        for row in rows[max(time - steps, 0) : time + steps + 1]:
            taken |= row
        out.append(taken)
    return out


def _is_free(rows, at, speed, bound, gain, after, gap):
    """Whether nobody is met; whoever stands behind a taken metre may stay there.

    From `at` metres of the path on, with a gain (m/s2) for the moment and another one after it.
    Whatever is chosen, the bound is kept.
    """
    last = len(bound) - 1
    for time, row in enumerate(rows):
        low = max(int(at - BODY), 0)
        if row >> low & (1 << math.ceil(at + BODY + gap) - low) - 1:
            return False
        most = max(bound[min(int(at), last)], speed - 2.0 * STEP)
        then = min(max(speed + (gain if time < MOMENT else after) * STEP, 0.0), most)
        at += (speed + then) / 2 * STEP
        speed = then
    return True


def bounds(path, pace, sideways, braking):
    """(n,) m/s: bends cost so much to the side, and are met by braking in time."""
    squares = np.minimum(sideways / np.maximum(np.abs(path.bends()), 1e-3), pace**2)
    return slowed(squares, braking)


def slowed(squares, braking):
    """Speeds (m/s) from squares of them, each to be met by braking before it."""
    ramp = 2 * braking * np.arange(len(squares))
    reachable = np.minimum.accumulate((squares + ramp)[::-1])[::-1] - ramp
    return np.sqrt(np.maximum(reachable, 0.0))
