"""A map as the file says it, before it is compiled: plain records, checked numbers.

Lengths in metres, angles in radians; `line` is the line of the element in the file. A cubic is
(s, a, b, c, d): a + b ds + c ds^2 + d ds^3 with ds counted from `s`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Cubic = tuple[float, float, float, float, float]


@dataclass(slots=True)
class RawGeometry:
    """One element of the plan view. kind: line, arc, spiral, poly3, paramPoly3."""

    s: float
    x: float
    y: float
    heading: float
    length: float
    kind: str
    parameters: tuple[float, ...]
    normalized: bool
    line: int


@dataclass(slots=True)
class RawLink:
    """The predecessor or successor of a road.

    In virtual junctions `s` and `direction` (1 or -1, along or against s) take the place of
    `contact`.
    """

    junction: bool
    target: str
    contact: str
    s: float | None
    direction: int
    line: int


@dataclass(slots=True)
class RawMark:
    s: float
    type: str
    color: str
    width: float
    lane_change: str


@dataclass(slots=True)
class RawLane:
    id: int
    type: str
    level: bool
    direction: str
    line: int
    widths: list[Cubic] = field(default_factory=list)
    borders: list[Cubic] = field(default_factory=list)
    heights: list[tuple[float, float, float]] = field(default_factory=list)
    marks: list[RawMark] = field(default_factory=list)
    speeds: list[tuple[float, float]] = field(default_factory=list)
    access: list[tuple[float, str, str]] = field(default_factory=list)
    predecessors: list[int] = field(default_factory=list)
    successors: list[int] = field(default_factory=list)


@dataclass(slots=True)
class RawSection:
    """`lanes` from left to right, the centre lane among them."""

    s: float
    line: int
    lanes: list[RawLane] = field(default_factory=list)


@dataclass(slots=True)
class RawSignal:
    """A signal, or a reference to one (`refers`)."""

    id: str
    name: str
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
    z_offset: float
    h_offset: float
    width: float
    height: float
    refers: bool
    validities: list[tuple[int, int]]
    line: int


@dataclass(slots=True)
class RawObject:
    id: str
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
    validities: list[tuple[int, int]]
    outline: list[tuple[str, float, float, float]]
    """Corners: ("local", u, v, z) in the object's frame, or ("road", s, t, z)."""
    repeats: list[tuple[float, ...]]
    """(s, length, distance, t at start and end, z offset at start and end)"""
    line: int


@dataclass(slots=True)
class RawRoad:
    id: str
    name: str
    length: float
    junction: str
    left_hand: bool
    line: int
    geometries: list[RawGeometry] = field(default_factory=list)
    predecessor: RawLink | None = None
    successor: RawLink | None = None
    types: list[tuple[float, str, float]] = field(default_factory=list)
    elevation: list[Cubic] = field(default_factory=list)
    superelevation: list[Cubic] = field(default_factory=list)
    crossfall_left: list[Cubic] = field(default_factory=list)
    crossfall_right: list[Cubic] = field(default_factory=list)
    shape: list[tuple[float, float, float, float, float, float]] = field(default_factory=list)
    offsets: list[Cubic] = field(default_factory=list)
    sections: list[RawSection] = field(default_factory=list)
    signals: list[RawSignal] = field(default_factory=list)
    objects: list[RawObject] = field(default_factory=list)


@dataclass(slots=True)
class RawConnection:
    """`contact` is the end of the connecting (or linked) road; "" where not said."""

    id: str
    incoming: str
    connecting: str
    contact: str
    lanes: list[tuple[int, int]]
    line: int


@dataclass(slots=True)
class RawJunction:
    id: str
    name: str
    type: str
    main_road: str
    s_start: float
    s_end: float
    line: int
    connections: list[RawConnection] = field(default_factory=list)


@dataclass(slots=True)
class RawController:
    id: str
    name: str
    line: int
    controls: list[tuple[str, str]] = field(default_factory=list)
    """(signal's id, type)"""


@dataclass(slots=True)
class RawMap:
    version: str = ""
    name: str = ""
    geo_reference: str = ""
    offset: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """x, y, z, heading of the header's offset."""
    roads: list[RawRoad] = field(default_factory=list)
    junctions: list[RawJunction] = field(default_factory=list)
    controllers: list[RawController] = field(default_factory=list)
