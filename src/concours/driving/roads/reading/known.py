"""Which elements are used, which are read over, and a finding for every one that is not used."""

from __future__ import annotations

from concours.driving.roads.errors import Severity
from concours.driving.roads.reading.xml import Node, Reader

EVERYWHERE = {
    "userData": "data of the producer's own: without effect",
    "include": "data in another file: not read",
    "dataQuality": "statements about the data's quality: without effect",
}
USED: dict[str, frozenset[str]] = {
    parent: frozenset(children.split())
    for parent, children in {
        "OpenDRIVE": "header road junction controller",
        "header": "geoReference offset",
        "road": "link type planView elevationProfile lateralProfile lanes objects signals",
        "road/link": "predecessor successor",
        "road/type": "speed",
        "planView": "geometry",
        "geometry": "line arc spiral poly3 paramPoly3",
        "elevationProfile": "elevation",
        "lateralProfile": "superelevation crossfall shape",
        "lanes": "laneOffset laneSection",
        "laneSection": "left center right",
        "left": "lane",
        "center": "lane",
        "right": "lane",
        "lane": "link width border height roadMark speed access",
        "lane/link": "predecessor successor",
        "roadMark": "type",
        "roadMark/type": "line",
        "access": "restriction",
        "signals": "signal signalReference",
        "signal": "validity laneValidity Validity",
        "signalReference": "validity laneValidity Validity",
        "objects": "object",
        "object": "validity outline outlines repeat",
        "outlines": "outline",
        "outline": "cornerLocal cornerRoad",
        "junction": "connection",
        "connection": "laneLink",
        "controller": "control",
    }.items()
}
UNSUPPORTED: dict[str, str] = {
    "surface": "surfaces (CRG): the road is taken as without them",
    "crossSectionSurface": "cross sections of 1.8: the road is taken as flat across",
    "material": "materials: without effect",
    "rule": "lane rules: without effect",
    "dependency": "dependencies of signals: without effect",
    "reference": "references of signals: without effect",
    "positionInertial": "positions of signals in world coordinates: s and t are used",
    "positionRoad": "positions of signals on another road: s and t are used",
    "semantics": "semantics of signals: type and subtype are used",
    "staticBoard": "boards of signals: without effect",
    "vmsBoard": "boards of signals: without effect",
    "vmsGroup": "groups of signs: without effect",
    "objectReference": "references to objects: not read",
    "tunnel": "tunnels: without effect",
    "bridge": "bridges: without effect",
    "markings": "markings of objects: without effect",
    "borders": "borders of objects: without effect",
    "parkingSpace": "parking spaces' access: without effect",
    "skeleton": "skeletons of objects: without effect",
    "sway": "swaying marks: the mark is taken at the lane's border",
    "explicit": "explicit marks: the mark is taken at the lane's border",
    "railroad": "railroads: without effect",
    "priority": "priorities of junctions: kept for no query",
    "controller": "controllers of a junction: kept for no query",
    "roadSection": "crossing junctions' sections: without effect",
    "crossPath": "crossing paths of pedestrians: without effect",
    "boundary": "boundaries of junctions: without effect",
    "elevationGrid": "elevation grids of junctions: without effect",
    "planView": "a junction's reference line: without effect",
    "laneOffset": "lane offsets there: without effect",
    "trafficIsland": "traffic islands: without effect",
    "predecessor": "predecessors of a connection: without effect",
    "successor": "successors of a connection: without effect",
    "neighbor": "neighbours of a road: without effect",
    "junctionGroup": "groups of junctions: without effect",
    "station": "stations: without effect",
    "platform": "platforms: without effect",
    "mainRoad": "without effect",
    "visibility": "visibility: without effect",
    "layout": "layouts: without effect",
    "defaultRegulations": "default regulations: not applied",
    "license": "licence of the file",
    "qualityLayer": "without effect",
    "wayPoint": "without effect",
}
FREE = frozenset({"userData", "geoReference", "header/offset"})
"""Elements whose content is not looked at."""


def tell_unused(reader: Reader, top: Node) -> None:
    """A finding for each kind of element below `top` that no query depends on."""
    for node in top.iter():
        parent = node.getparent()
        if parent is None or node is top or not isinstance(node.tag, str):
            continue
        if node.tag in _used_in(parent) or _inside_unused(parent, top):
            continue
        tell(reader, node)


def tell(reader: Reader, node: Node) -> None:
    """The finding for one element that is not used."""
    words = EVERYWHERE.get(node.tag) or UNSUPPORTED.get(node.tag)
    if words is None:
        reader.warn("unknown-element", "not an element of the standard here: not read", node)
    else:
        reader.warn("not-used", words, node, Severity.INFO)


def _used_in(parent: Node) -> frozenset[str]:
    above = parent.getparent()
    longer = f"{above.tag}/{parent.tag}" if above is not None else parent.tag
    return USED.get(longer, USED.get(parent.tag, frozenset()))


def _inside_unused(node: Node, top: Node) -> bool:
    while node is not top:
        parent = node.getparent()
        if parent is None:
            return False
        if node.tag not in _used_in(parent):
            return True
        node = parent
    return False
