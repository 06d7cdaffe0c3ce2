"""The ego among others: how near they are, when it would hit them, how fast they are."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.scoring.boxes import (
    Boxes,
    X,
    Y,
    boxes_of,
    distances,
    times_to_collision,
)
from concours.driving.scoring.collisions import Collision, collisions_of, kind_of
from concours.driving.world import Trace

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

AROUND = 50.0
"""Metres within which other vehicles are the traffic that the ego's speed is compared to."""
AHEAD, BEHIND = math.cos(math.radians(30.0)), math.cos(math.radians(150.0))
"""Cosines of nuPlan's bearings within which another is ahead of the ego, or behind it."""
STANDS = 5e-3
"""m/s under which the ego has no time to collision (nuPlan)."""


class Others(NamedTuple):
    """See `Observations`; arrays are (T,)."""

    nearest: FloatArray
    collision_in: FloatArray
    traffic: FloatArray
    collisions: tuple[Collision, ...]


def others_of(
    trace: Trace,
    ego: int,
    frames: IntArray,
    own: Boxes,
    *,
    several: BoolArray,
    junction: BoolArray,
) -> Others:
    """Look at everyone else in these frames; own: (T, 1) boxes of the ego.

    several: (T,) whether the ego is in several lanes or off them. junction: whether in one.
    """
    actors = [n for n in range(len(trace.actors)) if n != ego]
    times = trace.times[frames]
    if not actors:
        never = np.full(len(times), np.inf)
        return Others(never, never, np.full(len(times), np.nan), ())
    around = boxes_of(trace, actors, frames)
    apart = distances(own, around)
    reference = trace.values[frames, ego][:, [X, Y]]
    collisions = collisions_of(
        trace,
        ego,
        actors,
        times=times,
        own=own,
        around=around,
        reference=reference,
        several=several,
    )
    seconds = _relevant(times_to_collision(own, around), own, around, reference, several | junction)
    for one in collisions:  # what has been hit is told as a collision from then on
        hit = [trace.actors[n].name for n in actors].index(one.other)
        seconds[times > one.time, hit] = np.inf
    vehicle = np.array([kind_of(trace.actors[n].kind) == "vehicle" for n in actors])
    return Others(
        nearest=apart.min(axis=1),
        collision_in=seconds.min(axis=1),
        traffic=_mean_speed(around, vehicle & (apart <= AROUND)),
        collisions=collisions,
    )


def _relevant(
    seconds: FloatArray, own: Boxes, around: Boxes, reference: FloatArray, aside: BoolArray
) -> FloatArray:
    """Times to collision with those that nuPlan looks at, inf for the rest.

    aside: (T,) whether those to the side count too.
    """
    dx, dy = around.x - reference[:, :1], around.y - reference[:, 1:]
    ahead = dx * np.cos(own.heading) + dy * np.sin(own.heading)
    ahead *= np.where(own.speed < 0.0, -1.0, 1.0)
    away = np.hypot(dx, dy)
    counts = (ahead > AHEAD * away) | (aside[:, None] & (ahead >= BEHIND * away))
    return np.where(counts & (np.abs(own.speed) > STANDS), seconds, np.inf)


def _mean_speed(around: Boxes, counts: BoolArray) -> FloatArray:
    number = counts.sum(axis=1)
    total = np.where(counts, np.abs(around.speed), 0.0).sum(axis=1)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)
