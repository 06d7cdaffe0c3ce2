"""Trajectories that are none: too few points, knots that do not fit, times that go back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from concours.driving.scenarios.findings import Findings, Severity
from concours.driving.scenarios.nodes import Node
from concours.driving.scenarios.positions import (
    Clothoid,
    ClothoidSpline,
    Nurbs,
    Polyline,
    Route,
)
from concours.driving.scenarios.walking import element_name, walk


def check_curves(root: Node, findings: Findings) -> None:
    """Note an error for each curve that cannot be followed. Linear."""
    for node in walk(root):
        message = _fault(node)
        if message:
            findings.add(
                "bad-curve",
                message,
                place=node.place,
                element=element_name(node),
                severity=Severity.ERROR,
            )


def _fault(node: Node) -> str:
    match node:
        case Polyline():
            return _polyline(node)
        case Clothoid():
            return "" if 0 < node.length < float("inf") else "the length is not above zero"
        case ClothoidSpline():
            return _spline(node)
        case Nurbs():
            return _nurbs(node)
        case Route() if len(node.waypoints) < 2:
            return "a route needs two waypoints"
        case _:
            return ""


def _polyline(line: Polyline) -> str:
    if len(line.vertices) < 2:
        return "a polyline needs two vertices"
    return _times([vertex.time for vertex in line.vertices])


def _times(times: Sequence[float | None]) -> str:
    given = [time for time in times if time is not None]
    if given and len(given) < len(times):
        return "some points have a time and some have none"
    if any(later < earlier for earlier, later in pairwise(given)):
        return "the times go back"
    return ""


def _spline(spline: ClothoidSpline) -> str:
    if not spline.segments:
        return "a clothoid spline needs a segment"
    if any(not 0 < segment.length < float("inf") for segment in spline.segments):
        return "a segment's length is not above zero"
    return ""


def _nurbs(curve: Nurbs) -> str:
    points, knots = len(curve.control_points), [knot.value for knot in curve.knots]
    if curve.order < 2 or points < curve.order:
        return f"{points} control points are too few for order {curve.order}"
    if len(knots) != points + curve.order:
        return f"{len(knots)} knots where {points + curve.order} are needed"
    if any(later < earlier for earlier, later in pairwise(knots)):
        return "the knots go back"
    if not knots[curve.order - 1] < knots[points]:
        return "the knots leave no range"
    if any(point.weight <= 0 for point in curve.control_points):
        return "a weight is not above zero"
    return ""
