"""A road network: immutable arrays and the questions asked of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.driving.roads import furniture, graph, marking
from concours.driving.roads import tables as t
from concours.driving.roads.contents import MapContents, UnknownRoad
from concours.driving.roads.kernels.locate import FOUND_COLUMNS, locate
from concours.driving.roads.kernels.pose import POSE_COLUMNS, lane_poses, lane_row, road_poses
from concours.driving.roads.kernels.surface import borders_of, section_at
from concours.driving.roads.kinds import ANY, DRIVABLE, LANE_TYPES, mask
from concours.driving.roads.records import (
    Controller,
    Crossing,
    LaneEnd,
    Located,
    LocatedMany,
    Mark,
    Pose,
    Poses,
    RoadObject,
    Route,
    Signal,
    StopLine,
)
from concours.driving.roads.tables import FloatArray, IntArray

NO_ROUTE = np.zeros(0, dtype=np.int64)
NO_ROUTE.flags.writeable = False


class RoadNetwork(MapContents):
    """The roads of one map.

    Roads are named by their ids (strings) in single queries and by their indices (order of the
    file, see `index`) in batches. Angles in radians, lengths in metres, speeds in m/s; the world
    is right-handed: x forward, y left, z up.

    Attributes:
        arrays: every array by name, read-only; `tables` and `cells` are those that kernels read.
    """

    def __repr__(self) -> str:
        return f"<RoadNetwork of {len(self.road_ids)} roads>"

    # Poses

    def lane_pose(self, road: str, lane: int, s: float, offset: float = 0.0) -> Pose:
        """Where a point of a lane is, heading along s as the lane runs.

        offset is counted from the lane's middle, positive to the left of s. s is cut to the road.
        Raises UnknownRoad where the road or, at s, the lane is not there.
        """
        index = self.index(road)
        out = np.full((1, POSE_COLUMNS), np.nan)
        lane_poses(self.tables, _ints(index), _ints(lane), _floats(s), _floats(offset), out)
        if math.isnan(out[0, 0]):
            raise UnknownRoad(f"road {road!r} has no lane {lane} at s = {s:g}")
        return Pose(*out[0].tolist())

    def road_pose(self, road: str, s: float, t: float = 0.0) -> Pose:
        """Where (s, t) of a road is, heading along s at constant t. Raises UnknownRoad."""
        out = np.full((1, POSE_COLUMNS), np.nan)
        road_poses(self.tables, _ints(self.index(road)), _floats(s), _floats(t), out)
        return Pose(*out[0].tolist())

    def lane_poses(
        self,
        road: npt.ArrayLike,
        lane: npt.ArrayLike,
        s: npt.ArrayLike,
        offset: npt.ArrayLike = 0.0,
    ) -> Poses:
        """`lane_pose` for arrays that broadcast to (n,); roads by index."""
        r, a, b, c = np.broadcast_arrays(np.atleast_1d(road), lane, s, offset)
        out = np.full((len(r), POSE_COLUMNS), np.nan)
        lane_poses(self.tables, _ints(r), _ints(a), _floats(b), _floats(c), out)
        return Poses(*out.T)

    def road_poses(self, road: npt.ArrayLike, s: npt.ArrayLike, t: npt.ArrayLike = 0.0) -> Poses:
        """`road_pose` for arrays that broadcast to (n,); roads by index."""
        r, a, b = np.broadcast_arrays(np.atleast_1d(road), s, t)
        out = np.full((len(r), POSE_COLUMNS), np.nan)
        road_poses(self.tables, _ints(r), _floats(a), _floats(b), out)
        return Poses(*out.T)

    # From the world

    def locate(
        self,
        x: float,
        y: float,
        z: float | None = None,
        heading: float | None = None,
        *,
        route: Collection[str] | Route | None = None,
        types: Collection[str] = ANY,
        within: float = 50.0,
    ) -> Located | None:
        """The lane nearest to a point; None where none of these types is `within` metres.

        z tells bridges from what is under them; heading and route (the roads to be driven)
        decide where surfaces overlap, as in junctions. See kernels/locate.py for the cost.
        """
        point = [[x, y, math.nan if z is None else z, math.nan if heading is None else heading]]
        hint = self.route_mask(route) if route is not None else NO_ROUTE
        rows, values = self._locate(_floats(point), hint, types, within)
        if rows[0, 1] < 0:
            return None
        s, across, offset, outside, height, _ = values[0].tolist()
        lane = int(self.tables.lanes[rows[0, 1], t.LANE_ID])
        return Located(self.road_ids[rows[0, 0]], lane, s, offset, across, outside, height)

    def locate_many(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        z: npt.ArrayLike = math.nan,
        heading: npt.ArrayLike = math.nan,
        *,
        route: IntArray = NO_ROUTE,
        types: Collection[str] = ANY,
        within: float = 50.0,
    ) -> LocatedMany:
        """`locate` for arrays that broadcast to (n,); NaN in z or heading: not known.

        route: from `route_mask`, one for all points. Microseconds a point; see the benchmark.
        """
        columns = np.broadcast_arrays(np.atleast_1d(x), y, z, heading)
        points = np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.float64)
        rows, values = self._locate(_frozen(points), route, types, within)
        found = rows[:, 1] >= 0
        lane = np.where(found, self.tables.lanes[rows[:, 1], t.LANE_ID], 0).astype(np.int64)
        s, across, offset, outside, height, _ = values.T
        return LocatedMany(rows[:, 0].copy(), lane, s, offset, across, outside, height)

    def _locate(
        self, points: FloatArray, route: IntArray, types: Collection[str], within: float
    ) -> tuple[IntArray, FloatArray]:
        rows = np.full((len(points), 2), -1)
        values = np.full((len(points), FOUND_COLUMNS), np.nan)
        work = np.zeros((2, FOUND_COLUMNS + 2))
        limit = float(within)
        locate(self.tables, self.cells, points, mask(types), route, limit, rows, values, work)
        return rows, values

    def route_mask(self, route: Collection[str] | Route) -> IntArray:
        """A hint for `locate_many`: the roads of a route. Unknown ids are passed over."""
        named = self.indices(route.roads if isinstance(route, Route) else route)
        out = np.zeros(len(self.road_ids), dtype=np.int64)
        out[named[named >= 0]] = 1
        return _frozen(out)

    # Lanes

    def lane_row(self, road: str, lane: int, s: float) -> int:
        """The row of a lane in `tables.lanes`. Raises UnknownRoad."""
        index = self.index(road)
        section = int(section_at(self.tables, index, float(s)))
        row = int(lane_row(self.tables, section, int(lane)))
        if row < 0:
            raise UnknownRoad(f"road {road!r} has no lane {lane} at s = {s:g}")
        return row

    def lanes(self, road: str, s: float, types: Collection[str] = ANY) -> tuple[int, ...]:
        """Ids of the lanes at s, from left to right, without the centre lane."""
        section = section_at(self.tables, self.index(road), float(s))
        first, last = self.tables.sections[section, t.LANES : t.LANES + 2]
        rows = self.tables.lanes[first:last]
        wanted = mask(types)
        return tuple(
            int(row[t.LANE_ID])
            for row in rows
            if row[t.LANE_ID] != 0 and wanted >> int(row[t.LANE_TYPE]) & 1
        )

    def sections(self, road: str) -> tuple[tuple[float, float], ...]:
        """(start, end) of the road's lane sections."""
        first, last = self.tables.roads[self.index(road), t.SECTIONS : t.SECTIONS + 2]
        return tuple((a, b) for a, b in self.tables.section_s[first:last].tolist())

    def lane_borders(self, road: str, lane: int, s: float) -> tuple[float, float]:
        """t of the lane's inner and outer border."""
        row = self.lane_row(road, lane, s)
        section = int(self.tables.lanes[row, t.LANE_SECTION])
        inner, outer = borders_of(self.tables.across, self.index(road), section, row, float(s))
        return float(inner[0]), float(outer[0])

    def lane_width(self, road: str, lane: int, s: float) -> float:
        """The lane's width."""
        inner, outer = self.lane_borders(road, lane, s)
        return abs(outer - inner)

    def lane_type(self, road: str, lane: int, s: float) -> str:
        """The lane's type, one of kinds.LANE_TYPES."""
        return LANE_TYPES[self.tables.lanes[self.lane_row(road, lane, s), t.LANE_TYPE]]

    def direction(self, road: str, lane: int, s: float) -> int:
        """1 where traffic of the lane drives along s, -1 against it, 0 both ways."""
        return int(self.tables.lanes[self.lane_row(road, lane, s), t.DIRECTION])

    def speed_limit(self, road: str, lane: int, s: float) -> float | None:
        """m/s by the lane, else by the road's type; inf for no limit, None where nothing says."""
        row = self.tables.lanes[self.lane_row(road, lane, s)]
        limit = _last_value(self.arrays["speeds"][row[t.SPEEDS] : row[t.SPEEDS + 1]], s, 1)
        if limit is None:
            first, last = self.tables.roads[self.index(road), t.TYPES : t.TYPES + 2]
            limit = _last_value(self.arrays["types"][first:last], s, 2)
        return limit

    def road_type(self, road: str, s: float) -> str:
        """The road's type at s ("town", "motorway" ...), "" where the file does not say."""
        first, last = self.tables.roads[self.index(road), t.TYPES : t.TYPES + 2]
        number = _last_value(self.arrays["types"][first:last], s, 1)
        return "" if number is None else self.texts[int(number)]

    def access(self, road: str, lane: int, s: float) -> tuple[tuple[str, str], ...]:
        """(rule, participants) of the lane at s, e.g. ("deny", "pedestrian")."""
        row = self.tables.lanes[self.lane_row(road, lane, s)]
        rows = self.arrays["access"][row[t.ACCESS] : row[t.ACCESS + 1]]
        rows = rows[rows[:, 0] <= s]
        rows = rows[rows[:, 0] == rows[:, 0].max()] if len(rows) else rows
        return tuple((self.texts[int(rule)], self.texts[int(who)]) for _, rule, who in rows)

    # Ways

    def successors(
        self, road: str, lane: int, s: float, *, against: bool = False
    ) -> tuple[LaneEnd, ...]:
        """Where traffic in the lane's section goes next, through junctions too.

        Along s in lanes that are driven both ways, against it with `against`.
        """
        return graph.onwards(self, self.lane_row(road, lane, s), against=against)

    def predecessors(
        self, road: str, lane: int, s: float, *, against: bool = False
    ) -> tuple[LaneEnd, ...]:
        """Where traffic in the lane's section comes from: the ends of lanes."""
        return graph.onwards(self, self.lane_row(road, lane, s), against=against, back=True)

    def find_route(
        self,
        start: tuple[str, int, float],
        goal: tuple[str, int, float],
        *,
        types: Collection[str] = DRIVABLE,
        lane_changes: bool = True,
    ) -> Route | None:
        """The shortest way along traffic from and to (road, lane, s); None where there is none.

        Lanes of other types are not driven on, but for the first and last. Marks do not forbid a
        change here. Raises UnknownRoad for a start or goal that is not there.
        """
        return graph.find_route(self, start, goal, types=types, lane_changes=lane_changes)

    # Signals, objects, marks

    def signals(self, road: str) -> tuple[Signal, ...]:
        """Signals and references to signals of a road, by s."""
        return furniture.signals(self, self.index(road))

    def controllers(self, road: str | None = None) -> tuple[Controller, ...]:
        """All controllers, or those of the signals of a road."""
        return furniture.controllers(self, road)

    def stop_lines(self, road: str) -> tuple[StopLine, ...]:
        """Where traffic of a road stops, by s: stop lines, else the places of traffic lights."""
        return furniture.stop_lines(self, road)

    def objects(self, road: str) -> tuple[RoadObject, ...]:
        """Objects of a road, by s."""
        return furniture.objects(self, self.index(road))

    def marks(self, road: str, s: float) -> tuple[Mark, ...]:
        """The road marks at s, from left to right; of type "none" too."""
        return marking.marks(self, road, s)

    def crossed_marks(
        self, road: str, start: tuple[float, float], end: tuple[float, float]
    ) -> tuple[Crossing, ...]:
        """The marks that a straight move in (s, t) crosses, in the order of crossing."""
        return marking.crossed(self, road, start, end)


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Read-only, so that kernels are compiled for one kind of array."""
    out = array.view()
    out.flags.writeable = False
    return out


def _ints(values: npt.ArrayLike) -> IntArray:
    return _frozen(np.ascontiguousarray(np.atleast_1d(values), dtype=np.int64))


def _floats(values: npt.ArrayLike) -> FloatArray:
    return _frozen(np.ascontiguousarray(np.atleast_1d(values), dtype=np.float64))


def _last_value(rows: FloatArray, s: float, column: int) -> float | None:
    """The value of the last record at or before s; None where there is none, or NaN."""
    before: Sequence[float] = rows[rows[:, 0] <= s, column].tolist()
    return None if not before or math.isnan(before[-1]) else before[-1]
