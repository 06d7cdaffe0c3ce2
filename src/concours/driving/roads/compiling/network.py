"""A map as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from concours.driving.roads import tables as t
from concours.driving.roads.compiling.branches import cut_at_branches
from concours.driving.roads.compiling.index import cut_strips, sort_into_cells
from concours.driving.roads.compiling.links import joints_of
from concours.driving.roads.compiling.rows import Rows, fill
from concours.driving.roads.errors import Findings
from concours.driving.roads.limits import MAX_NUMBER
from concours.driving.roads.model import RawMap

Arrays = dict[str, np.ndarray[Any, Any]]

COLUMNS: dict[str, tuple[int, type]] = {
    "pieces": (t.PIECE_COLUMNS, np.float64),
    "cubics": (6, np.float64),
    "roads": (t.ROAD_COLUMNS, np.int64),
    "section_s": (2, np.float64),
    "sections": (t.SECTION_COLUMNS, np.int64),
    "lanes": (t.LANE_COLUMNS, np.int64),
    "types": (3, np.float64),
    "marks": (5, np.float64),
    "speeds": (2, np.float64),
    "access": (3, np.float64),
    "signals": (13, np.int64),
    "signal_f": (7, np.float64),
    "objects": (12, np.int64),
    "object_f": (10, np.float64),
    "corners": (4, np.float64),
    "repeats": (7, np.float64),
    "validities": (2, np.int64),
    "controllers": (4, np.int64),
    "controls": (2, np.int64),
    "junctions": (5, np.int64),
}


def compile_map(found: RawMap, findings: Findings) -> Arrays:
    """The arrays of a road network, by name.

    Time: linear in the elements, and in the length of the roads for the index.
    """
    cut_at_branches(found, findings)
    rows = Rows()
    fill(found, rows, findings)
    _others(found, rows)
    arrays: Arrays = {name: rows.array(name, *shape) for name, shape in COLUMNS.items()}
    arrays["lengths"] = np.array(rows.lists["lengths"], dtype=np.float64)
    arrays["offset"] = np.array(found.offset)
    arrays["joints"] = np.zeros(1, dtype=np.int64)  # until they are known
    for array in arrays.values():
        array.flags.writeable = False  # kernels are compiled for read-only arrays
    tables = t.Tables(*(arrays[name] for name in t.Tables._fields))
    arrays["joints"] = joints_of(found, tables, findings)
    arrays["strips"], arrays["strip_of"] = cut_strips(tables)
    _refuse_overflow(found, arrays, findings)
    arrays["grid"], arrays["cell_first"], arrays["cell_strips"] = sort_into_cells(arrays["strips"])
    arrays["about"] = np.array(
        [rows.texts.number(text) for text in (found.version, found.name, found.geo_reference)],
        dtype=np.int64,
    )
    arrays["text_bytes"], arrays["text_ends"] = rows.texts.arrays()
    return arrays


def _refuse_overflow(found: RawMap, arrays: Arrays, findings: Findings) -> None:
    """Raise BadMap for a road that its numbers put out of this world."""
    with np.errstate(invalid="ignore"):
        wild = ~(np.abs(arrays["strips"]) < MAX_NUMBER).all(axis=1)
    if wild.any():
        road = found.roads[int(arrays["strip_of"][np.flatnonzero(wild)[0], t.STRIP_ROAD])]
        words = f"the numbers of road {road.id!r} lead further than {MAX_NUMBER:g} m"
        raise findings.bad("out-of-this-world", words, line=road.line, element="road")


def _others(found: RawMap, rows: Rows) -> None:
    """Junctions and controllers."""
    number = rows.texts.number
    for junction in found.junctions:
        kinds = (junction.id, junction.name, junction.type, junction.main_road)
        line = (*(number(text) for text in kinds), len(junction.connections))
        rows.put("junctions", [line])
    for controller in found.controllers:
        pairs = [(number(signal), number(kind)) for signal, kind in controller.controls]
        ends = rows.put("controls", pairs)
        rows.put("controllers", [(number(controller.id), number(controller.name), *ends)])
