"""What a run leaves behind: where everything was, what the storyboard did, who touched whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.scenarios.machine import Record, Unfired

FloatArray = npt.NDArray[np.float64]

FIELDS = (
    "x",
    "y",
    "z",
    "heading",
    "pitch",
    "roll",
    "speed",
    "acceleration",
    "road",
    "lane",
    "s",
    "offset",
)
"""Columns of `Trace.values`: metres, radians, m/s, m/s2; road is the road's index on the map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One entity as it is drawn and written.

    kind: "car", "truck", "bus", "motorbike", "bicycle", "pedestrian" ..., as the file says it.
    length, width, height: of the box (m); center: the box's middle from the reference point.
    """

    name: str
    kind: str
    length: float
    width: float
    height: float
    center: tuple[float, float, float] = (0.0, 0.0, 0.0)


class Touch(NamedTuple):
    """Two entities began to overlap (numbers of the actors, the lower first)."""

    time: float
    first: int
    second: int


class Light(NamedTuple):
    """A traffic signal came to a state."""

    time: float
    signal: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One run.

    Attributes:
        name: the scenario's. step: seconds between rows.
        end: "storyboard" (its stop trigger fired or all stories are done), "time" (the engine's
            own end of time came first), "outside" (whoever drove it left off).
        actors: in the order of the file, then of entering the scene.
        times: (T,) seconds.
        values: (T, n, 12) by FIELDS; NaN where an actor is not in the scene; road -1, lane 0,
            s and offset NaN where it is off the roads.
        record: every move of the storyboard. unfired: triggers that never fired.
        touches, lights: in the order of time.
        road_ids: ids by index.
        notes: what could not be played, one line each.
    """

    name: str
    step: float
    end: str
    actors: tuple[Actor, ...]
    times: FloatArray
    values: FloatArray
    record: tuple[Record, ...] = ()
    unfired: tuple[Unfired, ...] = ()
    touches: tuple[Touch, ...] = ()
    lights: tuple[Light, ...] = ()
    road_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def of(self, name: str, column: str) -> FloatArray:
        """(T,) one column of one actor. Raises KeyError for a name or column that is not there."""
        names = [actor.name for actor in self.actors]
        if name not in names or column not in FIELDS:
            raise KeyError(name if name not in names else column)
        return self.values[:, names.index(name), FIELDS.index(column)]
