"""Vehicles ahead of the ego: they brake, stand, come into its lane or leave it."""

from __future__ import annotations

from concours.driving.challenge import xosc as x
from concours.driving.challenge.bodies import CAR, CONE, VAN
from concours.driving.challenge.drafts import NAME, Draft
from concours.driving.challenge.ways import LaneAt, NoWay, Station, Way, way_of

AHEAD = 25.0
"""Metres by which a lead vehicle is ahead when it sets off."""
SLOW = 5.0
"""m/s at which it drives until the ego is behind it."""
CLOSE = 15.0
"""Metres from the ego (reference points) at which it does what it came for."""
AWAY = 12.0
"""m/s at which it drives off afterwards."""
LANE_CHANGE = 2.0
"""Seconds."""
LEAVE, COME_BACK = 27.0, 17.0
"""Metres before and behind an obstacle in which lanes have to be changed."""


def lead_brakes(draft: Draft, *, at: float) -> None:
    """The vehicle ahead brakes to a stop once the ego is behind it, at the latest at `at`."""
    _lead(draft, at=at, kind="lead brakes", to=0.0, rate=6.0, waits=3.0)


def lead_slows(draft: Draft, *, at: float) -> None:
    """The vehicle ahead slows down to 1.5 m/s, at the latest at `at`."""
    _lead(draft, at=at, kind="lead slows", to=1.5, rate=3.0, waits=5.0)


def _lead(
    draft: Draft, *, at: float, kind: str, to: float, rate: float, waits: float
) -> None:  # fmt: skip
    begin = max(at - 35.0, AHEAD)
    lead = draft.add("Lead", CAR, draft.way.at(begin), way=_from(draft.way, begin))
    sets_off(draft, lead, begin)
    slows = draft.move(
        lead, "slows down", [x.speed(to, rate=rate)], _closed_up(draft, lead, draft.way.at(at))
    )  # fmt: skip
    goes_on(draft, lead, slows, waits)
    draft.happens(kind, [lead], slows, (begin - AHEAD, at + 20.0))


def sets_off(draft: Draft, actor: str, begin: float, *, speed: float = SLOW) -> None:
    """It begins to drive when the ego does, or comes near."""
    if begin <= AHEAD + 5.0:
        start: x.Groups = [[x.faster(NAME, 1.0)]]
    else:
        start = [[x.near(NAME, x.in_world(draft.way.at(begin).spot), AHEAD)]]
    draft.move(actor, "sets off", [x.speed(speed, rate=2.5)], start)


def _closed_up(draft: Draft, actor: str, latest: Station) -> x.Groups:
    """The ego is close behind a vehicle that drives; or that has got so far."""
    return [
        [x.apart(NAME, actor, CLOSE), x.faster(actor, SLOW - 1.0)],
        [x.near(actor, x.in_world(latest.spot), 4.0)],
    ]


def goes_on(draft: Draft, actor: str, after: str, seconds: float) -> None:
    """It drives off so many seconds after an event."""
    start = [[x.done(after, delay=seconds)]]
    draft.move(actor, "drives off", [x.speed(AWAY, rate=2.0)], start)


def _from(way: Way, metres: float) -> Way:
    """The rest of the ego's way."""
    station, goal = way.at(metres), way.at(way.length)
    return way_of(way.network, station[:3], goal[:3])


def obstacle(draft: Draft, *, at: float) -> None:
    """A vehicle stands in the ego's lane, with cones behind it. Raises NoWay.

    The line on one side can be crossed there: nobody has to break a rule to get past.
    """
    name = _breakdown(draft, at)
    draft.happens("obstacle ahead", [name], "", (at - 30.0, at + 20.0))


def _breakdown(draft: Draft, at: float) -> str:
    """A van that has broken down; its rear axle is at `at`. Raises NoWay."""
    if not draft.way.may_leave_lane(at - LEAVE, min(at + COME_BACK, draft.way.length)):
        raise NoWay(f"no line may be crossed to get past {at:.1f} m")
    name = draft.add("Obstacle", VAN, draft.way.at(at))
    for metres, aside in ((6.0, 0.5), (9.0, 0.0), (12.0, -0.5)):
        spot = draft.way.at(at - metres).spot.beside(aside)
        draft.add("Cone", CONE, spot)
    return name


def cuts_in(draft: Draft, *, at: float, left: bool) -> None:
    """A vehicle of the lane beside changes into the ego's, just ahead of it, and slows down."""
    begin = max(at - 40.0, AHEAD - 8.0)
    place = draft.way.beside(begin, 1 if left else -1)
    actor = draft.add("Cutter", CAR, place)
    sets_off(draft, actor, begin)
    own = draft.way.at(at).lane
    latest = _station_of(draft, draft.way.beside(at, 1 if left else -1))
    cuts = draft.move(
        actor,
        "cuts in",
        [x.change_lane(own, seconds=LANE_CHANGE), x.speed(3.0, rate=2.0)],
        _closed_up(draft, actor, latest),
    )
    goes_on(draft, actor, cuts, 2.0)
    side = "left" if left else "right"
    draft.happens(f"cut-in from the {side}", [actor], cuts, (begin - AHEAD, at + 25.0))


def _station_of(draft: Draft, place: LaneAt) -> Station:
    return way_of(draft.way.network, place, place).at(0.0)


def cuts_out(draft: Draft, *, at: float, left: bool) -> None:
    """The vehicle ahead leaves the lane late: something stands there, at `at`."""
    stands = _breakdown(draft, at)
    begin = max(at - 50.0, AHEAD)
    _, out, _ = draft.way.beside(at, 1 if left else -1)
    leader = draft.add("Leader", VAN, draft.way.at(begin), way=_from(draft.way, begin))
    sets_off(draft, leader, begin, speed=7.5)
    leaves = draft.move(
        leader,
        "cuts out",
        [x.change_lane(out, seconds=LANE_CHANGE)],
        [[x.near(leader, x.in_world(draft.way.at(at).spot), 30.0)]],
    )
    goes_on(draft, leader, leaves, 1.0)
    side = "left" if left else "right"
    draft.happens(f"cut-out to the {side}", [stands], leaves, (begin - AHEAD, at + 20.0))
