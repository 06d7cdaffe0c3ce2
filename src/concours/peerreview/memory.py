"""How much memory there is, and a refusal before work that would not fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from concours.peerreview.errors import BadInput

KEEP = 0.9
"""Share of the available memory that work may take: the rest is for what is not counted."""
UNITS = ("B", "kB", "MB", "GB", "TB")


class NotEnoughMemory(BadInput):
    """The work would not fit.

    Attributes:
        needed, available: bytes.
    """

    def __init__(self, message: str, *, needed: int, available: int) -> None:
        super().__init__(message)
        self.needed = needed
        self.available = available


def available_bytes(
    *, proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")
) -> int | None:
    """Memory that this process may still take; None where the system does not tell.

    The least of what the machine has (MemAvailable) and what is left of the limit of each control
    group above this process (version 2: memory.max; version 1: memory.limit_in_bytes). Memory that
    only caches files (inactive_file) counts as free. `proc` and `groups` are where Linux tells.
    """
    known = [_mem_available(proc)]
    known += [_left(folder, *names) for folder, *names in _groups(proc, groups)]
    found = [value for value in known if value is not None]
    return max(min(found), 0) if found else None


def require(
    needed: int, *, what: str, mend: str = "use a larger machine", available: int | None = None
) -> None:
    """Refuse, before starting, work that needs more bytes than there are.

    `what` names the work ("similarity of 100,000 reviewers and 100,000 entries"), `mend` what to
    do instead. `available` (bytes) is asked of the system where it is not given; where the system
    does not tell, nothing is refused. Raises NotEnoughMemory.
    """
    there = available_bytes() if available is None else available
    if there is None or needed <= KEEP * there:
        return
    raise NotEnoughMemory(
        f"{what} needs about {in_words(needed)} of memory and {in_words(there)} are available: "
        f"{mend}",
        needed=needed,
        available=there,
    )


def estimate_matrix(cells: int) -> int:
    """Bytes to read a similarity matrix of so many cells: measured 24.2 to 24.7 a cell."""
    return 25 * cells


def estimate_reading(size: int, *, kind: str) -> int:
    """Bytes that reading a file of `size` bytes takes at least.

    Measured, with ids of 12 characters: CSV 2.3 times its size where ids recur eight times, 12
    times where each is new; JSON 8.7 to 10.8; JSON Lines 6.4 to 7.8; Parquet 8.5.
    """
    least = {"csv": 2.2, "json": 8.0, "jsonl": 6.0, "parquet": 6.0}
    return int(size * least.get(kind, 1.0))


def in_words(count: int) -> str:
    """Bytes as people say them: "3.2 GB"."""
    value, unit = float(count), 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {UNITS[unit]}"


def _mem_available(proc: Path) -> int | None:
    for line in _text(proc / "meminfo").splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return None


def _groups(proc: Path, root: Path) -> Iterator[tuple[Path, str, str, str]]:
    """(folder, file of the limit, file of the use, file of the parts) of each group above us."""
    for line in _text(proc / "self" / "cgroup").splitlines():
        _, kinds, path = line.split(":", 2)
        if kinds == "":
            names = ("memory.max", "memory.current", "memory.stat")
            yield from ((folder, *names) for folder in _upwards(root, path))
        elif "memory" in kinds.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat")
            yield from ((folder, *names) for folder in _upwards(root / "memory", path))


def _upwards(root: Path, path: str) -> Iterator[Path]:
    """The group's folder and those above it; the root alone where a container shows no more."""
    folder = root / path.strip("/")
    while folder != root and root in folder.parents:
        yield folder
        folder = folder.parent
    yield root


def _left(folder: Path, limit: str, use: str, parts: str) -> int | None:
    most, used = _text(folder / limit).strip(), _text(folder / use).strip()
    if not most.isdigit() or not used.isdigit():
        return None  # no such group, or "max": no limit
    stat = dict(line.split(" ", 1) for line in _text(folder / parts).splitlines() if " " in line)
    cached = stat.get("total_inactive_file", stat.get("inactive_file", "0"))
    return int(most) - int(used) + int(cached)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
