"""Vehicles that come towards the ego."""

from __future__ import annotations

import math

from concours.driving.challenge import xosc as x
from concours.driving.challenge.bodies import CAR
from concours.driving.challenge.drafts import NAME, Draft
from concours.driving.challenge.maps.lines import Spot
from concours.driving.challenge.ways import NoWay, way_of
from concours.driving.roads.kinds import DRIVABLE

TURNING, COMING = 4.0, 5.0
"""m/s."""
GAIN = 2.5
"""m/s2 with which they set off."""
NEXT = 4.0
"""Metres between the middles of lanes that lie side by side, at most."""
RADIUS = 4.5
"""Metres; no car turns around in less."""


def seconds_to(metres: float, speed: float, gain: float = GAIN) -> float:
    """How long a distance takes from standstill."""
    rising = speed / gain
    way = rising * speed / 2
    return math.sqrt(2 * metres / gain) if metres < way else rising + (metres - way) / speed


def turns_around(draft: Draft, *, at: float, run_up: float = 6.0) -> None:
    """A vehicle of the other direction turns around across the ego's lane.

    It needs the width of a four-lane street. Raises NoWay.
    """
    way = draft.way
    outer = way.aside(at, way.opposite(at, outer=True)[1])
    inner = min(way.lanes_aside(at, DRIVABLE))
    radius = (outer - inner) / 2
    if radius < RADIUS:
        raise NoWay(f"no room to turn around at {at:.1f} m")
    begin = at + radius
    back = way.at(begin).spot.back()
    first = back.beside(-outer)
    steps = 24
    turn = [_around(first, radius, math.pi * number / steps) for number in range(steps + 1)]
    start = first.ahead(-run_up)
    car = draft.add("Oncoming", CAR, start)
    seconds = seconds_to(run_up + 0.75 * math.pi * radius, TURNING)
    turns = draft.move(
        car,
        "turns around",
        [x.speed(TURNING, rate=GAIN), x.follow(f"way of {car}", [start, *turn])],
        draft.approach(at, seconds),
    )
    over = [[x.near(car, x.in_world(turn[-1]), 1.0)]]
    draft.move(car, "drives off", [x.speed(10.0, rate=2.0)], over)
    draft.happens("oncoming turns around", [car], turns, (at - 45.0, at + run_up + 25.0))


def _around(start: Spot, radius: float, angle: float) -> Spot:
    """On the circle to the left."""
    there = start.ahead(radius * math.sin(angle)).beside(radius * (1 - math.cos(angle)))
    return there._replace(heading=start.heading + angle)


def _open(draft: Draft, at: float, run_up: float) -> None:
    """Raises NoWay unless the way is one straight street there, beside the oncoming traffic."""
    way = draft.way
    if way.aside(at, way.opposite(at)[1]) > NEXT:
        raise NoWay(f"another lane is between at {at:.1f} m")
    if way.at(at - 10.0).road != way.at(at + run_up).road:
        raise NoWay(f"a junction is near {at:.1f} m")
    if not way.is_straight(at - 30.0, at + run_up):
        raise NoWay(f"the way bends near {at:.1f} m")


def wrong_way(draft: Draft, *, at: float, run_up: float = 20.0) -> None:
    """A vehicle comes towards the ego in the ego's own lane, and leaves it in the last moment."""
    _open(draft, at, run_up)
    begin = draft.way.at(at + run_up)
    car = draft.add("WrongWay", CAR, begin, turned=math.pi)
    seconds = seconds_to(run_up, COMING)
    comes = draft.move(
        car, "comes", [x.speed(COMING, rate=GAIN)], draft.approach(at, seconds)
    )  # fmt: skip
    _, other, _ = draft.way.opposite(at)
    close = [[x.apart(NAME, car, 14.0), x.faster(car, COMING - 0.5)]]
    draft.move(car, "gives way", [x.change_lane(other, seconds=1.6)], close)
    draft.happens("wrong-way vehicle", [car], comes, (at - 45.0, at + run_up + 10.0))


def encroaches(draft: Draft, *, at: float, run_up: float = 25.0) -> None:
    """An oncoming vehicle comes over the middle line, and goes back in the last moment."""
    _open(draft, at, run_up)
    way = draft.way
    road, lane, s = way.opposite(at + run_up)
    car = draft.add("Oncoming", CAR, (road, lane, s), way=way_of(
        way.network, (road, lane, s), way.opposite(max(at - 40.0, 1.0))))  # fmt: skip
    comes = draft.move(
        car,
        "comes",
        [x.speed(COMING + 1, rate=GAIN)],
        draft.approach(at, seconds_to(run_up, COMING + 1)),
    )
    over = -2.2 * way.direction(at)
    closer = [[x.apart(NAME, car, 38.0), x.faster(car, COMING)]]
    shifts = draft.move(car, "encroaches", [x.shift(over, most=3.0)], closer)
    close = [[x.apart(NAME, car, 14.0), x.done(shifts)]]
    draft.move(car, "goes back", [x.shift(0.0, most=6.0)], close)
    draft.happens("oncoming encroaches", [car], comes, (at - 45.0, at + run_up + 10.0))
