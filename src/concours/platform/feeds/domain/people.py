"""What feeds keep of a person: the digest of a key, which goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.feeds.models import CalendarKey


def _nothing_against(*_people: Any) -> Iterator[str]:
    yield from ()


def exported(user: Any) -> Exported:
    """Since when there is a key; the key itself is not known."""
    made = CalendarKey.objects.filter(user=user).values_list("created_at", flat=True).first()
    return Exported(data={"calendar_since": made})


def moved(source: Any, target: Any) -> None:
    """Of two keys the kept account's stays."""


def erased(erasing: Erasing) -> None:
    CalendarKey.objects.filter(user=erasing.user).delete()


HOLDING = Holding(
    name="feeds",
    against_merging=_nothing_against,
    against_erasing=_nothing_against,
    exported=exported,
    moved=moved,
    erased=erased,
)
