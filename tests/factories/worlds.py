"""Small worlds: a map written here, entities, a few actions; played, and asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from concours.driving import roads
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios import load
from concours.driving.scenarios.machine import Kind, Move
from concours.driving.world import Trace, World
from tests.driving.roads.maps import both, linked
from tests.factories import scenarios as s
from tests.factories.driving import geometry, lane, road, section, xodr
from tests.factories.moves import element, on_lane, put, speed

FRAME = 0.1
"""Seconds between two rows of a trace."""

# Maps

FOUR = section(*(lane(number, before=number, after=number) for number in (2, 1, -1, -2)))


def straight(length: float = 1000.0, *signals: str) -> bytes:
    """Road 1 along x; lanes -1 and -2 lead along it, 1 and 2 back; each 3.5 m wide."""
    plan = geometry("<line/>", length=length)
    return xodr(road(length=length, plan=plan, sections=[FOUR], more=furnished(*signals)))


def furnished(*signals: str) -> str:
    """What a road holds besides its lanes."""
    return f"<signals>{''.join(signals)}</signals>" if signals else ""


def light(name: str, s: float, *lanes: int, orientation: str = "+", kind: str = "1000001") -> str:
    """A traffic light for some lanes, or for all that it looks at."""
    valid = "".join(element("validity", fromLane=lane, toLane=lane) for lane in lanes)
    return element(
        "signal", valid, id=name, name="", s=s, t=-8, dynamic="yes", orientation=orientation,
        type=kind, subtype="-1", zOffset=3,
    )  # fmt: skip


def bend(radius: float = 100.0, length: float = 150.0) -> bytes:
    """The same lanes on an arc to the left from the origin."""
    plan = geometry(f'<arc curvature="{1 / radius}"/>', length=length)
    return xodr(road(length=length, plan=plan, sections=[FOUR]))


def ring(radius: float = 20.0) -> bytes:
    """Two half circles to the left, each leading to the other."""
    half = math.pi * radius
    arc = f'<arc curvature="{1 / radius}"/>'

    def part(number: str, other: str, y: float, hdg: float) -> str:
        plan = geometry(arc, y=y, hdg=hdg, length=half)
        link = both(linked("road", other, "end"), linked("road", other, "start"))
        return road(number, length=half, plan=plan, sections=[FOUR], link=link)

    return xodr(part("1", "2", 0.0, 0.0), part("2", "1", 2 * radius, math.pi))


def racecourse(radius: float = 20.0) -> bytes:
    """Roads 1 and 2, 100 m there and back, joined by junctions 5 (road 10) and 6 (road 20)."""
    half, one = math.pi * radius, section(lane(-1, before=-1, after=-1))
    arc = f'<arc curvature="{1 / radius}"/>'

    def turn(number: str, junction: str, ways: tuple[str, str], **place: float) -> str:
        link = both(linked("road", ways[0], "end"), linked("road", ways[1], "start"))
        plan = geometry(arc, length=half, **place)
        built = road(number, length=half, plan=plan, sections=[one], link=link)
        return built.replace('junction="-1"', f'junction="{junction}"')

    def line(number: str, before: str, after: str, **place: float) -> str:
        link = both(linked("junction", before), linked("junction", after))
        return road(number, plan=geometry("<line/>", **place), sections=[one], link=link)

    def junction(number: str, incoming: str, connecting: str) -> str:
        return (
            f'<junction id="{number}" name=""><connection id="0" incomingRoad="{incoming}" '
            f'connectingRoad="{connecting}" contactPoint="start"><laneLink from="-1" to="-1"/>'
            "</connection></junction>"
        )

    return xodr(
        line("1", "6", "5"),
        line("2", "5", "6", x=100, y=2 * radius, hdg=math.pi),
        turn("10", "5", ("1", "2"), x=100),
        turn("20", "6", ("2", "1"), y=2 * radius, hdg=math.pi),
        junction("5", "1", "10"),
        junction("6", "2", "20"),
    )


@lru_cache(maxsize=64)
def opened(document: bytes) -> RoadNetwork:
    """The roads of a document, compiled once."""
    return roads.loads(document)


# Entities


def car(
    name: str,
    *,
    limits: tuple[float, float, float] | None = None,
    box: tuple[float, float, float] = (4.0, 2.0, 1.0),
    more: str = "",
    after: str = "",
) -> str:
    """A car; box: length, width, how far its middle is ahead. more, after: inside, behind."""
    length, width, ahead = box
    inner = element(
        "BoundingBox",
        element("Center", x=ahead, y=0, z=0.75),
        element("Dimensions", width=width, length=length, height=1.5),
    )
    if limits is not None:
        top, gain, brake = limits
        inner += element("Performance", maxSpeed=top, maxAcceleration=gain, maxDeceleration=brake)
    vehicle = element("Vehicle", inner, more, name=name, vehicleCategory="car")
    return element("ScenarioObject", vehicle, after, name=name)


def pedestrian(name: str) -> str:
    box = element(
        "BoundingBox",
        element("Center", x=0, y=0, z=0.9),
        element("Dimensions", width=0.6, length=0.6, height=1.8),
    )
    person = element("Pedestrian", box, name=name, pedestrianCategory="pedestrian")
    return element("ScenarioObject", person, name=name)


def begin(name: str, place: str, v: float, *actions: str) -> str:
    """The Init of an entity: where it is, how fast, and what else it does from the start."""
    return s.private(name, put(place), speed(v), *actions)


def ahead(name: str, at: float, v: float, *actions: str, lane: int = -1) -> str:
    """The same on lane -1 of road 1."""
    return begin(name, on_lane("1", lane, at), v, *actions)


# Playing

NEVER = s.at(1e6, "Stop")
"""A stop trigger, so that a run does not end with its stories."""


def build(
    folder: Path,
    *init: str,
    where: bytes | None = None,
    events: Sequence[str] = (),
    cars: Iterable[str] | None = None,
    stop: str = NEVER,
    stories: Sequence[str] = (),
    actors: Sequence[str] = ("Ego",),
    signals: str = "",
    **how: Any,
) -> World:
    """A world with Init and events of `actors`. cars: by default Ego, and Other if it is named.

    signals: controllers of traffic lights.
    """
    told = list(stories)
    if events:
        group = s.group("group", s.maneuver("maneuver", *events), actors=actors)
        told.append(s.story("story", s.act("act", group)))
    if cars is None:
        cars = (car("Ego"), car("Other")) if "Other" in "".join([*init, *told]) else (car("Ego"),)
    text = s.scenario(
        *told,
        init="".join(init),
        entities="".join(cars),
        network=signals,
        stop=stop,
        minor=3,
    )
    network = None if where is None else opened(where)
    given: dict[str, Any] = {"control": FRAME, "end": 10.0, "network": network, **how}
    return World(load(s.write(folder, text)), **given)


def play(folder: Path, *init: str, **how: Any) -> Trace:
    """`build`, run to the end; a world without notes is expected unless notes=True."""
    noted = how.pop("noted", False)
    trace = build(folder, *init, **how).play()
    assert trace is not None
    if not noted:
        assert [note for note in trace.notes if "had not ended" not in note] == []
    return trace


def when(seconds: float, *actions: str, name: str = "do") -> str:
    """An event at a time."""
    return s.event(name, *actions, start=s.at(seconds))


def once(test: str, *actions: str, name: str = "do", who: str = "Ego", edge: str = "none") -> str:
    """An event that a condition by entity starts."""
    start = s.trigger("Start", [s.condition(s.by_entity(test, who), edge=edge)])
    return s.event(name, *actions, start=start)


# Asking


def value(trace: Trace, name: str, column: str, time: float) -> float:
    """One number of an entity at a time of a frame."""
    row = round(time / trace.step)
    assert abs(float(trace.times[row]) - time) < 1e-6
    return float(trace.of(name, column)[row])


def moved(trace: Trace, name: str, move: Move, kind: Kind = Kind.EVENT) -> list[float]:
    """When an element of the storyboard made a move."""
    return [
        each.time
        for each in trace.record
        if each.name == name and each.move is move and each.kind is kind
    ]


def fired(trace: Trace, name: str = "do") -> float:
    """When an event started; never is infinite."""
    return next(iter(moved(trace, name, Move.START)), math.inf)


def over(trace: Trace, name: str = "do") -> float:
    """When the (first) action of an event came to its end; never is infinite."""
    ends = moved(trace, f"{name}Action", Move.END, Kind.ACTION)
    return next(iter(ends), math.inf)


def gap(trace: Trace, one: str, two: str) -> np.ndarray:
    """How far two is ahead of one along x, at each frame."""
    return trace.of(two, "x") - trace.of(one, "x")


def told(who: str, *events: str) -> str:
    """A story of another actor."""
    group = s.group(f"group of {who}", s.maneuver("maneuver", *events), actors=(who,))
    return s.story(f"story of {who}", s.act(f"act of {who}", group))
