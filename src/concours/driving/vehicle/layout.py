"""What stands in the columns of a vehicle's arrays: its parameters, its state and a control.

Lengths in metres, angles in radians, seconds, newtons; right-handed, positive angles to the left.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

# state. X and Y are of the middle of the rear axle on the ground, as OpenSCENARIO's reference
# point; SPEED is along the heading, negative backwards; LATERAL is the velocity to the left at the
# centre of mass; STEERING the angle of the road wheels of the single-track model.
X, Y, HEADING, SPEED, LATERAL, YAW_RATE, STEERING = range(7)
# Over the last step (m/s2): the rate of SPEED, and across at the centre of mass.
ACCELERATION, LATERAL_ACCELERATION = 7, 8
# the drive: speed of the engine (rad/s), gear (-1, 0, 1 ...), the gear being engaged, seconds until
# it is and since it was, the share of the full brake that acts, and the acceleration that a direct
# control has reached
ENGINE, GEAR, NEXT_GEAR, SHIFTING, SINCE_SHIFT, BRAKING, PUSH = range(9, 16)
STATE = 16

# control. By pedals (MODE 0): THROTTLE 0..1, STEER -1..1 (right positive), BRAKE 0..1, HAND_BRAKE
# and REVERSE 0 or 1. Direct (MODE 1): WISH (m/s2) and ANGLE (rad, left positive).
MODE, THROTTLE, STEER, BRAKE, HAND_BRAKE, REVERSE = range(6)
WISH, ANGLE = 1, 2
CONTROL = 6
PEDALS, DIRECT = 0.0, 1.0  # values of MODE

# parameters: the scalars of `VehicleParameters` in its order, then its curves, each padded
MASS, YAW_INERTIA, FRONT_AXLE, REAR_AXLE, HEIGHT, TRACK = range(6)
STIFFNESS_FRONT, STIFFNESS_REAR, FRICTION = range(6, 9)
WHEEL_ANGLE, STEERING_GAIN, STEERING_LAG, STEERING_RATE = range(9, 13)
WHEEL_RADIUS, ENGINE_INERTIA, DRAG_OPEN, DRAG_SHUT, CLUTCH = range(13, 18)
SHIFT_UP, SHIFT_DOWN, FIRST_GEAR_AT, ENGAGE_TIME, SHIFT_TIME, SHIFT_PAUSE = range(18, 24)
DEAD_BAND, BRAKE_FORCE, HAND_BRAKE_FORCE, BRAKE_LAG, AIR_DRAG, ROLLING = range(24, 30)
TOP_GAIN, TOP_LOSS, PUSH_LAG, BLEND_FROM, BLEND_TO = range(30, 35)
SCALARS = 35
KNOTS = 6  # of the torque curve and of the steering curve
GEARS = 8  # at most, forward
REVERSE_RATIO, GEAR_COUNT = 35, 36
RATIOS = 37
TORQUE_AT = RATIOS + GEARS
TORQUE = TORQUE_AT + KNOTS
STEERING_AT = TORQUE + KNOTS
STEERING_SHARE = STEERING_AT + KNOTS
PARAMETERS = STEERING_SHARE + KNOTS
