"""What is wrong with data that somebody wrote, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def told(faults: Sequence[Fault]) -> str:
    """A line a fault, the first `SHOWN` of them."""
    lines = [str(fault) for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        lines.append(f"... and {len(faults) - SHOWN} more")
    return "\n".join(lines)
