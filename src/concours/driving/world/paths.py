"""Trajectories of a scenario as rows of points that kernels follow."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from concours.driving.scenarios import positions as p
from concours.driving.scenarios.nurbs import nurbs
from concours.driving.scenarios.trajectories import (
    Curve,
    Piece,
    clothoids,
    polyline,
)
from concours.driving.world.layout import PATH_COLUMNS, FloatArray
from concours.driving.world.places import NoPlace, Place
from concours.driving.world.placing import Placer

STEP = 0.1
"""Metres between two points of a bent path."""
MOST = 200_000
"""Points of one path at most; longer ones are cut more coarsely."""


def path_of(
    trajectory: p.Trajectory, placer: Placer, start: Place | None = None
) -> tuple[FloatArray, bool]:
    """((m, 7) points of a trajectory, whether it has times); m >= 2. Raises NoPlace.

    start: where one begins that says nothing of it.
    Heights are NaN where the positions give none: the road's surface counts.
    """
    curve = curve_of(trajectory, placer, start)
    if isinstance(trajectory.shape, p.Polyline):
        rows = _corners(trajectory, placer, curve)
    else:
        count = int(min(max(math.ceil(curve.length / STEP), 1), MOST)) + 1
        rows = _rows(curve, np.linspace(0.0, curve.length, count))
        if not _has_heights(trajectory.shape):
            rows[:, 3] = math.nan
    if curve.times is None:
        return rows, False
    rows[:, 6] = _times(curve, rows[:, 0])
    return _stretched(curve, rows), True


def curve_of(trajectory: p.Trajectory, placer: Placer, start: Place | None = None) -> Curve:
    """The curve of a trajectory whose positions are found now; start as in `path_of`.

    Raises NoPlace.
    """
    shape = trajectory.shape
    try:
        match shape:
            case p.Polyline():
                return _polyline(shape, placer, closed=trajectory.closed)
            case p.Clothoid():
                return _clothoid(shape, placer)
            case p.ClothoidSpline():
                return _spline(shape, placer, start)
            case p.Nurbs():
                return _nurbs(shape, placer)
    except ValueError as error:
        raise NoPlace(str(error)) from None


def _polyline(shape: p.Polyline, placer: Placer, *, closed: bool) -> Curve:
    places = [placer.place(vertex.position) for vertex in shape.vertices]
    points = _points(places)
    times = _known([vertex.time for vertex in shape.vertices])
    if closed and points[0] != points[-1]:
        points.append(points[0])
        times = None
    return polyline(points, times)


def _clothoid(shape: p.Clothoid, placer: Placer) -> Curve:
    times = _known([shape.start_time, shape.stop_time])
    piece = Piece(
        curvature=shape.curvature,
        rate=shape.curvature_prime,
        length=shape.length,
        start=_start(placer.place(shape.position)),
    )
    return clothoids([piece], times)


def _spline(shape: p.ClothoidSpline, placer: Placer, start: Place | None) -> Curve:
    pieces = []
    for number, segment in enumerate(shape.segments):
        place = start if number == 0 else None
        if segment.position_start is not None:
            place = placer.place(segment.position_start)
        bend = (segment.curvature_end - segment.curvature_start) / segment.length
        pieces.append(
            Piece(
                curvature=segment.curvature_start,
                rate=bend,
                length=segment.length,
                start=None if place is None else _start(place),
                h_offset=segment.h_offset,
            )
        )
    times = _known([*(segment.time_start for segment in shape.segments), shape.time_end])
    return clothoids(pieces, times)


def _nurbs(shape: p.Nurbs, placer: Placer) -> Curve:
    return nurbs(
        _points([placer.place(point.position) for point in shape.control_points]),
        order=shape.order,
        knots=[knot.value for knot in shape.knots],
        weights=[point.weight for point in shape.control_points],
        times=_known([point.time for point in shape.control_points]),
    )


def _known(times: Sequence[float | None]) -> list[float] | None:
    """The times where all are given."""
    known = [time for time in times if time is not None]
    return known if known and len(known) == len(times) else None


def _points(places: Sequence[Place]) -> list[tuple[float, float, float]]:
    return [(place.x, place.y, place.z or 0.0) for place in places]


def _start(place: Place) -> tuple[float, float, float, float]:
    return place.x, place.y, place.z or 0.0, place.facing


def _has_heights(shape: p.Shape) -> bool:
    """Whether the first position gives a height."""
    first: p.Position | None = None
    match shape:
        case p.Clothoid(position=position):
            first = position
        case p.ClothoidSpline(segments=segments):
            first = segments[0].position_start
        case p.Nurbs(control_points=points):
            first = points[0].position
    return isinstance(first, p.WorldPosition) and first.z is not None


def _rows(curve: Curve, distances: FloatArray) -> FloatArray:
    rows = np.zeros((len(distances), PATH_COLUMNS))
    points = curve.at(distances)
    rows[:, 0] = distances
    rows[:, 1], rows[:, 2], rows[:, 3] = points.x, points.y, points.z
    rows[:, 4] = np.unwrap(points.heading)
    rows[:, 5] = points.curvature
    return rows


def _corners(trajectory: p.Trajectory, placer: Placer, curve: Curve) -> FloatArray:
    """A polyline's corners, each twice: with the heading before and after it.

    Where positions give headings, those are passed through instead.
    """
    shape = trajectory.shape
    if not isinstance(shape, p.Polyline):
        raise NoPlace("is no polyline")
    places = [placer.place(vertex.position) for vertex in shape.vertices]
    starts = np.asarray(getattr(curve, "starts"))  # noqa: B009
    if trajectory.closed and len(starts) > len(places):
        places.append(places[0])
    rows = _rows(curve, np.repeat(starts, 2)[1:-1])
    lines = np.asarray(getattr(curve, "headings"))  # noqa: B009
    rows[:, 4] = np.unwrap(np.repeat(lines, 2))
    given = [place.heading for place in places]
    if all(heading is not None for heading in given):
        headings = np.unwrap(np.array(given, dtype=float))
        rows[:, 4] = np.repeat(headings, 2)[1:-1]
    heights = np.array([math.nan if place.z is None else place.z for place in places])
    rows[:, 3] = np.repeat(heights, 2)[1:-1]
    return rows


def _times(curve: Curve, distances: FloatArray) -> FloatArray:
    """Seconds at distances."""
    if curve.times is None:
        return np.zeros(len(distances))
    seconds, metres = curve.times
    return np.asarray(np.interp(distances, metres, seconds))


def _stretched(curve: Curve, rows: FloatArray) -> FloatArray:
    """Rows added where the entity waits: time goes on, the distance does not."""
    if curve.times is None:
        return rows
    seconds, metres = curve.times
    waits = np.flatnonzero((np.diff(metres) <= 0) & (np.diff(seconds) > 0))
    if not len(waits):
        return rows
    added = _rows(curve, np.repeat(metres[waits], 2))
    added[:, 3] = np.interp(added[:, 0], rows[:, 0], rows[:, 3])
    added[:, 6] = np.stack([seconds[waits], seconds[waits + 1]], axis=1).ravel()
    merged = np.concatenate([rows, added])
    return np.asarray(merged[np.lexsort((merged[:, 6], merged[:, 0]))])
