"""What queries answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from concours.driving.roads.tables import FloatArray, IntArray


class Pose(NamedTuple):
    """A place and an attitude: x forward, y left, z up, right-handed.

    x, y, z in metres; heading from the x-axis to the left, in (-pi, pi]; pitch is positive nose
    down, roll positive with the left side up (ISO 8855); curvature in 1/m, positive to the left.
    """

    x: float
    y: float
    z: float
    heading: float
    pitch: float
    roll: float
    curvature: float


class Poses(NamedTuple):
    """Many poses, each field (n,); NaN where the lane or road is not there."""

    x: FloatArray
    y: FloatArray
    z: FloatArray
    heading: FloatArray
    pitch: FloatArray
    roll: FloatArray
    curvature: FloatArray


class Located(NamedTuple):
    """Where a point of the world is on the roads.

    offset is counted from the lane's middle, t from the reference line, both positive to the left
    of s; outside is the distance from the lane's surface seen from above, 0 on it; z the height
    of the surface there.
    """

    road: str
    lane: int
    s: float
    offset: float
    t: float
    outside: float
    z: float


class LocatedMany(NamedTuple):
    """Many points, each field (n,); road is the index of the road, -1 where none is near."""

    road: IntArray
    lane: IntArray
    s: FloatArray
    offset: FloatArray
    t: FloatArray
    outside: FloatArray
    z: FloatArray


class LaneEnd(NamedTuple):
    """A lane of the section that is entered, and the station where it is."""

    road: str
    lane: int
    s: float


class RouteStep(NamedTuple):
    """A stretch of a route in one lane of one section, driven from s_from to s_to.

    `changes` says that the step is left sideways, into the lane of the next step.
    """

    road: str
    lane: int
    s_from: float
    s_to: float
    changes: bool


@dataclass(frozen=True, slots=True)
class Route:
    """A way over lanes. `length` in metres along the lanes' roads, changes of lane not counted."""

    steps: tuple[RouteStep, ...]
    length: float

    @property
    def roads(self) -> tuple[str, ...]:
        """The roads in order, each once where the route stays on it."""
        ids = [step.road for step in self.steps]
        return tuple(one for i, one in enumerate(ids) if i == 0 or ids[i - 1] != one)


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal, or a reference to one that stands at another road.

    orientation: 1 for traffic along s, -1 against it, 0 both. `lanes` are ranges of lane ids that
    it is valid for; empty for all. value is NaN where none is given.
    """

    id: str
    road: str
    s: float
    t: float
    orientation: int
    dynamic: bool
    type: str
    subtype: str
    country: str
    value: float
    unit: str
    text: str
    name: str
    z_offset: float
    h_offset: float
    width: float
    height: float
    refers: bool
    lanes: tuple[tuple[int, int], ...]

    def holds_for(self, lane: int) -> bool:
        """Whether it is valid for a lane."""
        return not self.lanes or any(low <= lane <= high for low, high in self.lanes)


@dataclass(frozen=True, slots=True)
class StopLine:
    """Where traffic in some lanes stops.

    lanes: ids of drivable lanes whose traffic meets it. signals: ids of the dynamic signals
    there. marked: whether the file holds a stop line; else it follows from where the signals are.
    """

    road: str
    s: float
    lanes: tuple[int, ...]
    signals: tuple[str, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class Controller:
    """Signals that are switched together."""

    id: str
    name: str
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoadObject:
    """Something beside or on the road; sizes in metres, 0 where not given.

    heading is relative to the road's. corners: (frame, first, second, height), frame "local" in
    the object's own axes or "road" for s and t.
    """

    id: str
    road: str
    name: str
    type: str
    subtype: str
    s: float
    t: float
    z_offset: float
    heading: float
    pitch: float
    roll: float
    length: float
    width: float
    height: float
    radius: float
    orientation: int
    lanes: tuple[tuple[int, int], ...]
    corners: tuple[tuple[str, float, float, float], ...]
    repeats: tuple[tuple[float, ...], ...]


class Mark(NamedTuple):
    """A road mark at the outer border of `lane` (of lane 0: between the sides) at a station.

    width is NaN where none is given; lane_change "" where the file does not say.
    """

    road: str
    lane: int
    s: float
    t: float
    type: str
    color: str
    width: float
    lane_change: str


class Crossing(NamedTuple):
    """A mark that a move crosses.

    leftwards: towards larger t. near: the line that is met first ("solid", "broken", or the
    mark's type). allowed: by lane_change where the file says, else by the line met first.
    """

    mark: Mark
    leftwards: bool
    near: str
    allowed: bool
