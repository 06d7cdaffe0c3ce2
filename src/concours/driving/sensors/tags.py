"""What a ray can meet, by the numbers of CARLA's semantic tags (0.9.14 and later)."""

from __future__ import annotations

from enum import IntEnum


class Tag(IntEnum):
    """Kinds of things and of ground; also the kinds of the object list."""

    NOTHING = 0
    ROAD = 1
    SIDEWALK = 2
    TRAFFIC_LIGHT = 7
    TERRAIN = 10
    SKY = 11
    PEDESTRIAN = 12
    CAR = 14
    TRUCK = 15
    BUS = 16
    TRAIN = 17
    MOTORCYCLE = 18
    BICYCLE = 19
    STATIC = 20
    DYNAMIC = 21
    ROAD_LINE = 24
    GROUND = 25
    RAIL_TRACK = 27


CATEGORIES = {
    "animal": Tag.DYNAMIC,
    "bicycle": Tag.BICYCLE,
    "bus": Tag.BUS,
    "car": Tag.CAR,
    "misc": Tag.STATIC,
    "motorbike": Tag.MOTORCYCLE,
    "pedestrian": Tag.PEDESTRIAN,
    "semitrailer": Tag.TRUCK,
    "tractor": Tag.TRUCK,
    "trailer": Tag.TRUCK,
    "train": Tag.TRAIN,
    "tram": Tag.TRAIN,
    "truck": Tag.TRUCK,
    "van": Tag.CAR,
    "wheelchair": Tag.PEDESTRIAN,
}
"""Categories of OpenSCENARIO entities; what is not here is seen as STATIC."""
