"""Somebody is told more identities than work explains: other staff see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import passage
from concours.platform.record import domain as record
from concours.platform.review.models import IdentityAlarm, IdentityRead, ReviewRound

MOST_AN_HOUR = 10
WINDOW = timedelta(hours=1)
MOST_NOTE = 2_000


def lock_reader(actor: Any) -> None:
    """Let reads of one person take turns, before the first event of the read."""
    if actor.pk is not None:
        lock(actor)


def note_read(*, actor: Any, round: ReviewRound) -> None:  # noqa: A002
    """Count a read; the one that makes more than MOST_AN_HOUR raises an alarm, one an hour.

    Reads of all rounds count together. Call it in the transaction of the read, after
    `lock_reader`. What the installation itself reads is not counted.
    """
    if actor.pk is None:
        return
    moment = clock.now()
    IdentityRead.objects.create(round=round, reader=actor, at=moment)
    since = moment - WINDOW
    reads = IdentityRead.objects.filter(reader=actor, at__gt=since, at__lte=moment).count()
    if reads <= MOST_AN_HOUR:
        return
    if IdentityAlarm.objects.filter(reader=actor, raised_at__gt=since).exists():
        return
    IdentityAlarm.objects.create(round=round, reader=actor, raised_at=moment, reads=reads)
    record.append(
        actor=actor,
        verb="identity.alarm_raised",
        subject=round,
        season=round.track.season.slug,
        data={"reader": actor.code, "reads": reads, "most": MOST_AN_HOUR},
    )


def alarms_for(*, actor: Any, round: ReviewRound) -> list[IdentityAlarm]:  # noqa: A002
    """Alarms of the round's season, those to be settled first; one's own are among them."""
    require(actor, "review.run_round", round)
    rows = IdentityAlarm.objects.filter(round__track__season=round.track.season)
    found = list(rows.select_related("reader", "settled_by", "round__track__season"))
    return sorted(found, key=lambda alarm: alarm.settled_at is not None)


@transaction.atomic
def settle_alarm(*, actor: Any, alarm: IdentityAlarm, note: str) -> IdentityAlarm:
    """Say what was found out. Raises Refused for the reader themselves, twice, without a note."""
    locked = lock(alarm)
    require(actor, "review.run_round", locked.round)
    if locked.reader_id == actor.pk:
        raise Refused("own-alarm", _("Somebody else has to look into this."))
    if locked.settled_at is not None:
        raise Refused("settled-already", _("This is settled already."))
    note = passage(note, most=MOST_NOTE)
    if not note:
        raise Refused("reason-needed", _("Say why; the record keeps it."))
    locked.note, locked.settled_by, locked.settled_at = note, actor, clock.now()
    locked.save(update_fields=["note", "settled_by", "settled_at"])
    record.append(
        actor=actor,
        verb="identity.alarm_settled",
        subject=locked.round,
        season=locked.round.track.season.slug,
        data={"reader": locked.reader.code, "reads": locked.reads},
    )
    return locked
