"""The storyboard's state machine, played in a host that moves the entities."""

from __future__ import annotations

from concours.driving.scenarios.machine.conventions import DEFAULT, ESMINI, STANDARD, Conventions
from concours.driving.scenarios.machine.host import Host, HostAction, Measure, Running
from concours.driving.scenarios.machine.player import Player
from concours.driving.scenarios.machine.states import Kind, Move, Record, State, Unfired

__all__ = [
    "DEFAULT",
    "ESMINI",
    "STANDARD",
    "Conventions",
    "Host",
    "HostAction",
    "Kind",
    "Measure",
    "Move",
    "Player",
    "Record",
    "Running",
    "State",
    "Unfired",
]
