"""What leaderboards keep of a person, and what a merge or an erasure means to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.leaderboards.models import Choice


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """Nothing: lines are of entries, and competitions answer for those."""
    yield from ()


def against_erasing(user: Any) -> Iterator[str]:
    """Nothing: lines know an entry's code alone."""
    yield from ()


def exported(user: Any) -> Exported:
    choices = Choice.objects.filter(chosen_by=user).values(
        "board__track__slug", "board__split", "submission__code", "chosen_at"
    )
    return Exported(data={"choices": list(choices)})


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """Nothing: of a published source the archive goes with competitions, its digest stays."""


HOLDING = Holding(
    name="leaderboards",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
