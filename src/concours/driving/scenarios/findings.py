"""What `check` says of a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from concours.driving.scenarios.errors import BadScenario, Place


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # the file cannot be played
    UNSUPPORTED = "unsupported"  # played without this part
    WARNING = "warning"  # played, but perhaps not what was meant
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark on one place of one file.

    code: a short stable word ("unknown-element", "never-true" ...); element: the XML element.
    """

    code: str
    message: str
    file: str
    line: int
    element: str
    severity: Severity

    def __str__(self) -> str:
        return f"{Place(self.file, self.line)}: {self.severity}: <{self.element}> {self.message}"


MAX_FINDINGS = 1000


class Findings:
    """Collects findings; after MAX_FINDINGS of one severity the rest are only counted."""

    def __init__(self) -> None:
        self.all: list[Finding] = []
        self.left_out = 0
        self._said: set[tuple[str, str, int, str]] = set()
        self._counts = dict.fromkeys(Severity, 0)

    def add(
        self, code: str, message: str, *, place: Place, element: str, severity: Severity
    ) -> None:
        """Note a finding; the same words on the same line are noted once."""
        key = (code, place.file, place.line, message)
        if key in self._said:
            return
        if self._counts[severity] >= MAX_FINDINGS:
            self.left_out += 1
            return
        self._said.add(key)
        self._counts[severity] += 1
        self.all.append(
            Finding(
                code=code,
                message=message,
                file=place.file,
                line=place.line,
                element=element,
                severity=severity,
            )
        )

    def add_error(self, error: BadScenario) -> None:
        """Note what was raised."""
        self.add(
            error.code,
            error.message,
            place=error.place,
            element=error.element,
            severity=Severity.ERROR,
        )

    def demote(self, start: int) -> None:
        """Errors from number `start` on are of parts that a scenario can be played without."""
        for index in range(start, len(self.all)):
            if self.all[index].severity is Severity.ERROR:
                self.all[index] = replace(self.all[index], severity=Severity.UNSUPPORTED)

    def raise_first_error(self) -> None:
        """Raise BadScenario for the first error, if there is one."""
        errors = [finding for finding in self.all if finding.severity is Severity.ERROR]
        if errors:
            first = errors[0]
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise BadScenario(
                first.message + more,
                place=Place(first.file, first.line),
                element=first.element,
                code=first.code,
            )
