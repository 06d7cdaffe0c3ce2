"""Junctions: ways through them from lane to lane, lights, stop lines and crosswalks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from concours.driving.challenge.maps.lines import Spot, join
from concours.driving.challenge.maps.parts import (
    Connection,
    Controller,
    Junction,
    Lane,
    Light,
    Link,
    Map,
    Mark,
    Road,
    Section,
    Thing,
    smooth,
)
from concours.driving.challenge.maps.streets import KERB

STOP = 6.0
"""Metres from the junction to the stop line."""
CROSSWALK = (1.5, 4.5)
"""Metres from the junction between which people cross."""
TURNS = math.radians(45.0)
"""How much a way turns at least that is not straight on."""


class Door(NamedTuple):
    """A lane where it meets a junction: its id, its left border as one drives, its width."""

    lane: int
    spot: Spot
    width: float
    height: float
    slope: float


class Arm(NamedTuple):
    """A road that meets a junction with its start or its end."""

    road: Road
    contact: str

    @property
    def at_end(self) -> bool:
        """Whether it is the road's end."""
        return self.contact == "end"

    def doors(self, kind: str, *, inwards: bool) -> list[Door]:
        """Lanes of a kind that lead into the junction, or out of it, from the middle outwards."""
        s = self.road.length if self.at_end else 0.0
        section = self.road.sections[-1 if self.at_end else 0]
        spot = self.road.end if self.at_end else self.road.start
        sign = -1 if inwards == self.at_end else 1
        height, slope = self.road.height(s)
        if sign > 0:
            spot, slope = spot.back(), -slope
        found, across = [], 0.0
        for number, lane in enumerate(section.side(sign), 1):
            width = _width(lane, s - section.s)
            if lane.type == kind:
                found.append(Door(sign * number, spot.beside(-across), width, height, slope))
            across += width
        return found

    def edge(self, *, inwards: bool) -> Door | None:
        """The sidewalk, or the shoulder, beside the lanes that lead in or out."""
        for kind in ("sidewalk", "shoulder"):
            found = self.doors(kind, inwards=inwards)
            if found:
                return found[0]
        return None


class Turn(NamedTuple):
    """A way through: arms by number and lanes from the middle, from 0; edge: with what is beside.

    kinds: types of the lane that is left and the one that is entered.
    """

    origin: int
    lane: int
    target: int
    onto: int
    edge: bool = False
    kinds: tuple[str, str] = ("driving", "driving")


def _width(lane: Lane, ds: float) -> float:
    a, b, c, d = lane.width
    return a + ds * (b + ds * (c + ds * d))


def usual_turns(arms: Sequence[Arm]) -> Iterator[Turn]:
    """Straight on in all lanes, right from the outermost into it, left from the innermost."""
    for origin, arm in enumerate(arms):
        enters = arm.doors("driving", inwards=True)
        turned = {
            target: other.doors("driving", inwards=False)[0].spot.seen_from(enters[0].spot)[2]
            for target, other in enumerate(arms)
            if target != origin and enters and other.doors("driving", inwards=False)
        }
        rightmost = min(turned, key=lambda target: turned[target], default=-1)
        for target, angle in turned.items():
            leaves = arms[target].doors("driving", inwards=False)
            outermost = target == rightmost
            if angle > TURNS:
                yield Turn(origin, 0, target, 0)
            elif angle < -TURNS:
                yield Turn(origin, len(enters) - 1, target, len(leaves) - 1, outermost)
            else:
                count = min(len(enters), len(leaves))
                for number in range(count):
                    edge = outermost and number == count - 1
                    yield Turn(origin, number, target, number, edge)


def meet(
    plan: Map, number: int, name: str, arms: Sequence[Arm], turns: Sequence[Turn] | None = None
) -> Junction:
    """Put a junction where arms meet, with a road of one lane for each turn."""
    junction = Junction(id=number, name=name)
    for arm in arms:
        link = Link("junction", number)
        if arm.at_end:
            arm.road.after = link
        else:
            arm.road.before = link
    for count, turn in enumerate(turns if turns is not None else usual_turns(arms)):
        road = _way(number, number * 100 + count, arms[turn.origin], arms[turn.target], turn)
        plan.roads.append(road)
        pairs = tuple((before, lane) for lane, before, _ in road.lane_links)
        junction.connections.append(Connection(arms[turn.origin].road.id, road.id, pairs))
    plan.junctions.append(junction)
    return junction


def _way(junction: int, number: int, origin: Arm, target: Arm, turn: Turn) -> Road:
    enter = origin.doors(turn.kinds[0], inwards=True)[turn.lane]
    leave = target.doors(turn.kinds[1], inwards=False)[turn.onto]
    pieces = join(enter.spot, leave.spot)
    length = sum(piece.length for piece in pieces)
    no_marks = (Mark(0.0, "none"),)
    lanes = [
        Lane(type="driving", width=smooth(enter.width, leave.width, length), marks=no_marks)
    ]  # fmt: skip
    links = [(-1, enter.lane, leave.lane)]
    beside = (origin.edge(inwards=True), target.edge(inwards=False))
    paved = bool(origin.doors("sidewalk", inwards=True))
    alike = paved == bool(target.doors("sidewalk", inwards=False))
    if turn.edge and alike and beside[0] and beside[1]:
        lanes.append(
            Lane(
                type="sidewalk" if paved else "shoulder",
                width=smooth(beside[0].width, beside[1].width, length),
                height=KERB if paved else 0.0,
            )
        )
        links.append((-2, beside[0].lane, beside[1].lane))
    return Road(
        id=number,
        name="",
        start=enter.spot,
        pieces=pieces,
        sections=(Section(s=0.0, left=(), right=tuple(lanes), centre=no_marks),),
        speed=min(origin.road.speed, target.road.speed),
        elevation=((0.0, *_rise(enter, leave, length)),),
        junction=junction,
        before=Link("road", origin.road.id, origin.contact),
        after=Link("road", target.road.id, target.contact),
        lane_links=tuple(links),
    )


def _rise(enter: Door, leave: Door, length: float) -> tuple[float, float, float, float]:
    """The cubic that has both heights and slopes."""
    climb = (leave.height - enter.height) / length
    c = (3 * climb - 2 * enter.slope - leave.slope) / length
    d = (enter.slope + leave.slope - 2 * climb) / length**2
    return (enter.height, enter.slope, c, d)


def lights(plan: Map, junction: Junction, groups: Sequence[Sequence[Arm]]) -> None:
    """Give arms lights, stop lines and crosswalks; the arms of a group are green together."""
    count = junction.id * 10
    for phase, group in enumerate(groups):
        switched = []
        for arm in group:
            crosswalk(arm, count + 5)
            inwards = arm.doors("driving", inwards=True)
            if inwards:
                arm.road.lights.append(_light(arm, count, inwards))
                switched.append(count)
            count += 1
        name = f"{junction.name} {'ABCD'[phase]}"
        number = junction.id * 10 + phase
        plan.controllers.append(Controller(number, name, junction.id, tuple(switched)))


def _light(arm: Arm, number: int, doors: Sequence[Door]) -> Light:
    s = arm.road.length - STOP if arm.at_end else STOP
    aside = sum(door.width for door in doors) + 0.6
    ids = sorted(door.lane for door in doors)
    side = -1.0 if arm.at_end else 1.0
    return Light(number, s, side * aside, "+" if arm.at_end else "-", (ids[0], ids[-1]))


def crosswalk(arm: Arm, number: int) -> None:
    """Paint a crosswalk over all lanes of an arm."""
    near, far = CROSSWALK
    length = arm.road.length
    first, last = (length - far, length - near) if arm.at_end else (near, far)
    right = sum(door.width for door in arm.doors("driving", inwards=arm.at_end))
    left = sum(door.width for door in arm.doors("driving", inwards=not arm.at_end))
    corners = ((first, -right), (last, -right), (last, left), (first, left))
    middle = (first + last) / 2
    arm.road.things.append(Thing(number, "crosswalk", "crosswalk", middle, 0.0, corners))
