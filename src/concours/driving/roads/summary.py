"""A map in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from concours.driving.roads import tables as t
from concours.driving.roads.kinds import DRIVABLE, LANE_CODES, LANE_TYPES
from concours.driving.roads.network import RoadNetwork


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts, lengths in metres, and the box (x low, y low, x high, y high) of the roads.

    lane_types: metres of lanes by type; lanes: lanes of sections; lights: signals that change.
    """

    version: str
    name: str
    roads: int
    length: float
    sections: int
    lanes: int
    lane_types: Mapping[str, float]
    junctions: int
    signals: int
    lights: int
    controllers: int
    objects: int
    left_hand: int
    tilted: int
    climbing: int
    bounds: tuple[float, float, float, float]

    @property
    def drivable(self) -> float:
        """Metres of lanes that traffic drives on."""
        return sum(length for kind, length in self.lane_types.items() if kind in DRIVABLE)


def summarise(network: RoadNetwork) -> Summary:
    """The figures of a map. Complexity: linear in the lanes."""
    tables, arrays = network.tables, network.arrays
    real = tables.lanes[:, t.LANE_ID] != 0
    lengths = np.diff(tables.section_s, axis=1)[tables.lanes[:, t.LANE_SECTION], 0]
    by_type = {
        kind: float(lengths[real & (tables.lanes[:, t.LANE_TYPE] == LANE_CODES[kind])].sum())
        for kind in LANE_TYPES
    }
    own = arrays["signals"][:, 3] == 0
    return Summary(
        version=network.version,
        name=network.name,
        roads=len(network.road_ids),
        length=float(tables.lengths.sum()),
        sections=len(tables.sections),
        lanes=int(real.sum()),
        lane_types={kind: length for kind, length in by_type.items() if length > 0.0},
        junctions=len(arrays["junctions"]),
        signals=int(own.sum()),
        lights=int((own & (arrays["signals"][:, 2] != 0)).sum()),
        controllers=len(arrays["controllers"]),
        objects=len(arrays["objects"]),
        left_hand=int(tables.roads[:, t.LEFT_HAND].sum()),
        tilted=int(tables.roads[:, t.TILTED].sum()),
        climbing=_climbing(network),
        bounds=_bounds(network),
    )


def _climbing(network: RoadNetwork) -> int:
    """Roads whose elevation is not the same all along."""
    tables = network.tables
    ranges = tables.roads[:, t.ELEVATION : t.ELEVATION + 2].tolist()
    return sum(
        bool(tables.cubics[a:b, 2:].any() or len(set(tables.cubics[a:b, 1].tolist())) > 1)
        for a, b in ranges
    )


def _bounds(network: RoadNetwork) -> tuple[float, float, float, float]:
    """The box of the strips' boxes."""
    strips = network.cells.strips
    corners = [
        (
            strips[:, t.STRIP_X] + strips[:, a] * strips[:, t.STRIP_COS]
            - strips[:, b] * strips[:, t.STRIP_SIN],
            strips[:, t.STRIP_Y] + strips[:, a] * strips[:, t.STRIP_SIN]
            + strips[:, b] * strips[:, t.STRIP_COS],
        )
        for a in (t.ALONG_LOW, t.ALONG_HIGH)
        for b in (t.ACROSS_LOW, t.ACROSS_HIGH)
    ]  # fmt: skip
    x, y = (np.concatenate([corner[axis] for corner in corners]) for axis in (0, 1))
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
