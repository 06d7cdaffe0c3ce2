"""A whole file: header, roads, junctions, controllers."""

from __future__ import annotations

from collections.abc import Callable

from concours.driving.roads.errors import Findings, Severity
from concours.driving.roads.model import RawController, RawMap
from concours.driving.roads.reading.junctions import read_junction
from concours.driving.roads.reading.known import tell, tell_unused
from concours.driving.roads.reading.roads import read_road
from concours.driving.roads.reading.xml import Node, Reader, line_of, top_level

VERSIONS = range(1, 10)
"""Minor versions of OpenDRIVE 1 that are known."""


def read(data: bytes, findings: Findings) -> RawMap:
    """The records of a map. Raises BadMap for what cannot be a map at all.

    Time and memory: linear in the bytes, with one road in memory as XML at a time.
    """
    reader = Reader(findings)
    found = RawMap()
    handlers: dict[str, Callable[[Reader, Node, RawMap], None]] = {
        "header": _header,
        "road": _road,
        "junction": _junction,
        "controller": _controller,
    }
    nodes = top_level(data, findings)
    root = next(nodes)
    if root.tag != "OpenDRIVE":
        raise reader.bad("not-opendrive", f"the root is <{root.tag[:40]}>, not <OpenDRIVE>", root)
    for node in nodes:
        handler = handlers.get(node.tag)
        if handler is None:
            tell(reader, node)
            continue
        handler(reader, node, found)
        tell_unused(reader, node)
    if not found.version:
        reader.warn("no-header", "no <header> with revMajor and revMinor: read as 1.4", root)
    if not found.roads:
        raise reader.bad("no-roads", "there is no <road> in the file", root)
    _refuse_twins(found, findings)
    return found


def _header(reader: Reader, node: Node, found: RawMap) -> None:
    major, minor = reader.soft(node, "revMajor", 1), reader.soft(node, "revMinor", 4)
    found.version = f"{major:.0f}.{minor:.0f}"
    found.name = reader.text(node, "name")
    if major != 1 or minor not in VERSIONS:
        reader.warn("unknown-version", f"OpenDRIVE {found.version}: read like 1.9", node)
    for child in node:
        if child.tag == "geoReference":
            found.geo_reference = (child.text or "").strip()[:4096]
        elif child.tag == "offset":
            x, y, z, heading = (reader.soft(child, name) for name in ("x", "y", "z", "hdg"))
            found.offset = (x, y, z, heading)


def _road(reader: Reader, node: Node, found: RawMap) -> None:
    found.roads.append(read_road(reader, node))


def _junction(reader: Reader, node: Node, found: RawMap) -> None:
    found.junctions.append(read_junction(reader, node))


def _controller(reader: Reader, node: Node, found: RawMap) -> None:
    one = RawController(reader.needed(node, "id"), reader.text(node, "name"), line_of(node))
    for child in node:
        if child.tag == "control":
            one.controls.append((reader.needed(child, "signalId"), reader.text(child, "type")))
    found.controllers.append(one)


def _refuse_twins(found: RawMap, findings: Findings) -> None:
    seen: dict[str, int] = {}
    for road in found.roads:
        if road.id in seen:
            raise findings.bad(
                "twice",
                f"road {road.id!r} is there twice, first in line {seen[road.id]}",
                line=road.line,
                element="road",
            )
        seen[road.id] = road.line
    for kind, items in (("junction", found.junctions), ("controller", found.controllers)):
        known: set[str] = set()
        for item in items:
            if item.id in known:
                words = f"{kind} {item.id!r} is there twice: the first is used"
                findings.add("twice", words, line=item.line, element=kind, severity=Severity.ERROR)
            known.add(item.id)
