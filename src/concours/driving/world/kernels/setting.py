"""Putting an entity somewhere at once."""

from __future__ import annotations

from concours.driving.jit import kernel
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.sides import find_lane, write_lane_pose, write_path_pose
from concours.driving.world.layout import Scene


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
