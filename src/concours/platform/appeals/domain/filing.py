"""Filing an appeal and taking it back: the entrant's side."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.domain.locks import lock_appeal, note
from concours.platform.appeals.domain.telling import tell_judges
from concours.platform.appeals.domain.windows import require_window
from concours.platform.appeals.domain.words import MOST_REASON, MOST_SUBJECT, digest_of, needed
from concours.platform.appeals.enums import OPEN_STATES, AppealKind, AppealState
from concours.platform.appeals.models import Appeal
from concours.platform.awards import domain as awards
from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.review import domain as review

MOST_APPEALS = 5
"""Of one entry, ended and withdrawn ones among them."""


@transaction.atomic
def file_appeal(
    *, actor: Any, entry: Any, kind: AppealKind, subject: str, reason: str, about: str = ""
) -> Appeal:
    """Appeal for one's entry, within the track's appeal phase; those who judge are told by mail.

    `about` is the alias of the reviewer whose review it is against. The record holds a salted
    digest of the reasons. Raises NotPermitted for whoever is not of the team, Refused outside the
    phase, where there is nothing of that kind to appeal against, for a second appeal against the
    same, and beyond five of an entry.
    """
    track = lock(entry.track)
    entry = lock(entry)
    entry.track = track
    require(actor, "appeals.file", entry)
    window = require_window(track)
    if entry.state == EntryState.WITHDRAWN:
        raise Refused("not-entered", _("This entry is no longer in the track."))
    about = about.strip().upper() if kind == AppealKind.REVIEW else ""
    subject = one_line(subject, most=MOST_SUBJECT)
    if not subject:
        raise Refused("empty", _("Say in one line what the appeal is about."))
    reason = needed(reason, most=MOST_REASON)
    if fault := fault_in(actor=actor, entry=entry, kind=kind, about=about):
        raise fault
    _require_room(entry, kind, about)
    salt = secrets.token_hex(16)
    appeal = Appeal.objects.create(
        track=track,
        entry=entry,
        kind=kind,
        about=about,
        subject=subject,
        reason=reason,
        salt=salt,
        filed_by=actor,
        filed_at=clock.now(),
        decide_by=window.decide_by,
    )
    told = {"salt": salt, "about": about, "subject": subject, "reason": reason}
    note(
        actor=actor,
        verb="appeal.filed",
        appeal=appeal,
        entry=entry.code,
        kind=str(kind),
        digest=digest_of(told),
    )
    tell_judges(appeal)
    return appeal


@transaction.atomic
def withdraw_appeal(*, actor: Any, appeal: Appeal) -> Appeal:
    """The team takes its appeal back, until it has ended."""
    appeal = lock_appeal(appeal, states=OPEN_STATES)
    require(actor, "appeals.withdraw", appeal)
    appeal.state = AppealState.WITHDRAWN
    appeal.save(update_fields=["state"])
    note(actor=actor, verb="appeal.withdrawn", appeal=appeal)
    return appeal


def kinds_open_to(*, actor: Any, entry: Any) -> list[AppealKind]:
    """What the entry's team can appeal against now, as far as there is something to see."""
    return [
        kind
        for kind in AppealKind
        if fault_in(actor=actor, entry=entry, kind=kind, about=None) is None
    ]


def fault_in(*, actor: Any, entry: Any, kind: AppealKind, about: str | None) -> Refused | None:
    """Why there is nothing of that kind to appeal against; `about` None asks for any review."""
    if kind == AppealKind.REVIEW:
        aliases = {row.alias for row in review.reviews_released_to(user=actor, entry=entry)}
        return None if (aliases if about is None else about in aliases) else _nothing(kind)
    return None if _exists(actor, entry, kind) else _nothing(kind)


def _exists(actor: Any, entry: Any, kind: AppealKind) -> bool:
    if kind == AppealKind.STANDING:
        snapshot = review.snapshot_for(user=actor, track=entry.track)
        return bool(
            snapshot is not None
            and snapshot.published
            and snapshot.standings.filter(entry=entry).exists()
        )
    if kind == AppealKind.MACHINE:
        return bool(entry.track.weight_machine > 0 and entry.state == EntryState.ENTERED)
    if kind == AppealKind.DISQUALIFICATION:
        return bool(entry.state == EntryState.DISQUALIFIED)
    result = awards.published_result(track=entry.track)
    return result is not None and result.lines.filter(entry=entry).exists()


def _nothing(kind: AppealKind) -> Refused:
    return Refused(
        "nothing-to-appeal",
        _("There is nothing of this entry to appeal against here: %(kind)s.")
        % {"kind": kind.label},
    )


def _require_room(entry: Any, kind: AppealKind, about: str) -> None:
    earlier = Appeal.objects.filter(entry=entry)
    if earlier.filter(kind=kind, about=about, state__in=OPEN_STATES).exists():
        raise Refused("appealed-already", _("You have an open appeal against this already."))
    if earlier.count() >= MOST_APPEALS:
        raise Refused(
            "too-many-appeals",
            _("An entry has at most %(most)d appeals.") % {"most": MOST_APPEALS},
        )
