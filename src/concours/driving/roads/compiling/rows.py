"""Rows of the tables: roads, sections, lanes and all that hangs on them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from concours.driving.roads import tables as t
from concours.driving.roads.compiling.pieces import pieces_of
from concours.driving.roads.compiling.texts import Texts
from concours.driving.roads.errors import Findings
from concours.driving.roads.kinds import LANE_CHANGES, LANE_CODES, MARK_CODES
from concours.driving.roads.model import (
    RawLane,
    RawMap,
    RawObject,
    RawRoad,
    RawSection,
    RawSignal,
)

MIN_SECTION = 1e-6


@dataclass
class Rows:
    """Growing tables; `ranges` of later rows are written when they are put in."""

    texts: Texts = field(default_factory=Texts)
    lists: dict[str, list[Any]] = field(default_factory=dict)

    def put(self, name: str, rows: Iterable[Any]) -> tuple[int, int]:
        """Append rows to a table; first and after the last of them."""
        table = self.lists.setdefault(name, [])
        first = len(table)
        table.extend(rows)
        return first, len(table)

    def array(self, name: str, columns: int, dtype: type) -> np.ndarray[Any, Any]:
        """(rows, columns)"""
        rows = self.lists.get(name, [])
        return np.array(rows, dtype=dtype).reshape(len(rows), columns)


def fill(found: RawMap, rows: Rows, findings: Findings) -> None:
    """Every road of the map, in the order of the file."""
    junctions = {junction.id: number for number, junction in enumerate(found.junctions)}
    for number, road in enumerate(found.roads):
        row = np.zeros(t.ROAD_COLUMNS, dtype=np.int64)
        _profiles(road, row, rows, findings)
        row[t.LEFT_HAND] = road.left_hand
        row[t.ROAD_ID], row[t.ROAD_NAME] = rows.texts.number(road.id), rows.texts.number(road.name)
        row[t.JUNCTION] = junctions.get(road.junction, -1)
        if road.junction not in ("", "-1") and road.junction not in junctions:
            words = f"junction {road.junction!r} of road {road.id!r} is not in the file"
            findings.add("link-to-nothing", words, line=road.line, element="road")
        row[t.SECTIONS : t.SECTIONS + 2] = _sections(number, road, rows, findings)
        row[t.SIGNALS : t.SIGNALS + 2] = _signals(number, road, rows)
        row[t.OBJECTS : t.OBJECTS + 2] = _objects(number, road, rows)
        rows.put("roads", [row])
        rows.put("lengths", [road.length])


def _profiles(road: RawRoad, row: np.ndarray[Any, Any], rows: Rows, findings: Findings) -> None:
    row[t.PIECES : t.PIECES + 2] = rows.put("pieces", pieces_of(road, findings))
    for column, records in (
        (t.ELEVATION, road.elevation),
        (t.SUPERELEVATION, road.superelevation),
        (t.OFFSETS, road.offsets),
        (t.CROSS_LEFT, road.crossfall_left),
        (t.CROSS_RIGHT, road.crossfall_right),
    ):
        row[column : column + 2] = rows.put("cubics", _padded(records))
    row[t.SHAPES : t.SHAPES + 2] = rows.put("cubics", road.shape)
    tilting = (*road.superelevation, *road.crossfall_left, *road.crossfall_right, *road.shape)
    row[t.TILTED] = any(any(record[1:]) for record in tilting)
    types = sorted(road.types, key=lambda one: one[0])
    row[t.TYPES : t.TYPES + 2] = rows.put(
        "types", [(s, rows.texts.number(name), speed) for s, name, speed in types]
    )


def _padded(records: Iterable[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Records as rows of the table of cubics."""
    return [(*record, *(0.0,) * (6 - len(record))) for record in records]


def _sections(number: int, road: RawRoad, rows: Rows, findings: Findings) -> tuple[int, int]:
    starts = [section.s for section in road.sections] + [road.length]
    made = []
    for section, end in zip(road.sections, starts[1:], strict=True):
        if end - section.s < MIN_SECTION:
            words = "a lane section of no length: left out"
            findings.add(
                "empty-section", words, line=section.line, element="road/lanes/laneSection"
            )
            continue
        made.append((section, end))
    if not made:
        raise findings.bad(
            "no-lanes", "no lane section has a length", line=road.line, element="road"
        )
    kept: list[RawSection] = []
    for section, end in made:
        kept.append(section)
        owner = len(rows.lists.get("sections", []))
        first, last = rows.put(
            "lanes", [_lane(owner, road, lane, rows, findings) for lane in section.lanes]
        )
        centre = first + [lane.id for lane in section.lanes].index(0)
        rows.put("sections", [(number, first, last, centre)])
        rows.put("section_s", [(section.s, end)])
    road.sections = kept
    last_row = len(rows.lists["sections"])
    return last_row - len(kept), last_row


def _lane(
    section: int, road: RawRoad, lane: RawLane, rows: Rows, findings: Findings
) -> np.ndarray[Any, Any]:
    row = np.zeros(t.LANE_COLUMNS, dtype=np.int64)
    row[t.LANE_ID], row[t.LANE_TYPE] = lane.id, LANE_CODES[lane.type]
    row[t.LANE_SECTION], row[t.LEVEL] = section, lane.level
    row[t.DIRECTION] = _direction(road, lane)
    row[t.BY_BORDER] = bool(lane.borders)
    row[t.WIDTHS : t.WIDTHS + 2] = rows.put("cubics", _padded(lane.widths or lane.borders))
    row[t.HEIGHTS : t.HEIGHTS + 2] = rows.put("cubics", _padded(lane.heights))
    texts = rows.texts
    row[t.MARKS : t.MARKS + 2] = rows.put(
        "marks",
        [
            (
                m.s,
                MARK_CODES[m.type],
                texts.number(m.color),
                m.width,
                LANE_CHANGES.index(m.lane_change),
            )
            for m in lane.marks
        ],
    )
    row[t.SPEEDS : t.SPEEDS + 2] = rows.put("speeds", lane.speeds)
    row[t.ACCESS : t.ACCESS + 2] = rows.put(
        "access", [(s, texts.number(rule), texts.number(who)) for s, rule, who in lane.access]
    )
    return row


def _direction(road: RawRoad, lane: RawLane) -> int:
    """1 where traffic drives along s, -1 against it, 0 both ways."""
    if lane.id == 0:
        return 0
    if lane.type == "bidirectional" or lane.direction == "both":
        return 0
    along = 1 if (lane.id < 0) != road.left_hand else -1
    return -along if lane.direction == "reversed" else along


def _validities(rows: Rows, ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return rows.put("validities", [(min(pair), max(pair)) for pair in ranges])


def _signals(number: int, road: RawRoad, rows: Rows) -> tuple[int, int]:
    made = []
    for one in sorted(road.signals, key=lambda signal: signal.s):
        rows.put("signal_f", [_signal_floats(one)])
        texts = [one.id, one.name, one.type, one.subtype, one.country, one.unit, one.text]
        numbers = [rows.texts.number(text) for text in texts]
        flags = (one.orientation, one.dynamic, one.refers, *_validities(rows, one.validities))
        made.append((number, *flags, *numbers))
    return rows.put("signals", made)


def _signal_floats(one: RawSignal) -> tuple[float, ...]:
    return (one.s, one.t, one.z_offset, one.h_offset, one.width, one.height, one.value)


def _objects(number: int, road: RawRoad, rows: Rows) -> tuple[int, int]:
    made = []
    for one in sorted(road.objects, key=lambda thing: thing.s):
        rows.put("object_f", [_object_floats(one)])
        numbers = [rows.texts.number(text) for text in (one.id, one.name, one.type, one.subtype)]
        corners = rows.put(
            "corners",
            [(1.0 if frame == "road" else 0.0, x, y, z) for frame, x, y, z in one.outline],
        )
        repeats = rows.put("repeats", one.repeats)
        validity = _validities(rows, one.validities)
        made.append((number, one.orientation, *validity, *corners, *repeats, *numbers))
    return rows.put("objects", made)


def _object_floats(one: RawObject) -> tuple[float, ...]:
    size = (one.length, one.width, one.height, one.radius)
    values = (one.s, one.t, one.z_offset, one.heading, one.pitch, one.roll, *size)
    return tuple(value if math.isfinite(value) else 0.0 for value in values)
