"""Starting the actions on speed."""

from __future__ import annotations

import math

from concours.driving.scenarios import actions as a
from concours.driving.scenarios.enums import (
    DynamicsDimension,
    DynamicsShape,
    FollowingMode,
    LongitudinalDisplacement,
    SpeedTargetValueType,
)
from concours.driving.scenarios.machine import Running
from concours.driving.scenarios.transitions import extent_at_rate, transition
from concours.driving.world import layout as at
from concours.driving.world.handles import SpeedHandle
from concours.driving.world.placing import Placer
from concours.driving.world.profiles import profile

SHAPES = {
    DynamicsShape.LINEAR: at.LINEAR,
    DynamicsShape.CUBIC: at.CUBIC,
    DynamicsShape.SINUSOIDAL: at.SINUSOIDAL,
    DynamicsShape.STEP: at.STEP,
}


class Speeding:
    """Sets the columns of an entity's row so that the kernel drives its speed."""

    def __init__(self, placer: Placer) -> None:
        self._stage = placer.stage
        self._placer = placer

    def speed(self, action: a.SpeedAction, row: int) -> Running:
        """SpeedAction: absolute, or from another's speed, once or continuously."""
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        target = action.target
        goal, other = target.value, -1
        continuous = False
        if isinstance(target, a.RelativeTargetSpeed):
            other = self._stage.row(target.entity_ref)
            continuous = target.continuous
            now = float(self._stage.scene.f[other, at.SPEED])
            factor = target.value_type is SpeedTargetValueType.FACTOR
            goal = now * goal if factor else now + goal
            f[at.GAP], i[at.BY_FACTOR] = target.value, int(factor)
        top = float(f[at.TOP_SPEED])
        goal = min(max(goal, -top), top)
        course = transition(
            start=float(f[at.SPEED]),
            target=goal,
            shape=action.dynamics.shape,
            dimension=action.dynamics.dimension,
            value=action.dynamics.value,
        )
        extent = course.extent
        if action.dynamics.dimension is DynamicsDimension.DISTANCE:
            # all shapes are symmetric: the mean speed is that of start and goal
            mean = abs(course.start + goal) / 2
            extent = extent / mean if mean > 0 else math.inf
        most = float(f[at.TOP_GAIN if abs(goal) >= abs(course.start) else at.TOP_BRAKE])
        if math.isfinite(most):  # no faster than the vehicle can
            extent = max(
                extent,
                extent_at_rate(start=course.start, target=goal, shape=course.shape, rate=most),
            )
        f[at.SPEED_FROM : at.SPEED_AT + 1] = (course.start, goal, extent, 0.0)
        i[at.SPEED_SHAPE] = SHAPES[course.shape]
        i[at.SPEED_OTHER], i[at.SPEED_DONE] = other, 0
        _set_flags(i, at.CONTINUOUS if continuous else 0)
        i[at.SPEED_MODE] = at.RELATIVE if other >= 0 and continuous else at.COURSE
        if course.shape is DynamicsShape.STEP and not continuous:
            f[at.SPEED] = goal
            i[at.SPEED_MODE], i[at.SPEED_DONE] = at.HOLD, 1
        return SpeedHandle(self._stage, row)

    def speed_profile(self, action: a.SpeedProfileAction, row: int) -> Running:
        """SpeedProfileAction, in pieces of constant jerk."""
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        other = self._stage.row(action.entity_ref) if action.entity_ref else -1
        base = float(self._stage.scene.f[other, at.SPEED]) if other >= 0 else 0.0
        limits = self._limits(action.constraints, row)
        pieces = profile(
            start=float(f[at.SPEED]) - base,
            entries=[(entry.speed, entry.time) for entry in action.entries],
            limits=limits,
            follow=action.following_mode is FollowingMode.FOLLOW,
        )
        first, last = self._stage.add_segments(pieces)
        i[at.SEGMENT], i[at.SEGMENT_LAST], i[at.SPEED_OTHER] = first, last, other
        f[at.SPEED_AT], f[at.SPEED_TO] = 0.0, action.entries[-1].speed if action.entries else 0.0
        _set_flags(i, 0)
        i[at.SPEED_DONE], i[at.SPEED_MODE] = 0, at.SEGMENTS
        return SpeedHandle(self._stage, row)

    def _limits(self, constraints: a.DynamicConstraints | None, row: int) -> a.DynamicConstraints:
        """The action's limits, else the vehicle's."""
        if constraints is not None:
            return constraints
        top, gain, brake = self._stage.scene.f[row, at.TOP_SPEED : at.TOP_BRAKE + 1].tolist()
        return a.DynamicConstraints(
            max_speed=top if math.isfinite(top) else None,
            max_acceleration=gain if math.isfinite(gain) else None,
            max_deceleration=brake if math.isfinite(brake) else None,
        )

    def distance(self, action: a.LongitudinalDistanceAction, row: int) -> Running:
        """LongitudinalDistanceAction."""
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        limits = action.constraints
        by_gap = action.time_gap is not None
        wanted = action.time_gap if by_gap else action.distance
        f[at.GAP] = abs(wanted or 0.0)
        gain = _or_inf(limits.max_acceleration if limits else None)
        brake = _or_inf(limits.max_deceleration if limits else None)
        top = _or_inf(limits.max_speed if limits else None)
        f[at.GAP_GAIN] = min(gain, float(f[at.TOP_GAIN]))
        f[at.GAP_BRAKE] = min(brake, float(f[at.TOP_BRAKE]))
        f[at.GAP_TOP] = min(top, float(f[at.TOP_SPEED]))
        flags = at.CONTINUOUS if action.continuous else 0
        flags |= at.FREESPACE if action.freespace else 0
        flags |= at.BY_TIME_GAP if by_gap else 0
        flags |= 0 if limits else at.NO_LIMITS
        if action.displacement is LongitudinalDisplacement.LEADING_REFERENCED_ENTITY:
            flags |= at.LEADS
        elif action.displacement is LongitudinalDisplacement.ANY:
            flags |= at.EITHER_SIDE
        _set_flags(i, flags)
        i[at.SPEED_OTHER] = self._stage.row(action.entity_ref)
        i[at.SPEED_DONE], i[at.SPEED_MODE] = 0, at.KEEP_GAP
        return SpeedHandle(self._stage, row)

    def synchronize(self, action: a.SynchronizeAction, row: int) -> Running:
        """SynchronizeAction. Raises NoPlace."""
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        master = self._stage.row(action.master_ref)
        mine, theirs = self._placer.place(action.target), self._placer.place(action.target_master)
        f[at.MEET_S : at.MEET_PATH + 1] = (mine.s, mine.x, mine.y, math.nan)
        f[at.OTHER_S : at.OTHER_PATH + 1] = (theirs.s, theirs.x, theirs.y, math.nan)
        f[at.MEET_WITHIN], f[at.OTHER_WITHIN] = action.tolerance, action.tolerance_master
        i[at.MEET_ROAD], i[at.OTHER_ROAD] = mine.road, theirs.road
        f[at.MEET_SPEED], f[at.MEET_STEADY], i[at.MEET_STEADY_BY] = math.nan, 0.0, 0
        final = action.final_speed
        if final is not None:
            f[at.MEET_SPEED] = final.value
            if isinstance(final, a.RelativeSpeedToMaster):
                now = float(self._stage.scene.f[master, at.SPEED])
                factor = final.value_type is SpeedTargetValueType.FACTOR
                f[at.MEET_SPEED] = now * final.value if factor else now + final.value
            steady = final.steady_state
            if isinstance(steady, a.TargetDistanceSteadyState):
                f[at.MEET_STEADY], i[at.MEET_STEADY_BY] = steady.distance, 1
            elif isinstance(steady, a.TargetTimeSteadyState):
                f[at.MEET_STEADY], i[at.MEET_STEADY_BY] = steady.time, 2
        i[at.SPEED_OTHER], i[at.SPEED_DONE], i[at.SPEED_MODE] = master, 0, at.MEET
        return SpeedHandle(self._stage, row)


def _set_flags(i: at.IntArray, flags: int) -> None:
    """The flags of the speed; those of the lateral action stay."""
    i[at.FLAGS] = (i[at.FLAGS] & at.SIDE_FLAGS) | flags


def _or_inf(value: float | None) -> float:
    return math.inf if value is None else abs(value)
