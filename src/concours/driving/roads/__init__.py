"""Roads: ASAM OpenDRIVE 1.1 to 1.9, compiled once into flat arrays and asked many times.

from concours.driving import roads

network = roads.load("town.xodr")
pose = network.lane_pose("12", -1, 30.0)
found = network.locate(pose.x, pose.y, pose.z, pose.heading)
"""

from concours.driving.roads.contents import UnknownRoad
from concours.driving.roads.errors import BadMap, Finding, Severity
from concours.driving.roads.kinds import ANY, DRIVABLE, LANE_TYPES, MARK_TYPES, WALKABLE
from concours.driving.roads.loading import check, load, loads
from concours.driving.roads.network import RoadNetwork
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
    RouteStep,
    Signal,
    StopLine,
)

__all__ = [
    "ANY",
    "DRIVABLE",
    "LANE_TYPES",
    "MARK_TYPES",
    "WALKABLE",
    "BadMap",
    "Controller",
    "Crossing",
    "Finding",
    "LaneEnd",
    "Located",
    "LocatedMany",
    "Mark",
    "Pose",
    "Poses",
    "RoadNetwork",
    "RoadObject",
    "Route",
    "RouteStep",
    "Severity",
    "Signal",
    "StopLine",
    "UnknownRoad",
    "check",
    "load",
    "loads",
]
