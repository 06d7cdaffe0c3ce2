"""One mail a day, in the morning of each reader's time zone, about what they want that way."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db import transaction

from concours.platform.core import clock
from concours.platform.notifications.domain.preferences import zone_named
from concours.platform.notifications.enums import Channel
from concours.platform.notifications.models import Mail, Notification, Preference

HOUR = 8
"""The hour of the day, local time, from which a digest goes."""


def make_digests() -> int:
    """Make the digests that are due; returns how many. Called again it makes none twice a day."""
    waiting = Notification.objects.filter(wish=Channel.DIGEST, mail__isnull=True)
    people = set(waiting.values_list("user_id", flat=True).distinct())
    zones = dict(Preference.objects.filter(user_id__in=people).values_list("user_id", "time_zone"))
    moment = clock.now()
    made = 0
    for user_id in sorted(people):
        local = moment.astimezone(zone_named(zones.get(user_id, "UTC")))
        if local.hour >= HOUR:
            made += _make(user_id, f"digest:{local.date().isoformat()}")
    return made


@transaction.atomic
def _make(user_id: int, key: str) -> int:
    # The row of the person is the lock: two workers make one digest.
    get_user_model()._default_manager.select_for_update(no_key=True).get(pk=user_id)
    moment = clock.now()
    mail, fresh = Mail.objects.get_or_create(
        user_id=user_id, key=key, defaults={"created_at": moment, "next_try_at": moment}
    )
    if not fresh:
        return 0
    Notification.objects.filter(user_id=user_id, wish=Channel.DIGEST, mail__isnull=True).update(
        mail=mail
    )
    return 1
