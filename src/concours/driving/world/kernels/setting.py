"""Putting an entity somewhere at once."""

from __future__ import annotations

from concours.driving.jit import kernel
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.sides import find_lane, write_lane_pose, write_path_pose
from concours.driving.world.layout import Finder, Scene

BY_LANE, BY_PLACE, BY_PATH = range(3)


@kernel
def settle(tables: Tables, finder: Finder, scene: Scene, row: int, by: int) -> None:
    """Write the whole pose of an entity, and find its lane.

    by: what is given: lane, station and offset; place and heading; or how far its path has got.
    """
    if by == BY_LANE:
        write_lane_pose(tables, scene, row)
    elif by == BY_PLACE:
        find_lane(tables, finder, scene, row)
    else:
        write_path_pose(tables, finder, scene, row)
