"""What is wrong with data that somebody wrote, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from concours.platform.core.errors import Refused

SHOWN = 20


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file (relative to its folder), the key or line in it, and how to mend it."""

    file: str
    place: str
    problem: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: {self.problem}" + (f"; {self.mend}" if self.mend else "")


class DataRefused(Refused):
    """The data cannot be used; `faults` says everything that was found. Nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"... and {len(self.faults) - SHOWN} more")
        super().__init__("bad-data", "\n".join(lines))
