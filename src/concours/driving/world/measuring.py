"""What conditions by entity ask, as rows that the kernel measures, or as questions in Python."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from concours.driving.roads.kinds import mask
from concours.driving.scenarios import conditions as c
from concours.driving.scenarios import positions as p
from concours.driving.scenarios.enums import (
    AngleType,
    CoordinateSystem,
    DirectionalDimension,
    ObjectType,
    RelativeDistanceType,
    Rule,
)
from concours.driving.scenarios.machine import Measure
from concours.driving.world import layout as at
from concours.driving.world.clearance import clear
from concours.driving.world.kernels import gauges as k
from concours.driving.world.kernels.watching import look
from concours.driving.world.places import NoPlace
from concours.driving.world.placing import Placer

_RULES = {
    Rule.GREATER_THAN: k.MORE,
    Rule.GREATER_OR_EQUAL: k.AT_LEAST,
    Rule.LESS_THAN: k.LESS,
    Rule.LESS_OR_EQUAL: k.AT_MOST,
    Rule.EQUAL_TO: k.EQUAL,
    Rule.NOT_EQUAL_TO: k.UNEQUAL,
}
_DIMENSIONS = {
    None: k.WHOLE,
    DirectionalDimension.LONGITUDINAL: k.LONGITUDINAL,
    DirectionalDimension.LATERAL: k.LATERAL,
    DirectionalDimension.VERTICAL: k.VERTICAL,
    RelativeDistanceType.LONGITUDINAL: k.LONGITUDINAL,
    RelativeDistanceType.LATERAL: k.LATERAL,
    RelativeDistanceType.EUCLIDIAN_DISTANCE: k.WHOLE,
    RelativeDistanceType.CARTESIAN_DISTANCE: k.WHOLE,
}
_SYSTEMS = {
    None: k.IN_ENTITY,
    CoordinateSystem.ENTITY: k.IN_ENTITY,
    CoordinateSystem.LANE: k.IN_ROAD,
    CoordinateSystem.ROAD: k.IN_ROAD,
    CoordinateSystem.TRAJECTORY: k.IN_ROAD,
    CoordinateSystem.WORLD: k.IN_WORLD,
}
_KINDS = {
    ObjectType.VEHICLE: at.VEHICLE,
    ObjectType.PEDESTRIAN: at.PEDESTRIAN,
    ObjectType.MISCELLANEOUS: at.THING,
}
_FIXED = (p.WorldPosition, p.LanePosition, p.RoadPosition, p.RoutePosition, p.GeoPosition)


class Measuring:
    """Makes the measures of one run.

    Attributes:
        gauges: the rows. polled: how many measures were asked, since it was last set to 0, that
            only Python can make: steps cannot be skipped while they are watched.
    """

    def __init__(self, placer: Placer, note: Callable[[str], None]) -> None:
        self._placer = placer
        self._stage = placer.stage
        self._note = note
        self.polled = 0
        self.gauges = k.Gauges(
            np.zeros((0, k.GAUGE_INTS), dtype=np.int64),
            np.zeros((0, k.GAUGE_FLOATS)),
            mask(("none",)),
        )

    def measure(self, condition: c.EntityCondition, name: str) -> Measure:
        """A function that gives what a condition compares."""
        row = self._stage.row(name)
        match condition:
            case c.RelativeClearanceCondition():
                return self._polled(lambda: clear(condition, row, self._placer))
            case c.AngleCondition() | c.RelativeAngleCondition():
                return self._polled(lambda: self._angle(condition, row))
            case c.CollisionCondition():
                return self._collision(condition, row)
            case c.SpeedCondition() | c.AccelerationCondition():
                what = k.SPEED_OF if isinstance(condition, c.SpeedCondition) else k.GAIN_OF
                return self._gauge(
                    what, row, dimension=_DIMENSIONS[condition.direction],
                    rule=_RULES[condition.rule], value=condition.value,
                )  # fmt: skip
            case c.StandStillCondition():
                return self._gauge(k.SPEED_OF, row, rule=k.STANDS)
            case c.TraveledDistanceCondition():
                return self._gauge(k.TRAVELLED_BY, row, rule=k.AT_LEAST, value=condition.value)
            case c.OffroadCondition():
                return self._gauge(k.OFF_ROAD, row, rule=k.NOT_ZERO)
            case c.EndOfRoadCondition():
                return self._gauge(k.END_OF_ROAD, row, rule=k.NOT_ZERO)
            case _:
                return self._between(condition, row)

    def _between(self, condition: c.EntityCondition, row: int) -> Measure:
        """What compares an entity with another one or with a place."""
        match condition:
            case c.RelativeSpeedCondition():
                return self._gauge(
                    k.FASTER_THAN, row, other=self._stage.row(condition.entity_ref),
                    dimension=_DIMENSIONS[condition.direction],
                    rule=_RULES[condition.rule], value=condition.value,
                )  # fmt: skip
            case c.RelativeDistanceCondition():
                return self._distance(k.TO_ENTITY, condition, row, condition.entity_ref)
            case c.TimeHeadwayCondition():
                return self._distance(k.HEADWAY, condition, row, condition.entity_ref)
            case c.TimeToCollisionCondition():
                target = condition.target
                if target.entity is not None:
                    return self._distance(k.COLLIDES_IN, condition, row, target.entity.entity_ref)
                return self._to_place(k.COLLIDES_AT, condition, row, target.position)
            case c.DistanceCondition():
                return self._to_place(k.TO_POINT, condition, row, condition.position)
            case c.ReachPositionCondition():
                return self._to_place(k.TO_POINT, condition, row, condition.position)
            case _:
                return lambda: None

    def _distance(
        self,
        what: int,
        condition: c.RelativeDistanceCondition
        | c.TimeHeadwayCondition
        | c.TimeToCollisionCondition,
        row: int,
        name: str,
    ) -> Measure:
        dimension, system = _how(condition)
        return self._gauge(
            what, row, other=self._stage.row(name), dimension=dimension, system=system,
            free=condition.freespace, rule=_RULES[condition.rule], value=condition.value,
        )  # fmt: skip

    def _to_place(
        self,
        what: int,
        condition: c.TimeToCollisionCondition | c.DistanceCondition | c.ReachPositionCondition,
        row: int,
        position: p.Position | None,
    ) -> Measure:
        if position is None:
            return lambda: None
        if isinstance(condition, c.ReachPositionCondition):
            how = {"rule": k.AT_MOST, "value": condition.tolerance}
            dimension, system, free = k.WHOLE, k.IN_ENTITY, False
        else:
            how = {"rule": _RULES[condition.rule], "value": condition.value}
            dimension, system = _how(condition)
            free = condition.freespace
        measure = self._gauge(
            what, row, dimension=dimension, system=system, free=free,
            rule=int(how["rule"]), value=float(how["value"]),
        )  # fmt: skip
        gauge = len(self.gauges.i) - 1
        if isinstance(position, _FIXED):
            if not self._aim(gauge, position):
                return lambda: None
            return measure
        return self._polled(lambda: measure() if self._aim(gauge, position) else None)

    def _aim(self, gauge: int, position: p.Position) -> bool:
        """Point a gauge at where a position is now; False where it is nowhere."""
        try:
            place = self._placer.place(position)
        except NoPlace as error:
            self._note(f"{position.place}: {error}")
            return False
        height = math.nan if place.z is None else place.z
        self.gauges.f[gauge, k.POINT_X : k.SHOWN] = (
            place.x, place.y, height, place.s, place.across, place.facing,
        )  # fmt: skip
        self.gauges.i[gauge, k.POINT_ROAD] = place.road
        return True

    def _collision(self, condition: c.CollisionCondition, row: int) -> Measure:
        if condition.entity is not None:
            other = self._stage.row(condition.entity.entity_ref)
            return self._gauge(k.TOUCHES, row, other=other, rule=k.NOT_ZERO)
        kind = condition.by_type.object_type if condition.by_type else ObjectType.VEHICLE
        measure = self._gauge(k.TOUCHES_KIND, row, rule=k.NOT_ZERO)
        self.gauges.f[-1, k.POINT_X] = _KINDS.get(kind, at.VEHICLE)
        return measure

    def _gauge(
        self,
        what: int,
        row: int,
        *,
        other: int = -1,
        dimension: int = k.WHOLE,
        system: int = k.IN_ENTITY,
        free: bool = False,
        rule: int,
        value: float = 0.0,
    ) -> Measure:
        """A new row, and the function that reads it and notes that it was asked."""
        ints = [what, row, other, dimension, system, int(free), rule, 0, 0, -1, 0]
        number = len(self.gauges.i)
        self.gauges = k.Gauges(
            np.concatenate([self.gauges.i, np.array([ints], dtype=np.int64)]),
            np.concatenate([self.gauges.f, np.zeros((1, k.GAUGE_FLOATS))]),
            self.gauges.off_road,
        )
        self.gauges.f[number, k.VALUE] = value
        stage = self._stage

        def measure() -> float | None:
            gauges = self.gauges
            gauges.i[number, k.ASKED] = 1
            if not gauges.i[number, k.FRESH]:
                look(stage.tables, stage.finder, stage.scene, gauges, number)
            shown = float(gauges.f[number, k.SHOWN])
            return None if shown != shown else shown  # NaN is not defined

        return measure

    def _polled(self, ask: Callable[[], float | None]) -> Measure:
        def measure() -> float | None:
            self.polled += 1
            return ask()

        return measure

    def _angle(self, condition: c.AngleCondition | c.RelativeAngleCondition, row: int) -> float:
        """The entity's angle in the system asked for, or less another's (rad)."""
        column = {AngleType.PITCH: at.PITCH, AngleType.ROLL: at.ROLL}.get(
            condition.angle_type, at.HEADING
        )
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        mine = float(f[column])
        if isinstance(condition, c.RelativeAngleCondition):
            return mine - float(self._stage.get(condition.entity_ref, column))
        network = self._stage.network
        on_road = condition.coordinate_system in (CoordinateSystem.LANE, CoordinateSystem.ROAD)
        if column != at.HEADING or not on_road or network is None or i[at.ROAD] < 0:
            return mine
        place = self._placer.at(float(f[at.X]), float(f[at.Y]), float(f[at.Z]), mine)
        if condition.coordinate_system is CoordinateSystem.LANE:
            return mine - place.course
        name = network.road_ids[place.road]
        return mine - network.road_pose(name, place.s, place.across).heading


def _how(
    condition: c.RelativeDistanceCondition
    | c.TimeHeadwayCondition
    | c.TimeToCollisionCondition
    | c.DistanceCondition,
) -> tuple[int, int]:
    """Dimension and system; along the route counts where no kind of distance is given (1.0)."""
    kind = condition.relative_distance_type
    along = getattr(condition, "along_route", False)
    if kind is None and condition.coordinate_system is None and along:
        return k.LONGITUDINAL, k.IN_ROAD
    return _DIMENSIONS[kind], _SYSTEMS[condition.coordinate_system]
