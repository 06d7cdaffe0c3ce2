"""From a way and a speed to steering wheel and pedals."""

import math
from itertools import pairwise

WHEELBASE = 2.86
FULL_LOCK = math.radians(70) * 0.75
"""Angle that the vehicle really turns by at steer 1 (rad), standing."""
CURVE = ((0.0, 1.0), (20 / 3.6, 0.9), (60 / 3.6, 0.8), (120 / 3.6, 0.7))
"""Speed (m/s) and the share of that angle that is left."""


def steer_towards(x, y, speed):
    """Steer (-1 left .. 1 right) that leads the rear axle through a point.

    x, y: the point ahead and to the left of the rear axle (m). Pure pursuit (Coulter, 1992).
    """
    distance = math.hypot(x, y)
    if distance < 1e-3:
        return 0.0
    angle = math.atan2(2 * WHEELBASE * y / distance, distance)
    return max(-1.0, min(1.0, -angle / (FULL_LOCK * share_at(speed))))


def share_at(speed):
    """How much of the lock is left at a speed."""
    for (low, before), (high, after) in pairwise(CURVE):
        if speed <= high:
            return before + (after - before) * (speed - low) / (high - low)
    return CURVE[-1][1]


class Pedals:
    """Throttle and brake for a wanted speed: a PI controller on the speed's error."""

    def __init__(self, proportional=0.35, integral=0.08):
        self._proportional, self._integral = proportional, integral
        self._sum = 0.0
        self._time = None

    def press(self, time, speed, wish):
        """(throttle, brake) at a time (s), for speeds in m/s."""
        passed = 0.05 if self._time is None else time - self._time
        self._time = time
        error = wish - speed
        self._sum = max(0.0, min(4.0, self._sum + error * passed))
        if wish < 0.1:
            self._sum = 0.0
            return 0.0, 0.3 if speed < 2 else 0.5
        push = 0.3 + self._proportional * error + self._integral * self._sum
        if error < -1.0:
            return 0.0, min(1.0, -0.25 * error)
        return max(0.0, min(0.85, push)), 0.0
