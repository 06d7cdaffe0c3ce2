"""Places on the drivable lanes of a map where traffic can come in."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from concours.driving.roads import DRIVABLE, RoadNetwork
from concours.driving.roads import tables as t
from concours.driving.roads.kinds import LANE_TYPES

EVERY = 5.0
"""Metres between two spots of a lane."""
NARROW = 2.0
"""Metres; spots on narrower lanes are left out."""
Ints = npt.NDArray[np.int64]


class Spots:
    """Spots in the order of the map's lanes.

    Attributes:
        where: (m, 4) road, row of the lane, section, way of traffic. s: (m,). xy: (m, 2).
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        rows, stations = [], []
        tables = network.tables
        for lane, row in enumerate(tables.lanes.tolist()):
            if row[t.LANE_ID] == 0 or LANE_TYPES[row[t.LANE_TYPE]] not in DRIVABLE:
                continue
            section = row[t.LANE_SECTION]
            road = int(tables.sections[section, t.SECTION_ROAD])
            low, high = tables.section_s[section].tolist()
            for s in np.arange(low + EVERY / 2, high, EVERY).tolist():
                rows.append((road, lane, section, row[t.DIRECTION] or 1))
                stations.append(s)
        self.where: Ints = np.array(rows, dtype=np.int64).reshape(-1, 4)
        self.s = np.array(stations, dtype=float)
        ids = tables.lanes[self.where[:, 1], t.LANE_ID]
        poses = network.lane_poses(self.where[:, 0], ids, self.s)
        self.xy = np.stack([poses.x, poses.y], axis=1)
        wide = self._wide(ids)
        self.where, self.s, self.xy = self.where[wide], self.s[wide], self.xy[wide]
        from scipy.spatial import cKDTree  # late: only traffic needs it

        self._tree = cKDTree(self.xy) if len(self.xy) else None

    def _wide(self, ids: Ints) -> npt.NDArray[np.bool_]:
        """Which spots lie on lanes that are wide enough."""
        names = self._network.road_ids
        widths = [
            self._network.lane_width(names[road], int(lane), s)
            for road, lane, s in zip(self.where[:, 0].tolist(), ids, self.s.tolist(), strict=True)
        ]
        return np.array(widths, dtype=float) >= NARROW

    def within(self, x: float, y: float, radius: float) -> Ints:
        """Numbers of the spots in a circle, in order; none around what is nowhere."""
        if self._tree is None or not (math.isfinite(x) and math.isfinite(y)):
            return np.zeros(0, dtype=np.int64)
        return np.array(sorted(self._tree.query_ball_point((x, y), radius)), dtype=np.int64)

    def away(self, spot: int, x: float, y: float) -> tuple[float, float]:
        """From a point to a spot."""
        there = self.xy[spot].tolist()
        return there[0] - x, there[1] - y

    def limit(self, spot: int, otherwise: float) -> float:
        """The speed limit at a spot (m/s)."""
        road, lane = self.where[spot, 0], self.where[spot, 1]
        name = self._network.road_ids[int(road)]
        id_ = int(self._network.tables.lanes[lane, t.LANE_ID])
        limit = self._network.speed_limit(name, id_, float(self.s[spot]))
        return otherwise if limit is None or not np.isfinite(limit) or limit <= 0 else limit

    def in_polygon(self, corners: Sequence[tuple[float, float]]) -> Ints:
        """Numbers of the spots in a polygon (even-odd rule)."""
        inside = np.zeros(len(self.xy), dtype=bool)
        x, y = self.xy.T if len(self.xy) else (np.zeros(0), np.zeros(0))
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
            crosses = (y0 > y) != (y1 > y)
            with np.errstate(divide="ignore", invalid="ignore"):
                at = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
            inside ^= crosses & (x < at)
        return np.flatnonzero(inside).astype(np.int64)

    def on_roads(self, ranges: Sequence[tuple[str, float | None, Sequence[int]]]) -> Ints:
        """Numbers of the spots on roads (and lanes, where some are named)."""
        names = self._network.road_ids
        ids = self._network.tables.lanes[self.where[:, 1], t.LANE_ID]
        inside = np.zeros(len(self.xy), dtype=bool)
        for name, _, lanes in ranges:
            if name in names:
                there = self.where[:, 0] == names.index(name)
                inside |= there & np.isin(ids, lanes) if lanes else there
        return np.flatnonzero(inside).astype(np.int64)
