"""What a map's reader says: findings where it goes on, `BadMap` where it cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """What the file says there cannot be used; the rest of the map is."""
    WARNING = "warning"
    """Against the standard; used as far as it makes sense."""
    INFO = "info"
    """Read, and of no effect on any query."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a reader of the map should know.

    Attributes:
        code: a short name of the kind, e.g. "unsupported", "link-to-nothing".
        message: one sentence.
        file: the map.
        line: where it is said first, from 1; 0 where no line is known.
        element: path of local names, e.g. "road/lanes/laneSection".
        severity: see `Severity`.
        count: how many times it was found; further lines are not kept.
    """

    code: str
    message: str
    file: str
    line: int
    element: str
    severity: Severity = Severity.WARNING
    count: int = 1

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        return where + (f"<{self.element}>: " if self.element else "") + self.message


class BadMap(ValueError):
    """The file cannot be used as a map; says file, line and element.

    Attributes:
        finding: what is wrong and where, with severity ERROR.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class Findings:
    """Collects findings; those alike are counted, so that a long file cannot fill the memory."""

    KINDS = 10_000
    """Different findings kept; the rest is summed up in one of code "more"."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[tuple[str, str, str], Finding] = {}

    def add(
        self,
        code: str,
        message: str,
        *,
        line: int = 0,
        element: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Note a finding, or count it where the same was said of the same element."""
        key = (code, element, message)
        if key not in self._found and len(self._found) >= self.KINDS:
            key, line = ("more", "OpenDRIVE", "more findings than are listed"), 0
        known = self._found.get(key)
        if known is None:
            self._found[key] = Finding(key[0], key[2], self.file, line, key[1], severity)
        else:
            self._found[key] = replace(known, count=known.count + 1)

    def bad(self, code: str, message: str, *, line: int = 0, element: str = "") -> BadMap:
        """An error to raise."""
        return BadMap(Finding(code, message, self.file, line, element, Severity.ERROR))

    def all(self) -> tuple[Finding, ...]:
        """In the order of their first lines, errors before warnings on one line."""
        rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
        found = self._found.values()
        return tuple(sorted(found, key=lambda f: (f.line, rank[f.severity], f.code, f.message)))
