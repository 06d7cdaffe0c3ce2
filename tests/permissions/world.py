"""An installation with something of everything, and bait in all that is not for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.competitions.models import Track
from tests.factories import (
    appeals,
    review,
)

NOW = appeals.LATER
"""When everybody looks: reviews are over, a second appeal phase is open."""
SPRING = review.SPRING
EVERYBODY = (
    "stranger", "somebody", "entrant", "reviewer", "appellant", "juror", "judge", "winner",
    "coder", "donor", "organiser", "other organiser", "operator",
)  # fmt: skip


@dataclass
class World:
    """`people` by role, `values` by the part of an address that stands before them: pairs of a
    track's slug (None: of any) and the value. `baits` are words, by what they are in; `mails` what
    was sent meanwhile, and to whom."""

    folder: Path
    people: dict[str, User | None] = field(default_factory=dict)
    values: dict[str, list[tuple[str | None, str]]] = field(default_factory=dict)
    baits: dict[str, str] = field(default_factory=dict)
    mails: list[tuple[str, set[str]]] = field(default_factory=list)

    def put(self, place: str, value: Any, *, of: Track | None = None) -> None:
        self.values.setdefault(place, []).append((of.slug if of else None, str(value)))

    def bait(self, what: str) -> str:
        """A word that occurs nowhere else."""
        word = f"Bait{len(self.baits):02}{''.join(part.title() for part in what.split())}"
        self.baits[what] = word
        return word
