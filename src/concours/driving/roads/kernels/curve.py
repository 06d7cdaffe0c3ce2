"""Reference lines and cubics at a station.

Spirals are integrated by Gauss-Legendre quadrature with 8 nodes over pieces that turn by half a
radian at most: the error is below 1e-14 of the length, whatever the curvatures. The Fresnel
integrals of scipy need a division by the square root of the change of curvature, which loses all
digits where a spiral is nearly an arc, and cannot be called from compiled loops kept on disk.
"""

from __future__ import annotations

import math

import numpy as np

from concours.driving.jit import inner, kernel
from concours.driving.roads.tables import (
    BEND,
    H0,
    K0,
    K1,
    KIND,
    S0,
    X0,
    Y0,
    FloatArray,
    P,
    U,
    V,
)

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
NODES = tuple(float(node) for node in 0.5 * (_NODES + 1.0))
WEIGHTS = tuple(float(weight) for weight in 0.5 * _WEIGHTS)


@inner
def last_at(table: FloatArray, column: int, first: int, last: int, s: float) -> int:
    """The last row of first .. last - 1 whose column is <= s; `first` where none is."""
    low, high = first, last
    while high - low > 1:
        middle = (low + high) // 2
        if table[middle, column] <= s:
            low = middle
        else:
            high = middle
    return low


@inner
def cubic_at(cubics: FloatArray, first: int, last: int, s: float) -> tuple[float, float, float]:
    """Value, first and second derivative of the records first .. last - 1; 0 before the first."""
    if first == last or s < cubics[first, 0]:
        return 0.0, 0.0, 0.0
    row = last_at(cubics, 0, first, last, s)
    ds = s - cubics[row, 0]
    a, b, c, d = cubics[row, 1], cubics[row, 2], cubics[row, 3], cubics[row, 4]
    return a + ds * (b + ds * (c + ds * d)), b + ds * (2 * c + 3 * ds * d), 2 * c + 6 * ds * d


@kernel
def piece_at(pieces: FloatArray, row: int, s: float) -> tuple[float, float, float, float, float]:
    """x, y, heading, curvature and its change per metre at station `s` of the road."""
    ds = s - pieces[row, S0]
    if pieces[row, KIND] == BEND:
        return _bend(pieces, row, ds)
    return _polynomial(pieces, row, ds)


@inner
def _bend(pieces: FloatArray, row: int, ds: float) -> tuple[float, float, float, float, float]:
    """Lines, arcs and spirals: curvature K0 + K1 ds."""
    x, y, heading = pieces[row, X0], pieces[row, Y0], pieces[row, H0]
    k0, k1 = pieces[row, K0], pieces[row, K1]
    if k1 == 0.0:
        half = 0.5 * k0 * ds
        chord = ds * (math.sin(half) / half if abs(half) > 1e-4 else 1.0 - half * half / 6.0)
        x += chord * math.cos(heading + half)
        y += chord * math.sin(heading + half)
        return x, y, heading + k0 * ds, k0, 0.0
    along, across = 0.0, 0.0
    for node in range(8):
        u = ds * NODES[node]
        angle = heading + u * (k0 + 0.5 * k1 * u)
        along += WEIGHTS[node] * math.cos(angle)
        across += WEIGHTS[node] * math.sin(angle)
    turned = ds * (k0 + 0.5 * k1 * ds)
    return x + ds * along, y + ds * across, heading + turned, k0 + k1 * ds, k1


@inner
def _polynomial(
    pieces: FloatArray, row: int, ds: float
) -> tuple[float, float, float, float, float]:
    """u(p), v(p) in the frame of the geometry's start, p a cubic of ds."""
    p = pieces[row, P] + ds * (
        pieces[row, P + 1] + ds * (pieces[row, P + 2] + ds * pieces[row, P + 3])
    )
    u1, u2, u3 = pieces[row, U + 1], pieces[row, U + 2], pieces[row, U + 3]
    v1, v2, v3 = pieces[row, V + 1], pieces[row, V + 2], pieces[row, V + 3]
    u = pieces[row, U] + p * (u1 + p * (u2 + p * u3))
    v = pieces[row, V] + p * (v1 + p * (v2 + p * v3))
    du, ddu, dddu = u1 + p * (2 * u2 + 3 * p * u3), 2 * u2 + 6 * p * u3, 6 * u3
    dv, ddv, dddv = v1 + p * (2 * v2 + 3 * p * v3), 2 * v2 + 6 * p * v3, 6 * v3
    heading = pieces[row, H0]
    cos, sin = math.cos(heading), math.sin(heading)
    x = pieces[row, X0] + cos * u - sin * v
    y = pieces[row, Y0] + sin * u + cos * v
    square = du * du + dv * dv
    if square < 1e-24:
        return x, y, heading, 0.0, 0.0
    cross = du * ddv - dv * ddu
    curvature = cross / (square * math.sqrt(square))
    change = ((du * dddv - dv * dddu) * square - 3 * cross * (du * ddu + dv * ddv)) / square**3
    return x, y, heading + math.atan2(dv, du), curvature, change
