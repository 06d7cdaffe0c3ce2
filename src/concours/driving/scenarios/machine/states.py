"""States, moves between them, and the record of what happened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from concours.driving.scenarios.errors import Place


class State(StrEnum):
    """Where an element stands; `INIT` is before its parent has started."""

    INIT = "initState"
    STANDBY = "standbyState"
    RUNNING = "runningState"
    COMPLETE = "completeState"


class Move(StrEnum):
    """How an element gets from one state to the next."""

    READY = "initToStandbyTransition"
    START = "startTransition"
    END = "endTransition"
    STOP = "stopTransition"
    SKIP = "skipTransition"


class Kind(StrEnum):
    """What an element is; the words are those of StoryboardElementStateCondition."""

    STORYBOARD = "storyboard"
    STORY = "story"
    ACT = "act"
    GROUP = "maneuverGroup"
    MANEUVER = "maneuver"
    EVENT = "event"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Record:
    """One move. time in seconds; path: names from the story down, joined by "::"."""

    time: float
    kind: Kind
    name: str
    path: str
    before: State
    move: Move
    after: State


@dataclass(frozen=True, slots=True)
class Unfired:
    """A trigger that never fired: of which element, "start" or "stop", and where it stands."""

    path: str
    which: str
    place: Place
