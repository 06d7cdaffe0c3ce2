"""What a map is made of: roads with lanes, signals and objects, junctions, controllers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from concours.driving.challenge.maps.lines import Piece, Spot, end_of

Cubic = tuple[float, float, float, float]
"""a + b s + c s^2 + d s^3."""
ROLES = ("driving", "sidewalk", "shoulder")
"""Types of lanes that go on from section to section, in their order."""


class Mark(NamedTuple):
    """A mark from a station of the section on; change: what laneChange says."""

    s: float
    type: str
    color: str = "white"
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane: type, width (m) as a cubic of the section's s, marks at its outer border."""

    type: str
    width: Cubic
    marks: tuple[Mark, ...] = ()
    height: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The lanes from a station on; left and right from the middle outwards."""

    s: float
    left: tuple[Lane, ...]
    right: tuple[Lane, ...]
    centre: tuple[Mark, ...] = ()

    def side(self, sign: int) -> tuple[Lane, ...]:
        """The lanes with ids of this sign."""
        return self.left if sign > 0 else self.right


class Link(NamedTuple):
    """What a road begins or ends at; contact is "" for a junction."""

    type: str
    id: int
    contact: str = ""


class Light(NamedTuple):
    """A traffic light with the stop line of the lanes it is for."""

    id: int
    s: float
    t: float
    orientation: str
    lanes: tuple[int, int]


class Thing(NamedTuple):
    """An object with an outline by (s, t)."""

    id: int
    type: str
    name: str
    s: float
    t: float
    corners: tuple[tuple[float, float], ...]


@dataclass(slots=True, kw_only=True)
class Road:
    """One road.

    Attributes:
        elevation: (s, a, b, c, d), as the file has it. speed: km/h.
        junction: the junction that it is part of, -1 for none.
        lane_links: (lane, its predecessor, its successor) on other roads.
    """

    id: int
    name: str
    start: Spot
    pieces: tuple[Piece, ...]
    sections: tuple[Section, ...]
    speed: float
    elevation: tuple[tuple[float, ...], ...] = ((0.0, 0.0, 0.0, 0.0, 0.0),)
    junction: int = -1
    before: Link | None = None
    after: Link | None = None
    lane_links: tuple[tuple[int, int, int], ...] = ()
    lights: list[Light] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)

    @property
    def length(self) -> float:
        """Metres of the reference line."""
        return sum(piece.length for piece in self.pieces)

    @property
    def end(self) -> Spot:
        """Where it ends."""
        return end_of(self.start, self.pieces)

    def height(self, s: float) -> tuple[float, float]:
        """The height at s, and its slope."""
        start, a, b, c, d = [row for row in self.elevation if row[0] <= s + 1e-9][-1]
        ds = s - start
        return a + ds * (b + ds * (c + ds * d)), b + ds * (2 * c + ds * 3 * d)


class Connection(NamedTuple):
    """A way through a junction: from a road, over one that begins there, lane by lane."""

    incoming: int
    connecting: int
    lanes: tuple[tuple[int, int], ...]


@dataclass(slots=True, kw_only=True)
class Junction:
    """Where roads meet."""

    id: int
    name: str
    connections: list[Connection] = field(default_factory=list)


class Controller(NamedTuple):
    """Lights that change together; junction is where they stand."""

    id: int
    name: str
    junction: int
    lights: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Map:
    """A whole map."""

    name: str
    roads: list[Road] = field(default_factory=list)
    junctions: list[Junction] = field(default_factory=list)
    controllers: list[Controller] = field(default_factory=list)

    def road(self, number: int) -> Road:
        """A road by its id. Raises KeyError."""
        for road in self.roads:
            if road.id == number:
                return road
        raise KeyError(number)


def matched(one: tuple[Lane, ...], other: tuple[Lane, ...]) -> Iterator[tuple[int, int]]:
    """Which lanes of one side go on in which of the next section's: (number, number) from 1."""
    for role in {lane.type: None for lane in one}:
        mine = [number for number, lane in enumerate(one, 1) if lane.type == role]
        theirs = [number for number, lane in enumerate(other, 1) if lane.type == role]
        yield from zip(mine, theirs, strict=False)


def constant(width: float) -> Cubic:
    """A width that stays."""
    return (width, 0.0, 0.0, 0.0)


def smooth(start: float, end: float, length: float) -> Cubic:
    """From one value to another, level at both ends."""
    rise = end - start
    return (start, 0.0, 3 * rise / length**2, -2 * rise / length**3)
