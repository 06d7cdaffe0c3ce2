"""<signals> and <objects> of a road."""

from __future__ import annotations

import math

from concours.driving.roads.errors import Severity
from concours.driving.roads.model import RawObject, RawRoad, RawSignal
from concours.driving.roads.reading.xml import Node, Reader, line_of

VALIDITIES = ("validity", "laneValidity", "Validity")
"""As it is called now, in 1.1 and in 1.2."""
ORIENTATIONS = {"+": 1, "-": -1, "none": 0, "": 0}


def read_signals(reader: Reader, node: Node, road: RawRoad) -> None:
    """Signals and references to signals, in the order of the file."""
    for child in node:
        if child.tag in ("signal", "signalReference"):
            road.signals.append(_signal(reader, child, road))


def read_objects(reader: Reader, node: Node, road: RawRoad) -> None:
    """Objects in the order of the file."""
    for child in node:
        if child.tag == "object":
            road.objects.append(_object(reader, child, road))


def _signal(reader: Reader, node: Node, road: RawRoad) -> RawSignal:
    if not reader.text(node, "id"):
        reader.warn("missing-attribute", "a signal without id", node, Severity.ERROR)
    return RawSignal(
        id=reader.text(node, "id"),
        name=reader.text(node, "name"),
        s=_station(reader, node, road),
        t=reader.soft(node, "t"),
        orientation=_orientation(reader, node),
        dynamic=reader.text(node, "dynamic", "no") == "yes",
        type=reader.text(node, "type", "-1"),
        subtype=reader.text(node, "subtype", "-1"),
        country=reader.text(node, "country"),
        value=reader.soft(node, "value", math.nan),
        unit=reader.text(node, "unit"),
        text=reader.text(node, "text"),
        z_offset=reader.soft(node, "zOffset"),
        h_offset=reader.soft(node, "hOffset"),
        width=reader.soft(node, "width"),
        height=reader.soft(node, "height"),
        refers=node.tag == "signalReference",
        validities=_validities(reader, node),
        line=line_of(node),
    )


def _object(reader: Reader, node: Node, road: RawRoad) -> RawObject:
    return RawObject(
        id=reader.text(node, "id"),
        name=reader.text(node, "name"),
        type=reader.text(node, "type", "none"),
        subtype=reader.text(node, "subtype"),
        s=_station(reader, node, road),
        t=reader.soft(node, "t"),
        z_offset=reader.soft(node, "zOffset"),
        heading=reader.soft(node, "hdg"),
        pitch=reader.soft(node, "pitch"),
        roll=reader.soft(node, "roll"),
        length=reader.soft(node, "length"),
        width=reader.soft(node, "width"),
        height=reader.soft(node, "height"),
        radius=reader.soft(node, "radius"),
        orientation=_orientation(reader, node),
        validities=_validities(reader, node),
        outline=_outline(reader, node),
        repeats=_repeats(reader, node),
        line=line_of(node),
    )


def _station(reader: Reader, node: Node, road: RawRoad) -> float:
    s = reader.soft(node, "s")
    if not -1e-3 <= s <= road.length + 1e-3:
        reader.warn("off-the-road", "s is not on the road: the nearer end is used", node)
    return min(max(s, 0.0), road.length)


def _orientation(reader: Reader, node: Node) -> int:
    given = reader.text(node, "orientation")
    if given not in ORIENTATIONS:
        reader.warn("bad-value", f"orientation={given[:20]!r} is not +, - or none", node)
    return ORIENTATIONS.get(given, 0)


def _validities(reader: Reader, node: Node) -> list[tuple[int, int]]:
    return [
        (int(reader.soft(child, "fromLane")), int(reader.soft(child, "toLane")))
        for child in node
        if child.tag in VALIDITIES
    ]


def _outline(reader: Reader, node: Node) -> list[tuple[str, float, float, float]]:
    """Corners of the first outline: (frame, first, second, height)."""
    for outline in node.iter("outline"):
        corners = []
        for child in outline:
            if child.tag == "cornerLocal":
                u, v, z = (reader.soft(child, name) for name in ("u", "v", "z"))
                corners.append(("local", u, v, z))
            elif child.tag == "cornerRoad":
                s, t, z = (reader.soft(child, name) for name in ("s", "t", "dz"))
                corners.append(("road", s, t, z))
        return corners
    return []


def _repeats(reader: Reader, node: Node) -> list[tuple[float, ...]]:
    """(s, length, distance, t at start and end, z offset at start and end) of each repeat."""
    return [
        tuple(
            reader.soft(child, name)
            for name in ("s", "length", "distance", "tStart", "tEnd", "zOffsetStart", "zOffsetEnd")
        )
        for child in node
        if child.tag == "repeat"
    ]
