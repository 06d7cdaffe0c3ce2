"""Who is appointed to judge a track's appeals beside its staff."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.models import AppealJudge
from concours.platform.awards import domain as awards
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


@transaction.atomic
def appoint_judge(*, actor: Any, track: Any, user: Any) -> AppealJudge:
    """Appoint `user` to judge the track's appeals; somebody removed can be appointed again.

    Raises Refused for a person who takes part in the track, who judges already, or whose account
    is closed. From which appeals they stand aside is computed appeal by appeal.
    """
    track = lock(track)
    require(actor, "appeals.appoint_judge", track)
    if not user.is_active:
        raise Refused("account-closed", _("This account is closed."))
    if awards.takes_part(user=user, track=track):
        raise Refused("takes-part", _("Somebody who is of an entry in this track cannot judge it."))
    judge, created = AppealJudge.objects.get_or_create(
        track=track, user=user, defaults={"appointed_at": clock.now()}
    )
    if not created and judge.removed_at is None:
        raise Refused("judge-already", _("This person judges appeals of this track already."))
    if not created:
        judge.removed_at, judge.appointed_at = None, clock.now()
        judge.save(update_fields=["removed_at", "appointed_at"])
    _note(actor=actor, verb="appeal-judge.appointed", judge=judge)
    return judge


@transaction.atomic
def remove_judge(*, actor: Any, judge: AppealJudge) -> AppealJudge:
    """Take the office back; what the person decided stands."""
    track = lock(judge.track)
    judge = lock(judge)
    require(actor, "appeals.appoint_judge", track)
    if judge.removed_at is not None:
        raise Refused("judge-removed", _("This person no longer judges appeals."))
    judge.removed_at = clock.now()
    judge.save(update_fields=["removed_at"])
    _note(actor=actor, verb="appeal-judge.removed", judge=judge)
    return judge


def _note(*, actor: Any, verb: str, judge: AppealJudge) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=judge.track,
        season=judge.track.season.slug,
        data={"judge": judge.user.code},
    )
