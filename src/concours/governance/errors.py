"""What is wrong with a charter, or with what somebody wants counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from concours.tables import Fault, told


class BadCharter(ValueError):
    """A charter that cannot be used; `faults` says everything that was found, and where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(told(self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return BadCharter, (self.faults,)


class BadVote(ValueError):
    """Ballots or events that no count can be made of."""
