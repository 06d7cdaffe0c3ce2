"""Pedestrians and cyclists that cross the ego's way."""

from __future__ import annotations

import math

from concours.driving.challenge import xosc as x
from concours.driving.challenge.bodies import BICYCLE, PEDESTRIAN, VAN
from concours.driving.challenge.drafts import NOMINAL, Draft
from concours.driving.challenge.maps.crossings import CROSSWALK
from concours.driving.challenge.maps.lines import Spot
from concours.driving.challenge.ways import NoWay

WALK, RIDE = 1.4, 3.5
"""m/s."""
PARKED = frozenset({"parking"})


def crosses(
    draft: Draft, *, at: float, left: bool = False, cyclist: bool = False, kind: str = "crossing"
) -> None:
    """Somebody walks or rides over the street from the sidewalk on one side to the other."""
    spot = draft.way.at(at).spot
    begin = spot.beside(draft.way.sidewalk(at, left=left))
    end = spot.beside(draft.way.sidewalk(at, left=not left))
    _walks(draft, kind, begin, end, at=at, cyclist=cyclist)


def crosses_behind_turn(
    draft: Draft, *, left: bool = False, cyclist: bool = False, kind: str = "crossing at the turn"
) -> None:
    """The same on the crosswalk behind the turn that the ego makes. Raises NoWay without a turn."""
    way = draft.way
    for start, step in zip(way.starts, way.route.steps, strict=True):
        end = start + abs(step.s_to - step.s_from)
        if way.network.junction(step.road) and not way.is_straight(start, end):
            middle = end + sum(CROSSWALK) / 2
            return crosses(draft, at=middle, left=left, cyclist=cyclist, kind=kind)
    raise NoWay("the way has no turn")


def steps_out(draft: Draft, *, at: float) -> None:
    """Somebody walks onto the street from behind vans that stand on the right.

    They are parked where there are parking lanes, else one stands in the lane to the right.
    """
    parked = [a for a in draft.way.lanes_aside(at, PARKED) if a < 0]
    if parked:
        aside, vans = parked[0] + 0.1, [6.0, 12.5]
    else:
        aside, vans = draft.way.aside(at, draft.way.beside(at, -1)[1]) - 0.4, [6.0]
    spot = draft.way.at(at).spot
    for metres in vans:
        draft.add("Parked", VAN, draft.way.at(at - metres).spot.beside(aside))
    end = spot.beside(draft.way.sidewalk(at, left=True))
    _walks(draft, "blind spot", spot.beside(aside), end, at=at, cyclist=False)


def _walks(
    draft: Draft, kind: str, begin: Spot, end: Spot, *, at: float, cyclist: bool
) -> None:  # fmt: skip
    """They are in the middle of the ego's lane when it would be there."""
    heading = math.atan2(end.y - begin.y, end.x - begin.x)
    begin, end = begin._replace(heading=heading), end._replace(heading=heading)
    pace = RIDE if cyclist else WALK
    who = draft.add(
        "Cyclist" if cyclist else "Pedestrian", BICYCLE if cyclist else PEDESTRIAN, begin
    )  # fmt: skip
    middle = draft.way.at(at).spot
    seconds = math.dist(begin[:2], middle[:2]) / pace
    start = draft.move(
        who,
        "crosses",
        [x.speed(pace), x.follow(f"way of {who}", [begin, end])],
        draft.approach(at, seconds),
    )
    arrived = [[x.near(who, x.in_world(end), 0.5)]]
    draft.move(who, "arrives", [x.speed(0.0)], arrived)
    draft.happens(kind, [who], start, (at - seconds * NOMINAL - 4.0, at + 8.0))
