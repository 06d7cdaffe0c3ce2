"""What stands in the columns of a scene's arrays, and the scene as kernels see it.

Entities are rows. Lengths in metres, angles in radians, seconds, m/s; world right-handed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.roads.tables import Cells
from concours.driving.vehicle import layout as vehicle

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# state, as floats. OFFSET is from the lane's middle, to the left of the entity; TURN is its heading
# less that of the lane in the entity's sense; SIDEWAYS the rate of OFFSET (m/s); OUTSIDE_LANE the
# distance from the nearest lane's surface; LIFT the height above the road.
X, Y, Z, HEADING, PITCH, ROLL, CURVATURE, SPEED, ACCELERATION = range(9)
S, OFFSET, TURN, SIDEWAYS, TRAVELLED, OUTSIDE_LANE, LIFT = range(9, 16)
BACK, FRONT, RIGHT, LEFT, BELOW, ABOVE, REACH = range(16, 23)  # the box from the reference point
TOP_SPEED, TOP_GAIN, TOP_BRAKE = range(23, 26)
# the course of the speed: start, target, extent, how far, limits and numbers of its own
SPEED_FROM, SPEED_TO, SPEED_EXTENT, SPEED_AT = range(26, 30)
GAP, GAP_GAIN, GAP_BRAKE, GAP_TOP = range(30, 34)
# where to meet, itself and the other one: station, x, y, metres along its path (NaN: not known)
MEET_S, MEET_X, MEET_Y, MEET_PATH = range(34, 38)
OTHER_S, OTHER_X, OTHER_Y, OTHER_PATH = range(38, 42)
MEET_WITHIN, OTHER_WITHIN, MEET_SPEED, MEET_STEADY = range(42, 46)
# the course of the offset
SIDE_FROM, SIDE_TO, SIDE_EXTENT, SIDE_AT, SIDE_TOP, SIDE_GAIN = range(46, 52)
# the path being followed: distance, offset to its left, time origin and scale
PATH_AT, PATH_OFFSET, PATH_BEGAN, PATH_SCALE, PATH_LENGTH = range(52, 57)
WISH, HEADWAY, STANDOFF = range(57, 60)  # a driver's wishes: speed, time gap, least distance
HITCH, COUPLER = 60, 61  # ahead of the towing and of the own reference point
LINE_PAST = 62  # from the end of its section to the stop line that it looks at
FLOATS = 63

# state, as integers. WAY is 1 where the entity looks along s, -1 against it.
IN_SCENE, KIND, ROAD, SECTION, LANE, WAY, AT_END = range(7)
SPEED_MODE, SPEED_SHAPE, SPEED_OTHER, SPEED_DONE = range(7, 11)
SIDE_MODE, SIDE_SHAPE, SIDE_BY, SIDE_OTHER, SIDE_DONE = range(11, 16)
PATH_FIRST, PATH_LAST, PATH_TIMED = range(16, 19)
ROUTE_FIRST, ROUTE_LAST = 19, 20
SEGMENT, SEGMENT_LAST, FLAGS, BY_FACTOR = range(21, 25)
MEET_ROAD, OTHER_ROAD, MEET_STEADY_BY, LIMITED, CHANGES_LANES, KEEPS_PACE = range(25, 31)
DRIVEN = 31  # 1 + the row of the vehicle whose dynamics move it, 0 where none do
# whether it stops at lights; the lane from which it last looked for a stop line, and its row
HEEDS_LIGHTS, LINE_LANE, LINE = range(32, 35)
INTS = 35

VEHICLE, PEDESTRIAN, THING = range(3)  # values of KIND
# values of SPEED_MODE
HOLD, COURSE, RELATIVE, SEGMENTS, KEEP_GAP, MEET, DRIVE, OUTSIDE = range(8)
# values of SIDE_MODE
KEEP_LANE, SHIFT, BESIDE, ON_PATH, FREE, TOWED = range(6)
LINEAR, CUBIC, SINUSOIDAL, STEP = range(4)  # values of *_SHAPE
BY_TIME, BY_DISTANCE = range(2)  # values of *_BY
# bits of FLAGS
CONTINUOUS, FREESPACE, BY_TIME_GAP, LEADS, EITHER_SIDE, NO_LIMITS = 1, 2, 4, 8, 16, 32
# of the lateral action, which goes beside the other, in its axes or along the road's t-axis
SIDE_CONTINUOUS, SIDE_FREESPACE, SIDE_ON_ROAD = 64, 128, 256
SIDE_FLAGS = SIDE_CONTINUOUS | SIDE_FREESPACE | SIDE_ON_ROAD

PATH_COLUMNS = 7  # metres along, x, y, z, heading (unwrapped), curvature, seconds
SEGMENT_COLUMNS = 4  # seconds, speed, acceleration, jerk at the start
# a stop line across a lane: row of the lane, station, way of those that it stops, what it shows
STOP_LANE, STOP_S, STOP_WAY, STOP_SHOWS = range(4)
STOP_COLUMNS = 4
OPEN, CLOSING, SHUT = range(3)  # values of STOP_SHOWS

# a vehicle: its parameters and state, the control it is under, the road's friction (1: dry)
VEHICLE_STATE = vehicle.PARAMETERS
VEHICLE_CONTROL = VEHICLE_STATE + vehicle.STATE
ROAD_FRICTION = VEHICLE_CONTROL + vehicle.CONTROL
VEHICLE_COLUMNS = ROAD_FRICTION + 1


class Scene(NamedTuple):
    """The entities and what they follow.

    Attributes:
        f: (n, FLOATS); i: (n, INTS).
        paths: (m, 7) points of trajectories, one after another.
        segments: (k, 4) pieces of speed profiles.
        routes: (r,) roads of routes, one route after another.
        vehicles: (d, VEHICLE_COLUMNS).
        stops: (l, STOP_COLUMNS) stop lines with lights, where somebody heeds them.
    """

    f: FloatArray
    i: IntArray
    paths: FloatArray
    segments: FloatArray
    routes: IntArray
    vehicles: FloatArray
    stops: FloatArray


class Finder(NamedTuple):
    """What looks for lanes: the index, (2, 8) for its work, (0,) read-only, types of all lanes."""

    cells: Cells
    work: FloatArray
    no_route: IntArray
    every_lane: int
