"""A way as a line of samples, a metre apart, to compute with many places at once."""

import math

import numpy as np

BEYOND = 80
"""Metres that the line goes on straight beyond both ends."""


class Line:
    """x, y, heading (rad) at whole metres of a `Way`, from -BEYOND on."""

    def __init__(self, way):
        self.metres = np.arange(-BEYOND, math.ceil(way.length) + BEYOND, dtype=float)
        poses = np.array([way.at(m) for m in self.metres.tolist()])
        self.x, self.y = poses[:, 0], poses[:, 1]
        heading = np.unwrap(np.arctan2(np.gradient(self.y), np.gradient(self.x)))
        self.heading = heading

    def at(self, metres):
        """(x, y, heading) at some metres, an array or one."""
        return tuple(np.interp(metres, self.metres, row) for row in (self.x, self.y, self.heading))

    def beside(self, x, y):
        """(metres along, metres to the left, the line's heading) of a place."""
        number = int(np.argmin((self.x - x) ** 2 + (self.y - y) ** 2))
        heading = float(self.heading[number])
        dx, dy = x - float(self.x[number]), y - float(self.y[number])
        cos, sin = math.cos(heading), math.sin(heading)
        return float(self.metres[number]) + dx * cos + dy * sin, dy * cos - dx * sin, heading


class Path:
    """The piece of a line that comes next, moved sideways where something is passed."""

    def __init__(self, line, begin, count, detour=None):
        self.begin, self.detour = begin, detour
        self.metres = begin + np.arange(count, dtype=float)
        x, y, heading = line.at(self.metres)
        aside = np.zeros(count) if detour is None else detour.aside(self.metres)
        self.x, self.y = x - aside * np.sin(heading), y + aside * np.cos(heading)
        self.aside = aside

    def bends(self, over=3):
        """Curvature (1/m) by the turn over some metres on both sides."""
        heading = np.unwrap(np.arctan2(np.gradient(self.y), np.gradient(self.x)))
        turn = np.zeros_like(heading)
        turn[over:-over] = (heading[2 * over :] - heading[: -2 * over]) / (2 * over)
        return turn
