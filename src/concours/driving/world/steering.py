"""Starting the actions on lateral motion, trajectories and routes."""

from __future__ import annotations

import math
from collections.abc import Callable

from concours.driving.roads import DRIVABLE, RoadNetwork
from concours.driving.scenarios import actions as a
from concours.driving.scenarios import routing
from concours.driving.scenarios.enums import (
    CoordinateSystem,
    DynamicsDimension,
    DynamicsShape,
    LateralDisplacement,
    ReferenceContext,
)
from concours.driving.scenarios.machine import Running
from concours.driving.scenarios.positions import Route
from concours.driving.scenarios.transitions import transition
from concours.driving.world import layout as at
from concours.driving.world.beside import lanes_to, neighbour
from concours.driving.world.handles import EndlessHandle, PolledHandle, SideHandle
from concours.driving.world.kernels.setting import BY_LANE, BY_PATH, settle
from concours.driving.world.paths import path_of
from concours.driving.world.places import NoPlace, Place
from concours.driving.world.placing import Placer
from concours.driving.world.routes import between, roads_of, stretches
from concours.driving.world.speeding import SHAPES

ARRIVED = 1.0
"""Metres within which a position has been acquired."""
FORKS = 500
"""Sections that a random route is drawn for."""


class Steering:
    """Sets the columns of an entity's row so that the kernel leads it."""

    def __init__(self, placer: Placer, dt: float) -> None:
        self._stage = placer.stage
        self._placer = placer
        self._dt = dt

    def _on_road(self, row: int) -> None:
        """Raises NoPlace for an entity that is on no road."""
        if self._stage.scene.i[row, at.ROAD] < 0:
            raise NoPlace(f"{self._stage.names[row]} is on no road")

    def lane_change(self, action: a.LaneChangeAction, row: int) -> Running:
        """LaneChangeAction. Raises NoPlace where there is no such lane."""
        self._on_road(row)
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        network = self._stage.network
        if network is None:
            raise NoPlace("a change of lane needs a map")
        name, s = network.road_ids[int(i[at.ROAD])], float(f[at.S])
        lane = self._target_lane(action, row, network)
        if lane not in network.lanes(name, s):
            raise NoPlace(f"there is no lane {lane} on road {name!r} at s = {s:.1f}")
        own = int(self._stage.tables.lanes[i[at.LANE], 0])
        here = sum(network.lane_borders(name, own, s)) / 2 + float(f[at.OFFSET] * i[at.WAY])
        there = sum(network.lane_borders(name, lane, s)) / 2
        i[at.LANE] = network.lane_row(name, lane, s)
        f[at.OFFSET] = (here - there) * i[at.WAY]
        i[at.KEEPS_PACE] = 0
        self._shift(row, action.target_lane_offset * int(i[at.WAY]), action.dynamics)
        return SideHandle(self._stage, row)

    def _target_lane(self, action: a.LaneChangeAction, row: int, network: RoadNetwork) -> int:
        target = action.target
        if isinstance(target, a.AbsoluteTargetLane):
            try:
                return int(target.value)
            except ValueError:
                raise NoPlace(f"{target.value!r} is no lane id") from None
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        reference = self._stage.row(target.entity_ref)
        self._on_road(reference)
        own, theirs = self._placer.lane_id(row), self._placer.lane_id(reference)
        found = lanes_to(self._stage, row, reference, (own, theirs))
        lanes = target.value + (found[0] if found is not None else 0)
        return neighbour(
            network, lanes, road=int(i[at.ROAD]), lane=own, s=float(f[at.S]), way=int(i[at.WAY])
        )

    def _shift(self, row: int, offset: float, dynamics: a.TransitionDynamics) -> None:
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        course = transition(
            start=float(f[at.OFFSET]),
            target=offset,
            shape=dynamics.shape,
            dimension=dynamics.dimension,
            value=dynamics.value,
        )
        by_distance = dynamics.dimension is DynamicsDimension.DISTANCE
        f[at.SIDE_FROM : at.SIDE_AT + 1] = (course.start, offset, course.extent, 0.0)
        i[at.SIDE_SHAPE] = SHAPES[course.shape]
        i[at.SIDE_BY] = at.BY_DISTANCE if by_distance else at.BY_TIME
        i[at.SIDE_DONE], i[at.SIDE_MODE] = 0, at.SHIFT
        if course.shape is DynamicsShape.STEP:
            f[at.OFFSET] = offset
            i[at.SIDE_DONE], i[at.SIDE_MODE] = 1, at.KEEP_LANE
            settle(self._stage.tables, self._stage.finder, self._stage.scene, row, BY_LANE)

    def lane_offset(
        self, action: a.LaneOffsetAction, row: int, *, keeps_pace: bool = False
    ) -> Running:
        """LaneOffsetAction; how long it takes follows from the greatest lateral acceleration."""
        self._on_road(row)
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        target = action.target
        goal = target.value * int(i[at.WAY])
        if isinstance(target, a.RelativeTargetLaneOffset):
            other = self._stage.row(target.entity_ref)
            offset = self._stage.scene.f[other, at.OFFSET] * self._stage.scene.i[other, at.WAY]
            goal = (float(offset) + target.value) * int(i[at.WAY])
        seconds = _seconds_aside(abs(goal - float(f[at.OFFSET])), action.dynamics)
        dynamics = a.TransitionDynamics(
            shape=action.dynamics.shape, dimension=DynamicsDimension.TIME, value=seconds
        )
        i[at.KEEPS_PACE] = int(keeps_pace)
        self._shift(row, goal, dynamics)
        if action.continuous:
            return EndlessHandle()
        return SideHandle(self._stage, row)

    def lateral_distance(self, action: a.LateralDistanceAction, row: int) -> Running:
        """LateralDistanceAction: beside another, on the side that is asked for or its own."""
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        other = self._stage.row(action.entity_ref)
        side = {
            LateralDisplacement.LEFT_TO_REFERENCED_ENTITY: 1.0,
            LateralDisplacement.RIGHT_TO_REFERENCED_ENTITY: -1.0,
        }.get(action.displacement)
        if side is None:
            there = self._stage.scene.f[other]
            dx, dy = f[at.X] - there[at.X], f[at.Y] - there[at.Y]
            heading = there[at.HEADING]
            side = 1.0 if dy * math.cos(heading) - dx * math.sin(heading) >= 0 else -1.0
        limits = action.constraints
        f[at.SIDE_TO] = side * abs(action.distance or 0.0)
        f[at.SIDE_TOP] = math.inf if not limits or limits.max_speed is None else limits.max_speed
        gain = limits.max_acceleration if limits else None
        f[at.SIDE_GAIN] = math.inf if gain is None else gain
        i[at.SIDE_OTHER], i[at.SIDE_DONE], i[at.SIDE_MODE] = other, 0, at.BESIDE
        i[at.FLAGS] &= ~at.SIDE_FLAGS
        i[at.FLAGS] |= at.SIDE_CONTINUOUS if action.continuous else 0
        i[at.FLAGS] |= at.SIDE_FREESPACE if action.freespace else 0
        on_road = action.coordinate_system in (CoordinateSystem.LANE, CoordinateSystem.ROAD)
        i[at.FLAGS] |= at.SIDE_ON_ROAD if on_road else 0
        if i[at.ROAD] < 0:
            f[at.OFFSET] = f[at.TURN] = 0.0
        i[at.KEEPS_PACE] = 0
        return SideHandle(self._stage, row)

    def trajectory(self, action: routing.FollowTrajectoryAction, row: int, now: float) -> Running:
        """FollowTrajectoryAction. Raises NoPlace."""
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        here = self._here(row) if i[at.IN_SCENE] else None
        points, timed = path_of(action.trajectory, self._placer, here)
        first, last = self._stage.add_path(points)
        timing = action.time_reference
        follows_times = timed and isinstance(timing, routing.Timing)
        i[at.PATH_FIRST], i[at.PATH_LAST], i[at.PATH_TIMED] = first, last, int(follows_times)
        f[at.PATH_AT] = min(max(action.initial_distance_offset, 0.0), points[-1, 0])
        f[at.PATH_LENGTH], f[at.PATH_OFFSET] = points[-1, 0], 0.0
        f[at.PATH_BEGAN], f[at.PATH_SCALE] = now, 1.0
        if isinstance(timing, routing.Timing):
            relative = timing.domain is ReferenceContext.RELATIVE
            f[at.PATH_BEGAN] = timing.offset + (now if relative else 0.0)
            f[at.PATH_SCALE] = timing.scale or 1.0
        f[at.MEET_PATH], f[at.TURN], f[at.SIDEWAYS] = math.nan, 0.0, 0.0
        i[at.SIDE_DONE], i[at.SIDE_MODE], i[at.IN_SCENE] = 0, at.ON_PATH, 1
        self._stage.placed.add(row)
        if follows_times:
            i[at.SPEED_MODE] = at.HOLD
        settle(self._stage.tables, self._stage.finder, self._stage.scene, row, BY_PATH)
        return SideHandle(self._stage, row)

    def _here(self, row: int) -> Place:
        """Where an entity is."""
        x, y, z, heading = self._stage.scene.f[row, [at.X, at.Y, at.Z, at.HEADING]].tolist()
        return self._placer.at(x, y, z, heading)

    # Routes

    def assign_route(self, route: Route, row: int) -> None:
        """AssignRouteAction. Raises NoPlace."""
        self._set_route(row, roads_of(stretches(route, self._placer)))

    def _set_route(self, row: int, roads: list[int]) -> None:
        first, last = self._stage.add_route(roads)
        i = self._stage.scene.i[row]
        i[at.ROUTE_FIRST], i[at.ROUTE_LAST] = first, last

    def acquire(
        self, action: routing.AcquirePositionAction, row: int, *, at_once: bool
    ) -> Running | None:
        """AcquirePositionAction: a route from here to there, over at once or there.

        Raises NoPlace.
        """
        goal = self._placer.place(action.position)
        start = self._here(row)
        network = self._stage.network
        if network is None:
            raise NoPlace("a route needs a map, and there is none")
        self._set_route(row, roads_of(between(start, goal, network)))
        if at_once:
            return None

        def arrived() -> bool:
            if not self._stage.scene.i[row, at.IN_SCENE]:
                return True
            now = self._stage.scene.f[row]
            reach = max(ARRIVED, float(now[at.SPEED]) * self._dt)
            on_goal = self._stage.scene.i[row, at.ROAD] == goal.road
            return bool(on_goal and abs(now[at.S] - goal.s) <= reach)

        return PolledHandle(arrived)

    def wander(self, row: int, choose: Callable[[int, int], int]) -> None:
        """RandomRouteAction: FORKS sections ahead; choose(k, n) says which of n ways fork k takes.

        Raises NoPlace for an entity that is on no road.
        """
        self._on_road(row)
        network = self._stage.network
        if network is None:
            return
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        name, s = network.road_ids[int(i[at.ROAD])], float(f[at.S])
        lane = int(self._stage.tables.lanes[i[at.LANE], 0])
        roads = [int(i[at.ROAD])]
        for fork in range(FORKS):
            ends = [
                end
                for end in network.successors(name, lane, s)
                if network.lane_type(end.road, end.lane, end.s) in DRIVABLE
            ]
            if not ends:
                break
            name, lane, s = ends[choose(fork, len(ends)) if len(ends) > 1 else 0]
            if network.index(name) != roads[-1]:
                roads.append(network.index(name))
        self._set_route(row, roads)


def _seconds_aside(way: float, dynamics: a.LaneOffsetActionDynamics) -> float:
    """How long a change of offset takes so that its lateral acceleration keeps to the limit.

    The greatest acceleration of a course over `way` in T seconds: sinusoidal pi^2 way / (2 T^2),
    cubic 6 way / T^2; a linear one has none but its ends, and is timed as the sinusoidal one.
    """
    limit = dynamics.max_lateral_acc
    if dynamics.shape is DynamicsShape.STEP or limit is None or limit <= 0 or way == 0:
        return 0.0
    factor = 6.0 if dynamics.shape is DynamicsShape.CUBIC else math.pi**2 / 2
    return math.sqrt(factor * way / limit)
