"""The expected way as points with what to do there: what an algorithm is told of the route."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from concours.driving.roads import RoadNetwork, Route, RouteStep

SPACING = 2.0
"""Metres between two points of a plan."""
STRAIGHT_ON = math.radians(35)
"""A way through a junction that turns by less goes straight on."""
CHANGE = 30.0
"""Metres that a change of lane is given."""


class Option(IntEnum):
    """What to do at a point; names and numbers of the CARLA leaderboard's RoadOption."""

    LEFT = 1
    RIGHT = 2
    STRAIGHT = 3
    LANEFOLLOW = 4
    CHANGELANELEFT = 5
    CHANGELANERIGHT = 6


class PlanPoint(NamedTuple):
    """A point of the way: metres, radians; right-handed."""

    x: float
    y: float
    z: float
    heading: float
    option: Option


def plan_of(
    network: RoadNetwork, route: Route, *, spacing: float = SPACING
) -> tuple[PlanPoint, ...]:
    """Points in the middle of the lanes of a route, `spacing` metres apart or a little less.

    A change of lane is drawn over the first CHANGE metres of the lane that is entered. The points
    in a junction all carry the turn that is made there. Linear in the route's length.
    """
    found: list[PlanPoint] = []
    left: RouteStep | None = None  # the lane that was left sideways just before
    for step in route.steps:
        if step.changes:
            left = left or step
            continue
        if step.s_from != step.s_to:
            found += _stretch(network, step, left, spacing)
            left = None
    if not found and route.steps:
        found = _stretch(network, route.steps[-1], None, spacing)
    return tuple(found)


def _stretch(
    network: RoadNetwork, step: RouteStep, left: RouteStep | None, spacing: float
) -> list[PlanPoint]:
    """One lane from one station to another, looking as one drives; it starts in the lane left."""
    size = abs(step.s_to - step.s_from)
    way = 1.0 if step.s_to >= step.s_from else -1.0
    count = max(2, math.ceil(size / spacing) + 1)
    s = np.linspace(step.s_from, step.s_to, count)
    driven = np.abs(s - step.s_from)
    aside, slope = np.zeros(count), np.zeros(count)
    option = np.full(count, _turn(network, step))
    if left is not None:
        start = _middle(network, left) - _middle(network, step)
        extent = min(CHANGE, max(size, 1e-6))
        part = np.minimum(driven / extent, 1.0)
        aside = start * 0.5 * (1.0 + np.cos(math.pi * part))
        slope = np.where(
            part < 1.0, -start * 0.5 * math.pi / extent * np.sin(math.pi * part) * way, 0.0
        )
        sideways = Option.CHANGELANERIGHT if start * way > 0 else Option.CHANGELANELEFT
        option = np.where(part < 1.0, sideways, option)
    poses = network.lane_poses(network.index(step.road), step.lane, s, aside)
    heading = poses.heading + np.arctan(slope) + (0.0 if way > 0 else math.pi)
    rows = (poses.x, poses.y, poses.z, heading, option)
    return [
        PlanPoint(x, y, z, math.remainder(h, 2 * math.pi), Option(o))
        for x, y, z, h, o in zip(*(row.tolist() for row in rows), strict=True)
    ]


def _middle(network: RoadNetwork, step: RouteStep) -> float:
    """t of the lane's middle where the step begins."""
    return sum(network.lane_borders(step.road, step.lane, step.s_from)) / 2


def _turn(network: RoadNetwork, step: RouteStep) -> Option:
    """What is done on a road: a turn if it leads through a junction."""
    if not network.junction(step.road):
        return Option.LANEFOLLOW
    length = network.length(step.road)
    begin, end = (network.road_pose(step.road, s).heading for s in (0.0, length))
    by = math.remainder(end - begin, 2 * math.pi)
    if step.s_to < step.s_from:
        by = -by
    if abs(by) < STRAIGHT_ON:
        return Option.STRAIGHT
    return Option.LEFT if by > 0 else Option.RIGHT
