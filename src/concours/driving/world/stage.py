"""The arrays of a scene, growing as entities, paths, routes and profiles come in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np

from concours.driving.roads import ANY, RoadNetwork
from concours.driving.roads.kinds import mask
from concours.driving.roads.tables import (
    LANE_COLUMNS,
    PIECE_COLUMNS,
    ROAD_COLUMNS,
    SECTION_COLUMNS,
    STRIP_COLUMNS,
    Cells,
    Tables,
)
from concours.driving.world import layout as at
from concours.driving.world.bodies import Body
from concours.driving.world.layout import Finder, FloatArray, IntArray, Scene

AnyArray = TypeVar("AnyArray", FloatArray, IntArray)
ROOM = 8
"""Rows that a new array has."""


def _floats(*shape: int) -> FloatArray:
    array = np.zeros(shape)
    array.flags.writeable = False
    return array


def _ints(*shape: int) -> IntArray:
    array = np.zeros(shape, dtype=np.int64)
    array.flags.writeable = False
    return array


def no_roads() -> tuple[Tables, Cells]:
    """Tables and index of a world without a map."""
    grid = np.array([0.0, 0.0, 1.0, 0.0, 0.0])
    grid.flags.writeable = False
    tables = Tables(
        pieces=_floats(0, PIECE_COLUMNS),
        cubics=_floats(0, 6),
        lengths=_floats(0),
        roads=_ints(0, ROAD_COLUMNS),
        section_s=_floats(0, 2),
        sections=_ints(0, SECTION_COLUMNS),
        lanes=_ints(0, LANE_COLUMNS),
        joints=_ints(1),
    )
    strips, of = _floats(0, STRIP_COLUMNS), _ints(0, 3)
    return tables, Cells(strips, of, cell_first=_ints(1), cell_strips=_ints(0), grid=grid)


class Stage:
    """Where the entities are.

    Attributes:
        network: the map, or None. tables, finder: what kernels read of it.
        names: of the rows. bodies: of the rows. placed: rows that have ever been put somewhere.
        scene: the arrays; a new tuple after something was added that did not fit.
    """

    def __init__(self, network: RoadNetwork | None) -> None:
        self.network = network
        if network is None:
            self.tables, cells = no_roads()
        else:
            self.tables, cells = network.tables, network.cells
        self.finder = Finder(cells, np.zeros((2, 8)), _ints(0), mask(ANY))
        self.names: list[str] = []
        self.bodies: list[Body] = []
        self.rows: dict[str, int] = {}
        self.placed: set[int] = set()
        self._paths = self._segments = self._routes = 0
        self.scene = Scene(
            f=np.zeros((0, at.FLOATS)),
            i=np.zeros((0, at.INTS), dtype=np.int64),
            paths=np.zeros((ROOM, at.PATH_COLUMNS)),
            segments=np.zeros((ROOM, at.SEGMENT_COLUMNS)),
            routes=np.zeros(ROOM, dtype=np.int64),
            vehicles=np.zeros((0, at.VEHICLE_COLUMNS)),
            stops=np.zeros((0, at.STOP_COLUMNS)),
        )

    def add(self, named: Iterable[tuple[str, Body]]) -> None:
        """Rows for bodies; they are not in the scene until they are placed."""
        added = list(named)
        count = len(self.names)
        f = np.zeros((count + len(added), at.FLOATS))
        i = np.zeros((count + len(added), at.INTS), dtype=np.int64)
        f[:count], i[:count] = self.scene.f, self.scene.i
        for row, (name, body) in enumerate(added, start=count):
            self.names.append(name)
            self.bodies.append(body)
            self.rows[name] = row
            f[row, at.BACK : at.ABOVE + 1] = body.box
            f[row, at.REACH] = body.reach
            f[row, at.TOP_SPEED : at.TOP_BRAKE + 1] = body.limits
            f[row, [at.MEET_PATH, at.OTHER_PATH, at.MEET_SPEED]] = math.nan
            i[row, at.KIND] = body.kind
            i[row, [at.ROAD, at.SECTION, at.LANE, at.SPEED_OTHER, at.SIDE_OTHER]] = -1
            i[row, [at.LINE_LANE, at.LINE]] = -1
            i[row, at.WAY] = 1
            i[row, at.SIDE_MODE] = at.FREE
            i[row, at.LIMITED] = int(math.isfinite(body.limits[1]))
        self.scene = self.scene._replace(f=f, i=i)

    def add_path(self, points: FloatArray) -> tuple[int, int]:
        """Rows (m, 7) of a path; where they begin and end."""
        begin, self._paths = self._paths, self._paths + len(points)
        paths = _longer(self.scene.paths, self._paths)
        paths[begin : self._paths] = points
        self.scene = self.scene._replace(paths=paths)
        return begin, self._paths

    def add_segments(self, rows: Sequence[Sequence[float]]) -> tuple[int, int]:
        """Pieces (k, 4) of a speed profile; where they begin and end."""
        begin, self._segments = self._segments, self._segments + len(rows)
        segments = _longer(self.scene.segments, self._segments)
        if rows:
            segments[begin : self._segments] = rows
        self.scene = self.scene._replace(segments=segments)
        return begin, self._segments

    def add_route(self, roads: Sequence[int]) -> tuple[int, int]:
        """Indices of roads; where they begin and end."""
        begin, self._routes = self._routes, self._routes + len(roads)
        routes = _longer(self.scene.routes, self._routes)
        routes[begin : self._routes] = roads
        self.scene = self.scene._replace(routes=routes)
        return begin, self._routes

    def add_vehicle(self, parameters: FloatArray, state: FloatArray) -> int:
        """A vehicle that its own dynamics move, standing still on a dry road; its row."""
        count = len(self.scene.vehicles)
        vehicles = np.zeros((count + 1, at.VEHICLE_COLUMNS))
        vehicles[:count] = self.scene.vehicles
        vehicles[count, : at.VEHICLE_STATE] = parameters
        vehicles[count, at.VEHICLE_STATE : at.VEHICLE_CONTROL] = state
        vehicles[count, at.ROAD_FRICTION] = 1.0
        self.scene = self.scene._replace(vehicles=vehicles)
        return count

    def set_stops(self, rows: FloatArray) -> None:
        """The stop lines (l, STOP_COLUMNS) that drivers of ours heed."""
        self.scene = self.scene._replace(stops=rows)

    def row(self, name: str) -> int:
        """The row of an entity. Raises KeyError."""
        return self.rows[name]

    def get(self, name: str, column: int) -> float:
        """A number of an entity's state."""
        return float(self.scene.f[self.rows[name], column])


def _longer(array: AnyArray, wanted: int) -> AnyArray:
    """The array, or a copy with twice the room."""
    if wanted <= len(array):
        return array
    room = np.zeros((max(wanted, 2 * len(array)), *array.shape[1:]), dtype=array.dtype)
    room[: len(array)] = array
    return room
