"""Vehicles whose way meets the ego's, at a crossing or where lanes join."""

from __future__ import annotations

from concours.driving.challenge import xosc as x
from concours.driving.challenge.bodies import CAR
from concours.driving.challenge.drafts import NAME, Draft
from concours.driving.challenge.events.oncoming import seconds_to
from concours.driving.challenge.ways import LaneAt, meeting, way_of

GAIN = 3.0
"""m/s2."""
AFTER = 30.0
"""Metres driven on behind where the ways meet."""


def drives_across(
    draft: Draft, *, kind: str, start: LaneAt, goal: LaneAt, speed: float = 8.0,
    run_up: float = 28.0, early: float = 0.2,
) -> None:  # fmt: skip
    """A vehicle drives from one lane to another so that it meets the ego where their ways do.

    start, goal: on the lanes that it comes from and goes to; it waits `run_up` metres before the
    ways meet. early: seconds by which it is there before the ego. Raises NoWay.
    """
    whole = way_of(draft.way.network, start, goal)
    mine, theirs = meeting(draft.way, whole)
    begin = whole.at(max(theirs - run_up, 0.0))
    rest = way_of(draft.way.network, begin[:3], goal)
    car = draft.add("Crossing", CAR, begin, way=rest)
    seconds = seconds_to(min(run_up, theirs), speed, GAIN) + early
    drives = draft.move(
        car, "drives", [x.speed(speed, rate=GAIN)], draft.approach(mine, seconds)
    )  # fmt: skip
    draft.happens(kind, [car], drives, (mine - 45.0, mine + 15.0))


def joins(
    draft: Draft, *, kind: str, start: LaneAt, goal: LaneAt, speed: float = 10.0,
    run_up: float = 40.0, early: float = 0.0,
) -> None:  # fmt: skip
    """A vehicle comes from behind in the lane that the ego comes into.

    Once the ego is close before it, it takes the ego's speed. Raises NoWay.
    """
    whole = way_of(draft.way.network, start, goal)
    mine, theirs = meeting(draft.way, whole)
    begin = whole.at(max(theirs - run_up, 0.0))
    rest = way_of(draft.way.network, begin[:3], goal)
    car = draft.add("Behind", CAR, begin, way=rest)
    seconds = seconds_to(min(run_up, theirs), speed, GAIN) + early
    drives = draft.move(
        car, "comes", [x.speed(speed, rate=GAIN)], draft.approach(mine, seconds)
    )  # fmt: skip
    place = x.in_world(draft.way.at(min(mine + 16.0, draft.way.length)).spot)
    follows = [[x.near(NAME, place, 5.0)]]
    draft.move(car, "follows", [x.speed_from(NAME, -0.5, seconds=2.0)], follows)
    draft.happens(kind, [car], drives, (mine - 50.0, mine + 30.0))
