"""A scenario while it is put together, and the file it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree

from concours.driving.challenge import xosc as x
from concours.driving.challenge.bodies import EGO, Body, scenario_object
from concours.driving.challenge.lights import traffic_signals
from concours.driving.challenge.maps.lines import Spot
from concours.driving.challenge.ways import LaneAt, Station, Way
from concours.driving.challenge.weather import Sky, environment_action
from concours.driving.challenge.xml import Node, document
from concours.driving.challenge.xosc import element

NAME = "Ego"
TOLERANCE = 4.0
"""Metres from the goal that count as there."""
NOMINAL = 30 / 3.6
"""m/s at which events are timed where a time to go cannot tell."""
AT_LEAST = 7.0
"""Metres to go at which an event happens to the slowest ego too."""


class Move(NamedTuple):
    """An event of the storyboard: what is done, and when it starts."""

    name: str
    actions: Sequence[Node]
    start: x.Groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happens to the ego: the kind of event, its actors, where on the way it takes place.

    start: the event of the storyboard that begins it; "" for what stands there from the start.
    span: metres of the way (from, to) that it needs for itself.
    """

    kind: str
    actors: tuple[str, ...]
    start: str
    span: tuple[float, float]


@dataclass(slots=True, kw_only=True)
class Draft:
    """One scenario.

    Attributes:
        name: of the file. about: what happens, in words. map_name: "town" or "overpass".
        way: the ego's. limit: seconds. sky: light and weather.
    """

    name: str
    about: str
    map_name: str
    way: Way
    limit: float
    sky: Sky
    happenings: list[Happening] = field(default_factory=list)
    _entities: dict[str, Body] = field(default_factory=dict)
    _init: dict[str, list[Node]] = field(default_factory=dict)
    _moves: dict[str, list[Move]] = field(default_factory=dict)

    # Putting together

    def copy(self) -> Draft:
        """Another draft that holds the same so far."""
        return replace(
            self,
            happenings=list(self.happenings),
            _entities=dict(self._entities),
            _init={name: list(actions) for name, actions in self._init.items()},
            _moves={name: list(moves) for name, moves in self._moves.items()},
        )

    def add(
        self,
        name: str,
        body: Body,
        place: Station | LaneAt | Spot,
        *,
        turned: float = 0.0,
        way: Way | None = None,
    ) -> str:
        """An entity that stands somewhere; its name, made its own. way: what it will drive."""
        own, number = name, 1
        while own in self._entities:
            number += 1
            own = f"{name}{number}"
        self._entities[own] = body
        where = x.in_world(place) if isinstance(place, Spot) else x.in_lane(place, turned=turned)
        self._init[own] = [x.teleport(where), x.speed(0.0)]
        if way is not None:
            self._init[own].append(x.route(f"way of {own}", places_of(way)))
        return own

    def move(self, actor: str, name: str, actions: Sequence[Node], start: x.Groups) -> str:
        """An event of an actor; the full name that others refer to it by."""
        own = f"{actor} {name}"
        self._moves.setdefault(actor, []).append(Move(own, actions, start))
        return own

    def happens(
        self, kind: str, actors: Sequence[str], start: str, span: tuple[float, float]
    ) -> None:
        """Keep what was put in."""
        self.happenings.append(
            Happening(kind=kind, actors=tuple(actors), start=start, span=span)
        )  # fmt: skip

    def approach(self, metres: float, seconds: float) -> x.Groups:
        """The ego is so many seconds from a place of its way.

        On a straight the time to go counts, whatever the speed; behind a turn the distance that is
        driven in that time at 30 km/h. Where a light is before it, it has to be green.
        """
        spot = self.way.at(metres).spot
        before = metres - seconds * NOMINAL
        reach = max(self.way.chord(before, metres), AT_LEAST)
        groups = [[x.near(NAME, x.in_world(spot), reach)]]
        if self.way.is_straight(before - 5.0, metres):
            groups = [
                [x.soon(NAME, x.in_world(spot), seconds)],
                [x.near(NAME, x.in_world(spot), AT_LEAST)],
            ]
        signal = self._light_before(metres)
        if signal:
            groups = [[*group, x.light_is(signal, "green")] for group in groups]
        return groups

    def _light_before(self, metres: float) -> str:
        """The last light within 60 m before a place; "" for none."""
        found = [line.signals[0] for at, line in self.way.stops if 0 <= metres - at <= 60.0]
        return found[-1] if found else ""

    # The file

    def write(self, *, driven: float | None = None) -> bytes:
        """The scenario; driven: the ego drives its way at this speed (m/s) and minds nobody.

        The same draft gives the same bytes.
        """
        header = element(
            "FileHeader", revMajor=1, revMinor=1, date="2023-03-01T00:00:00",
            description=f"{self.name}: {self.about}; {self.sky.words}", author="Concours",
        )  # fmt: skip
        signals = traffic_signals(self.way)
        logic = element("LogicFile", filepath=f"../maps/{self.map_name}.xodr")
        network = element("RoadNetwork", logic, *([signals] if signals is not None else []))
        bodies = {NAME: EGO, **self._entities}
        entities = element("Entities", *(scenario_object(*pair) for pair in bodies.items()))
        init = element("Init", element("Actions", environment_action(self.sky),
                                       *self._privates(driven)))  # fmt: skip
        stories = [_story(actor, moves) for actor, moves in self._all_moves(driven).items()]
        storyboard = element("Storyboard", init, *stories, self._stop())
        root = element(
            "OpenSCENARIO", header, element("CatalogLocations"), network, entities, storyboard
        )  # fmt: skip
        copied: Node = etree.fromstring(etree.tostring(root))
        return document(copied)

    def _privates(self, driven: float | None) -> list[Node]:
        ego = [
            x.teleport(x.in_lane(self.way.at(0.0))),
            x.speed(driven or 0.0),
            x.route("way", places_of(self.way)),
        ]
        everyone = {NAME: ego, **self._init}
        return [
            element("Private", *actions, entityRef=name) for name, actions in everyone.items()
        ]  # fmt: skip

    def _all_moves(self, driven: float | None) -> dict[str, list[Move]]:
        if driven is None:
            return self._moves or {NAME: [_nothing(self.limit)]}
        changes = [
            _naive_change(self.way, number)
            for number, step in enumerate(self.way.route.steps)
            if step.changes
        ]
        return {**self._moves, **({NAME: changes} if changes else {})}

    def _stop(self) -> Node:
        goal = x.near(NAME, x.in_lane(self.way.at(self.way.length)), TOLERANCE)
        return x.trigger("Stop", [[goal], [x.time_is(self.limit)]])


def _nothing(limit: float) -> Move:
    """A scenario needs a story; this one's event lies behind the end."""
    return Move("nothing", [x.speed(0.0)], [[x.time_is(limit + 1.0)]])


def _naive_change(way: Way, number: int) -> Move:
    """The naive ego takes the lane that its route goes on in, once it is there."""
    after = way.route.steps[number + 1]
    place = way.at(way.starts[number + 1] + 6.0)
    start = [[x.near(NAME, x.in_world(place.spot), 5.0)]]
    return Move(f"changes {number}", [x.change_lane(after.lane, seconds=3.0)], start)


def places_of(way: Way) -> list[Station | LaneAt]:
    """Waypoints that leave no choice: start, the middle of each road, goal."""
    found: list[Station | LaneAt] = [way.at(0.0)]
    steps = way.route.steps
    for number, step in enumerate(steps[1:-1], 1):
        if step.road != steps[number - 1].road:
            found.append((step.road, step.lane, (step.s_from + step.s_to) / 2))
    return [*found, way.at(way.length)]


def _story(actor: str, moves: Sequence[Move]) -> Node:
    events = [
        element(
            "Event",
            *(
                element("Action", action, name=f"{move.name} action {number}")
                for number, action in enumerate(move.actions, 1)
            ),
            x.trigger("Start", move.start),
            name=move.name, priority="parallel", maximumExecutionCount=1,
        )
        for move in moves
    ]  # fmt: skip
    actors = element("Actors", element("EntityRef", entityRef=actor),
                     selectTriggeringEntities="false")  # fmt: skip
    maneuver = element("Maneuver", *events, name=f"{actor} maneuver")
    group = element(
        "ManeuverGroup", actors, maneuver, name=f"{actor} group", maximumExecutionCount=1
    )  # fmt: skip
    start = x.trigger("Start", [[x.condition("start", element("ByValueCondition", element(
        "SimulationTimeCondition", rule="greaterOrEqual", value=0)))]])  # fmt: skip
    return element("Story", element("Act", group, start, name=f"{actor} act"),
                   name=f"{actor} story")  # fmt: skip
