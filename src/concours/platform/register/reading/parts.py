"""What every reader returns, and what they share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from concours.platform.register.stages import skips

MOST_NAME = 200
MOST_SLUG = 60
MOST_SUMMARY = 5_000
MOST_ADDRESS = 500
MOST_SHOWN = 160
EARLIEST = date(1950, 1, 1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Unusable(ValueError):
    """Why a row or a file cannot be read, in words."""

    def __init__(self, reason: str, *, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Step:
    """That a project came to a stage; `on` is None where the source does not know the day."""

    stage: str
    on: date | None


@dataclass(frozen=True, kw_only=True)
class History:
    """A project as a register tells it, with at least one step, in order.

    `slug` is made from its name, `area` the name of its field or empty, `digest` the SHA-256 of
    the file that it stands in.
    """

    slug: str
    name: str
    steps: tuple[Step, ...]
    digest: str
    summary: str = ""
    summary_zh: str = ""
    homepage: str = ""
    area: str = ""

    @property
    def stage(self) -> str:
        """Where it stands now."""
        return self.steps[-1].stage


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a file and what is wrong with it. `line` counts from 1; 0 is the whole file."""

    file: str
    line: int
    text: str
    reason: str


@dataclass(kw_only=True)
class Reading:
    """`unread` rows are left out; `remarks` are on projects kept as the source says.

    `passed_over` counts what is in the files and no project of the register.
    """

    projects: list[History] = field(default_factory=list)
    unread: list[Row] = field(default_factory=list)
    remarks: list[Row] = field(default_factory=list)
    passed_over: int = 0
    _lines: dict[str, str] = field(default_factory=dict, repr=False)

    def add(self, history: History, *, file: str, line: int) -> None:
        """Keep the project. Raises Unusable where its name stands in the files already."""
        for key in (f"name {history.name}", f"slug {history.slug}"):
            if key in self._lines:
                raise Unusable(f"named twice: before in {self._lines[key]}")
        place = f"{file}, line {line}" if line else file
        self._lines |= {f"name {history.name}": place, f"slug {history.slug}": place}
        self.projects.append(history)
        for earlier, later in pairwise(history.steps):
            if skips(earlier.stage, later.stage):
                self.remark(
                    file=file,
                    line=line,
                    text=history.name,
                    reason=f"goes from {earlier.stage} to {later.stage} at once; kept so",
                )

    def refuse(self, *, file: str, line: int, text: str, reason: str) -> None:
        self.unread.append(Row(file=file, line=line, text=shown(text), reason=reason))

    def remark(self, *, file: str, line: int, text: str, reason: str) -> None:
        self.remarks.append(Row(file=file, line=line, text=shown(text), reason=reason))


def shown(text: str) -> str:
    """`text` in one line of at most MOST_SHOWN letters, without control characters."""
    line = "".join(one if one.isprintable() else " " for one in text[: 2 * MOST_SHOWN])
    return " ".join(line.split())[:MOST_SHOWN]


def named(text: str) -> str:
    """A project's name. Raises Unusable for none, one too long, or control characters."""
    name = text.strip()
    if not name:
        raise Unusable("has no name")
    if len(name) > MOST_NAME:
        raise Unusable(f"the name has more than {MOST_NAME} letters")
    if not name.isprintable():
        raise Unusable("the name has control characters")
    return name


def slug_of(name: str) -> str:
    """A short name of ASCII letters, digits and hyphens; empty where `name` has none of them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST_SLUG].rstrip("-")


def slug_or_refuse(*names: str) -> str:
    """The short name of the first of `names` that has one. Raises Unusable where none has."""
    found = next((slug for slug in map(slug_of, names) if slug), "")
    if not found:
        raise Unusable("no short name can be made of the name: it has no Latin letter or digit")
    return found


def day(text: str, *, what: str) -> date | None:
    """A date as YYYY-MM-DD; None for an empty text. Raises Unusable for anything else."""
    text = text.strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or found < EARLIEST:
        raise Unusable(f"{what}: {shown(text)!r} is no date; write YYYY-MM-DD")
    return found


def in_order(steps: Sequence[tuple[str, date | None]]) -> None:
    """`steps` are (what, day). Raises Unusable where a day is before one that stands earlier."""
    known = [(what, on) for what, on in steps if on is not None]
    for (before, earlier), (after, later) in pairwise(known):
        if later < earlier:
            raise Unusable(
                f"dates in the wrong order: {after} {later} is before {before} {earlier}"
            )


def address_or_empty(text: str) -> str:
    """A web address, or empty for what would be a link that runs or does not fit."""
    text = text.strip()
    usable = text.startswith(("https://", "http://")) and len(text) <= MOST_ADDRESS
    return text if usable and text.isprintable() and " " not in text else ""
