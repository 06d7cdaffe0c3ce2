"""What a verification finds, and the verification of an export: without any database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from concours.platform.record import chain


@dataclass(frozen=True)
class Report:
    """What a verification found: how many events, the head's digest, and the first faults."""

    count: int
    head: str
    faults: tuple[chain.Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def verify_lines(lines: Iterable[str], *, expected_head: str | None = None) -> Report:
    """Recompute the chain of an export (JSON lines), without any database."""
    last, number, broken, seen = chain.GENESIS, 0, [], expected_head is None

    def events() -> Iterator[chain.EventData]:
        nonlocal last, number, seen
        for line_number, line in enumerate(lines, start=1):
            try:
                event = chain.from_line(line)
            except ValueError as error:
                broken.append(chain.Fault(line_number, f"line {line_number}: {error}"))
                continue
            last, number = event.digest, number + 1
            seen = seen or event.digest == expected_head
            yield event

    found = list(islice(chain.faults(events(), count=None, head=None), 100)) + broken
    if not seen:
        found.append(chain.Fault(number, f"the noted digest {expected_head} is not in the export"))
    return Report(count=number, head=last, faults=tuple(found))
