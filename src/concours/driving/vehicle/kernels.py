"""One step of a vehicle, and many.

Single-track dynamics blended to kinematics at low speed. Sources: Althoff, Koschi, Manzinger,
"CommonRoad: composable benchmarks for motion planning on roads", IV 2017 (single track); Kong et
al., "Kinematic and dynamic vehicle models for autonomous driving control design", IV 2015; Kabzan
et al., "AMZ driverless", JFR 2020 (the blend). The drive is in `drivetrain.py`.
"""

from __future__ import annotations

import math

from concours.driving.jit import inner, kernel
from concours.driving.vehicle import layout as at
from concours.driving.vehicle.drivetrain import GRAVITY, curve, step_pedals, step_push
from concours.driving.vehicle.layout import FloatArray


@inner
def wheel_angle(p: FloatArray, steer: float, speed: float) -> float:
    """The single track's angle (rad, left positive) for a steer of -1..1 (right positive).

    The inner wheel takes the angle, the outer one less by Ackermann's geometry; the wheel between
    them stands for both: cot(middle) = cot(inner) + track / (2 wheelbase).
    """
    share = curve(p, at.STEERING_AT, at.STEERING_SHARE, abs(speed))
    inner_wheel = p[at.WHEEL_ANGLE] * p[at.STEERING_GAIN] * share * abs(steer)
    slope = math.tan(min(inner_wheel, 1.5))
    half = p[at.TRACK] / (2.0 * (p[at.FRONT_AXLE] + p[at.REAR_AXLE]))
    return -math.copysign(math.atan(slope / (1.0 + half * slope)), steer)


@inner
def turn_wheels(p: FloatArray, state: FloatArray, aim: float, dt: float) -> None:
    """The road wheels approach an angle with a lag, no faster than their rate."""
    move = (aim - state[at.STEERING]) * dt / (p[at.STEERING_LAG] + dt)
    most = p[at.STEERING_RATE] * dt
    state[at.STEERING] += min(max(move, -most), most)


@inner
def cornering(stiffness: float, load: float, grip: float, along: float, slip: float) -> float:
    """An axle's lateral force (N) at a slip angle; it saturates at what `along` leaves of grip."""
    most = math.sqrt(max((grip * load) ** 2 - along * along, (0.1 * grip * load) ** 2))
    linear = stiffness * load * slip
    return -linear / math.sqrt(1.0 + (linear / most) ** 2)


@inner
def turn(p: FloatArray, state: FloatArray, force: float, grip: float, dt: float) -> float:
    """Yaw rate, lateral velocity and acceleration; what turning does to the speed (m/s2).

    force: along the vehicle (N). grip: tyres' force per load.
    """
    speed, angle = state[at.SPEED], state[at.STEERING]
    front, rear = p[at.FRONT_AXLE], p[at.REAR_AXLE]
    wheelbase = front + rear
    # What the geometry asks for, bounded by what the road gives.
    most = grip * GRAVITY / max(abs(speed), 0.1)
    rolling = min(max(speed * math.tan(angle) / wheelbase, -most), most)
    rate, side = state[at.YAW_RATE], state[at.LATERAL]
    share = 0.0  # backwards the axles roll; only who slides has more to the side than along
    if speed > 0.0 or abs(side) > abs(speed):
        share = (math.hypot(speed, side) - p[at.BLEND_FROM]) / (p[at.BLEND_TO] - p[at.BLEND_FROM])
    if share <= 0.0:
        state[at.YAW_RATE], state[at.LATERAL] = rolling, rolling * rear
        state[at.LATERAL_ACCELERATION] = rolling * speed
        return 0.0
    share = min(share, 1.0)
    weight = p[at.MASS] * GRAVITY / wheelbase
    slip_front = math.atan2(side + front * rate, speed) - angle
    slip_rear = math.atan2(side - rear * rate, speed)
    part = force / wheelbase
    fy_front = cornering(p[at.STIFFNESS_FRONT], weight * rear, grip, part * rear, slip_front)
    fy_rear = cornering(p[at.STIFFNESS_REAR], weight * front, grip, part * front, slip_rear)
    across = fy_front * math.cos(angle)
    change = rate * side - fy_front * math.sin(angle) / p[at.MASS]
    side += dt * ((across + fy_rear) / p[at.MASS] - speed * rate)
    rate += dt * (front * across - rear * fy_rear) / p[at.YAW_INERTIA]
    pushed = (across + fy_rear) / p[at.MASS]
    state[at.LATERAL_ACCELERATION] = share * pushed + (1.0 - share) * rolling * speed
    state[at.YAW_RATE] = share * rate + (1.0 - share) * rolling
    state[at.LATERAL] = share * side + (1.0 - share) * rolling * rear
    return share * change


@inner
def step_vehicle(
    parameters: FloatArray,
    state: FloatArray,
    control: FloatArray,
    pitch: float,
    friction: float,
    dt: float,
) -> None:
    """Move a vehicle on by dt (s, at most 0.02), in place.

    parameters: (PARAMETERS,); state: (STATE,); control: (CONTROL,), as `layout` says, finite.
    pitch: of the road under the vehicle (rad), positive where the nose points down, as in
    OpenSCENARIO. friction: the road's factor (1: dry), above 0.
    """
    p = parameters
    grip = p[at.FRICTION] * friction
    speed = state[at.SPEED]
    if control[at.MODE] == at.PEDALS:
        force = step_pedals(p, state, control, pitch, grip, dt)
        turn_wheels(p, state, wheel_angle(p, control[at.STEER], speed), dt)
    else:
        force = step_push(p, state, control, grip, dt)
        most = p[at.WHEEL_ANGLE] * p[at.STEERING_GAIN]
        turn_wheels(p, state, min(max(control[at.ANGLE], -most), most), dt)
    change = turn(p, state, force, grip, dt)
    now = state[at.SPEED] + change * dt
    state[at.SPEED] = now
    rate, heading = state[at.YAW_RATE], state[at.HEADING]
    state[at.ACCELERATION] = (now - speed) / dt
    middle = heading + 0.5 * rate * dt
    ahead, left = 0.5 * (now + speed), state[at.LATERAL] - p[at.REAR_AXLE] * rate
    state[at.X] += dt * (ahead * math.cos(middle) - left * math.sin(middle))
    state[at.Y] += dt * (ahead * math.sin(middle) + left * math.cos(middle))
    state[at.HEADING] = heading + rate * dt


@kernel
def drive(
    parameters: FloatArray,
    state: FloatArray,
    controls: FloatArray,
    pitch: float,
    friction: float,
    every: int,
    dt: float,
    out: FloatArray,
) -> None:
    """Drive with controls (T, CONTROL), each for `every` steps of dt.

    state: (STATE,) before, and after. out: (T, STATE), the state after each control.
    """
    for row in range(len(controls)):
        for _ in range(every):
            step_vehicle(parameters, state, controls[row], pitch, friction, dt)
        for column in range(len(state)):
            out[row, column] = state[column]
