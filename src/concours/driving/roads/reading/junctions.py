"""<junction>: default, direct, virtual and crossing junctions, and their connections."""

from __future__ import annotations

from concours.driving.roads.errors import Severity
from concours.driving.roads.model import RawConnection, RawJunction
from concours.driving.roads.reading.xml import Node, Reader, line_of

TYPES = ("default", "direct", "virtual", "crossing")


def read_junction(reader: Reader, node: Node) -> RawJunction:
    """One junction; a connection that names no roads is a finding."""
    kind = reader.text(node, "type", "default")
    if kind not in TYPES:
        reader.warn("bad-value", f"junction type {kind[:20]!r} is not known: default", node)
        kind = "default"
    junction = RawJunction(
        id=reader.needed(node, "id"),
        name=reader.text(node, "name"),
        type=kind,
        main_road=reader.text(node, "mainRoad"),
        s_start=reader.soft(node, "sStart"),
        s_end=reader.soft(node, "sEnd"),
        line=line_of(node),
    )
    for child in node:
        if child.tag == "connection":
            _connection(reader, child, junction)
    return junction


def _connection(reader: Reader, node: Node, junction: RawJunction) -> None:
    incoming = reader.text(node, "incomingRoad")
    connecting = reader.text(node, "connectingRoad") or reader.text(node, "linkedRoad")
    if not incoming or not connecting:
        words = "a connection without incomingRoad, or connectingRoad or linkedRoad: left out"
        severity = Severity.INFO if junction.type in ("virtual", "crossing") else Severity.ERROR
        reader.warn("bad-connection", words, node, severity)
        return
    lanes = [
        (reader.integer(child, "from"), reader.integer(child, "to"))
        for child in node
        if child.tag == "laneLink"
    ]
    contact = reader.text(node, "contactPoint")
    if contact not in ("start", "end", ""):
        reader.warn("bad-value", f"contactPoint={contact[:20]!r} is neither start nor end", node)
        contact = ""
    identity = reader.text(node, "id")
    junction.connections.append(
        RawConnection(identity, incoming, connecting, contact, lanes, line_of(node))
    )
