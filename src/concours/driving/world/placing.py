"""From the positions of a scenario to places in the world."""

from __future__ import annotations

import math
from dataclasses import replace

from concours.driving.roads import RoadNetwork, UnknownRoad
from concours.driving.scenarios import positions as p
from concours.driving.scenarios.enums import ReferenceContext
from concours.driving.world import layout as at
from concours.driving.world.beside import moved, neighbour
from concours.driving.world.geography import Projection
from concours.driving.world.places import NoPlace, Place
from concours.driving.world.stage import Stage


class Placer:
    """Finds the places of positions, at the moment it is asked."""

    def __init__(self, stage: Stage, *, left_handed: bool = False) -> None:
        """left_handed: y and headings of the world, and dy, are to the right in this file."""
        self.stage = stage
        self._left = -1.0 if left_handed else 1.0
        self._projection: Projection | None = None

    def place(self, position: p.Position) -> Place:
        """Where a position is now. Raises NoPlace."""
        try:
            found, orientation = self._find(position)
        except UnknownRoad as error:
            raise NoPlace(str(error)) from None
        except KeyError as error:
            raise NoPlace(f"there is no entity {error.args[0]!r}") from None
        reference = self._reference(position, found)
        return _oriented(found, orientation, reference, self._left)

    def _find(self, position: p.Position) -> tuple[Place, p.Orientation | None]:
        if isinstance(position, p.WorldPosition):
            return self._world(position), None
        return self._finder(position), position.orientation

    def _finder(self, position: p.Position) -> Place:
        match position:
            case p.LanePosition():
                return self._lane(position)
            case p.RoadPosition():
                road = self._network().index(position.road_id)
                return self.on_road(road, position.s, position.t)
            case p.RelativeLanePosition():
                return self._relative_lane(position)
            case p.RelativeRoadPosition():
                return self._relative_road(position)
            case p.RelativeObjectPosition() | p.RelativeWorldPosition():
                return self._relative(position)
            case p.RoutePosition():
                return self._on_route(position)
            case p.TrajectoryPosition():
                return self._on_trajectory(position)
            case p.GeoPosition():
                return self._geo(position)
            case _:
                raise NoPlace(f"{type(position).__name__} is not known")

    def _network(self) -> RoadNetwork:
        if self.stage.network is None:
            raise NoPlace("the position needs a map, and there is none")
        return self.stage.network

    def where(self, name: str) -> int:
        """The row of an entity that is, or was, somewhere. Raises NoPlace."""
        row = self.stage.row(name)
        if row not in self.stage.placed:
            raise NoPlace(f"{name} has not been put anywhere yet")
        return row

    # Roads and lanes

    def _lane(self, position: p.LanePosition) -> Place:
        try:
            lane = int(position.lane_id)
        except ValueError:
            raise NoPlace(f"{position.lane_id!r} is no lane id") from None
        return self.on_lane(
            self._network().index(position.road_id), lane, position.s, position.offset
        )

    def on_lane(self, road: int, lane: int, s: float, offset: float = 0.0) -> Place:
        """A place in a lane by its id. Raises NoPlace or UnknownRoad."""
        network = self._network()
        name = network.road_ids[road]
        length = network.length(name)
        if not -1e-6 <= s <= length + 1.0:
            raise NoPlace(f"road {name!r} is {length:g} m long: s = {s:g} is not on it")
        s = min(max(s, 0.0), length)
        pose = network.lane_pose(name, lane, s, offset)
        inner, outer = network.lane_borders(name, lane, s)
        against = network.direction(name, lane, s) < 0
        return Place(
            x=pose.x,
            y=pose.y,
            road=road,
            lane=network.lane_row(name, lane, s),
            s=s,
            offset=offset,
            across=(inner + outer) / 2 + offset,
            course=pose.heading + (math.pi if against else 0.0),
        )

    def on_road(self, road: int, s: float, t: float) -> Place:
        """A place on a road by s and t, looking along s. Raises NoPlace."""
        network = self._network()
        name = network.road_ids[road]
        length = network.length(name)
        if not -1e-6 <= s <= length + 1.0:
            raise NoPlace(f"road {name!r} is {length:g} m long: s = {s:g} is not on it")
        s = min(max(s, 0.0), length)
        pose = network.road_pose(name, s, t)
        lane, offset = self._lane_at(name, s, t)
        return Place(
            x=pose.x, y=pose.y, road=road, lane=lane, s=s, offset=offset, across=t,
            course=pose.heading,
        )  # fmt: skip

    def _lane_at(self, road: str, s: float, t: float) -> tuple[int, float]:
        """Row of the lane that holds t, or is nearest to it, and the offset from its middle."""
        network = self._network()
        best = (math.inf, -1, 0.0)
        for lane in network.lanes(road, s):
            low, high = sorted(network.lane_borders(road, lane, s))
            if high - low < 0.01:
                continue
            away = max(low - t, t - high, 0.0)
            best = min(best, (away, network.lane_row(road, lane, s), t - (low + high) / 2))
        return best[1], best[2]

    def _relative_lane(self, position: p.RelativeLanePosition) -> Place:
        row = self.where(position.entity_ref)
        if self.stage.scene.i[row, at.ROAD] < 0:
            raise NoPlace(f"{position.entity_ref} is on no road")
        along = position.ds if position.ds is not None else position.ds_lane or 0.0
        road, lane, s, way = moved(self.stage, row, self.lane_id(row), float(along))
        lane = neighbour(self._network(), position.d_lane, road=road, lane=lane, s=s, way=way)
        return self.on_lane(road, lane, s, position.offset)

    def lane_id(self, row: int) -> int:
        """The id of the lane in which an entity's reference point is."""
        network = self._network()
        f, i = self.stage.scene.f[row], self.stage.scene.i[row]
        name = network.road_ids[int(i[at.ROAD])]
        s = float(f[at.S])
        own = int(self.stage.tables.lanes[i[at.LANE], 0])
        inner, outer = network.lane_borders(name, own, s)
        lane, _ = self._lane_at(name, s, (inner + outer) / 2 + float(f[at.OFFSET] * i[at.WAY]))
        return int(self.stage.tables.lanes[lane, 0]) if lane >= 0 else own

    def _relative_road(self, position: p.RelativeRoadPosition) -> Place:
        row = self.where(position.entity_ref)
        f, i = self.stage.scene.f[row], self.stage.scene.i[row]
        if i[at.ROAD] < 0:
            raise NoPlace(f"{position.entity_ref} is on no road")
        network = self._network()
        name = network.road_ids[int(i[at.ROAD])]
        own = int(self.stage.tables.lanes[i[at.LANE], 0])
        inner, outer = network.lane_borders(name, own, float(f[at.S]))
        across = (inner + outer) / 2 + float(f[at.OFFSET] * i[at.WAY])
        road, _, s, way = moved(self.stage, row, own, position.ds)
        across = across if way == i[at.WAY] else -across
        found = self.on_road(road, s, across + position.dt * way)
        course = found.course + (0.0 if way > 0 else math.pi)
        return replace(found, course=course)

    # Entities and the world

    def _relative(self, position: p.RelativeObjectPosition | p.RelativeWorldPosition) -> Place:
        """An offset from an entity, along its own axes or the world's."""
        f = self.stage.scene.f[self.where(position.entity_ref)]
        turned = isinstance(position, p.RelativeObjectPosition)
        cos, sin = (math.cos(f[at.HEADING]), math.sin(f[at.HEADING])) if turned else (1.0, 0.0)
        dy = position.dy * self._left
        x = float(f[at.X] + position.dx * cos - dy * sin)
        y = float(f[at.Y] + position.dx * sin + dy * cos)
        z = float(f[at.Z]) + position.dz if position.dz else None
        return self.at(x, y, z, float(f[at.HEADING]), near=float(f[at.Z]))

    def _world(self, position: p.WorldPosition) -> Place:
        heading = None if position.h is None else position.h * self._left
        found = self.at(position.x, position.y * self._left, position.z, heading)
        return replace(found, pitch=position.p, roll=position.r)

    def at(
        self,
        x: float,
        y: float,
        z: float | None,
        heading: float | None,
        *,
        near: float | None = None,
    ) -> Place:
        """A place in the world, with the lane under it. near: a height to look for roads at."""
        if self.stage.network is None:
            return Place(x=x, y=y, z=z, heading=heading)
        network = self.stage.network
        found = network.locate(x, y, z if z is not None else near, heading)
        if found is None:
            return Place(x=x, y=y, z=z, heading=heading)
        pose = network.road_pose(found.road, found.s, found.t)
        against = network.direction(found.road, found.lane, found.s) < 0
        return Place(
            x=x,
            y=y,
            z=z,
            heading=heading,
            road=network.index(found.road),
            lane=network.lane_row(found.road, found.lane, found.s),
            s=found.s,
            offset=found.offset,
            across=found.t,
            course=pose.heading + (math.pi if against else 0.0),
        )

    def _on_route(self, position: p.RoutePosition) -> Place:
        from concours.driving.world.routes import on_route

        return on_route(position, self)

    def _on_trajectory(self, position: p.TrajectoryPosition) -> Place:
        from concours.driving.world.paths import curve_of

        curve = curve_of(position.trajectory, self)
        point = curve.at(position.s)
        heading = float(point.heading)
        x = float(point.x) - position.t * math.sin(heading)
        y = float(point.y) + position.t * math.cos(heading)
        return self.at(x, y, None, heading)

    def _geo(self, position: p.GeoPosition) -> Place:
        if self._projection is None:
            network = self._network()
            self._projection = Projection(network.geo_reference, network.offset)
        return self.at(*self._projection.project(position), None)

    def _reference(self, position: p.Position, found: Place) -> tuple[float, float, float]:
        """What a relative orientation is relative to."""
        if isinstance(position, p.RelativeObjectPosition | p.RelativeWorldPosition):
            f = self.stage.scene.f[self.stage.row(position.entity_ref)]
            return float(f[at.HEADING]), float(f[at.PITCH]), float(f[at.ROLL])
        return found.course, 0.0, 0.0


def _oriented(
    place: Place,
    orientation: p.Orientation | None,
    reference: tuple[float, float, float],
    sense: float,
) -> Place:
    """The place with the heading that an orientation asks for; sense: -1 if they turn right."""
    if orientation is None:
        return place
    turn = orientation.h * sense
    if orientation.context is ReferenceContext.RELATIVE:
        return replace(place, heading=reference[0] + turn)
    return replace(place, heading=turn)
