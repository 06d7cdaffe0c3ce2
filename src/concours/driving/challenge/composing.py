"""Sealed test scenarios from a secret seed.

A scene is a way through one of the maps with the events that its crossings allow; events of the
open street are put wherever they fit. All that is drawn depends on the seed and on counters alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TypeVar

from concours.driving.challenge import events as e
from concours.driving.challenge.drafts import Draft
from concours.driving.challenge.scenes import SCENES, Scene
from concours.driving.challenge.ways import NoWay, way_of_length
from concours.driving.challenge.weather import Sky
from concours.driving.challenge.writing import networks as own_networks
from concours.driving.keyed import uniform, word
from concours.driving.roads import RoadNetwork

T = TypeVar("T")
EVENTS = (2, 4)
"""Events in one scenario, at least and at most."""
PACE = 2.45
"""m/s: the mean speed that the time limit asks for, as in the challenge's table."""
TRIES = 60
"""Drafts a scenario that are thrown away at most before a seed is given up."""
PATIENCE = 12
"""Drafts that are tried on a scene before another one is taken."""
PLACES = 5
"""Places that are tried for an event."""
FIRST = 40.0
"""Metres before the first place at which something is put."""
ROOM = 60.0
"""Metres from a change of lane of the way in which nothing is put."""

Placed = Callable[[Draft, float], None]
STREET: dict[str, Placed] = {
    "lead brakes": lambda draft, at: e.lead_brakes(draft, at=at),
    "lead slows": lambda draft, at: e.lead_slows(draft, at=at),
    "obstacle ahead": lambda draft, at: e.obstacle(draft, at=at),
    "oncoming turns around": lambda draft, at: e.turns_around(draft, at=at),
    "cut-in from the left": lambda draft, at: e.cuts_in(draft, at=at, left=True),
    "cut-in from the right": lambda draft, at: e.cuts_in(draft, at=at, left=False),
    "crossing": lambda draft, at: e.crosses(draft, at=at),
    "cyclist crossing": lambda draft, at: e.crosses(
        draft, at=at, left=True, cyclist=True, kind="cyclist crossing"
    ),
    "blind spot": lambda draft, at: e.steps_out(draft, at=at),
    "wrong-way vehicle": lambda draft, at: e.wrong_way(draft, at=at),
    "oncoming encroaches": lambda draft, at: e.encroaches(draft, at=at),
    "overtaking on the right": lambda draft, at: e.overtakes_on_the_right(draft, at=at),
    "cut-out to the left": lambda draft, at: e.cuts_out(draft, at=at, left=True),
    "cut-out to the right": lambda draft, at: e.cuts_out(draft, at=at, left=False),
}
"""What can happen wherever the street allows it."""
BEHIND = "approaching"
"""Beginning of the kind whose vehicle comes from behind, when who drove ahead is gone."""
DRIVES_ON = (
    "lead", "cut-in", "cut-out", "overtaking", "oncoming turns around",
    "vehicle from the left goes straight",
)  # fmt: skip
"""Beginnings of the kinds whose vehicle goes on along the ego's way."""
BESIDE = (
    "vehicle from the left runs", "vehicle from the right", "oncoming vehicle",
    "oncoming encroaches", BEHIND,
)  # fmt: skip
"""Beginnings of the kinds that may come behind them: nobody is on the ego's way for long."""


class NoScenarios(ValueError):
    """So many scenarios that are not alike were not found."""


@dataclass(slots=True)
class Draws:
    """Numbers of one purpose, one after another."""

    seed: int
    purpose: str
    count: int = 0

    def below(self, most: int) -> int:
        """A whole number from 0 to most - 1."""
        self.count += 1
        return word(self.seed, self.purpose, self.count - 1) % most

    def between(self, low: float, high: float) -> float:
        """A number, to a tenth."""
        self.count += 1
        drawn = uniform(self.seed, self.purpose, self.count - 1)
        return round(low + (high - low) * drawn, 1)

    def one_of(self, things: Sequence[T]) -> T:
        """One of them."""
        return things[self.below(len(things))]

    def order(self, things: Sequence[T]) -> list[T]:
        """All of them, in a drawn order (Fisher and Yates)."""
        found = list(things)
        for last in range(len(found) - 1, 0, -1):
            other = self.below(last + 1)
            found[last], found[other] = found[other], found[last]
        return found


def compose(
    seed: int, *, count: int = 10, networks: Mapping[str, RoadNetwork] | None = None
) -> tuple[Draft, ...]:
    """`count` scenarios of two to four events each, no two alike.

    Two have neither the same set of events nor the same way. networks: the challenge's maps by
    name, where they are open already. The same seed and count give the same files.

    Raises NoScenarios where so many are not found (some dozens always are), ValueError for a
    count below 1.
    """
    if count < 1:
        raise ValueError("at least one scenario is composed")
    maps = networks if networks is not None else own_networks()
    draws = Draws(seed, "composing")
    found: list[Draft] = []
    seen: set[frozenset[str]] = set()
    ways: set[tuple[str, ...]] = set()
    scenes: list[Scene] = []
    failed = 0
    for _ in range(TRIES * count):
        if len(found) == count:
            break
        if failed == PATIENCE:
            scenes.pop()
            failed = 0
        scenes = scenes or draws.order(SCENES)
        used = Counter(each.kind for draft in found for each in draft.happenings)
        draft = _drawn(draws, scenes[-1], maps, f"sealed{len(found) + 1:02d}", used)
        failed += 1
        if draft is None:
            continue
        kinds = frozenset(each.kind for each in draft.happenings)
        way = _key(draft)
        if kinds not in seen and way not in ways:
            seen.add(kinds)
            ways.add(way)
            found.append(draft)
            scenes.pop()
            failed = 0
    if len(found) < count:
        raise NoScenarios(f"{len(found)} of {count} scenarios were found")
    return tuple(found)


def _key(draft: Draft) -> tuple[str, ...]:
    """Two ways are the same where they have the same roads, begun within 10 m."""
    first = draft.way.route.steps[0]
    return (*draft.way.route.roads, str(first.lane), f"{first.s_from / 10:.0f}")


def _drawn(
    draws: Draws,
    scene: Scene,
    maps: Mapping[str, RoadNetwork],
    name: str,
    used: Mapping[str, int],
) -> Draft | None:
    """A draft on a scene; None where what was drawn does not fit. used: how often by kind."""
    start = (scene.start[0], scene.start[1], draws.between(*scene.stations))
    mileage = draws.between(*scene.lengths)
    wanted = EVENTS[0] + draws.below(EVENTS[1] - EVENTS[0] + 1)
    sky = Sky(*draws.one_of([(a, b) for a in ("day", "night") for b in ("", "rain", "fog")]))
    if not sky.weather:
        sky = sky._replace(weather="sunny" if sky.light == "day" else "clear")
    try:
        way = way_of_length(maps[scene.map_name], start, scene.goal, mileage)
    except NoWay:
        return None
    draft = Draft(
        name=name, about="", map_name=scene.map_name, way=way, limit=round(mileage / PACE), sky=sky
    )  # fmt: skip
    draft = _with_events(draws, scene, draft, wanted, used)
    draft.happenings.sort(key=lambda each: each.span)
    draft.about = "; ".join(each.kind for each in draft.happenings)
    return draft if len(draft.happenings) == wanted else None


def _with_events(
    draws: Draws, scene: Scene, draft: Draft, wanted: int, used: Mapping[str, int]
) -> Draft:
    """Some of the scene's own events, then the street's least used, as far as there is room."""
    for event in draws.order(scene.events)[: draws.below(3)]:
        draft = _tried(draft, event)
    for kind in sorted(draws.order(list(STREET)), key=lambda kind: used.get(kind, 0)):
        places = [
            draws.between(FIRST, max(draft.way.length - 10.0, FIRST)) for _ in range(PLACES)
        ]  # fmt: skip
        if len(draft.happenings) == wanted:
            break
        for at in places:
            if any(each.span[0] < at < each.span[1] for each in draft.happenings):
                continue
            before = len(draft.happenings)
            draft = _tried(draft, partial(_placed, STREET[kind], at))
            if len(draft.happenings) > before:
                break
    return draft


def _tried(draft: Draft, event: Callable[[Draft], None]) -> Draft:
    """The draft with one event more; without, where that does not fit."""
    more = draft.copy()
    try:
        event(more)
    except NoWay:
        return draft
    return more if fits(more) else draft


def _placed(event: Placed, at: float, draft: Draft) -> None:
    """Put an event of the street somewhere. Raises NoWay in junctions and bends."""
    way = draft.way
    if way.network.junction(way.at(at).road) or not way.is_straight(at - 15.0, at):
        raise NoWay(f"{at:.1f} m is no open street")
    steps = zip(way.starts, way.route.steps, strict=True)
    if any(step.changes and at - ROOM < start < at + ROOM for start, step in steps):
        raise NoWay(f"the way changes lanes near {at:.1f} m")
    event(draft, at)


def fits(draft: Draft) -> bool:
    """Whether the events leave each other room, and nobody drives into what stands there."""
    happenings = sorted(draft.happenings, key=lambda each: each.span)
    if len({each.kind for each in happenings}) < len(happenings):
        return False
    first, last = happenings[0].span[0], max(each.span[1] for each in happenings)
    if first < -1e-6 or last > draft.way.length + 15.0:
        return False
    if any(one.span[1] > other.span[0] for one, other in pairwise(happenings)):
        return False
    drives = [k for k, each in enumerate(happenings) if each.kind.startswith(DRIVES_ON)]
    merges = [k for k, each in enumerate(happenings) if each.kind.startswith(BEHIND)]
    later = happenings[drives[0] + 1 :] if drives else []
    if merges and merges[0] + 1 < len(happenings):
        return False  # it stays close behind the ego
    return len(drives) <= 1 and all(each.kind.startswith(BESIDE) for each in later)
