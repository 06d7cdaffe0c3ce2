"""Boxes seen from above: how far apart they are, and when they would meet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.world import FIELDS, Trace

FloatArray = npt.NDArray[np.float64]
X, Y, Z, HEADING, SPEED = (FIELDS.index(name) for name in ("x", "y", "z", "heading", "speed"))
SIGNS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]])
"""Corners in shares of half the size: front left, front right, rear right, rear left."""


class Boxes(NamedTuple):
    """Boxes of one shape of arrays, such as (T, n); NaN where one is absent.

    x, y: the middle (m). low, high: heights (m). heading: rad. speed: along the heading (m/s).
    length, width: half of them (m).
    """

    x: FloatArray
    y: FloatArray
    low: FloatArray
    high: FloatArray
    heading: FloatArray
    speed: FloatArray
    length: FloatArray
    width: FloatArray


def boxes_of(trace: Trace, actors: list[int], frames: npt.NDArray[np.int64]) -> Boxes:
    """(F, len(actors)) boxes of actors at frames; pitch and roll are not looked at."""
    values = trace.values[np.ix_(frames, np.array(actors, dtype=np.int64))]
    told = [trace.actors[n] for n in actors]
    size = np.array([[a.length, a.width, a.height, *a.center] for a in told]).reshape(-1, 6)
    ahead, left, up = size[:, 3], size[:, 4], size[:, 5]
    heading = values[:, :, HEADING]
    cos, sin = np.cos(heading), np.sin(heading)
    middle = values[:, :, Z] + up
    like = np.zeros_like(heading)
    return Boxes(
        x=values[:, :, X] + cos * ahead - sin * left,
        y=values[:, :, Y] + sin * ahead + cos * left,
        low=middle - size[:, 2] / 2,
        high=middle + size[:, 2] / 2,
        heading=heading,
        speed=values[:, :, SPEED],
        length=like + size[:, 0] / 2,
        width=like + size[:, 1] / 2,
    )


def corners(box: Boxes) -> tuple[FloatArray, FloatArray]:
    """x and y of the corners, in a last axis of 4 in the order of SIGNS."""
    ahead, left = box.length[..., None] * SIGNS[:, 0], box.width[..., None] * SIGNS[:, 1]
    cos, sin = np.cos(box.heading)[..., None], np.sin(box.heading)[..., None]
    return box.x[..., None] + cos * ahead - sin * left, box.y[..., None] + sin * ahead + cos * left


def distances(one: Boxes, two: Boxes) -> FloatArray:
    """Metres between boxes of shapes that broadcast: 0 where they overlap, inf where not both are.

    Two boxes that are apart are nearest at a corner of one of them. One above the other: inf.
    """
    apart = np.minimum(_corners_to_box(one, two), _corners_to_box(two, one))
    gaps = np.max([np.abs(place) - reach for place, _, reach in _axes(one, two)], axis=0)
    out = np.where(gaps <= 0.0, 0.0, apart)
    return np.where(_same_height(one, two) & np.isfinite(out), out, np.inf)


def _corners_to_box(one: Boxes, two: Boxes) -> FloatArray:
    x, y = corners(one)
    dx, dy = x - two.x[..., None], y - two.y[..., None]
    cos, sin = np.cos(two.heading)[..., None], np.sin(two.heading)[..., None]
    ahead = np.maximum(np.abs(dx * cos + dy * sin) - two.length[..., None], 0.0)
    left = np.maximum(np.abs(dy * cos - dx * sin) - two.width[..., None], 0.0)
    out: FloatArray = np.sqrt(np.min(ahead * ahead + left * left, axis=-1))
    return out


def _same_height(one: Boxes, two: Boxes) -> npt.NDArray[np.bool_]:
    return (one.low <= two.high) & (two.low <= one.high)


def _axes(one: Boxes, two: Boxes) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
    """On each of the four separating axes: where two is, how fast it moves, how near overlaps."""
    dx, dy = two.x - one.x, two.y - one.y
    vx = two.speed * np.cos(two.heading) - one.speed * np.cos(one.heading)
    vy = two.speed * np.sin(two.heading) - one.speed * np.sin(one.heading)
    turn = two.heading - one.heading
    cos, sin = np.abs(np.cos(turn)), np.abs(np.sin(turn))
    found = []
    for base, other in ((one, two), (two, one)):
        c, s = np.cos(base.heading), np.sin(base.heading)
        along = base.length + other.length * cos + other.width * sin
        across = base.width + other.length * sin + other.width * cos
        found.append((dx * c + dy * s, vx * c + vy * s, along))
        found.append((dy * c - dx * s, vy * c - vx * s, across))
    return found


def times_to_collision(one: Boxes, two: Boxes) -> FloatArray:
    """Seconds until the boxes touch if both keep heading and speed; 0 in touch, inf for never.

    nuPlan asks the same in steps of 0.1 s; here the time is exact, as the boxes only translate: on
    each separating axis they overlap for one stretch of time, and touch when all four do.
    """
    enter = np.full(np.broadcast_shapes(one.x.shape, two.x.shape), -np.inf)
    leave = np.full_like(enter, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        for place, speed, reach in _axes(one, two):
            still = np.abs(speed) < 1e-12
            near, far = (-reach - place) / speed, (reach - place) / speed
            inside = np.where(np.abs(place) <= reach, np.inf, -np.inf)
            enter = np.maximum(enter, np.where(still, -inside, np.minimum(near, far)))
            leave = np.minimum(leave, np.where(still, inside, np.maximum(near, far)))
    meets = (enter <= leave) & (leave >= 0.0) & _same_height(one, two)
    return np.where(meets, np.maximum(enter, 0.0), np.inf)
