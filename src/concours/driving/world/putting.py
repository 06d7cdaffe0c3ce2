"""Putting entities somewhere, with what they draw, and taking them out."""

from __future__ import annotations

import math
from collections.abc import Callable

from concours.driving.roads.tables import LANE_SECTION
from concours.driving.scenarios.scenario import Scenario
from concours.driving.world import layout as at
from concours.driving.world.bodies import entity_called
from concours.driving.world.kernels.setting import BY_LANE, BY_PLACE, settle
from concours.driving.world.places import Place
from concours.driving.world.stage import Stage


class Putting:
    """Puts the entities of one run into the scene, trailers behind those that draw them."""

    def __init__(self, scenario: Scenario, stage: Stage, note: Callable[[str], None]) -> None:
        self._scenario = scenario
        self._stage = stage
        self._note = note
        self._trailers: dict[int, int] = {}

    def put(self, row: int, place: Place) -> None:
        """Put an entity somewhere, with what it draws; it is in the scene from now on."""
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        self._stage.placed.add(row)
        new = not i[at.IN_SCENE]
        i[at.IN_SCENE], i[at.AT_END], i[at.LINE_LANE] = 1, 0, -1
        if i[at.SIDE_MODE] in (at.SHIFT, at.BESIDE):
            i[at.SIDE_DONE] = 1  # what it did in the place that it has left is over
        if new or i[at.SIDE_MODE] != at.ON_PATH:
            i[at.SIDE_MODE] = at.KEEP_LANE if place.road >= 0 else at.FREE
        f[at.SIDEWAYS], f[at.LIFT] = 0.0, 0.0
        if place.road < 0 or place.lane < 0:
            self._put_in_world(row, place)
        else:
            self._put_on_road(row, place)
        for column, value in ((at.PITCH, place.pitch), (at.ROLL, place.roll)):
            if value is not None:
                f[column] = value
        trailer = self._trailers.get(row)
        if trailer is not None:
            self._behind(trailer)

    def take_out(self, row: int) -> None:
        """Take an entity out of the scene; what it did is over."""
        i = self._stage.scene.i[row]
        i[at.IN_SCENE], i[at.SIDE_DONE], i[at.SPEED_DONE] = 0, 1, 1
        if i[at.SPEED_MODE] not in (at.DRIVE, at.OUTSIDE):
            i[at.SPEED_MODE] = at.HOLD
        if i[at.SIDE_MODE] != at.TOWED:
            i[at.SIDE_MODE] = at.FREE

    def _put_in_world(self, row: int, place: Place) -> None:
        f = self._stage.scene.f[row]
        f[at.X], f[at.Y], f[at.Z] = place.x, place.y, place.z or 0.0
        f[at.HEADING] = place.heading or 0.0
        settle(self._stage.tables, self._stage.finder, self._stage.scene, row, BY_PLACE)
        if place.z is not None:
            f[at.Z] = place.z

    def _put_on_road(self, row: int, place: Place) -> None:
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        tables = self._stage.tables
        i[at.ROAD], i[at.LANE] = place.road, place.lane
        i[at.SECTION] = tables.lanes[place.lane, LANE_SECTION]
        facing = place.facing
        f[at.S], f[at.OFFSET], f[at.TURN], i[at.WAY] = place.s, place.offset, 0.0, 1
        settle(tables, self._stage.finder, self._stage.scene, row, BY_LANE)
        along = abs(_turned(facing - float(f[at.HEADING]))) <= math.pi / 2
        i[at.WAY] = 1 if along else -1
        f[at.OFFSET] = place.offset * int(i[at.WAY])
        settle(tables, self._stage.finder, self._stage.scene, row, BY_LANE)
        if place.heading is not None:
            f[at.TURN] = _turned(place.heading - float(f[at.HEADING]))
            settle(tables, self._stage.finder, self._stage.scene, row, BY_LANE)
        f[at.OUTSIDE_LANE] = 0.0
        if place.z is not None:
            f[at.LIFT] = place.z - float(f[at.Z])
            f[at.Z] = place.z

    # Trailers

    def begin_trailers(self) -> None:
        """Hang on the trailers that the file names or holds."""
        for name in tuple(self._stage.names):
            entity = entity_called(self._scenario, name)
            trailer = getattr(entity.entity, "trailer", None) if entity else None
            if trailer is None:
                continue
            called = trailer.ref.entity_ref if trailer.ref is not None else f"{name}+"
            if called in self._stage.rows:
                self.hitch(self._stage.row(name), self._stage.row(called))

    def hitch(self, puller: int, trailer: int) -> None:
        """Hang a trailer on; nobody draws whom it is drawn by."""
        last: int | None = trailer
        while last is not None:
            if last == puller:
                self._note(f"{self._stage.names[puller]} cannot draw who draws it")
                return
            last = self._trailers.get(last)
        f, i = self._stage.scene.f[trailer], self._stage.scene.i[trailer]
        back, front = float(self._stage.scene.f[puller, at.BACK]), float(f[at.FRONT])
        f[at.HITCH] = self._hook(puller, "hitch", back)
        f[at.COUPLER] = self._hook(trailer, "coupler", front)
        i[at.SIDE_OTHER], i[at.SIDE_MODE] = puller, at.TOWED
        self._trailers[puller] = trailer
        if self._stage.scene.i[puller, at.IN_SCENE]:
            self._behind(trailer)

    def _hook(self, row: int, which: str, otherwise: float) -> float:
        entity = entity_called(self._scenario, self._stage.names[row])
        hook = getattr(entity.entity, which, None) if entity else None
        return float(hook.dx) if hook is not None else otherwise

    def _behind(self, trailer: int) -> None:
        """Put a trailer straight behind who draws it, and its own trailer behind it."""
        f, i = self._stage.scene.f, self._stage.scene.i
        puller = int(i[trailer, at.SIDE_OTHER])
        away = float(f[trailer, at.HITCH] - f[trailer, at.COUPLER])
        heading = float(f[puller, at.HEADING])
        f[trailer, [at.X, at.Y, at.Z, at.HEADING]] = (
            f[puller, at.X] + away * math.cos(heading),
            f[puller, at.Y] + away * math.sin(heading),
            f[puller, at.Z],
            heading,
        )
        f[trailer, at.SPEED] = f[puller, at.SPEED]
        self._stage.placed.add(trailer)
        i[trailer, at.IN_SCENE], i[trailer, at.SIDE_MODE] = 1, at.TOWED
        settle(self._stage.tables, self._stage.finder, self._stage.scene, trailer, BY_PLACE)
        if trailer in self._trailers:
            self._behind(self._trailers[trailer])

    def unhitch(self, puller: int) -> None:
        """Let the trailer go; it stands where it is."""
        trailer = self._trailers.pop(puller, None)
        if trailer is not None:
            self._stage.scene.i[trailer, at.SIDE_MODE] = at.FREE
            self._stage.scene.f[trailer, at.SPEED] = 0.0


def _turned(angle: float) -> float:
    """The angle within -pi .. pi."""
    return math.remainder(angle, 2 * math.pi)
