"""Putting an entity somewhere at once."""

from __future__ import annotations

from concours.driving.jit import kernel
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.sides import find_lane, write_lane_pose, write_path_pose
from concours.driving.world.kernels.speeds import bind_speed, close_gap
from concours.driving.world.layout import (
    FLAGS,
    IN_SCENE,
    KEEP_GAP,
    NO_LIMITS,
    RELATIVE,
    ROAD,
    SIDE_MODE,
    SIDE_OTHER,
    SPEED,
    SPEED_MODE,
    SPEED_SHAPE,
    STEP,
    TOWED,
    Joints,
    Scene,
)


@kernel
def settle_on_road(tables: Tables, scene: Scene, row: int) -> None:
    """Write the pose of an entity from its lane, station and offset."""
    write_lane_pose(tables, scene, row)


@kernel
def settle_in_world(tables: Tables, scene: Scene, row: int) -> None:
    """Find the lane under an entity from its place and heading."""
    find_lane(tables, scene, row)


@kernel
def put_on_path(tables: Tables, scene: Scene, row: int) -> None:
    """Put an entity where its path has got to."""
    write_path_pose(tables, scene, row)


@kernel
def take_hold(tables: Tables, joints: Joints, scene: Scene) -> None:
    """At the start, who is bound to another takes the speed, or the place, that this asks for."""
    for row in range(len(scene.i)):
        mode = scene.i[row, SPEED_MODE]
        if mode == RELATIVE and scene.i[row, SPEED_SHAPE] == STEP:
            bind_speed(scene, row)
        elif mode == KEEP_GAP and scene.i[row, FLAGS] & NO_LIMITS and scene.i[row, IN_SCENE]:
            close_gap(tables, joints, scene, row)
            if scene.i[row, ROAD] >= 0:
                write_lane_pose(tables, scene, row)
        if scene.i[row, SIDE_MODE] == TOWED:
            scene.f[row, SPEED] = scene.f[scene.i[row, SIDE_OTHER], SPEED]
