"""Keeping what a run did, frame by frame."""

from __future__ import annotations

import math

import numpy as np

from concours.driving.scenarios.machine import Player
from concours.driving.world.kernels.reading import read_rows
from concours.driving.world.layout import FloatArray, IntArray
from concours.driving.world.stage import Stage
from concours.driving.world.trace import FIELDS, Actor, Light, Touch, Trace

SOON = 1e-6
"""Seconds before a phase may change from which on lights are looked at: times are rounded."""


class Recorder:
    """Rows of one run, kept as they come; memory grows by 96 bytes an entity and frame."""

    def __init__(self, stage: Stage, player: Player) -> None:
        self._stage = stage
        self._player = player
        self._times: list[float] = []
        self._rows: list[FloatArray] = []
        self._touches: list[Touch] = []
        self._lights: list[Light] = []
        self._seen: dict[str, str] = {}
        self._blank = np.zeros((0, len(FIELDS)))
        self._same: tuple[float, int] = (-math.inf, 0)

    def add(self, time: float, begun: IntArray) -> None:
        """The scene at a time, and which pairs began to touch."""
        if len(self._blank) != len(self._stage.names):
            self._blank = np.full((len(self._stage.names), len(FIELDS)), math.nan)
        out = self._blank.copy()
        read_rows(self._stage.tables, self._stage.scene, out)
        self._times.append(time)
        self._rows.append(out)
        if len(begun):
            self._touches += [Touch(time, one, two) for one, two in begun.tolist()]
        board = self._player.board
        until, changes = self._same
        if time >= until or changes != board.changes:
            self._note_lights(time)
            self._same = (board.until(time) - SOON, board.changes)

    def _note_lights(self, time: float) -> None:
        """The signals whose states are new."""
        for name in self._player.board.names():
            state = self._player.board.state(name, time)
            if state is not None and self._seen.get(name) != state:
                self._seen[name] = state
                self._lights.append(Light(time, name, state))

    def trace(
        self,
        *,
        name: str,
        step: float,
        end: str,
        road_ids: tuple[str, ...],
        notes: tuple[str, ...],
    ) -> Trace:
        """All of it."""
        count = len(self._stage.names)
        values = np.full((len(self._rows), count, len(FIELDS)), math.nan)
        for number, rows in enumerate(self._rows):
            values[number, : len(rows)] = rows
        return Trace(
            name=name,
            step=step,
            end=end,
            actors=tuple(self._actor(row) for row in range(count)),
            times=np.array(self._times),
            values=values,
            record=tuple(self._player.record),
            unfired=tuple(self._player.unfired()),
            touches=tuple(self._touches),
            lights=tuple(self._lights),
            road_ids=road_ids,
            notes=notes,
        )

    def _actor(self, row: int) -> Actor:
        back, front, right, left, below, above = self._stage.bodies[row].box
        return Actor(
            name=self._stage.names[row],
            kind=self._stage.bodies[row].category,
            length=front - back,
            width=left - right,
            height=above - below,
            center=((front + back) / 2, (left + right) / 2, (above + below) / 2),
        )
