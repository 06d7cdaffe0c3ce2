"""What a criteria set is: chapters of rows, each with its stage, its mode and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    """Who finds out whether a row is met."""

    MACHINE = "machine"
    PERSON = "person"
    BOTH = "both"


class Stage(StrEnum):
    """The stage that a project enters when the row's criteria are met."""

    PREPARATION = "preparation"
    INCUBATING = "incubating"
    GRADUATED = "graduated"


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A group of rows."""

    key: str
    title: str
    title_zh: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One criterion.

    `clause` is the code or the place of the original; empty where the row is ours. `confirmed`
    says that the original was read and says this in substance. `must` rows decide, the others
    advise. `weight` is 1 to 10. Evidence counts for `valid_days` days. `check` names a machine
    check, with its `parameters`; empty where a person alone judges.
    """

    code: str
    chapter: str
    stage: Stage
    text: str
    text_zh: str
    mode: Mode
    must: bool = True
    weight: int = 1
    valid_days: int = 365
    clause: str = ""
    confirmed: bool = False
    check: str = ""
    parameters: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CriteriaSet:
    """A set at a version. `digest` is the SHA-256 of its file, in hex."""

    slug: str
    version: str
    title: str
    title_zh: str
    source: str
    note: str
    note_zh: str
    chapters: tuple[Chapter, ...]
    rows: tuple[Row, ...]
    digest: str

    def for_stage(self, stage: str) -> tuple[Row, ...]:
        """The rows that ask for entry into `stage`, in order; all of them for an empty one."""
        return tuple(row for row in self.rows if not stage or row.stage == stage)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that this set has rows for, in the order of a project's way."""
        return tuple(stage for stage in Stage if any(row.stage == stage for row in self.rows))
