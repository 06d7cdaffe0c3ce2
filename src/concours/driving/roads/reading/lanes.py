"""<lanes>: offsets, sections, lanes with widths, borders, heights, marks, speeds, access."""

from __future__ import annotations

import contextlib
import math
from itertools import pairwise

from concours.driving.roads.errors import Severity
from concours.driving.roads.kinds import LANE_CHANGES, LANE_CODES, MARK_CODES
from concours.driving.roads.model import RawLane, RawMark, RawRoad, RawSection
from concours.driving.roads.reading.values import cubic, speed_of
from concours.driving.roads.reading.xml import Node, Reader, line_of

SIDES = {"left": 1, "center": 0, "right": -1}
OLD_NAMES = {"mwyEntry": "entry", "mwyExit": "exit", "special": "special1", "walk": "walking"}
MAX_LANES = 200
"""Lanes in one section."""


def read_lanes(reader: Reader, node: Node, road: RawRoad) -> None:
    """Offsets and sections of a road, in the order of s."""
    for child in node:
        if child.tag == "laneOffset":
            road.offsets.append(cubic(reader, child))
        elif child.tag == "laneSection":
            road.sections.append(_section(reader, child))
    road.offsets.sort()
    starts = [section.s for section in road.sections]
    if starts != sorted(starts):
        reader.warn("not-in-order", "lane sections are not in the order of s: sorted", node)
        road.sections.sort(key=lambda section: section.s)
    if road.sections and road.sections[0].s > 1e-3:
        reader.warn("late-section", "the first lane section does not start at 0: it does now", node)
    if road.sections:
        road.sections[0].s = 0.0


def _section(reader: Reader, node: Node) -> RawSection:
    section = RawSection(reader.number(node, "s", 0.0), line_of(node))
    for side in node:
        if side.tag not in SIDES:
            continue
        for child in side:
            if child.tag == "lane":
                section.lanes.append(_lane(reader, child, section.s))
                _check_side(reader, child, section.lanes[-1], SIDES[side.tag])
    _complete(reader, node, section)
    return section


def _check_side(reader: Reader, node: Node, lane: RawLane, side: int) -> None:
    if (lane.id > 0) - (lane.id < 0) != side:
        words = f"lane {lane.id} is on the wrong side: the sign of its id counts"
        reader.warn("wrong-side", words, node)


def _complete(reader: Reader, node: Node, section: RawSection) -> None:
    section.lanes.sort(key=lambda lane: -lane.id)
    ids = [lane.id for lane in section.lanes]
    if len(set(ids)) < len(ids):
        raise reader.bad("twice", "a lane id is there twice in one section", node)
    if len(ids) > MAX_LANES:
        raise reader.bad("too-large", f"more than {MAX_LANES} lanes in one section", node)
    if 0 not in ids:
        reader.warn("no-centre-lane", "a lane section without lane 0: one is put in", node)
        section.lanes.append(
            RawLane(0, "none", level=False, direction="standard", line=line_of(node))
        )
        section.lanes.sort(key=lambda lane: -lane.id)
    ids = [lane.id for lane in section.lanes]
    if any(left - right != 1 for left, right in pairwise(ids)):
        reader.warn("gap-in-ids", "lane ids have gaps: lanes lie in the order of their ids", node)


def _lane(reader: Reader, node: Node, start: float) -> RawLane:
    lane = RawLane(
        id=reader.integer(node, "id"),
        type=_lane_type(reader, node),
        level=reader.text(node, "level", "false").lower() in ("true", "1"),
        direction=reader.text(node, "direction", "standard"),
        line=line_of(node),
    )
    for child in node:
        if child.tag == "link":
            _links(reader, child, lane)
        elif child.tag == "width":
            lane.widths.append(cubic(reader, child, "sOffset", start))
        elif child.tag == "border":
            lane.borders.append(cubic(reader, child, "sOffset", start))
        elif child.tag == "height":
            inner, outer = reader.number(child, "inner", 0.0), reader.number(child, "outer", 0.0)
            lane.heights.append((start + reader.number(child, "sOffset", 0.0), inner, outer))
        elif child.tag == "roadMark":
            lane.marks.append(_mark(reader, child, start))
        elif child.tag == "speed":
            s = start + reader.number(child, "sOffset", 0.0)
            lane.speeds.append((s, speed_of(reader, child)))
        elif child.tag == "access":
            _access(reader, child, lane, start)
    for records in (lane.widths, lane.borders, lane.heights, lane.speeds, lane.access):
        records.sort()
    lane.marks.sort(key=lambda mark: mark.s)
    _check_width(reader, node, lane)
    return lane


def _check_width(reader: Reader, node: Node, lane: RawLane) -> None:
    if lane.id == 0:
        lane.widths, lane.borders = [], []
    elif lane.widths and lane.borders:
        reader.warn("width-and-border", "a lane with widths and borders: its widths count", node)
        lane.borders = []
    elif not lane.widths and not lane.borders:
        reader.warn("no-width", "a lane without width or border: it is taken as 0 m wide", node)


def _lane_type(reader: Reader, node: Node) -> str:
    name = reader.text(node, "type", "none")
    if name in LANE_CODES:
        return name
    for known in LANE_CODES:
        if known.lower() == name.lower():
            return known
    if name in OLD_NAMES:
        return OLD_NAMES[name]
    reader.warn("unknown-lane-type", f"lane type {name[:40]!r} is not known: none is used", node)
    return "none"


def _links(reader: Reader, node: Node, lane: RawLane) -> None:
    for child in node:
        if child.tag == "predecessor":
            lane.predecessors.append(reader.integer(child, "id"))
        elif child.tag == "successor":
            lane.successors.append(reader.integer(child, "id"))


def _mark(reader: Reader, node: Node, start: float) -> RawMark:
    name = reader.text(node, "type", "none").replace("_", " ")
    if name not in MARK_CODES:
        words = f"road mark {name[:40]!r} is not known: taken as custom"
        reader.warn("unknown-mark", words, node)
        name = "custom"
    change = reader.text(node, "laneChange")
    if change not in LANE_CHANGES:
        reader.warn("bad-value", f"laneChange={change[:20]!r} is not known", node)
        change = ""
    return RawMark(
        s=start + reader.number(node, "sOffset", 0.0),
        type=_from_lines(node) if name == "custom" else name,
        color=reader.text(node, "color", "standard"),
        width=reader.soft(node, "width", math.nan),
        lane_change=change,
    )


def _from_lines(node: Node) -> str:
    """The type that the lines of a custom mark amount to, by its first lines from the inside."""
    words = []
    for line in node.iter("line"):
        broken = False
        with contextlib.suppress(ValueError):
            broken = float(line.get("space") or 0) > 0
        words.append("broken" if broken else "solid")
    name = " ".join(words[:2])
    return name if name in MARK_CODES else "custom"


def _access(reader: Reader, node: Node, lane: RawLane, start: float) -> None:
    s = start + reader.number(node, "sOffset", 0.0)
    rule = reader.text(node, "rule", "allow")
    who = [reader.text(child, "type") for child in node if child.tag == "restriction"]
    who += [reader.text(node, "restriction")] if node.get("restriction") else []
    if not who:
        reader.warn("bad-value", "access without a restriction", node, Severity.INFO)
    lane.access += [(s, rule, name) for name in who]
