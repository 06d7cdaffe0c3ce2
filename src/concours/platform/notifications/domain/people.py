"""What notifications keep of a person, and what a merge or an erasure means to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.notifications.models import (
    ChannelChoice,
    KnownPlace,
    Mail,
    Notification,
    Preference,
)

TWICE_IS_ONCE = (ChannelChoice, KnownPlace, Mail, Notification, Preference)


def _nothing_against(*_people: Any) -> Iterator[str]:
    yield from ()


def exported(user: Any) -> Exported:
    """What `user` was told and how they want to be told."""
    notifications = Notification.objects.filter(user=user).order_by("pk")
    return Exported(
        data={
            "notifications": list(
                notifications.values("kind", "verb", "subject", "season", "at", "read_at")
            ),
            "channels": dict(
                ChannelChoice.objects.filter(user=user).values_list("kind", "channel")
            ),
            "time_zone": Preference.objects.filter(user=user)
            .values_list("time_zone", flat=True)
            .first(),
        }
    )


def moved(source: Any, target: Any) -> None:
    """Rows have moved already; of two that say the same one is left."""


def erased(erasing: Erasing) -> None:
    """All of it goes; nothing else rests on it."""
    for model in TWICE_IS_ONCE:
        model._base_manager.filter(user=erasing.user).delete()


HOLDING = Holding(
    name="notifications",
    against_merging=_nothing_against,
    against_erasing=_nothing_against,
    exported=exported,
    moved=moved,
    erased=erased,
)
