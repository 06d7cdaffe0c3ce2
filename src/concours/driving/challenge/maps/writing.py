"""A map as OpenDRIVE 1.7."""

from __future__ import annotations

from functools import singledispatch
from itertools import pairwise

from lxml import etree

from concours.driving.challenge.maps.lines import Arc, Cubic, Line, Piece, Spot
from concours.driving.challenge.maps.parts import (
    Junction,
    Lane,
    Light,
    Link,
    Map,
    Mark,
    Road,
    Section,
    Thing,
    matched,
)
from concours.driving.challenge.xml import Node, add, document

GEO = "+proj=tmerc +lat_0=39.9 +lon_0=116.4 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
MARK_WIDTH = 0.15
LIGHT = ("1000001", "-1")
STOP_LINE = ("294", "-1")
"""Types of signals: a light with three lamps, and a stop line."""


def write(plan: Map) -> bytes:
    """The document; the same map gives the same bytes."""
    root = etree.Element("OpenDRIVE")
    spots = [spot for road in plan.roads for spot in (road.start, road.end)]
    header = add(
        root, "header", revMajor=1, revMinor=7, name=plan.name, version="1.0",
        date="2023-03-01T00:00:00", vendor="Concours",
        north=max(spot.y for spot in spots), south=min(spot.y for spot in spots),
        east=max(spot.x for spot in spots), west=min(spot.x for spot in spots),
    )  # fmt: skip
    add(header, "geoReference").text = etree.CDATA(GEO)
    for road in sorted(plan.roads, key=lambda road: road.id):
        _road(root, road)
    for controller in plan.controllers:
        node = add(root, "controller", id=controller.id, name=controller.name, sequence=0)
        for light in controller.lights:
            add(node, "control", signalId=light, type="")
    for junction in plan.junctions:
        _junction(root, junction)
    return document(root)


def _road(root: Node, road: Road) -> None:
    node = add(
        root, "road", name=road.name, length=road.length, id=road.id, junction=road.junction,
        rule="RHT",
    )  # fmt: skip
    links = add(node, "link")
    for tag, link in (("predecessor", road.before), ("successor", road.after)):
        if link is not None:
            _link(links, tag, link)
    kind = add(node, "type", s=0, type="town")
    add(kind, "speed", max=road.speed, unit="km/h")
    plan = add(node, "planView")
    s, spot = 0.0, road.start
    for piece in road.pieces:
        _geometry(plan, piece, s, spot)
        s, spot = s + piece.length, piece.end(spot)
    profile = add(node, "elevationProfile")
    for row in road.elevation:
        add(profile, "elevation", **dict(zip("sabcd", row, strict=True)))
    add(node, "lateralProfile")
    _lanes(add(node, "lanes"), road)
    things = add(node, "objects")
    for thing in road.things:
        _thing(things, thing)
    signals = add(node, "signals")
    for light in road.lights:
        _light(signals, light)


def _link(node: Node, tag: str, link: Link) -> None:
    contact = {"contactPoint": link.contact} if link.contact else {}
    add(node, tag, elementType=link.type, elementId=link.id, **contact)


def _geometry(plan: Node, piece: Piece, s: float, spot: Spot) -> None:
    node = add(
        plan, "geometry", s=s, x=spot.x, y=spot.y, hdg=spot.heading, length=piece.length
    )  # fmt: skip
    _shape(piece, node)


@singledispatch
def _shape(piece: Piece, node: Node) -> None:
    raise TypeError(piece)


@_shape.register
def _(piece: Line, node: Node) -> None:
    add(node, "line")


@_shape.register
def _(piece: Arc, node: Node) -> None:
    add(node, "arc", curvature=piece.curvature)


@_shape.register
def _(piece: Cubic, node: Node) -> None:
    values = {f"{name}U": value for name, value in zip("abcd", piece.u, strict=True)}
    values |= {f"{name}V": value for name, value in zip("abcd", piece.v, strict=True)}
    add(node, "paramPoly3", pRange="normalized", **values)


def _lanes(node: Node, road: Road) -> None:
    linked = _lane_links(road)
    for number, section in enumerate(road.sections):
        part = add(node, "laneSection", s=section.s)
        for tag, sign in (("left", 1), ("center", 0), ("right", -1)):
            ids = [sign * n for n in range(1, len(section.side(sign)) + 1)] if sign else [0]
            if not ids:
                continue
            side = add(part, tag)
            for lane in sorted(ids, reverse=True):
                _lane(side, section, lane, linked.get((number, lane), {}))


def _lane_links(road: Road) -> dict[tuple[int, int], dict[str, int]]:
    """By section and lane: its predecessor and successor."""
    found: dict[tuple[int, int], dict[str, int]] = {}
    for number, (one, other) in enumerate(pairwise(road.sections)):
        for sign in (1, -1):
            for a, b in matched(one.side(sign), other.side(sign)):
                found.setdefault((number, sign * a), {})["successor"] = sign * b
                found.setdefault((number + 1, sign * b), {})["predecessor"] = sign * a
    for lane, before, after in road.lane_links:
        found[0, lane] = {"predecessor": before, "successor": after}
    return found


def _lane(side: Node, section: Section, number: int, links: dict[str, int]) -> None:
    if number == 0:
        node = add(side, "lane", id=0, type="none", level="false")
        _marks(node, section.centre)
        return
    lane: Lane = section.side(number)[abs(number) - 1]
    node = add(side, "lane", id=number, type=lane.type, level="false")
    if links:
        inner = add(node, "link")
        for tag in ("predecessor", "successor"):
            if tag in links:
                add(inner, tag, id=links[tag])
    add(node, "width", sOffset=0, **dict(zip("abcd", lane.width, strict=True)))
    _marks(node, lane.marks)
    if lane.height:
        add(node, "height", sOffset=0, inner=lane.height, outer=lane.height)


def _marks(node: Node, marks: tuple[Mark, ...]) -> None:
    for mark in marks:
        change = {"laneChange": mark.change} if mark.change else {}
        add(
            node, "roadMark", sOffset=mark.s, type=mark.type, weight="standard",
            color=mark.color, width=MARK_WIDTH, **change,
        )  # fmt: skip


def _thing(node: Node, thing: Thing) -> None:
    inner = add(
        node, "object", id=thing.id, type=thing.type, name=thing.name, s=thing.s, t=thing.t,
        zOffset=0, hdg=0, pitch=0, roll=0, orientation="none",
    )  # fmt: skip
    outline = add(add(inner, "outlines"), "outline", id=0, closed="true")
    for number, (s, t) in enumerate(thing.corners):
        add(outline, "cornerRoad", id=number, s=s, t=t, dz=0, height=0)


def _light(node: Node, light: Light) -> None:
    """The light, and its stop line; the line's number is the light's and 5000."""
    common: dict[str, str | float] = {"s": light.s, "orientation": light.orientation}
    lamp = add(
        node, "signal", id=light.id, name=f"light {light.id}", t=light.t, zOffset=3.0,
        dynamic="yes", country="OpenDRIVE", type=LIGHT[0], subtype=LIGHT[1], height=1.0,
        width=0.4, **common,
    )  # fmt: skip
    line = add(
        node, "signal", id=5000 + light.id, name="stop line", t=0, zOffset=0, dynamic="no",
        country="DE", type=STOP_LINE[0], subtype=STOP_LINE[1], **common,
    )  # fmt: skip
    for each in (lamp, line):
        add(each, "validity", fromLane=light.lanes[0], toLane=light.lanes[1])


def _junction(root: Node, junction: Junction) -> None:
    node = add(root, "junction", id=junction.id, name=junction.name, type="default")
    for number, connection in enumerate(junction.connections):
        inner = add(
            node, "connection", id=number, incomingRoad=connection.incoming,
            connectingRoad=connection.connecting, contactPoint="start",
        )  # fmt: skip
        for before, lane in connection.lanes:
            add(inner, "laneLink", **{"from": before, "to": lane})
