"""<road>: reference line, profiles, links, types."""

from __future__ import annotations

from collections.abc import Callable

from concours.driving.roads.errors import Severity
from concours.driving.roads.model import RawGeometry, RawLink, RawRoad
from concours.driving.roads.reading.furniture import read_objects, read_signals
from concours.driving.roads.reading.lanes import read_lanes
from concours.driving.roads.reading.values import cubic, speed_of
from concours.driving.roads.reading.xml import Node, Reader, line_of

PARAMETERS = {
    "line": (),
    "arc": ("curvature",),
    "spiral": ("curvStart", "curvEnd"),
    "poly3": ("a", "b", "c", "d"),
    "paramPoly3": ("aU", "bU", "cU", "dU", "aV", "bV", "cV", "dV"),
}
MIN_LENGTH = 1e-6
"""Metres; a geometry shorter than this has no direction and is left out."""
MAX_LENGTH = 1e7


def read_road(reader: Reader, node: Node) -> RawRoad:
    """One road. Raises BadMap where it has no id, length, or reference line."""
    road = RawRoad(
        id=reader.needed(node, "id"),
        name=reader.text(node, "name"),
        length=reader.number(node, "length"),
        junction=reader.text(node, "junction", "-1"),
        left_hand=_left_hand(reader, node),
        line=line_of(node),
    )
    if not 0 < road.length <= MAX_LENGTH:
        raise reader.bad("bad-length", f"road {road.id!r} is {road.length:g} m long", node)
    parts: dict[str, Callable[[Reader, Node, RawRoad], None]] = {
        "link": _links,
        "type": _type,
        "planView": _plan_view,
        "elevationProfile": _elevation,
        "lateralProfile": _lateral,
        "lanes": read_lanes,
        "signals": read_signals,
        "objects": read_objects,
    }
    for child in node:
        part = parts.get(child.tag)
        if part is not None:
            part(reader, child, road)
    if not road.geometries:
        raise reader.bad("no-reference-line", f"road {road.id!r} has no geometry", node)
    if not road.sections:
        raise reader.bad("no-lanes", f"road {road.id!r} has no lane section", node)
    return road


def _left_hand(reader: Reader, node: Node) -> bool:
    rule = reader.text(node, "rule", "RHT").upper()
    if rule not in ("RHT", "LHT"):
        reader.warn("bad-value", f"rule={rule[:20]!r} is neither RHT nor LHT: RHT is used", node)
    return rule == "LHT"


def _links(reader: Reader, node: Node, road: RawRoad) -> None:
    for child in node:
        if child.tag not in ("predecessor", "successor"):
            continue
        kind = reader.text(child, "elementType", "road")
        target = reader.text(child, "elementId")
        if kind not in ("road", "junction") or not target:
            words = "a link needs elementType (road or junction) and elementId: it is left out"
            reader.warn("bad-link", words, child, Severity.ERROR)
            continue
        contact = reader.text(child, "contactPoint")
        at = reader.number(child, "elementS") if child.get("elementS") else None
        direction = -1 if reader.text(child, "elementDir", "+") == "-" else 1
        link = RawLink(kind == "junction", target, contact, at, direction, line_of(child))
        setattr(road, child.tag, link)


def _type(reader: Reader, node: Node, road: RawRoad) -> None:
    speed = float("nan")
    for child in node:
        if child.tag == "speed":
            speed = speed_of(reader, child)
    road.types.append((reader.number(node, "s", 0.0), reader.text(node, "type"), speed))


def _plan_view(reader: Reader, node: Node, road: RawRoad) -> None:
    for child in node:
        if child.tag == "geometry":
            _geometry(reader, child, road)
    in_order = sorted(road.geometries, key=lambda geometry: geometry.s)
    if in_order != road.geometries:
        reader.warn("not-in-order", "geometries are not in the order of s: sorted", node)
        road.geometries = in_order


def _geometry(reader: Reader, node: Node, road: RawRoad) -> None:
    shapes = [child for child in node if child.tag in PARAMETERS]
    if len(shapes) != 1:
        raise reader.bad("bad-geometry", f"a geometry holds one shape, not {len(shapes)}", node)
    shape, kind = shapes[0], shapes[0].tag
    length = reader.number(node, "length")
    if length < 0 or length > MAX_LENGTH:
        raise reader.bad("bad-length", f"a geometry of {length:g} m", node)
    if length < MIN_LENGTH:
        reader.warn("empty-geometry", "a geometry of no length: left out", node)
        return
    s, x, y, heading = (reader.number(node, name) for name in ("s", "x", "y", "hdg"))
    normalized = kind == "paramPoly3" and reader.text(shape, "pRange", "normalized") != "arcLength"
    default = None if kind in ("arc", "spiral") else 0.0
    values = tuple(reader.number(shape, name, default) for name in PARAMETERS[kind])
    road.geometries.append(
        RawGeometry(s, x, y, heading, length, kind, values, normalized, line_of(node))
    )


def _elevation(reader: Reader, node: Node, road: RawRoad) -> None:
    road.elevation += [cubic(reader, child) for child in node if child.tag == "elevation"]
    road.elevation.sort()


def _lateral(reader: Reader, node: Node, road: RawRoad) -> None:
    for child in node:
        if child.tag == "superelevation":
            road.superelevation.append(cubic(reader, child))
        elif child.tag == "crossfall":
            side, record = reader.text(child, "side", "both"), cubic(reader, child)
            road.crossfall_left += [record] if side in ("left", "both") else []
            road.crossfall_right += [record] if side in ("right", "both") else []
        elif child.tag == "shape":
            s, a, b, c, d = cubic(reader, child)
            road.shape.append((s, reader.number(child, "t", 0.0), a, b, c, d))
    for records in (road.superelevation, road.crossfall_left, road.crossfall_right, road.shape):
        records.sort()
