"""The secret address of one's own calendar: made, shown once, ended."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.ids import new_code
from concours.platform.core.locking import lock
from concours.platform.feeds.models import CalendarKey
from concours.platform.record import domain as record

LENGTH = 40
"""Characters of a key: 198 bits, beyond any search, so that one SHA-256 is enough."""


@transaction.atomic
def make_key(*, actor: Any) -> str:
    """A new key of `actor`; a former one opens nothing from now on. It is nowhere stored."""
    require(actor, "feeds.keep_calendar")
    actor = lock(actor)
    key = new_code(LENGTH)
    CalendarKey.objects.update_or_create(
        user=actor, defaults={"digest": _digest(key), "created_at": clock.now()}
    )
    record.append(actor=actor, verb="calendar.opened", subject=actor)
    return key


@transaction.atomic
def end_key(*, actor: Any) -> bool:
    """The calendar's address opens nothing any longer; whether there was one."""
    require(actor, "feeds.keep_calendar")
    actor = lock(actor)
    ended, _rows = CalendarKey.objects.filter(user=actor).delete()
    if ended:
        record.append(actor=actor, verb="calendar.closed", subject=actor)
    return bool(ended)


def has_key(*, user: Any) -> bool:
    return CalendarKey.objects.filter(user_id=user.pk).exists()


def user_of_key(*, key: str) -> Any | None:
    """Whose calendar the key opens; None for any other text, and for closed accounts."""
    row = CalendarKey.objects.select_related("user").filter(digest=_digest(key)).first()
    return row.user if row is not None and row.user.is_active else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
