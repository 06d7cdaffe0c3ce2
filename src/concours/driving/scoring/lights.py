"""Red lights and stop signs that were driven past."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.roads import DRIVABLE, RoadNetwork, Signal
from concours.driving.scenarios.lights import Colour, colour_of
from concours.driving.scoring.places import FRONT, Places
from concours.driving.world import Light

FloatArray = npt.NDArray[np.float64]

STOP_SIGN = "206"
"""Signal type of the stop sign (German catalogue, the one that OpenDRIVE's examples use)."""
LINE_OF_SIGN = 15.0
"""Metres between a stop sign and the stop line that belongs to it."""
STOPPED = 0.1
"""m/s below which the ego counts as having stopped at a stop sign."""
BEFORE = 5.0
"""Metres before the line in which it has to stop."""
SLACK = 1.0
"""Metres by which a move between frames may miss the end of a road."""
AGAIN = 5.0
"""Seconds within which passing the same signal counts once."""


class Passed(NamedTuple):
    """The ego's front passed a line it should have stopped at; state: of the light, "" of none."""

    time: float
    x: float
    y: float
    signal: str
    state: str


class Line(NamedTuple):
    """A line across one lane. way: 1 along s, -1 against it. lights, sign: ids of signals."""

    road: int
    lane: int
    s: float
    way: int
    lights: tuple[str, ...]
    sign: str


def is_red(state: str) -> bool:
    """Whether a state, as scenarios write it, forbids to go on."""
    return colour_of(state) is Colour.RED


def lines_on(network: RoadNetwork, roads: Sequence[int]) -> list[Line]:
    """Every line of these roads, lane by lane, that a light or a stop sign belongs to."""
    out = []
    for index in roads:
        road = network.road_ids[index]
        signals = network.signals(road)
        for line in network.stop_lines(road):
            for lane in line.lanes:
                lights = tuple(one for one in line.signals if _holds(signals, one, lane))
                if lights:
                    way = network.direction(road, lane, line.s) or 1
                    out.append(Line(index, lane, line.s, way, lights, ""))
        for sign in signals:
            if sign.type == STOP_SIGN:
                out += _signed(network, index, sign)
    return out


def _holds(signals: Sequence[Signal], name: str, lane: int) -> bool:
    return any(one.id == name and one.holds_for(lane) for one in signals)


def _signed(network: RoadNetwork, index: int, sign: Signal) -> Iterator[Line]:
    """The lines of a stop sign: the marked ones near it, else where it stands itself."""
    marked = [line for line in network.stop_lines(sign.road) if line.marked]
    for lane in network.lanes(sign.road, sign.s, DRIVABLE):
        way = network.direction(sign.road, lane, sign.s)
        if not sign.holds_for(lane) or way * sign.orientation < 0:
            continue
        near = [
            line.s for line in marked if lane in line.lanes and abs(line.s - sign.s) <= LINE_OF_SIGN
        ]
        s = min(near, key=lambda at: abs(at - sign.s)) if near else sign.s
        yield Line(index, lane, s, way or 1, (), sign.id)


def passings(network: RoadNetwork, places: Places) -> Iterator[tuple[int, Line]]:
    """(frame, line) wherever the front passed a line of its lane, in the lane's direction.

    Lines at the very ends of roads count too: a move that leaves one road and enters another is
    looked at on both, as far as it can reach.
    """
    road, lane = places.road[:, FRONT], places.lane[:, FRONT]
    s, x, y = places.s[:, FRONT], places.x[:, FRONT], places.y[:, FRONT]
    moved = np.hypot(np.diff(x), np.diff(y)) + SLACK
    for line in lines_on(network, np.unique(road[road >= 0]).tolist()):
        was, now = road[:-1] == line.road, road[1:] == line.road
        in_lane = np.where(was, lane[:-1], lane[1:]) == line.lane
        length = float(network.tables.lengths[line.road])
        low, high = (0.0, length) if line.way > 0 else (-length, 0.0)
        before = np.where(was, line.way * s[:-1], low - 1e-6)
        after = np.where(now, line.way * s[1:], high)
        reachable = (was & now) | (after - before <= moved)
        at = line.way * line.s
        crossed = (before < at) & (at <= after) & in_lane & (was | now) & reachable
        for row in np.flatnonzero(crossed).tolist():
            yield row + 1, line


def red_lights(
    passed: Sequence[tuple[int, Line]],
    lights: Sequence[Light],
    places: Places,
    times: FloatArray,
) -> tuple[Passed, ...]:
    """The red lights among the lines that were passed."""
    changes: dict[str, list[Light]] = {}
    for light in sorted(lights, key=lambda one: one.time):
        changes.setdefault(light.signal, []).append(light)
    found = []
    for row, line in passed:
        time = float(times[row])
        for name in line.lights:
            told = changes.get(name, [])
            number = bisect_right(told, time + 1e-9, key=lambda one: one.time) - 1
            if number >= 0 and is_red(told[number].state):
                x, y = float(places.x[row, FRONT]), float(places.y[row, FRONT])
                found.append(Passed(time, x, y, name, told[number].state))
                break
    return _once(found)


def stop_signs(
    passed: Sequence[tuple[int, Line]],
    places: Places,
    times: FloatArray,
    speed: FloatArray,
    distance: FloatArray,
) -> tuple[Passed, ...]:
    """The stop signs passed without having stopped in the metres before the line."""
    found = []
    for row, line in passed:
        near = (distance <= distance[row]) & (distance >= distance[row] - BEFORE)
        if line.sign and not (np.abs(speed[near]) < STOPPED).any():
            x, y = float(places.x[row, FRONT]), float(places.y[row, FRONT])
            found.append(Passed(float(times[row]), x, y, line.sign, ""))
    return _once(found)


def _once(found: list[Passed]) -> tuple[Passed, ...]:
    out: list[Passed] = []
    last: dict[str, float] = {}
    for one in sorted(found):
        if one.time - last.get(one.signal, -np.inf) > AGAIN:
            out.append(one)
        last[one.signal] = one.time
    return tuple(out)
