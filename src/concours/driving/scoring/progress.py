"""How far the ego came: along the expected way, to the goal, and where it stood still."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from concours.driving.closedloop import Task
from concours.driving.roads import RoadNetwork, Route

FloatArray = npt.NDArray[np.float64]

SPACING = 2.0
"""Metres between points of the way."""
MOST_POINTS = 1000
"""Points of a way at most; a longer way has them further apart."""
OFF_ROUTE = 15.0
"""Metres from the way beyond which a frame makes no progress."""
SLACK = 10.0
"""Metres by which progress may be ahead of the metres driven (corners cut)."""
STILL = 0.1
"""m/s below which the ego stands (CARLA)."""
BLOCKED = 180.0
"""Seconds of standing after which it is blocked (CARLA)."""


def arrival(task: Task, times: FloatArray, x: FloatArray, y: FloatArray) -> float:
    """The time of the first frame within the goal's radius, seen from above; NaN for never."""
    near = np.hypot(x - task.goal[0], y - task.goal[1]) <= task.radius
    return float(times[np.argmax(near)]) if near.any() else math.nan


def progress(
    task: Task, network: RoadNetwork | None, x: FloatArray, y: FloatArray, distance: FloatArray
) -> FloatArray:
    """(T,) share of the expected way that is behind the ego, 0 to 1, never falling.

    The nearest point of the way that is not further along than the ego has driven, so that ways
    that come back to where they were are not cut short. Without a way: by how much nearer the
    goal is.
    """
    way = None if task.route is None or network is None else way_points(network, task.route)
    if way is None or len(way) < 2:
        return _nearer(task, x, y)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    if along[-1] <= 0.0:
        return _nearer(task, x, y)
    apart = (x[:, None] - way[:, 0]) ** 2 + (y[:, None] - way[:, 1]) ** 2
    apart[along[None, :] > distance[:, None] + SLACK] = np.inf
    nearest = np.argmin(apart, axis=1)
    reached = along[nearest] + _beyond(way, nearest, x, y)
    reached = np.where(apart[np.arange(len(x)), nearest] <= OFF_ROUTE**2, reached, 0.0)
    out: FloatArray = np.maximum.accumulate(np.clip(reached / along[-1], 0.0, 1.0))
    return out


def _beyond(
    way: FloatArray, nearest: npt.NDArray[np.int64], x: FloatArray, y: FloatArray
) -> FloatArray:
    """Metres past the nearest point, along the way there."""
    ahead = np.minimum(nearest + 1, len(way) - 1)
    step = way[ahead] - way[ahead - 1]
    size = np.hypot(*step.T)
    along = (x - way[nearest, 0]) * step[:, 0] + (y - way[nearest, 1]) * step[:, 1]
    out: FloatArray = np.clip(along / np.maximum(size, 1e-9), -size / 2, size / 2)
    return out


def _nearer(task: Task, x: FloatArray, y: FloatArray) -> FloatArray:
    far = math.hypot(task.goal[0] - task.start[0], task.goal[1] - task.start[1]) - task.radius
    left = np.hypot(x - task.goal[0], y - task.goal[1]) - task.radius
    out: FloatArray = np.maximum.accumulate(np.clip(1.0 - left / max(far, 1e-9), 0.0, 1.0))
    return out


def way_points(network: RoadNetwork, route: Route) -> FloatArray:
    """(m, 2) points along the middle of the lanes of a route, in order."""
    spacing = max(SPACING, route.length / MOST_POINTS)
    roads, lanes, stations = [], [], []
    for step in route.steps:
        count = max(1, math.ceil(abs(step.s_to - step.s_from) / spacing))
        # the ends lie a hair inside the section, where its lanes are the ones meant
        inside = math.copysign(1e-6, step.s_to - step.s_from) if step.s_to != step.s_from else 0.0
        stations.append(np.linspace(step.s_from + inside, step.s_to - inside, count + 1))
        roads.append(np.full(count + 1, network.index(step.road)))
        lanes.append(np.full(count + 1, step.lane))
    if not stations:
        return np.zeros((0, 2))
    poses = network.lane_poses(*(np.concatenate(each) for each in (roads, lanes, stations)))
    there = np.isfinite(poses.x)
    return np.stack([poses.x[there], poses.y[there]], axis=1)


def blocked(times: FloatArray, speed: FloatArray) -> float:
    """When the ego had been standing for BLOCKED seconds; NaN for never."""
    still = np.abs(speed) < STILL
    since = np.maximum.accumulate(np.where(still, -np.inf, times))
    stood = np.where(still, times - np.maximum(since, times[0]), 0.0)
    return float(times[np.argmax(stood >= BLOCKED)]) if (stood >= BLOCKED).any() else math.nan
