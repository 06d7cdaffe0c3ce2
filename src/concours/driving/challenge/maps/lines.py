"""Reference lines: places with a heading, and the pieces between them.

Metres and radians; x forward, y left, headings from the x-axis to the left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

STRAIGHT = 1e-6
"""Radians, or metres aside, below which two places lie on one straight line."""
KNOTS, WEIGHTS = np.polynomial.legendre.leggauss(16)


class Spot(NamedTuple):
    """A place and a heading; z is the height where it has to be told, else None."""

    x: float
    y: float
    heading: float
    z: float | None = None

    def ahead(self, metres: float) -> Spot:
        """So far on along the heading."""
        x = self.x + metres * math.cos(self.heading)
        y = self.y + metres * math.sin(self.heading)
        return self._replace(x=x, y=y)

    def beside(self, metres: float) -> Spot:
        """So far to the left."""
        x = self.x - metres * math.sin(self.heading)
        y = self.y + metres * math.cos(self.heading)
        return self._replace(x=x, y=y)

    def back(self) -> Spot:
        """The same place, looking the other way."""
        return self._replace(heading=math.remainder(self.heading + math.pi, 2 * math.pi))

    def seen_from(self, other: Spot) -> tuple[float, float, float]:
        """How far ahead and to the left of another, and how much turned (-pi .. pi)."""
        dx, dy = self.x - other.x, self.y - other.y
        cos, sin = math.cos(other.heading), math.sin(other.heading)
        turned = math.remainder(self.heading - other.heading, 2 * math.pi)
        return dx * cos + dy * sin, dy * cos - dx * sin, turned


@dataclass(frozen=True, slots=True)
class Line:
    """Straight on."""

    length: float

    def end(self, start: Spot) -> Spot:
        """Where it leads."""
        return start.ahead(self.length)


@dataclass(frozen=True, slots=True)
class Arc:
    """A part of a circle; the curvature is positive to the left (1/m)."""

    length: float
    curvature: float

    def end(self, start: Spot) -> Spot:
        """Where it leads."""
        turned = self.length * self.curvature
        ahead = math.sin(turned) / self.curvature
        left = (1.0 - math.cos(turned)) / self.curvature
        there = start.ahead(ahead).beside(left)
        return there._replace(heading=math.remainder(start.heading + turned, 2 * math.pi))


@dataclass(frozen=True, slots=True)
class Cubic:
    """u and v as cubic polynomials of 0 .. 1, from the start ahead and to the left."""

    u: tuple[float, float, float, float]
    v: tuple[float, float, float, float]
    length: float

    def end(self, start: Spot) -> Spot:
        """Where it leads."""
        there = start.ahead(sum(self.u)).beside(sum(self.v))
        turned = math.atan2(
            self.v[1] + 2 * self.v[2] + 3 * self.v[3], self.u[1] + 2 * self.u[2] + 3 * self.u[3]
        )
        return there._replace(heading=math.remainder(start.heading + turned, 2 * math.pi))


Piece = Line | Arc | Cubic


def bend(radius: float, degrees: float) -> Arc:
    """An arc that turns so many degrees, to the left where they are positive."""
    turned = math.radians(degrees)
    return Arc(abs(turned) * radius, math.copysign(1.0 / radius, turned))


def end_of(start: Spot, pieces: Iterable[Piece]) -> Spot:
    """Where pieces lead, one after another."""
    for piece in pieces:
        start = piece.end(start)
    return start


def join(start: Spot, goal: Spot) -> tuple[Piece, ...]:
    """A smooth line between two places: straight, a rounded corner, or a cubic.

    The rounded corner is the largest arc that touches both headings, with a line before or behind
    it; where the headings do not meet ahead, a cubic of Bezier leads over.
    """
    ahead, left, turned = goal.seen_from(start)
    if abs(left) < STRAIGHT and abs(turned) < STRAIGHT:
        return (Line(ahead),)
    if abs(math.sin(turned)) > 0.02:
        after = left / math.sin(turned)
        before = ahead - after * math.cos(turned)
        if before > STRAIGHT and after > STRAIGHT:
            return _corner(before, after, turned)
    return (_cubic(ahead, left, turned),)


def _corner(before: float, after: float, turned: float) -> tuple[Piece, ...]:
    """before, after: metres to and from where the headings meet."""
    tangent = min(before, after)
    radius = tangent / math.tan(abs(turned) / 2)
    found: list[Piece] = [Arc(radius * abs(turned), math.copysign(1.0 / radius, turned))]
    if before - tangent > STRAIGHT:
        found.insert(0, Line(before - tangent))
    if after - tangent > STRAIGHT:
        found.append(Line(after - tangent))
    return tuple(found)


def _cubic(ahead: float, left: float, turned: float) -> Cubic:
    """Its handles are 0.4 of the distance."""
    handle = 0.4 * math.hypot(ahead, left)
    back_u, back_v = ahead - handle * math.cos(turned), left - handle * math.sin(turned)
    u = (0.0, 3 * handle, 3 * (back_u - 2 * handle), ahead - 3 * back_u + 3 * handle)
    v = (0.0, 0.0, 3 * back_v, left - 3 * back_v)
    at = 0.5 * (KNOTS + 1.0)
    speed = np.hypot(*(c[1] + 2 * c[2] * at + 3 * c[3] * at**2 for c in (u, v)))
    return Cubic(u, v, float(0.5 * (WEIGHTS @ speed)))
