"""What moves a vehicle along: engine, clutch, gears and brakes, or an acceleration asked for.

The engine is a flywheel: torque by the throttle's share of a curve, less a drag that grows with
its speed and shrinks as the throttle opens. Gears change by themselves at given engine speeds; the
clutch passes a torque proportional to the difference of speeds on its two sides.
"""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.vehicle import layout as at
from concours.driving.vehicle.layout import FloatArray

GRAVITY = 9.81
STANDING = 0.1
"""Metres a second below which a vehicle counts as standing."""


@inner
def curve(p: FloatArray, first: int, second: int, x: float) -> float:
    """A curve of the parameters at x, straight between its points, constant beyond them."""
    if x <= p[first]:
        return p[second]
    for n in range(1, at.KNOTS):
        high = p[first + n]
        if x < high:
            low = p[first + n - 1]
            part = (x - low) / (high - low)
            return p[second + n - 1] + part * (p[second + n] - p[second + n - 1])
    return p[second + at.KNOTS - 1]


@inner
def ratio(p: FloatArray, gear: float) -> float:
    """Engine turns per wheel turn in a gear; negative backwards, 0 out of gear."""
    if gear > 0.0:
        return p[at.RATIOS + int(gear) - 1]
    return -p[at.REVERSE_RATIO] if gear < 0.0 else 0.0


@inner
def wanted_gear(p: FloatArray, state: FloatArray, throttle: float, reverse: bool) -> float:
    """The gear that the automatic gearbox would be in."""
    gear, engine = state[at.GEAR], state[at.ENGINE]
    if abs(state[at.SPEED]) < STANDING and throttle < p[at.DEAD_BAND]:
        return 0.0
    if gear == 0.0:
        if engine < p[at.FIRST_GEAR_AT]:
            return 0.0
        return -1.0 if reverse else 1.0
    if reverse or gear < 0.0:
        return -1.0 if reverse else 1.0
    if state[at.SINCE_SHIFT] < p[at.SHIFT_PAUSE]:
        return gear
    if engine > p[at.SHIFT_UP] and gear < p[at.GEAR_COUNT]:
        return gear + 1.0
    if engine < p[at.SHIFT_DOWN] and gear > 1.0:
        return gear - 1.0
    return gear


@inner
def shift(p: FloatArray, state: FloatArray, throttle: float, reverse: bool, dt: float) -> None:
    """Change gears: out at once, in after the time that it takes."""
    if state[at.SHIFTING] > 0.0:
        state[at.SHIFTING] -= dt
        if state[at.SHIFTING] <= 1e-9:
            state[at.GEAR], state[at.SHIFTING] = state[at.NEXT_GEAR], 0.0
            state[at.SINCE_SHIFT] = 0.0
        return
    state[at.SINCE_SHIFT] += dt
    gear = state[at.GEAR]
    wanted = wanted_gear(p, state, throttle, reverse)
    if wanted == gear:
        return
    state[at.NEXT_GEAR] = wanted
    state[at.SHIFTING] = p[at.ENGAGE_TIME] if gear == 0.0 else p[at.SHIFT_TIME]
    state[at.GEAR] = 0.0


@inner
def pull(p: FloatArray, state: FloatArray, throttle: float, most: float, dt: float) -> float:
    """The engine's step; the force (N) that it puts on the road, `most` at most.

    Torque beyond that spins the wheels and is lost; wheels that skid turn the engine no harder.
    """
    engine = state[at.ENGINE]
    turns = ratio(p, state[at.GEAR])
    through = 0.0
    if turns != 0.0:
        through = p[at.CLUTCH] * (engine - turns * state[at.SPEED] / p[at.WHEEL_RADIUS])
        through = max(through, -most * p[at.WHEEL_RADIUS] / abs(turns))
    top = p[at.TORQUE_AT + at.KNOTS - 1]
    fed = throttle * curve(p, at.TORQUE_AT, at.TORQUE, engine) if engine < top else 0.0
    drag = p[at.DRAG_SHUT] + (p[at.DRAG_OPEN] - p[at.DRAG_SHUT]) * throttle
    engine += dt * (fed - drag * engine - through) / p[at.ENGINE_INERTIA]
    state[at.ENGINE] = min(max(engine, 0.0), 1.2 * top)
    return min(max(through * turns / p[at.WHEEL_RADIUS], -most), most)


@inner
def resist(speed: float, push: float, against: float, dt: float) -> float:
    """Speed after a step under an acceleration and a friction that may stop but not reverse it."""
    free = speed + push * dt
    lost = against * dt
    if abs(free) <= lost:
        return 0.0
    return free - math.copysign(lost, free)


@inner
def step_pedals(
    p: FloatArray, state: FloatArray, control: FloatArray, pitch: float, grip: float, dt: float
) -> float:
    """A step of the speed by throttle and brakes; the force (N) on the tyres, for their grip."""
    throttle, mass = control[at.THROTTLE], p[at.MASS]
    shift(p, state, throttle, control[at.REVERSE] != 0.0, dt)
    brake = control[at.BRAKE]
    state[at.BRAKING] += (brake - state[at.BRAKING]) * dt / (p[at.BRAKE_LAG] + dt)
    speed = state[at.SPEED]
    weight = mass * GRAVITY * math.cos(pitch)
    most = grip * weight
    force = pull(p, state, throttle, most, dt)
    held = state[at.BRAKING] * p[at.BRAKE_FORCE]
    if control[at.HAND_BRAKE] != 0.0:
        rear = p[at.FRONT_AXLE] / (p[at.FRONT_AXLE] + p[at.REAR_AXLE])
        held += min(p[at.HAND_BRAKE_FORCE], rear * most)
    # An engine that brakes uses the same grip.
    held = min(held, most - abs(force) if force * speed < 0.0 else most)
    air = -p[at.AIR_DRAG] * speed * abs(speed)
    ahead = (force + air) / mass + GRAVITY * math.sin(pitch)
    state[at.SPEED] = resist(speed, ahead, (held + p[at.ROLLING] * weight) / mass, dt)
    state[at.PUSH] = 0.0
    return min(abs(force) + held, most)


@inner
def step_push(
    p: FloatArray, state: FloatArray, control: FloatArray, grip: float, dt: float
) -> float:
    """A step of the speed by an acceleration asked for; the force (N) on the tyres.

    Who asks for less than nothing stops and stands. The engine stands for nothing here: it is kept
    at what would suit the speed, for a change of hands.
    """
    most = min(p[at.TOP_GAIN], grip * GRAVITY)
    least = -min(p[at.TOP_LOSS], grip * GRAVITY)
    aim = min(max(control[at.WISH], least), most)
    state[at.PUSH] += (aim - state[at.PUSH]) * dt / (p[at.PUSH_LAG] + dt)
    speed, push = state[at.SPEED], state[at.PUSH]
    if speed >= 0.0 and push >= 0.0:
        state[at.SPEED] = speed + push * dt
    else:
        state[at.SPEED] = resist(speed, max(push, 0.0), max(-push, 0.0), dt)
    state[at.SHIFTING], state[at.BRAKING] = 0.0, 0.0
    gear = 1.0
    while gear < p[at.GEAR_COUNT]:
        if ratio(p, gear) * state[at.SPEED] / p[at.WHEEL_RADIUS] < 0.8 * p[at.SHIFT_UP]:
            break
        gear += 1.0
    moving = state[at.SPEED] >= STANDING
    state[at.GEAR] = gear if moving else 0.0
    state[at.ENGINE] = ratio(p, state[at.GEAR]) * state[at.SPEED] / p[at.WHEEL_RADIUS]
    return abs(push) * p[at.MASS]
