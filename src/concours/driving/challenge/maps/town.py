"""The town: a four-lane main street between two-lane ones, crossroads, T-junctions, a roundabout.

Main street runs along y = 0. North of it lies the upper street, south the lower one; curves of
60 m join both to the main street's ends.
"""

from __future__ import annotations

import math

from concours.driving.challenge.maps.crossings import Arm, Turn, lights, meet
from concours.driving.challenge.maps.lines import Arc, Line, Spot, bend
from concours.driving.challenge.maps.parts import Lane, Map, Mark, Road, Section, constant
from concours.driving.challenge.maps.streets import street

MAIN_WEST, MAIN_EAST, NORTH, SOUTH, UPPER_WEST, UPPER_EAST = range(1, 7)
LOWER_WEST, LOWER_EAST, SOUTH_END = range(7, 10)
CENTRE, UPPER_T, WEST_T, EAST_T = 30, 31, 32, 33
ROUNDABOUT = (40, 41, 42, 43)
RING = (21, 22, 23, 24)
RING_RADIUS, RING_WIDTH = 14.0, 4.5
RING_MIDDLE = (0.0, -180.0)
MOUTH = math.radians(28.0)
"""Half the angle of the ring that a mouth of the roundabout takes."""
DOWN = -math.pi / 2


def town() -> Map:
    """The map of the town."""
    plan = Map(name="town")
    plan.roads += _streets()
    arm = _arms(plan)
    centre = meet(
        plan, CENTRE, "centre",
        [arm(MAIN_WEST, "end"), arm(MAIN_EAST), arm(NORTH), arm(SOUTH)],
    )  # fmt: skip
    lights(
        plan, centre, [[arm(MAIN_WEST, "end"), arm(MAIN_EAST)], [arm(NORTH), arm(SOUTH)]]
    )  # fmt: skip
    meet(plan, UPPER_T, "upper T", [arm(NORTH, "end"), arm(UPPER_WEST), arm(UPPER_EAST)])
    for number, name, upper, lower, main in (
        (WEST_T, "west T", UPPER_WEST, LOWER_WEST, arm(MAIN_WEST)),
        (EAST_T, "east T", UPPER_EAST, LOWER_EAST, arm(MAIN_EAST, "end")),
    ):
        arms = [arm(upper, "end"), arm(lower), main]
        lights(plan, meet(plan, number, name, arms), [arms[:2], arms[2:]])
    _roundabout(plan)
    return plan


def _streets() -> list[Road]:
    quarter = bend(60.0, 90.0)
    right = bend(60.0, -90.0)
    return [
        street(MAIN_WEST, "Main Street", Spot(-262, 0, 0), [Line(242)], lanes=2, speed=60),
        street(MAIN_EAST, "Main Street", Spot(20, 0, 0), [Line(242)], lanes=2, speed=60),
        street(
            NORTH, "North Street", Spot(0, 20, -DOWN), [Line(145)], speed=40, parking=(35, 110)
        ),
        street(SOUTH, "South Street", Spot(0, -20, DOWN), [Line(126)], speed=40),
        street(
            UPPER_WEST, "Upper Street", Spot(-15, 180, math.pi), [Line(205), quarter, Line(102)],
            parking=(40, 180),
        ),
        street(
            UPPER_EAST, "Upper Street", Spot(15, 180, 0), [Line(205), right, Line(102)]
        ),
        street(
            LOWER_WEST, "Lower Street", Spot(-280, -18, DOWN), [Line(102), quarter, Line(186)]
        ),
        street(
            LOWER_EAST, "Lower Street", Spot(280, -18, DOWN), [Line(102), right, Line(186)],
            parking=(220, 340),
        ),
        street(
            SOUTH_END, "South End", Spot(0, -214, DOWN), [Line(120)], speed=40, open_end=True
        ),
    ]  # fmt: skip


class _arms:  # noqa: N801 -- reads as a function
    """Arms of a map by the road's number."""

    def __init__(self, plan: Map) -> None:
        self.plan = plan

    def __call__(self, number: int, contact: str = "start") -> Arm:
        return Arm(self.plan.road(number), contact)


def _roundabout(plan: Map) -> None:
    """One lane to the left around; a junction at each street: north, west, south, east."""
    arm = _arms(plan)
    streets = [arm(SOUTH, "end"), arm(LOWER_WEST, "end"), arm(SOUTH_END), arm(LOWER_EAST, "end")]
    angles = [math.radians(degrees) for degrees in (90, 180, 270, 0)]
    rings = [_ring(number, angle) for number, angle in zip(RING, angles, strict=True)]
    plan.roads += rings
    for k, (number, mouth) in enumerate(zip(ROUNDABOUT, streets, strict=True)):
        before, after = Arm(rings[k - 1], "end"), Arm(rings[k], "start")
        turns = [Turn(0, 0, 1, 0), Turn(0, 0, 2, 0, edge=False), Turn(2, 0, 1, 0)]
        meet(plan, number, f"roundabout {k + 1}", [before, after, mouth], turns)


def _ring(number: int, angle: float) -> Road:
    """The part of the ring behind the mouth at an angle, up to the next one."""
    begin, span = angle + MOUTH, math.pi / 2 - 2 * MOUTH
    x, y = RING_MIDDLE
    start = Spot(
        x + RING_RADIUS * math.cos(begin), y + RING_RADIUS * math.sin(begin), begin + math.pi / 2
    )
    edge = (Mark(0.0, "solid", change="none"),)
    lane = Lane(type="driving", width=constant(RING_WIDTH), marks=edge)
    return Road(
        id=number,
        name="Roundabout",
        start=start,
        pieces=(Arc(RING_RADIUS * span, 1.0 / RING_RADIUS),),
        sections=(Section(s=0.0, left=(), right=(lane,), centre=edge),),
        speed=30,
    )
