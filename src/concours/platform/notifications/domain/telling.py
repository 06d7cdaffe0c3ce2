"""From what happened to notifications: who is concerned, may see it, and wants to know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from concours.platform.core import clock
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.domain.preferences import channels_of
from concours.platform.notifications.domain.subjects import find, seen_by
from concours.platform.notifications.domain.table import LINES
from concours.platform.notifications.enums import Channel
from concours.platform.notifications.models import Mail, Notification

SURE = frozenset({"reviewround", "user", "invitation", "team", "submission"})
"""Subjects that whoever is concerned sees by being concerned."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What was told of: an event's verb, or an occasion's, and the subject that readers see."""

    key: str
    verb: str
    subject: str
    season: str
    at: datetime
    detail: str = ""


def tell_event(event: Any) -> int:
    """Notify everyone whom the event concerns, within the caller's transaction; how many.

    A person is told of an event once, however often it is read. What they may not see now they are
    not told.
    """
    line = LINES.get(event.verb)
    if line is None:
        return 0
    named = line.about(event) if line.about else event.subject
    subject = find(named)
    if subject is None:
        return 0
    actor = "" if line.own else event.actor
    people = set(line.who(event, subject)) - _keys_of(actor)
    happening = Happening(
        key=f"e{event.seq}",
        verb=event.verb,
        subject=named,
        season=event.season,
        at=event.at,
        detail=line.detail(event) if line.detail else "",
    )
    return tell(happening=happening, line=line, people=people)


def tell(*, happening: Happening, line: Line, people: Collection[int]) -> int:
    """Make the notifications, and the mails of those who want one at once; how many notified."""
    keys = _who_may_see(happening.subject, people)
    told = set(
        Notification.objects.filter(key=happening.key, user_id__in=keys).values_list(
            "user_id", flat=True
        )
    )
    channels = channels_of(user_ids=keys - told, kind=line.kind)
    rows = [
        Notification(
            user_id=key,
            key=happening.key,
            kind=line.kind,
            verb=happening.verb,
            subject=happening.subject,
            season=happening.season,
            at=happening.at,
            detail=happening.detail,
            wish=Channel.PAGE if line.mailed else channel,
        )
        for key, channel in sorted(channels.items())
        if channel != Channel.OFF
    ]
    moment = clock.now()
    mails = Mail.objects.bulk_create(
        Mail(user_id=row.user_id, key=row.key, created_at=moment, next_try_at=moment)
        for row in rows
        if row.wish == Channel.MAIL
    )
    of = {mail.user_id: mail for mail in mails}
    for row in rows:
        row.mail = of.get(row.user_id)
    Notification.objects.bulk_create(rows, batch_size=2_000)
    return len(rows)


def _keys_of(actor: str) -> set[int]:
    """The key of the person whom the record names so; none for a system or nobody."""
    sort, _colon, code = actor.partition(":")
    if sort != "user":
        return set()
    return set(get_user_model()._default_manager.filter(code=code).values_list("pk", flat=True))


def _who_may_see(name: str, people: Collection[int]) -> set[int]:
    """Those of the people who have an account in use and may see the subject now."""
    users = get_user_model()._default_manager.filter(pk__in=list(people), is_active=True)
    if name.partition(":")[0] in SURE or seen_by(AnonymousUser(), {name}):
        return set(users.values_list("pk", flat=True))
    return {user.pk for user in users if seen_by(user, {name})}
