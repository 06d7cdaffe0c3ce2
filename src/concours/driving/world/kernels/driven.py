"""An entity that a vehicle's own dynamics move, under the control that it was last given."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.kernels.pose import wrapped, write_pose
from concours.driving.roads.kernels.surface import across_of, borders_of
from concours.driving.roads.tables import Tables
from concours.driving.vehicle import layout as own
from concours.driving.vehicle.kernels import step_vehicle
from concours.driving.world.layout import (
    ACCELERATION,
    CURVATURE,
    DRIVEN,
    HEADING,
    LANE,
    LIFT,
    OFFSET,
    PITCH,
    ROAD,
    ROAD_FRICTION,
    ROLL,
    SECTION,
    SPEED,
    VEHICLE_CONTROL,
    VEHICLE_STATE,
    WAY,
    Finder,
    S,
    Scene,
    X,
    Y,
    Z,
)

SLOW = 0.1
"""m/s below which the path that is driven has no curvature of its own."""


@inner
def step_driven(scene: Scene, n: int, dt: float) -> None:
    """One step of the dynamics: the speed at once, the place in the vehicle's own row.

    What the scene holds counts, so that an entity that was put elsewhere goes on from there.
    """
    f, row = scene.f, scene.vehicles[scene.i[n, DRIVEN] - 1]
    state = row[VEHICLE_STATE:VEHICLE_CONTROL]
    state[own.X], state[own.Y], state[own.HEADING] = f[n, X], f[n, Y], f[n, HEADING]
    state[own.SPEED] = f[n, SPEED]
    control = row[VEHICLE_CONTROL:ROAD_FRICTION]
    step_vehicle(row[:VEHICLE_STATE], state, control, f[n, PITCH], row[ROAD_FRICTION], dt)
    f[n, SPEED], f[n, ACCELERATION] = state[own.SPEED], state[own.ACCELERATION]


@inner
def place_driven(scene: Scene, n: int) -> None:
    """The place that the step has led to."""
    f, row = scene.f, scene.vehicles[scene.i[n, DRIVEN] - 1]
    state = row[VEHICLE_STATE:VEHICLE_CONTROL]
    f[n, X], f[n, Y] = state[own.X], state[own.Y]
    f[n, HEADING] = wrapped(state[own.HEADING])
    fast = abs(state[own.SPEED]) > SLOW
    f[n, CURVATURE] = state[own.YAW_RATE] / state[own.SPEED] if fast else 0.0


@inner
def lean(tables: Tables, finder: Finder, scene: Scene, n: int) -> None:
    """Height, pitch and roll of a body that stands on the road, whatever way it looks."""
    f, i, pose = scene.f, scene.i, finder.work[0]
    road, section, lane, s = i[n, ROAD], i[n, SECTION], i[n, LANE], f[n, S]
    if road < 0:
        return
    before, after = borders_of(across_of(tables), road, section, lane, s)
    t = 0.5 * (before[0] + after[0]) + f[n, OFFSET] * i[n, WAY]
    write_pose(tables, pose, road, section, lane, s, (t, 0.0, 0.0), (before[0], after[0]))
    f[n, Z] = pose[Z] + f[n, LIFT]
    ahead, left = -math.tan(pose[PITCH]), math.tan(pose[ROLL])
    turn = f[n, HEADING] - pose[HEADING]
    cos, sin = math.cos(turn), math.sin(turn)
    f[n, PITCH] = -math.atan(cos * ahead + sin * left)
    f[n, ROLL] = math.atan(cos * left - sin * ahead)
