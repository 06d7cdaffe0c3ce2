"""The stop lines that drivers of ours heed, and what the lights there show."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from concours.driving.roads import RoadNetwork, Signal, StopLine, UnknownRoad
from concours.driving.roads import tables as t
from concours.driving.scenarios.lights import Colour, colour_of, flashes
from concours.driving.scenarios.machine.signals import SignalBoard
from concours.driving.world import layout as at
from concours.driving.world.kernels.halting import FIRM
from concours.driving.world.layout import FloatArray
from concours.driving.world.stage import Stage

FOR_OTHERS = {"1000002", "1000007", "1000013"}
"""Types of lights (of the standard's own catalogue) that pedestrians and cyclists look at."""
SOON = 1e-6
"""Seconds before a phase may change from which on lights are looked at: times are rounded."""
_SHOWN = {Colour.RED: at.SHUT, Colour.YELLOW: at.CLOSING}


class Lights:
    """Tells the scene what the lights at its stop lines show.

    Lights of which the scenario says nothing, and those that flash, stop nobody.
    """

    def __init__(self, stage: Stage, board: SignalBoard) -> None:
        self._stage = stage
        self._board = board
        self._signals: list[tuple[str, ...]] | None = None
        self._same: tuple[float, int] = (-math.inf, -1)

    def tick(self, now: float) -> None:
        """Look at the lights, once a control step."""
        until, changes = self._same
        if self._stage.network is None or (now < until and changes == self._board.changes):
            return
        self._same = (self._board.until(now) - SOON, self._board.changes)
        if not self._board.names():
            return
        if self._signals is None:
            lines = list(lines_with_lights(self._stage.network))
            self._signals = [signals for _, signals in lines]
            rows = np.array([row for row, _ in lines]).reshape(-1, at.STOP_COLUMNS)
            self._stage.set_stops(rows)
        for row, signals in enumerate(self._signals):
            self._stage.scene.stops[row, at.STOP_SHOWS] = max(self._shown(s, now) for s in signals)

    def _shown(self, signal: str, now: float) -> int:
        state = self._board.state(signal, now) or ""
        return at.OPEN if flashes(state) else _SHOWN.get(colour_of(state), at.OPEN)


Row = tuple[float, float, float, float]


def lines_with_lights(network: RoadNetwork) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Rows for `Scene.stops`, a lane each, and the signals that say who may pass there."""
    for index, road in enumerate(network.road_ids):
        first, last = network.tables.roads[index, t.SIGNALS : t.SIGNALS + 2].tolist()
        if first == last:
            continue
        lights = [one for one in network.signals(road) if one.type not in FOR_OTHERS]
        for line in network.stop_lines(road):
            for lane in line.lanes:
                mine = _lights_of(line, lane, lights)
                row = _row(network, line, lane)
                if mine and row is not None:
                    yield row, mine


def _lights_of(line: StopLine, lane: int, lights: Sequence[Signal]) -> tuple[str, ...]:
    valid = {one.id for one in lights if one.holds_for(lane)}
    return tuple(name for name in line.signals if name in valid)


def _row(network: RoadNetwork, line: StopLine, lane: int) -> Row | None:
    """None where the lane does not reach the line.

    Lights without a line, within a junction, are often those on its far side: there the line is
    where the junction's road begins.
    """
    s = line.s
    way = network.direction(line.road, lane, s) or 1
    if network.junction(line.road) and not line.marked:
        s = 0.0 if way > 0 else network.length(line.road)
    try:
        return float(network.lane_row(line.road, lane, s)), s, float(way), float(at.OPEN)
    except UnknownRoad:
        return None


def can_stop(stops: FloatArray, lane: int, s: float, way: int, speed: float) -> bool:
    """Whether one who drives on from a station of a lane (its row) can stop where it has to."""
    shut = (stops[:, at.STOP_LANE] == lane) & (stops[:, at.STOP_SHOWS] != at.OPEN)
    room = (stops[shut, at.STOP_S] - s) * way
    return bool((speed * speed <= 2.0 * FIRM * room[room > 0.0]).all())
