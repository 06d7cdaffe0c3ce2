"""The 28 training scenarios of the challenge, by its public table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from concours.driving.challenge import events as e
from concours.driving.challenge.drafts import Draft
from concours.driving.challenge.maps import overpass as o
from concours.driving.challenge.maps import town as t
from concours.driving.challenge.ways import LaneAt, way_of_length
from concours.driving.challenge.weather import Sky
from concours.driving.roads import RoadNetwork

Event = Callable[[Draft], None]
DAY, RAIN, FOG = Sky("day", "sunny"), Sky("day", "rain"), Sky("day", "fog")
NIGHT, NIGHT_RAIN, NIGHT_FOG = (Sky("night", one) for one in ("clear", "rain", "fog"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A scenario before it is on a map.

    start: where the ego begins; goal: the lane in which it ends, after `mileage` metres.
    limit: seconds. events: put into the draft in this order.
    """

    name: str
    about: str
    map_name: str = "town"
    start: LaneAt
    goal: tuple[str, int]
    mileage: float
    limit: float
    sky: Sky
    events: tuple[Event, ...]

    def draft(self, network: RoadNetwork) -> Draft:
        """The scenario on its map. Raises NoWay where something does not fit."""
        way = way_of_length(network, self.start, self.goal, self.mileage)
        draft = Draft(
            name=self.name, about=self.about, map_name=self.map_name, way=way,
            limit=self.limit, sky=self.sky,
        )  # fmt: skip
        for event in self.events:
            event(draft)
        return draft


def at(road: int, lane: int, s: float) -> LaneAt:
    """A place on a road of the map."""
    return str(road), lane, s


def lane(road: int, number: int) -> tuple[str, int]:
    """A lane of a road of the map."""
    return str(road), number


def _plans() -> list[Plan]:
    return [*_along(), *_across(), *_more()]


def _along() -> list[Plan]:
    """What happens on the open street."""
    return [
        Plan(
            name="train01", about="leading vehicle brakes", start=at(t.UPPER_EAST, -1, 20),
            goal=lane(t.UPPER_EAST, -1), mileage=131.85, limit=53, sky=DAY,
            events=(partial(e.lead_brakes, at=75),),
        ),
        Plan(
            name="train02", about="leading vehicle brakes", start=at(t.MAIN_EAST, -2, 20),
            goal=lane(t.MAIN_EAST, -2), mileage=97.99, limit=40, sky=RAIN,
            events=(partial(e.lead_brakes, at=60),),
        ),
        Plan(
            name="train03", about="leading vehicle slows down", start=at(t.LOWER_WEST, -1, 60),
            goal=lane(t.LOWER_WEST, -1), mileage=108.66, limit=44, sky=FOG,
            events=(partial(e.lead_slows, at=65),),
        ),
        Plan(
            name="train04", about="leading vehicle slows down", start=at(t.MAIN_WEST, -2, 20),
            goal=lane(t.MAIN_WEST, -2), mileage=198.00, limit=80, sky=NIGHT,
            events=(partial(e.lead_slows, at=110),),
        ),
        Plan(
            name="train05", about="obstacle ahead in the ego's lane",
            start=at(t.MAIN_WEST, -2, 60), goal=lane(t.MAIN_WEST, -2), mileage=106.02, limit=43,
            sky=DAY, events=(partial(e.obstacle, at=65),),
        ),
        Plan(
            name="train06", about="obstacle ahead in the ego's lane",
            start=at(t.UPPER_EAST, -1, 60), goal=lane(t.UPPER_EAST, -1), mileage=85.89, limit=35,
            sky=NIGHT_RAIN, events=(partial(e.obstacle, at=50),),
        ),
        Plan(
            name="train07", about="oncoming vehicle turns around ahead",
            start=at(t.MAIN_EAST, -1, 20), goal=lane(t.MAIN_EAST, -1), mileage=97.56, limit=40,
            sky=DAY, events=(partial(e.turns_around, at=62),),
        ),
        Plan(
            name="train08", about="oncoming vehicle turns around ahead",
            start=at(t.MAIN_WEST, -2, 100), goal=lane(t.MAIN_WEST, -2), mileage=88.00, limit=36,
            sky=FOG, events=(partial(e.turns_around, at=58),),
        ),
        Plan(
            name="train09", about="vehicle cuts in from the left", start=at(t.MAIN_WEST, -2, 40),
            goal=lane(t.MAIN_WEST, -2), mileage=154.15, limit=62, sky=NIGHT_FOG,
            events=(partial(e.cuts_in, at=85, left=True),),
        ),
        Plan(
            name="train10", about="vehicle cuts in from the right", start=at(t.MAIN_EAST, -1, 30),
            goal=lane(t.MAIN_EAST, -1), mileage=162.00, limit=65, sky=NIGHT,
            events=(partial(e.cuts_in, at=85, left=False),),
        ),
        Plan(
            name="train11", about="vulnerable road user crosses ahead",
            start=at(t.UPPER_EAST, -1, 40), goal=lane(t.UPPER_EAST, -1), mileage=131.99, limit=53,
            sky=DAY, events=(partial(e.crosses, at=75),),
        ),
        Plan(
            name="train12", about="vulnerable road user crosses ahead",
            start=at(t.SOUTH, 1, 115), goal=lane(t.SOUTH, 1), mileage=72.07, limit=29,
            sky=NIGHT_FOG, events=(partial(e.crosses, at=45, left=True, cyclist=True),),
        ),
    ]  # fmt: skip


def _across() -> list[Plan]:
    """What happens at crossings, T-junctions and the roundabout."""
    red = partial(e.drives_across, kind="vehicle from the left runs a red light")
    left = partial(e.drives_across, kind="vehicle from the left goes straight")
    oncoming = partial(e.drives_across, kind="oncoming vehicle goes straight")
    return [
        Plan(
            name="train13", about="ego straight on; vehicle from the left runs a red light",
            start=at(t.SOUTH, 1, 40), goal=lane(t.NORTH, -1), mileage=88.04, limit=36, sky=DAY,
            events=(partial(red, start=at(t.MAIN_WEST, -2, 150), goal=at(t.MAIN_EAST, -2, 60)),),
        ),
        Plan(
            name="train14", about="ego straight on; vehicle from the left runs a red light",
            start=at(t.MAIN_WEST, -1, 194), goal=lane(t.MAIN_EAST, -1), mileage=97.46, limit=39,
            sky=RAIN, events=(partial(red, start=at(t.NORTH, 1, 80), goal=at(t.SOUTH, -1, 60)),),
        ),
        Plan(
            name="train15", about="ego turns right; vehicle from the left goes straight",
            start=at(t.NORTH, -1, 100), goal=lane(t.UPPER_EAST, -1), mileage=85.91, limit=35,
            sky=NIGHT,
            events=(partial(left, start=at(t.UPPER_WEST, 1, 80), goal=at(t.UPPER_EAST, -1, 80)),),
        ),
        Plan(
            name="train16", about="ego turns right; vehicle from the left goes straight",
            start=at(t.SOUTH, -1, 100), goal=lane(t.LOWER_WEST, 1), mileage=92.66, limit=38,
            sky=NIGHT_RAIN,
            events=(
                partial(left, start=at(t.LOWER_EAST, -1, 330), goal=at(t.LOWER_WEST, 1, 300),
                        speed=6.0, run_up=24.0),
            ),
        ),
        Plan(
            name="train17", about="ego turns left; oncoming vehicle goes straight",
            start=at(t.SOUTH, 1, 35), goal=lane(t.MAIN_WEST, 1), mileage=79.65, limit=32, sky=DAY,
            events=(partial(oncoming, start=at(t.NORTH, 1, 80), goal=at(t.SOUTH, -1, 60)),),
        ),
        Plan(
            name="train18", about="ego turns left; oncoming vehicle goes straight",
            start=at(t.LOWER_EAST, 1, 48), goal=lane(t.MAIN_EAST, 1), mileage=96.87, limit=39,
            sky=NIGHT_FOG,
            events=(
                partial(oncoming, start=at(t.UPPER_EAST, -1, 330), goal=at(t.LOWER_EAST, -1, 60)),
            ),
        ),
        Plan(
            name="train19", about="ego turns right; road user crosses on the right",
            start=at(t.SOUTH, 1, 50), goal=lane(t.MAIN_EAST, -2), mileage=93.48, limit=38,
            sky=NIGHT, events=(e.crosses_behind_turn,),
        ),
        Plan(
            name="train20", about="ego turns right; road user crosses on the right",
            start=at(t.UPPER_EAST, -1, 355), goal=lane(t.MAIN_EAST, 2), mileage=85.48, limit=35,
            sky=RAIN, events=(partial(e.crosses_behind_turn, left=True, cyclist=True),),
        ),
    ]  # fmt: skip


def _more() -> list[Plan]:
    """Blind spots, ramps, and several events in one scenario."""
    oncoming = partial(e.drives_across, kind="oncoming vehicle goes straight")
    turning = partial(e.drives_across, kind="vehicle from the right turns left")
    return [
        Plan(
            name="train21", about="road user steps out of a blind spot ahead",
            start=at(t.UPPER_WEST, -1, 30), goal=lane(t.UPPER_WEST, -1), mileage=133.99, limit=54,
            sky=NIGHT, events=(partial(e.steps_out, at=80),),
        ),
        Plan(
            name="train22", about="road user steps out of a blind spot ahead",
            start=at(t.LOWER_EAST, -1, 215), goal=lane(t.LOWER_EAST, -1), mileage=115.58, limit=47,
            sky=FOG, events=(partial(e.steps_out, at=70),),
        ),
        Plan(
            name="train23", about="ego enters by a ramp", map_name="overpass",
            start=at(o.ENTRY_RAMP, -1, 116), goal=lane(o.RING_EAST, -2), mileage=117.89, limit=48,
            sky=FOG,
            events=(
                partial(e.joins, kind="enters by a ramp", start=at(o.BRIDGE, -2, 200),
                        goal=at(o.RING_EAST, -2, 200)),
            ),
        ),
        Plan(
            name="train24", about="ego leaves by a ramp", map_name="overpass",
            start=at(o.RING_WEST, -2, 140), goal=lane(o.EXIT_RAMP, -1), mileage=172.73, limit=70,
            sky=NIGHT, events=(partial(e.lead_slows, at=125),),
        ),
        Plan(
            name="train25", about="cut-in from the right; crossing; obstacle ahead; blind spot",
            start=at(t.MAIN_EAST, -1, 15), goal=lane(t.MAIN_EAST, -1), mileage=181.91, limit=73,
            sky=DAY,
            events=(
                partial(e.crosses, at=42), partial(e.obstacle, at=80),
                partial(e.steps_out, at=126), partial(e.cuts_in, at=168, left=False),
            ),
        ),
        Plan(
            name="train26", about="oncoming turns around; crossing; wrong-way vehicle in the lane",
            start=at(t.MAIN_WEST, -1, 40), goal=lane(t.MAIN_WEST, -1), mileage=138.00, limit=56,
            sky=NIGHT_RAIN,
            events=(
                partial(e.turns_around, at=50), partial(e.crosses, at=84),
                partial(e.wrong_way, at=114),
            ),
        ),
        Plan(
            name="train27", about="left turn with oncoming straight; crossing",
            start=at(t.NORTH, 1, 38), goal=lane(t.MAIN_EAST, -1), mileage=81.52, limit=33, sky=FOG,
            events=(
                partial(oncoming, start=at(t.SOUTH, 1, 80), goal=at(t.NORTH, -1, 60)),
                e.crosses_behind_turn,
            ),
        ),
        Plan(
            name="train28",
            about="left turn with a vehicle turning left from the right; crossing on the left",
            start=at(t.NORTH, -1, 95), goal=lane(t.UPPER_WEST, -1), mileage=100.42, limit=41,
            sky=NIGHT,
            events=(
                partial(turning, start=at(t.UPPER_EAST, 1, 80), goal=at(t.NORTH, 1, 90)),
                partial(e.crosses_behind_turn, left=True),
            ),
        ),
    ]  # fmt: skip


PLANS: tuple[Plan, ...] = tuple(_plans())
"""In the order of the table."""


def drafts(networks: Mapping[str, RoadNetwork]) -> list[Draft]:
    """The training scenarios on the challenge's maps (by name)."""
    return [plan.draft(networks[plan.map_name]) for plan in PLANS]
