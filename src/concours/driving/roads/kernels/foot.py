"""The station of a road nearest to a point, within one strip of the index."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.kernels.curve import piece_at
from concours.driving.roads.tables import (
    ACROSS_HIGH,
    ACROSS_LOW,
    ALONG_HIGH,
    ALONG_LOW,
    BEND,
    K1,
    KIND,
    STRIP_BEND,
    STRIP_COS,
    STRIP_HALF,
    STRIP_S,
    STRIP_SIN,
    STRIP_X,
    STRIP_Y,
    FloatArray,
)

STRAIGHT = 1e-9
"""1/m; below it a strip is a straight line."""
Foot = tuple[float, float, float, float, float]


@inner
def box_distance(strips: FloatArray, strip: int, dx: float, dy: float) -> float:
    """Distance of a point from a strip's box, 0 inside."""
    along = dx * strips[strip, STRIP_COS] + dy * strips[strip, STRIP_SIN]
    across = dy * strips[strip, STRIP_COS] - dx * strips[strip, STRIP_SIN]
    out_along = max(strips[strip, ALONG_LOW] - along, along - strips[strip, ALONG_HIGH], 0.0)
    out_across = max(strips[strip, ACROSS_LOW] - across, across - strips[strip, ACROSS_HIGH], 0.0)
    if out_along == 0.0:
        return float(out_across)
    return math.hypot(out_along, out_across)


@inner
def foot_of(
    strips: FloatArray, pieces: FloatArray, strip: int, piece: int, x: float, y: float
) -> Foot:
    """The station of a strip nearest to a point: s, along left over, beside, cos, sin of heading.

    The circle that touches the strip's middle gives it in closed form on lines and arcs, and
    starts Newton's method on the others.
    """
    dx, dy = x - strips[strip, STRIP_X], y - strips[strip, STRIP_Y]
    cos, sin = strips[strip, STRIP_COS], strips[strip, STRIP_SIN]
    along, across = dx * cos + dy * sin, dy * cos - dx * sin
    bend, half, middle = (
        strips[strip, STRIP_BEND],
        strips[strip, STRIP_HALF],
        strips[strip, STRIP_S],
    )
    exact = pieces[piece, KIND] == BEND and pieces[piece, K1] == 0.0
    if exact and abs(bend) < STRAIGHT:
        step = min(max(along, -half), half)
        return middle + step, along - step, across, cos, sin
    opposite, adjacent = bend * along, 1.0 - bend * across
    step = math.atan2(opposite, adjacent) / bend if abs(bend) > STRAIGHT else along
    if exact and -half <= step <= half:
        radius = math.sqrt(opposite * opposite + adjacent * adjacent)
        turned_cos, turned_sin = adjacent / radius, opposite / radius
        return (
            middle + step,
            0.0,
            (1.0 - radius) / bend,
            cos * turned_cos - sin * turned_sin,
            sin * turned_cos + cos * turned_sin,
        )
    s = middle + min(max(step, -half), half)
    return _newton(pieces, piece, s, middle - half, middle + half, x, y)


@inner
def _newton(
    pieces: FloatArray, piece: int, s: float, low: float, high: float, x: float, y: float
) -> Foot:
    along = across = 0.0
    cos, sin = 1.0, 0.0
    for _ in range(8):
        px, py, heading, curvature, _ = piece_at(pieces, piece, s)
        cos, sin = math.cos(heading), math.sin(heading)
        along = (x - px) * cos + (y - py) * sin
        across = (y - py) * cos - (x - px) * sin
        after = min(max(s + along / max(1.0 - curvature * across, 0.2), low), high)
        if abs(after - s) < 1e-9:
            break
        s = after
    if low < s < high and abs(along) < 1e-6:
        along = 0.0  # what is left over is the method's, not beyond an end
    return s, along, across, cos, sin
