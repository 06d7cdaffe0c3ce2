"""NURBS by arc length: lengths by Gauss and Legendre on each stretch, inverted by Newton steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from concours.driving.scenarios.trajectories import Floats, Points

if TYPE_CHECKING:
    from scipy.interpolate import BSpline

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_STRETCHES = 16  # of each knot span
_NEWTON = 6
_GRID = 129
_FINE = 17  # times are known at so many points of a stretch
MAX_POINTS = 20_000


@dataclass(frozen=True, slots=True)
class NurbsCurve:
    """A rational B-spline in (x, y, z), as splines of weighted coordinates and of weights.

    at_stretch: (u, metres) at the ends of short stretches of the parameter.
    """

    weighted: BSpline
    weights: BSpline
    at_stretch: tuple[Floats, Floats]
    times: tuple[Floats, Floats] | None

    @property
    def length(self) -> float:
        return float(self.at_stretch[1][-1])

    def at(self, distance: npt.ArrayLike) -> Points:
        s = np.clip(np.asarray(distance, dtype=float), 0.0, self.length)
        where, first, second = derivatives(self.weighted, self.weights, self._parameter(s))
        flat = np.hypot(first[..., 0], first[..., 1])
        cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
        curvature = np.where(flat > 1e-12, cross / np.maximum(flat, 1e-12) ** 3, 0.0)
        heading = np.arctan2(first[..., 1], first[..., 0])
        return Points(where[..., 0], where[..., 1], where[..., 2], heading, curvature)

    def _parameter(self, s: Floats) -> Floats:
        """The parameter at distances: from the table, then by Newton within the stretch."""
        us, metres = self.at_stretch
        stretch = np.clip(np.searchsorted(metres, s, side="right") - 1, 0, len(us) - 2)
        low, high = us[stretch], us[stretch + 1]
        size = metres[stretch + 1] - metres[stretch]
        wanted = s - metres[stretch]
        part = np.where(size > 0, wanted / np.where(size > 0, size, 1.0), 0.0)
        u = low + part * (high - low)
        for _ in range(_NEWTON):
            speed = _speed(self.weighted, self.weights, u)
            error = _lengths(self.weighted, self.weights, low, u) - wanted
            step = np.where(speed > 1e-12, error / np.maximum(speed, 1e-12), 0.0)
            u = np.clip(u - step, low, high)
        return np.asarray(u)


def nurbs(
    points: npt.ArrayLike,
    *,
    order: int,
    knots: Sequence[float],
    weights: Sequence[float],
    times: Sequence[float] | None = None,
) -> NurbsCurve:
    """A NURBS of degree order - 1 through control points (n, 3); n + order knots.

    times: seconds at the control points: each is when the curve is where its point has the most
    weight; between, the parameter goes evenly.
    Raises: ValueError where the numbers do not fit.
    """
    from scipy.interpolate import (
        BSpline,  # late: scipy takes longer to import than most files to play
    )

    control = np.asarray(points, dtype=float).reshape(-1, 3)
    count, degree = len(control), order - 1
    if not 1 <= degree < count <= MAX_POINTS or len(knots) != count + order:
        raise ValueError(f"{count} points and {len(knots)} knots do not make order {order}")
    t, w = np.asarray(knots, dtype=float), np.asarray(weights, dtype=float)
    if np.any(np.diff(t) < 0) or not t[degree] < t[count] or np.any(w <= 0) or len(w) != count:
        raise ValueError("knots must not go back, weights must be above 0")
    weighted = BSpline(t, control * w[:, None], degree, extrapolate=False)
    rational = BSpline(t, w, degree, extrapolate=False)
    spans = np.unique(t[degree : count + 1])
    us = np.concatenate(
        [np.linspace(a, b, _STRETCHES, endpoint=False) for a, b in pairwise(spans)] + [spans[-1:]]
    )
    metres = np.concatenate([[0.0], np.cumsum(_lengths(weighted, rational, us[:-1], us[1:]))])
    known = None
    if times is not None:
        heaviest = np.maximum.accumulate(_heaviest(t, control, degree))
        fine = np.unique(np.linspace(us[:-1], us[1:], _FINE).ravel())
        way = np.cumsum(_lengths(weighted, rational, fine[:-1], fine[1:]))
        known = (np.interp(fine, heaviest, np.asarray(times, dtype=float)), np.append(0.0, way))
    return NurbsCurve(weighted, rational, (us, metres), known)


def _heaviest(knots: Floats, points: Floats, degree: int) -> Floats:
    """(n,) parameters at which each control point's basis function is greatest.

    They are taken at whole steps of about a metre of the control polygon, as players in use do.
    """
    from scipy.interpolate import BSpline
    from scipy.optimize import minimize_scalar

    count = len(points)
    low, high = float(knots[degree]), float(knots[count])
    steps = max(1, math.ceil(float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())))
    found = np.empty(count)
    for index in range(count):
        own = np.zeros(count)
        own[index] = 1.0
        basis = BSpline(knots, own, degree, extrapolate=False)
        begin, end = max(float(knots[index]), low), min(float(knots[index + degree + 1]), high)
        grid = np.linspace(begin, end, _GRID)
        best = int(np.argmax(np.nan_to_num(basis(grid))))
        near = minimize_scalar(
            lambda u, basis=basis: -float(np.nan_to_num(basis(u))),
            bounds=(grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)]),
            method="bounded",
            options={"xatol": 1e-10},
        )
        peak = grid[best] if best in (0, _GRID - 1) else near.x
        share = (peak - low) / (high - low)
        found[index] = low + (high - low) * math.floor(share * steps + 1e-6) / steps
    return found


def derivatives(weighted: BSpline, weights: BSpline, u: Floats) -> tuple[Floats, Floats, Floats]:
    """Point, first and second derivative by the parameter (quotient rule)."""
    degree = weighted.k
    a, w = weighted(u), weights(u)[..., None]
    da, dw = weighted(u, nu=1), weights(u, nu=1)[..., None]
    where = a / w
    first = (da - where * dw) / w
    if degree < 2:
        return where, first, -2 * first * dw / w
    dda, ddw = weighted(u, nu=2), weights(u, nu=2)[..., None]
    return where, first, (dda - 2 * first * dw - where * ddw) / w


def _speed(weighted: BSpline, weights: BSpline, u: Floats) -> Floats:
    first = derivatives(weighted, weights, u)[1]
    return np.asarray(np.linalg.norm(first, axis=-1))


def _lengths(weighted: BSpline, weights: BSpline, low: Floats, high: Floats) -> Floats:
    """Metres from low to high, element by element."""
    half = (high - low)[..., None] / 2
    u = low[..., None] + half * (1 + _NODES)
    return np.asarray((half * _WEIGHTS * _speed(weighted, weights, u)).sum(axis=-1))
