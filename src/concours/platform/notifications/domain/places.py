"""Places from which people sign in; a new one is an event, and so they are told of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from concours.platform.core import clock
from concours.platform.core.digests import keyed_digest
from concours.platform.notifications.models import KnownPlace
from concours.platform.record import domain as record


@transaction.atomic
def note_place(*, user: Any, network: str, browser: str) -> bool:
    """Note a sign-in; whether the place is new to somebody who has signed in elsewhere before.

    Kept is a keyed digest; the record holds neither network nor browser.
    """
    digest = keyed_digest("place", f"{user.code} {network} {browser}")
    elsewhere = KnownPlace.objects.filter(user_id=user.pk).exists()
    _place, fresh = KnownPlace.objects.update_or_create(
        user_id=user.pk, digest=digest, defaults={"seen_at": clock.now()}
    )
    if fresh and elsewhere:
        record.append(actor=user, verb="session.from-new-place", subject=user)
    return fresh and elsewhere
