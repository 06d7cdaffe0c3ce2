"""Vehicles from behind the ego."""

from __future__ import annotations

from concours.driving.challenge import xosc as x
from concours.driving.challenge.bodies import CAR
from concours.driving.challenge.drafts import NAME, Draft


def overtakes_on_the_right(draft: Draft, *, at: float) -> None:
    """A vehicle passes the ego in the lane to its right and cuts in ahead of it, about at `at`."""
    begin = max(at - 75.0, 0.0)
    actor = draft.add("Overtaker", CAR, draft.way.beside(begin, -1))
    station = draft.way.at(begin + 6.0)
    sets_off = [[x.near(NAME, x.in_world(station.spot), 3.0)]]
    draft.move(actor, "overtakes", [x.speed_from(NAME, 3.5, seconds=2.0)], sets_off)
    alongside = draft.move(
        actor, "passes", [x.speed_from(NAME, 3.5, seconds=0.5)],
        [[x.apart(NAME, actor, 4.5), x.faster(actor, 3.0)]],
    )  # fmt: skip
    own = draft.way.at(at).lane
    cuts = draft.move(
        actor, "cuts in", [x.change_lane(own, seconds=1.8), x.speed(4.0, rate=4.0)],
        [[x.apart(NAME, actor, 9.0, less=False), x.faster(actor, 3.0),
          x.done(alongside, state="runningState")]],
    )  # fmt: skip
    draft.move(
        actor, "drives off", [x.speed(12.0, rate=2.0)], [[x.done(cuts, delay=2.0)]]
    )  # fmt: skip
    draft.happens("overtaking on the right", [actor], cuts, (begin, at + 30.0))
