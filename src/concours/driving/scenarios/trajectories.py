"""Trajectories as curves: pure functions of the way along them, and of time.

Points are rows (x, y, z) in metres; headings in radians, counter-clockwise from x. How positions of
the file become points is the map's affair. Every curve answers `at` for arrays of distances.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from concours.driving.scenarios.enums import ReferenceContext
from concours.driving.scenarios.routing import Timing

Floats = npt.NDArray[np.float64]

# Gauss-Legendre on panels whose heading turns by half a radian at most: exact to rounding.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_MAX_TURN = 0.5
MAX_PANELS = 100_000


class Points(NamedTuple):
    """Points of a curve: x, y, z, heading and curvature (1/m), arrays of one shape."""

    x: Floats
    y: Floats
    z: Floats
    heading: Floats
    curvature: Floats


class Curve(Protocol):
    """A curve by arc length."""

    @property
    def length(self) -> float:
        """Metres."""
        ...

    @property
    def times(self) -> tuple[Floats, Floats] | None:
        """(seconds, metres): knots between which distance is linear in time; None without times."""
        ...

    def at(self, distance: npt.ArrayLike) -> Points:
        """The points at distances; those before 0 or past the length are the ends'."""
        ...


def distance_at(curve: Curve, time: npt.ArrayLike) -> Floats:
    """Metres along the curve at times of the trajectory (s); the ends outside its times.

    Raises: ValueError for a curve without times.
    """
    if curve.times is None:
        raise ValueError("the trajectory has no times")
    seconds, metres = curve.times
    return np.asarray(np.interp(np.asarray(time, dtype=float), seconds, metres))


def time_of(timing: Timing, *, now: float, started: float) -> float:
    """The trajectory's time at the run's time `now`, the action having begun at `started` (s)."""
    origin = started if timing.domain is ReferenceContext.RELATIVE else 0.0
    return (now - origin - timing.offset) / (timing.scale or 1.0)


@dataclass(frozen=True, slots=True)
class PolylineCurve:
    """Straight lines between points; headings are those of the lines, curvature is 0."""

    points: Floats  # (n, 3), n >= 2
    starts: Floats  # (n,) metres at each point
    headings: Floats  # (n - 1,)
    times: tuple[Floats, Floats] | None

    @property
    def length(self) -> float:
        return float(self.starts[-1])

    def at(self, distance: npt.ArrayLike) -> Points:
        s = np.clip(np.asarray(distance, dtype=float), 0.0, self.length)
        line = np.clip(np.searchsorted(self.starts, s, side="right") - 1, 0, len(self.headings) - 1)
        size = self.starts[line + 1] - self.starts[line]
        part = np.where(size > 0, (s - self.starts[line]) / np.where(size > 0, size, 1.0), 0.0)
        where = self.points[line] + part[..., None] * (self.points[line + 1] - self.points[line])
        heading = self.headings[line]
        return Points(where[..., 0], where[..., 1], where[..., 2], heading, np.zeros_like(s))


def polyline(points: npt.ArrayLike, times: Sequence[float] | None = None) -> PolylineCurve:
    """A polyline through points (n, 3), n >= 2; a line of no length has the heading before it.

    times: seconds at which each point is passed, not decreasing.
    """
    at = np.asarray(points, dtype=float).reshape(-1, 3)
    if len(at) < 2:
        raise ValueError("a polyline needs two points")
    steps = np.diff(at, axis=0)
    sizes = np.linalg.norm(steps, axis=1)
    headings = np.arctan2(steps[:, 1], steps[:, 0])
    flat = np.hypot(steps[:, 0], steps[:, 1]) > 0
    for index in range(len(headings)):
        if not flat[index]:
            headings[index] = headings[index - 1] if index else _first(headings, flat)
    starts = np.concatenate([[0.0], np.cumsum(sizes)])
    known = None if times is None else (np.asarray(times, dtype=float), starts)
    return PolylineCurve(at, starts, headings, known)


def _first(headings: Floats, known: npt.NDArray[np.bool_]) -> float:
    return float(headings[int(np.argmax(known))]) if known.any() else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One clothoid: curvature k + rate * s over `length` metres, and how it is joined.

    start: (x, y, z, heading), or None to go on where the last piece ends, turned by h_offset.
    """

    curvature: float
    rate: float
    length: float
    start: tuple[float, float, float, float] | None = None
    h_offset: float = 0.0


@dataclass(frozen=True, slots=True)
class ClothoidCurve:
    """Clothoids in a row, cut into panels that turn little; z is constant on each piece."""

    starts: Floats  # (m + 1,) metres at each panel's start, and the length
    origin: Floats  # (m, 4): x, y, z, heading where the panel starts
    bends: Floats  # (m, 2): curvature where the panel starts, and its rate
    times: tuple[Floats, Floats] | None

    @property
    def length(self) -> float:
        return float(self.starts[-1])

    def at(self, distance: npt.ArrayLike) -> Points:
        s = np.clip(np.asarray(distance, dtype=float), 0.0, self.length)
        panel = np.clip(np.searchsorted(self.starts, s, side="right") - 1, 0, len(self.bends) - 1)
        way = s - self.starts[panel]
        curvature, rate = self.bends[panel, 0], self.bends[panel, 1]
        x, y, z, heading = (self.origin[panel, column] for column in range(4))
        dx, dy = _swept(heading, curvature, rate, way)
        turn = way * (curvature + rate * way / 2)
        return Points(x + dx, y + dy, z, heading + turn, curvature + rate * way)


def clothoids(pieces: Sequence[Piece], times: Sequence[float] | None = None) -> ClothoidCurve:
    """Clothoids in a row. times: seconds at the start of each piece, and at the end.

    Raises: ValueError without pieces, for a length that is not above 0, or where the curve turns by
    more than MAX_PANELS / 2 radians.
    """
    if not pieces or pieces[0].start is None:
        raise ValueError("the first clothoid needs a start")
    origins, bends, joints = [], [], [0.0]
    sizes: list[float] = []
    x, y, z, heading = pieces[0].start
    for piece in pieces:
        if piece.start is not None:
            x, y, z, heading = piece.start
        heading += piece.h_offset
        count = _panels(piece)
        if len(sizes) + count > MAX_PANELS:
            raise ValueError("the curve turns too often")
        size = piece.length / count
        for index in range(count):
            bend = piece.curvature + piece.rate * size * index
            origins.append((x, y, z, heading))
            bends.append((bend, piece.rate))
            sizes.append(size)
            dx, dy = _swept(*(np.asarray(each) for each in (heading, bend, piece.rate, size)))
            x, y = x + float(dx), y + float(dy)
            heading += size * (bend + piece.rate * size / 2)
        joints.append(joints[-1] + piece.length)
    starts = np.concatenate([[0.0], np.cumsum(sizes)])
    known = None if times is None else (np.asarray(times, dtype=float), np.asarray(joints))
    return ClothoidCurve(starts, np.asarray(origins), np.asarray(bends), known)


def _panels(piece: Piece) -> int:
    if not 0 < piece.length < math.inf:
        raise ValueError("a clothoid's length must be above 0")
    sharpest = max(abs(piece.curvature), abs(piece.curvature + piece.rate * piece.length))
    count = sharpest * piece.length / _MAX_TURN
    if not count < MAX_PANELS:
        raise ValueError("the curve turns too often")
    return max(1, math.ceil(count))


def _swept(heading: Floats, curvature: Floats, rate: Floats, way: Floats) -> tuple[Floats, Floats]:
    """The way in x and y: the integral of (cos, sin) of the heading, by Gauss and Legendre."""
    half = way[..., None] / 2
    s = half * (1 + _NODES)
    angle = heading[..., None] + s * (curvature[..., None] + rate[..., None] * s / 2)
    return (
        np.asarray((half * _WEIGHTS * np.cos(angle)).sum(axis=-1)),
        np.asarray((half * _WEIGHTS * np.sin(angle)).sum(axis=-1)),
    )
