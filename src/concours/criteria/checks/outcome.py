"""What a check gives back, and what a check is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from concours.criteria.repository import Repository

Parameters = Mapping[str, int | str]
MAX_PLACES = 20


class Verdict(StrEnum):
    """What a machine can say; `CANNOT_TELL` where it would have to guess."""

    MET = "met"
    NOT_MET = "not-met"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in English and in Simplified Chinese."""

    en: str
    zh: str


NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was seen: a path with a line (0 for the whole file), or a commit or tag."""

    path: str = ""
    line: int = 0
    commit: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A verdict with what was seen. `mend` says what to do where it is not met.

    `facts` are the numbers that the verdict was reached by; `places` at most MAX_PLACES of those
    that it rests on.
    """

    verdict: Verdict
    said: Said
    mend: Said = NOTHING
    facts: Mapping[str, int | str] = field(default_factory=dict)
    places: Sequence[Place] = ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """A machine check: `parameters` with their usual values, and the function that looks."""

    name: str
    title: Said
    parameters: Parameters
    look: Callable[[Repository, Parameters], Outcome]


def verdict(*, met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET


def number(parameters: Parameters, key: str) -> int:
    """A parameter that is a number."""
    return int(parameters[key])


def percent(part: int, whole: int) -> int:
    """Whole per cent, rounded down, so that 100 means all; 0 of nothing."""
    return 100 * part // whole if whole else 0


def at_files(paths: Sequence[str]) -> tuple[Place, ...]:
    return tuple(Place(path=path) for path in paths[:MAX_PLACES])


def at_commits(ids: Sequence[str]) -> tuple[Place, ...]:
    return tuple(Place(commit=one) for one in ids[:MAX_PLACES])
