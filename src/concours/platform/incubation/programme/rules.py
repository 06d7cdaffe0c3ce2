"""What a programme is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from concours.tables import Fault, told


class BadProgramme(ValueError):
    """A programme that cannot be used; `faults` says everything that was found, and where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(told(self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return BadProgramme, (self.faults,)


@dataclass(frozen=True, kw_only=True)
class ReportRule:
    """When reports are due.

    The first `first_number` periods are `first_months` long, all others `months`. A report is due
    `due_days` days after its period. `remind_days` are days before that on which maintainers are
    reminded, `overdue_days` days after it.
    """

    first_number: int
    first_months: int
    months: int
    due_days: int
    remind_days: tuple[int, ...]
    overdue_days: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class MentorRule:
    """How many mentors a project should have at least, and after how many days without an act of
    theirs a mentor is shown as quiet."""

    fewest: int
    quiet_days: int


@dataclass(frozen=True, kw_only=True)
class ReviewRule:
    """A review every so many months from the beginning; `body` of the charter decides it too."""

    months: int
    body: str


@dataclass(frozen=True, kw_only=True)
class HealthRule:
    """Below or beyond what a figure of health is marked; 0 marks nothing."""

    active_authors: int
    absence_factor: int
    organisations: int
    commit_days: int
    release_days: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a rule comes from; `confirmed` says that the original was read and says this."""

    title: str
    address: str
    says: str
    says_zh: str
    dated: date | None
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A programme at a version; `digest` is the SHA-256 of its text, in hex."""

    name: str
    version: str
    title: str
    title_zh: str
    note: str
    note_zh: str
    reports: ReportRule
    mentors: MentorRule
    reviews: ReviewRule
    health: HealthRule
    sources: tuple[Source, ...]
    digest: str
