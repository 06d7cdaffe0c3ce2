"""Ways through the maps on which sealed scenarios are composed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from concours.driving.challenge import events as e
from concours.driving.challenge.drafts import Draft
from concours.driving.challenge.maps import overpass as o
from concours.driving.challenge.maps import town as t
from concours.driving.challenge.training import at, lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A way and what can happen at its crossings.

    start: road and lane in which it begins, somewhere in `stations`; goal: where it ends, after
    `lengths` metres. events: each finds its own place.
    """

    map_name: str = "town"
    start: tuple[str, int]
    stations: tuple[float, float]
    goal: tuple[str, int]
    lengths: tuple[float, float]
    events: tuple[Callable[[Draft], None], ...] = ()


_across = e.drives_across
_red = partial(_across, kind="vehicle from the left runs a red light")
_left = partial(_across, kind="vehicle from the left goes straight")
_oncoming = partial(_across, kind="oncoming vehicle goes straight")
_turning = partial(_across, kind="vehicle from the right turns left")
_at_turn = partial(e.crosses_behind_turn)
_at_turn_left = partial(
    e.crosses_behind_turn, left=True, cyclist=True, kind="cyclist crossing at the turn"
)  # fmt: skip
_south = {"start": at(t.NORTH, 1, 80), "goal": at(t.SOUTH, -1, 60)}
_east = {"start": at(t.MAIN_WEST, -2, 150), "goal": at(t.MAIN_EAST, -2, 60)}

SCENES: tuple[Scene, ...] = (
    Scene(
        start=lane(t.MAIN_WEST, -1), stations=(60, 120), goal=lane(t.MAIN_EAST, -1),
        lengths=(240, 350), events=(partial(_red, **_south),),
    ),
    Scene(
        start=lane(t.MAIN_WEST, -2), stations=(110, 180), goal=lane(t.MAIN_EAST, -2),
        lengths=(180, 260), events=(partial(_red, **_south),),
    ),
    Scene(
        start=lane(t.MAIN_EAST, -1), stations=(10, 40), goal=lane(t.MAIN_EAST, -1),
        lengths=(140, 195),
    ),
    Scene(
        start=lane(t.MAIN_WEST, -2), stations=(10, 60), goal=lane(t.MAIN_WEST, -2),
        lengths=(110, 170),
    ),
    Scene(
        start=lane(t.SOUTH, 1), stations=(45, 100), goal=lane(t.NORTH, -1), lengths=(110, 200),
        events=(partial(_red, **_east),),
    ),
    Scene(
        start=lane(t.SOUTH, 1), stations=(45, 100), goal=lane(t.MAIN_WEST, 1), lengths=(93, 220),
        events=(partial(_oncoming, **_south), _at_turn),
    ),
    Scene(
        start=lane(t.SOUTH, 1), stations=(45, 100), goal=lane(t.MAIN_EAST, -2), lengths=(93, 220),
        events=(_at_turn, _at_turn_left),
    ),
    Scene(
        start=lane(t.NORTH, -1), stations=(40, 100), goal=lane(t.UPPER_EAST, -1),
        lengths=(93, 200),
        events=(
            partial(_left, start=at(t.UPPER_WEST, 1, 80), goal=at(t.UPPER_EAST, -1, 80)),
            _at_turn, _at_turn_left,
        ),
    ),
    Scene(
        start=lane(t.NORTH, -1), stations=(40, 100), goal=lane(t.UPPER_WEST, -1),
        lengths=(93, 220),
        events=(
            partial(_turning, start=at(t.UPPER_EAST, 1, 80), goal=at(t.NORTH, 1, 90)),
            _at_turn,
        ),
    ),
    Scene(
        start=lane(t.LOWER_EAST, 1), stations=(45, 95), goal=lane(t.MAIN_EAST, 1),
        lengths=(110, 220),
        events=(
            partial(_oncoming, start=at(t.UPPER_EAST, -1, 330), goal=at(t.LOWER_EAST, -1, 60)),
            _at_turn, _at_turn_left,
        ),
    ),
    Scene(
        start=lane(t.SOUTH, -1), stations=(40, 90), goal=lane(t.LOWER_WEST, 1),
        lengths=(120, 220),
        events=(
            partial(_left, start=at(t.LOWER_EAST, -1, 330), goal=at(t.LOWER_WEST, 1, 300),
                    speed=6.0, run_up=24.0),
        ),
    ),
    Scene(
        start=lane(t.UPPER_WEST, -1), stations=(10, 40), goal=lane(t.UPPER_WEST, -1),
        lengths=(116, 160),
    ),
    Scene(
        map_name="overpass", start=lane(o.ENTRY_RAMP, -1), stations=(60, 116),
        goal=lane(o.RING_EAST, -2), lengths=(140, 240),
        events=(
            partial(e.joins, kind="approaching from behind after a merge",
                    start=at(o.BRIDGE, -2, 200), goal=at(o.RING_EAST, -2, 200)),
        ),
    ),
    Scene(
        map_name="overpass", start=lane(o.RING_WEST, -2), stations=(60, 150),
        goal=lane(o.STREET_SOUTH, -1), lengths=(270, 350), events=(_at_turn,),
    ),
    Scene(
        map_name="overpass", start=lane(o.STREET_NORTH, 1), stations=(90, 150),
        goal=lane(o.ENTRY_RAMP, -1), lengths=(140, 240),
        events=(
            partial(_oncoming, start=at(o.STREET_SOUTH, 1, 60), goal=at(o.STREET_NORTH, -1, 60)),
        ),
    ),
)  # fmt: skip
