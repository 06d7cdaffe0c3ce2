"""Reference lines cut into pieces that one closed form evaluates."""

from __future__ import annotations

import math

import numpy as np

from concours.driving.roads.errors import Findings, Severity
from concours.driving.roads.kernels.curve import piece_at
from concours.driving.roads.model import RawGeometry, RawRoad
from concours.driving.roads.tables import (
    BEND,
    H0,
    K0,
    K1,
    KIND,
    LENGTH,
    PIECE_COLUMNS,
    POLYNOMIAL,
    S0,
    X0,
    Y0,
    FloatArray,
    P,
    U,
    V,
)

TURN = 0.5
"""Radians a piece of a spiral turns at most."""
MAX_TURN = 2000.0
"""Radians one geometry may turn: more is no road, and would fill the memory."""
POLYNOMIAL_STEP = 2.0
"""Metres of one piece of a polynomial whose parameter is not the arc length."""
MAX_PIECES = 20_000
"""Pieces of one polynomial."""
GAP = 0.01
"""Metres (and radians) by which two geometries may miss each other without a finding."""
GAUSS, WEIGHTS = np.polynomial.legendre.leggauss(8)


def pieces_of(road: RawRoad, findings: Findings) -> list[FloatArray]:
    """Rows of a road's pieces, in the order of s. Raises BadMap for a geometry out of bounds."""
    rows: list[FloatArray] = []
    for geometry in road.geometries:
        made = _polynomial(geometry) if "oly3" in geometry.kind else _bend(geometry, findings)
        _look_for_gap(rows, made[0], geometry, findings)
        rows += made
    total = road.geometries[-1].s + road.geometries[-1].length
    if abs(total - road.length) > GAP:
        findings.add(
            "length-differs",
            f"length of road {road.id!r} differs from its geometries' by "
            f"{road.length - total:.3g} m: the last one is cut or continued",
            line=road.line,
            element="road",
        )
    return rows


def _row(geometry: RawGeometry, *, s: float, length: float) -> FloatArray:
    row = np.zeros(PIECE_COLUMNS)
    row[[S0, LENGTH, X0, Y0, H0]] = s, length, geometry.x, geometry.y, geometry.heading
    return row


def _bend(geometry: RawGeometry, findings: Findings) -> list[FloatArray]:
    """Lines and arcs as one piece, spirals as pieces that turn by TURN at most."""
    first = geometry.parameters[0] if geometry.parameters else 0.0
    last = geometry.parameters[-1] if geometry.parameters else 0.0
    change = (last - first) / geometry.length
    turn = max(abs(first), abs(last)) * geometry.length
    if turn > MAX_TURN:
        words = f"turns by {turn:.3g} rad: more than {MAX_TURN:g} is not read"
        raise findings.bad(
            "bad-geometry", words, line=geometry.line, element="road/planView/geometry"
        )
    count = max(1, math.ceil(turn / TURN)) if change != 0.0 else 1
    step = geometry.length / count
    rows: list[FloatArray] = []
    x, y, heading = geometry.x, geometry.y, geometry.heading
    for i in range(count):
        row = _row(geometry, s=geometry.s + i * step, length=step)
        row[[X0, Y0, H0, KIND, K0, K1]] = x, y, heading, BEND, first + change * i * step, change
        rows.append(row)
        if i + 1 < count:
            x, y, heading, _, _ = piece_at(_frozen(row), 0, float(row[S0] + step))
    return rows


def _polynomial(geometry: RawGeometry) -> list[FloatArray]:
    """poly3 and paramPoly3, with p(s) as a cubic on each piece.

    By clause 9 of the standard s is the arc length, so that p, and u of a poly3, follow from
    inverting it; with pRange="arcLength" too, where p is the arc length but for the producer's
    rounding. Where the stated length differs from the curve's, s is stretched so that both ends
    are met.
    """
    base = _row(geometry, s=geometry.s, length=geometry.length)
    base[KIND] = POLYNOMIAL
    if geometry.kind == "poly3":
        base[U + 1] = 1.0
        base[V : V + 4] = geometry.parameters
    else:
        base[U : U + 4], base[V : V + 4] = geometry.parameters[:4], geometry.parameters[4:]
    end = 1.0 if geometry.normalized else geometry.length
    if geometry.kind == "poly3":
        end = _reach(base, geometry.length)
    return _by_arc_length(base, geometry, end)


def _speed(row: FloatArray, p: FloatArray) -> FloatArray:
    """|dr/dp| of a polynomial."""
    u, v = row[U : U + 4], row[V : V + 4]
    du = u[1] + p * (2 * u[2] + 3 * p * u[3])
    dv = v[1] + p * (2 * v[2] + 3 * p * v[3])
    return np.asarray(np.hypot(du, dv), dtype=np.float64)


def _arc(row: FloatArray, knots: FloatArray) -> FloatArray:
    """Arc length from knots[0] to each knot."""
    half = 0.5 * np.diff(knots)
    middle = 0.5 * (knots[1:] + knots[:-1])
    speeds = _speed(row, middle[:, None] + half[:, None] * GAUSS[None, :])
    return np.concatenate([[0.0], np.cumsum(half * (speeds @ WEIGHTS))])


def _reach(row: FloatArray, length: float) -> float:
    """The u at which a poly3 is `length` long: at most length, since |dr/du| >= 1."""
    knots = np.linspace(0.0, length, 257)
    u = float(np.interp(length, _arc(row, knots), knots))
    for _ in range(3):
        reached = float(_arc(row, np.linspace(0.0, u, 257))[-1])
        u -= (reached - length) / float(_speed(row, np.array([u]))[0])
    return u


def _by_arc_length(row: FloatArray, geometry: RawGeometry, end: float) -> list[FloatArray]:
    count = min(max(4, math.ceil(geometry.length / POLYNOMIAL_STEP)), MAX_PIECES)
    fine = np.linspace(0.0, end, 8 * count + 1)
    arc = _arc(row, fine)
    total = float(arc[-1])
    if not math.isfinite(total) or total <= 0.0:
        row[P + 1] = end / geometry.length
        return [row]
    targets = np.linspace(0.0, total, count + 1)
    p = np.interp(targets, arc, fine)
    for _ in range(3):  # Newton on the arc length, from the nearest station below
        below = np.clip(np.searchsorted(fine, p, side="right") - 1, 0, len(fine) - 2)
        half, start = 0.5 * (p - fine[below]), fine[below]
        nodes = (start + half)[:, None] + half[:, None] * GAUSS[None, :]
        reached = arc[below] + half * (_speed(row, nodes) @ WEIGHTS)
        p = np.clip(p - (reached - targets) / np.maximum(_speed(row, p), 1e-9), 0.0, end)
    step = geometry.length / count
    slope = np.minimum(total / geometry.length / np.maximum(_speed(row, p), 1e-9), 1e6)
    rows = []
    for i in range(count):
        one = row.copy()
        one[S0], one[LENGTH] = geometry.s + i * step, step
        rise, m0, m1 = (p[i + 1] - p[i]) / step, slope[i], slope[i + 1]
        one[P : P + 4] = p[i], m0, (3 * rise - 2 * m0 - m1) / step, (m0 + m1 - 2 * rise) / step**2
        rows.append(one)
    return rows


def _frozen(row: FloatArray) -> FloatArray:
    """One row as a table that cannot be written, the kind that kernels are compiled for."""
    table = row[None].copy()
    table.flags.writeable = False
    return table


def _look_for_gap(
    rows: list[FloatArray], start: FloatArray, geometry: RawGeometry, findings: Findings
) -> None:
    if not rows:
        return
    x, y, heading, _, _ = piece_at(_frozen(rows[-1]), 0, geometry.s)
    x1, y1, heading1, _, _ = piece_at(_frozen(start), 0, geometry.s)
    apart = math.hypot(x - x1, y - y1)
    bent = abs(math.remainder(heading - heading1, 2 * math.pi))
    if apart > GAP or bent > GAP:
        findings.add(
            "gap",
            f"a geometry begins {apart:.3g} m and {bent:.3g} rad from where the last one ends",
            line=geometry.line,
            element="road/planView/geometry",
            severity=Severity.WARNING,
        )
