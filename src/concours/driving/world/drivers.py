"""Who drives an entity: the scenario itself, a driver of ours, or somebody who is not here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from concours.driving.scenarios.controllers import (
    ActivateControllerAction,
    AssignControllerAction,
    ControllerAction,
)
from concours.driving.scenarios.entities import Controller, ObjectController, ScenarioObject
from concours.driving.world import layout as at
from concours.driving.world.stage import Stage


class Hands(Enum):
    """Whose hands the wheel is in once a controller is active."""

    SCENARIO = "the scenario's actions"
    FOLLOWER = "a driver of ours that keeps its distance"
    ABSENT = "somebody outside, who is not here"


_ABSENT = ("interactive", "external", "udp", "ghost", "sumo", "fmu", "rel2abs")
_FOLLOWER = ("acc", "idm", "naturaldriver", "followroute", "loomingcontroller", "autopilot")
_WORDS = ("esminiController", "module", "type", "controller")


@dataclass(slots=True)
class Seat:
    """The driver's seat of one entity: who would drive, and on which domains they do.

    deaf: speeds that the scenario sets meanwhile do not change what the driver wishes.
    changes_lanes: whether a driver of ours takes a lane beside where that is worth it.
    heeds_lights: whether a driver of ours stops at red lights.
    """

    hands: Hands = Hands.SCENARIO
    wish: float | None = None
    headway: float = 1.5
    lateral: bool = False
    longitudinal: bool = False
    deaf: bool = False
    changes_lanes: bool = False
    heeds_lights: bool = False


class Drivers:
    """The seats of all entities.

    Attributes:
        at_work: whether anybody has ever been driven, by us or from outside.
        heed_lights: whether somebody has ever had to look at lights.
    """

    def __init__(self, stage: Stage) -> None:
        self.at_work = self.heed_lights = False
        self._stage = stage
        self._seats: dict[int, Seat] = {}
        self._given: set[int] = set()

    def seat(self, row: int) -> Seat:
        """The seat of an entity."""
        return self._seats.setdefault(row, Seat())

    def begin(self, row: int, entity: ScenarioObject) -> None:
        """The controllers that the file gives an entity; they wait to be activated."""
        for each in entity.controllers:
            self.assign(row, each)

    def give(self, row: int) -> None:
        """To somebody outside for the rest of the run, whatever controllers the file assigns."""
        self.at_work = True
        self._given.add(row)
        self._seats[row] = Seat(hands=Hands.ABSENT, lateral=True, longitudinal=True)

    def assign(self, row: int, given: Controller | ObjectController) -> None:
        """A controller takes the seat, not yet active."""
        controller = given.controller if isinstance(given, ObjectController) else given
        name = (controller.name if controller else "") or given.name
        seat = self.seat(row)
        seat.hands = _hands(name, controller)
        if controller is None or controller.properties is None:
            return
        wish, gap = (controller.properties.get(word) for word in ("setSpeed", "timeGap"))
        seat.wish = _number(wish)
        seat.deaf = controller.properties.get("mode") == "override"
        seat.headway = _number(gap) or seat.headway
        seat.changes_lanes = controller.properties.get("changeLanes") == "true"
        seat.heeds_lights = controller.properties.get("stopsAtLights") == "true"

    def act(self, action: ControllerAction | ActivateControllerAction, row: int) -> None:
        """Assign, activate or override."""
        if row in self._given:
            return
        if isinstance(action, ActivateControllerAction):
            self._activate(action.lateral, action.longitudinal, row)
            return
        if action.assign is not None:
            self._assign(action.assign, row)
        if action.activate is not None:
            self._activate(action.activate.lateral, action.activate.longitudinal, row)

    def _assign(self, action: AssignControllerAction, row: int) -> None:
        if action.controller is not None:
            self.assign(row, action.controller)
        self._activate(action.activate_lateral, action.activate_longitudinal, row)

    def _activate(self, lateral: bool | None, longitudinal: bool | None, row: int) -> None:
        seat = self.seat(row)
        if lateral is not None:
            seat.lateral = lateral
        if longitudinal is None or longitudinal == seat.longitudinal:
            return
        seat.longitudinal = longitudinal
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        if not longitudinal:
            if i[at.SPEED_MODE] == at.DRIVE:
                i[at.SPEED_MODE] = at.HOLD
            return
        if seat.hands is Hands.FOLLOWER:
            self.follow(row, wish=seat.wish if seat.wish else float(f[at.SPEED]), gap=seat.headway)
            self.trust(row, lanes=seat.changes_lanes, lights=seat.heeds_lights)
        elif seat.hands is Hands.ABSENT:
            i[at.SPEED_MODE] = at.HOLD

    def follow(self, row: int, *, wish: float, gap: float) -> None:
        """Our driver takes the pedals (m/s, s)."""
        self.at_work = True
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        f[at.WISH], f[at.HEADWAY], f[at.STANDOFF] = wish, gap, 2.0
        i[at.SPEED_MODE], i[at.SPEED_DONE] = at.DRIVE, 0
        if not math.isfinite(f[at.TOP_GAIN]):
            f[at.TOP_GAIN] = 3.0

    def trust(self, row: int, *, lanes: bool, lights: bool) -> None:
        """Whether our driver takes a lane beside where that pays, and stops at red lights."""
        i = self._stage.scene.i[row]
        i[at.CHANGES_LANES], i[at.HEEDS_LIGHTS] = int(lanes), int(lights)
        self.heed_lights = self.heed_lights or lights

    def speed_is_theirs(self, row: int) -> bool:
        """Whether actions on speed find another driver at the pedals."""
        seat = self.seat(row)
        return seat.longitudinal and seat.hands is not Hands.SCENARIO

    def hear_speed(self, row: int, speed: float) -> None:
        """The scenario sets a speed while another driver is at the pedals."""
        if not self.seat(row).deaf:
            self._stage.scene.f[row, at.WISH] = speed

    def side_is_theirs(self, row: int) -> bool:
        """Whether actions on the lateral motion find another driver at the wheel."""
        seat = self.seat(row)
        return seat.lateral and seat.hands is Hands.ABSENT


def _hands(name: str, controller: Controller | None) -> Hands:
    words = [name]
    if controller is not None and controller.properties is not None:
        words += [controller.properties.get(word) or "" for word in _WORDS]
    text = " ".join(words).lower().replace("_", "")
    if any(word in text for word in _FOLLOWER):
        return Hands.FOLLOWER
    return Hands.ABSENT if any(word in text for word in _ABSENT) else Hands.SCENARIO


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
