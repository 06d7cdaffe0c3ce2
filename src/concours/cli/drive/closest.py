"""How near the ego of a run came to others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.driving.world import FIELDS, Actor, Trace

FloatArray = npt.NDArray[np.float64]
EGO = ("ego", "hero")
X, Y, HEADING = (FIELDS.index(name) for name in ("x", "y", "heading"))


def ego_of(trace: Trace) -> int:
    """The number of the actor that is called ego or hero, or begins so; else the first."""
    names = [actor.name.lower() for actor in trace.actors]
    called = [n for n, name in enumerate(names) if name in EGO]
    begins = [n for n, name in enumerate(names) if name.startswith(EGO)]
    return [*called, *begins, 0][0]


def closest(trace: Trace) -> float | None:
    """Metres between the boxes of the ego and of whoever came nearest, at the trace's moments.

    0.0 where they touched; None where nobody else was there at any of them. Heights do not count.
    """
    if not trace.actors:
        return None
    ego = ego_of(trace)
    if any(ego in (touch.first, touch.second) for touch in trace.touches):
        return 0.0
    least = np.inf
    for other in range(len(trace.actors)):
        if other != ego:
            least = min(least, _least(trace, ego, other))
    return float(least) if np.isfinite(least) else None


def _least(trace: Trace, one: int, two: int) -> float:
    """Boxes that do not overlap are nearest at a corner of one of them."""
    motion = trace.values[:, (one, two)]
    motion = motion[np.isfinite(motion[:, :, [X, Y, HEADING]]).all(axis=(1, 2))]
    if not len(motion):
        return np.inf
    a, b = trace.actors[one], trace.actors[two]
    first, second = motion[:, 0], motion[:, 1]
    there = _away(_corners(a, first), b, second).min()
    return float(min(there, _away(_corners(b, second), a, first).min()))


def _corners(actor: Actor, motion: FloatArray) -> FloatArray:
    """(T, 4, 2) corners of the actor's box."""
    ahead, aside = actor.center[0], actor.center[1]
    signs = np.array([(1, 1), (1, -1), (-1, -1), (-1, 1)]) / 2.0
    u, v = ahead + signs[:, 0] * actor.length, aside + signs[:, 1] * actor.width
    cos, sin = np.cos(motion[:, HEADING, None]), np.sin(motion[:, HEADING, None])
    x = motion[:, X, None] + u * cos - v * sin
    y = motion[:, Y, None] + u * sin + v * cos
    return np.stack([x, y], axis=2)


def _away(points: FloatArray, actor: Actor, motion: FloatArray) -> FloatArray:
    """(T, 4) metres from points to the actor's box."""
    x, y = points[:, :, 0] - motion[:, X, None], points[:, :, 1] - motion[:, Y, None]
    cos, sin = np.cos(motion[:, HEADING, None]), np.sin(motion[:, HEADING, None])
    u = np.abs(x * cos + y * sin - actor.center[0]) - actor.length / 2
    v = np.abs(y * cos - x * sin - actor.center[1]) - actor.width / 2
    return np.hypot(np.maximum(u, 0.0), np.maximum(v, 0.0))
