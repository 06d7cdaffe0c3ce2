"""Signals, stop lines, controllers and objects of a network, made from its arrays when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from concours.driving.roads import tables as t
from concours.driving.roads.kinds import DRIVABLE
from concours.driving.roads.records import Controller, RoadObject, Signal, StopLine

if TYPE_CHECKING:
    from concours.driving.roads.network import RoadNetwork

STOP_LINE_TYPES = {"294"}
"""Signal types (German catalogue, the standard's own example) that are stop lines."""
STOP_LINE_WORDS = ("stopline", "stop line", "stop_line", "haltelinie")
NEAR = 30.0
"""Metres between a stop line and the lights that belong to it."""


def signals(network: RoadNetwork, road: int) -> tuple[Signal, ...]:
    """Signals and references of a road, by s; a reference has the type of what it refers to."""
    first, last = network.tables.roads[road, t.SIGNALS : t.SIGNALS + 2].tolist()
    return tuple(_signal(network, row) for row in range(first, last))


def _signal(network: RoadNetwork, row: int) -> Signal:
    ints = network.arrays["signals"][row].tolist()
    s, across, z, h, width, height, value = network.arrays["signal_f"][row].tolist()
    road, orientation, dynamic, refers, first, last, *numbers = ints
    identity, name, kind, subtype, country, unit, text = (network.texts[i] for i in numbers)
    if refers:
        target = _own(network).get(identity)
        if target is not None:
            other = _signal(network, target)
            name, kind, subtype, country = other.name, other.type, other.subtype, other.country
            dynamic, value, unit, text = other.dynamic, other.value, other.unit, other.text
    lanes = network.arrays["validities"][first:last].tolist()
    return Signal(
        id=identity,
        road=network.road_ids[road],
        s=s,
        t=across,
        orientation=orientation,
        dynamic=bool(dynamic),
        type=kind,
        subtype=subtype,
        country=country,
        value=value,
        unit=unit,
        text=text,
        name=name,
        z_offset=z,
        h_offset=h,
        width=width,
        height=height,
        refers=bool(refers),
        lanes=tuple((low, high) for low, high in lanes),
    )


def _own(network: RoadNetwork) -> dict[str, int]:
    """Rows of signals (not references) by id."""
    rows = enumerate(network.arrays["signals"].tolist())
    return {network.texts[ints[6]]: row for row, ints in reversed(list(rows)) if not ints[3]}


def controllers(network: RoadNetwork, road: str | None) -> tuple[Controller, ...]:
    """All controllers, or those that switch a signal of a road."""
    mine = None if road is None else {one.id for one in network.signals(road)}
    found = []
    for identity, name, first, last in network.arrays["controllers"].tolist():
        pairs = network.arrays["controls"][first:last].tolist()
        switched = tuple(dict.fromkeys(network.texts[signal] for signal, _ in pairs))
        if mine is None or mine.intersection(switched):
            found.append(Controller(network.texts[identity], network.texts[name], switched))
    return tuple(found)


def objects(network: RoadNetwork, road: int) -> tuple[RoadObject, ...]:
    """Objects of a road, by s."""
    first, last = network.tables.roads[road, t.OBJECTS : t.OBJECTS + 2].tolist()
    return tuple(_object(network, row) for row in range(first, last))


def _object(network: RoadNetwork, row: int) -> RoadObject:
    ints = network.arrays["objects"][row].tolist()
    road, orientation, v0, v1, c0, c1, r0, r1, *numbers = ints
    s, across, z, heading, pitch, roll, *size = network.arrays["object_f"][row].tolist()
    identity, name, kind, subtype = (network.texts[i] for i in numbers)
    length, width, height, radius = size
    corners = network.arrays["corners"][c0:c1].tolist()
    return RoadObject(
        id=identity,
        road=network.road_ids[road],
        name=name,
        type=kind,
        subtype=subtype,
        s=s,
        t=across,
        z_offset=z,
        heading=heading,
        pitch=pitch,
        roll=roll,
        length=length,
        width=width,
        height=height,
        radius=radius,
        orientation=orientation,
        lanes=tuple((a, b) for a, b in network.arrays["validities"][v0:v1].tolist()),
        corners=tuple(("road" if frame else "local", a, b, c) for frame, a, b, c in corners),
        repeats=tuple(tuple(one) for one in network.arrays["repeats"][r0:r1].tolist()),
    )


def stop_lines(network: RoadNetwork, road: str) -> tuple[StopLine, ...]:
    """Marked stop lines with the lights that belong to them, and lights without one."""
    around = network.signals(road)
    lights = [one for one in around if one.dynamic]
    marked = [(one.s, one.orientation, one) for one in around if _is_stop_line(one)]
    found: list[StopLine] = []
    used: set[str] = set()
    for s, orientation, line in marked:
        mine = [
            light
            for light in lights
            if abs(light.s - s) <= NEAR and light.orientation * orientation >= 0
        ]
        used.update(light.id for light in mine)
        lanes = _lanes(network, road, line)
        found.append(StopLine(road, s, lanes, tuple(light.id for light in mine), marked=True))
    for light in lights:
        lanes = _lanes(network, road, light)
        if light.id not in used and lanes:
            found.append(StopLine(road, light.s, lanes, (light.id,), marked=False))
    for thing in network.objects(road):
        if _sounds_like_one(thing.type, thing.subtype, thing.name):
            allowed = network.lanes(road, thing.s, DRIVABLE)
            lanes = tuple(one for one in allowed if _covers(thing.lanes, one))
            found.append(StopLine(road, thing.s, lanes, (), marked=True))
    return tuple(sorted(found, key=lambda line: (line.s, line.signals, line.lanes)))


def _is_stop_line(one: Signal) -> bool:
    return one.type in STOP_LINE_TYPES or _sounds_like_one(one.type, one.subtype, one.name)


def _sounds_like_one(*words: str) -> bool:
    return any(known in word.lower() for word in words for known in STOP_LINE_WORDS)


def _covers(ranges: tuple[tuple[int, int], ...], lane: int) -> bool:
    return not ranges or any(low <= lane <= high for low, high in ranges)


def _lanes(network: RoadNetwork, road: str, one: Signal) -> tuple[int, ...]:
    """Drivable lanes at a signal whose traffic meets it.

    Some producers write into the orientation where the signal looks to, against the standard; so
    lanes that are named count even where none of them is driven in the stated direction.
    """
    named = [lane for lane in network.lanes(road, one.s, DRIVABLE) if one.holds_for(lane)]
    met = [lane for lane in named if network.direction(road, lane, one.s) * one.orientation >= 0]
    return tuple(met or (named if one.lanes else ()))
