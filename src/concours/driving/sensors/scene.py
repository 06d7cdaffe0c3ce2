"""What there is to sense at one moment, as plain arrays; a world, a log or a test fills it in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.sensors.frames import rotation

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Ego:
    """The vehicle that carries the sensors; world right-handed, metres, radians, seconds.

    Attributes:
        place: (3,) the middle of its outline seen from above, on the ground.
        heading, pitch, roll: as `frames` says.
        velocity, acceleration: (3,) in the world.
        rates: (3,) turning rates about its own x, y, z axes (rad/s).
    """

    place: FloatArray
    heading: float
    pitch: float = 0.0
    roll: float = 0.0
    velocity: FloatArray = field(default_factory=lambda: np.zeros(3))
    acceleration: FloatArray = field(default_factory=lambda: np.zeros(3))
    rates: FloatArray = field(default_factory=lambda: np.zeros(3))

    @cached_property
    def turn(self) -> FloatArray:
        """(3, 3) columns are the vehicle's axes in the world."""
        return rotation(self.heading, self.pitch, self.roll)


class Others(NamedTuple):
    """Everything but the ego and the ground: boxes, one a row.

    Attributes:
        ids: (n,) numbers that stay an actor's own through a run.
        kinds: (n,) of `Tag`.
        poses: (n, 6) x, y, z of the box's middle, heading, pitch, roll.
        sizes: (n, 3) length, width, height (m).
        velocities: (n, 3) in the world (m/s).
    """

    ids: IntArray
    kinds: IntArray
    poses: FloatArray
    sizes: FloatArray
    velocities: FloatArray


class Weather(NamedTuple):
    """light: 1 by day, 0 in a moonless night. rain: mm/h. visual_range: metres, inf without fog."""

    light: float = 1.0
    rain: float = 0.0
    visual_range: float = math.inf

    @property
    def extinction(self) -> float:
        """1/m: contrast falls to a twentieth over the visual range (ICAO Annex 3)."""
        return 3.0 / self.visual_range if self.visual_range > 0 else math.inf


class SignalAhead(NamedTuple):
    """A light on the ego's way: its id, metres along the route to its stop line, and its state."""

    id: str
    distance: float
    state: str


class Lamp(NamedTuple):
    """A traffic light as cameras see it.

    x, y, z: the middle of its head. heading: where it shines to. state: "red", "yellow", "green",
    else dark.
    """

    x: float
    y: float
    z: float
    heading: float
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SensedScene:
    """One moment. signals and lamps may be left out: they are read by few sensors."""

    ego: Ego
    others: Others
    weather: Weather = field(default_factory=Weather)
    signals: tuple[SignalAhead, ...] = ()
    lamps: tuple[Lamp, ...] = ()


def no_others() -> Others:
    """An empty scene."""
    return Others(
        ids=np.zeros(0, dtype=np.int64),
        kinds=np.zeros(0, dtype=np.int64),
        poses=np.zeros((0, 6)),
        sizes=np.zeros((0, 3)),
        velocities=np.zeros((0, 3)),
    )
