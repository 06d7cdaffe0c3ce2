"""Streets: the usual cross-sections with their marks."""

from __future__ import annotations

from collections.abc import Sequence

from concours.driving.challenge.maps.lines import Piece, Spot
from concours.driving.challenge.maps.parts import Lane, Mark, Road, Section, constant

LANE = 3.5
SIDEWALK = 2.5
PARKING = 2.3
KERB = 0.15
"""Metres by which a sidewalk is higher than the road."""
APPROACH = 30.0
"""Metres before a junction in which lines are solid."""


def sidewalk(width: float = SIDEWALK) -> Lane:
    """Where people walk."""
    return Lane(type="sidewalk", width=constant(width), height=KERB)


def street(
    number: int,
    name: str,
    start: Spot,
    pieces: Sequence[Piece],
    *,
    lanes: int = 1,
    speed: float = 50.0,
    parking: tuple[float, float] | None = None,
    open_end: bool = False,
) -> Road:
    """A two-way street with so many lanes a direction and a sidewalk on both sides.

    parking: stations between which cars are parked on both sides. open_end: it ends at no
    junction, so its lines stay broken there.
    """
    length = sum(piece.length for piece in pieces)
    solid_from = length if open_end else length - APPROACH
    cuts = [0.0] if parking is None else [0.0, parking[0], parking[1]]
    ends = [*cuts[1:], length]
    sections = tuple(
        _section(s, end, lanes, solid_from, parked=parking is not None and number == 1)
        for number, (s, end) in enumerate(zip(cuts, ends, strict=True))
    )
    return Road(
        id=number, name=name, start=start, pieces=tuple(pieces), sections=sections, speed=speed
    )


def _section(s: float, end: float, lanes: int, solid_from: float, *, parked: bool) -> Section:
    middle = "solid solid" if lanes > 1 else "solid"
    between = "solid solid" if lanes > 1 else "broken"
    centre = [
        Mark(0.0, middle, "yellow", "none"),
        Mark(APPROACH, between, "yellow", "none" if lanes > 1 else "both"),
        Mark(solid_from, middle, "yellow", "none"),
    ]
    to_end = [Mark(0.0, "broken", change="both"), Mark(solid_from, "solid", change="none")]
    to_start = [Mark(0.0, "solid", change="none"), Mark(APPROACH, "broken", change="both")]
    return Section(
        s=s,
        left=_side(lanes, within(to_start, s, end), parked=parked),
        right=_side(lanes, within(to_end, s, end), parked=parked),
        centre=within(centre, s, end),
    )


def _side(lanes: int, inner: tuple[Mark, ...], *, parked: bool) -> tuple[Lane, ...]:
    edge = (Mark(0.0, "solid", change="none"),)
    driving = [
        Lane(type="driving", width=constant(LANE), marks=edge if number == lanes - 1 else inner)
        for number in range(lanes)
    ]
    if parked:
        driving.append(Lane(type="parking", width=constant(PARKING)))
    return (*driving, sidewalk())


def within(marks: Sequence[Mark], s: float, end: float) -> tuple[Mark, ...]:
    """The marks of a whole road, cut to a section."""
    found: list[Mark] = []
    for mark in marks:
        if mark.s >= end:
            break
        at = max(mark.s - s, 0.0)
        if found and found[-1].s == at:
            found.pop()
        if not found or found[-1][1:] != mark[1:]:
            found.append(mark._replace(s=at))
    return tuple(found)
