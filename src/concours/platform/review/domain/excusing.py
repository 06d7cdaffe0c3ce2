"""Duties that those who run the round excuse, for a reason that the record keeps."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.review.domain import identities
from concours.platform.review.domain.letters import tell
from concours.platform.review.domain.refilling import next_number, refill
from concours.platform.review.domain.replacing import (
    checked_reason,
    holder_of,
    lose,
    require_running,
)
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import AliasKind, AssignmentState, Cause, RoundState
from concours.platform.review.models import Assignment, ReviewRound


@transaction.atomic
def excuse_duty(
    *,
    actor: Any,
    round: ReviewRound,  # noqa: A002
    reviewer: str,
    entry: str,
    reason: str,
) -> Assignment:
    """Let a duty, told by the aliases of reviewer and entry, count on neither side.

    One still to do goes to somebody else. Once standings are published they stay as they are: it
    then only gives the team its own reviews to read. Raises Refused without a reason and for a duty
    that is done, lifted or excused already, NotPermitted (hidden) where there is no such duty.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    reason = checked_reason(reason)
    duty = _duty(locked, reviewer, entry)
    was = AssignmentState(duty.state)
    if duty.waived or was not in {
        AssignmentState.PENDING,
        AssignmentState.DEFAULTED,
        AssignmentState.REPLACED,
    }:
        raise Refused("nothing-to-excuse", _("There is nothing to excuse in this duty."))
    published = locked.state == RoundState.PUBLISHED
    if was == AssignmentState.PENDING:
        require_running(locked)
        lose(
            [duty],
            state=AssignmentState.EXCUSED,
            number=next_number(locked),
            reason=reason,
        )
    elif published:
        duty.waived = True
        duty.save(update_fields=["waived"])
    else:
        duty.state, duty.lifted_reason = AssignmentState.EXCUSED, reason
        duty.save(update_fields=["state", "lifted_reason"])
    record.append(
        actor=actor,
        verb="duty.excused",
        subject=locked,
        season=locked.track.season.slug,
        data={
            "reviewer": reviewer.strip().upper(),
            "entry": entry.strip().upper(),
            "was": str(was),
            "standings_stay": published,
            "reason_digest": keyed_digest("excuse", reason),
        },
    )
    if was == AssignmentState.PENDING:
        given = refill(actor=actor, locked=locked, cause=Cause.EXCUSED)
        tell(locked, lost=[duty], given=given)
    return duty


def _duty(locked: ReviewRound, reviewer: str, entry: str) -> Assignment:
    wanted = entry.strip().upper()
    entries = identities.aliases_of(round=locked, kind=AliasKind.ENTRY)
    keys = [key for key, alias in entries.items() if alias == wanted]
    found = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .filter(round=locked, reviewer_id=holder_of(locked, reviewer), entry_id__in=keys)
        .first()
    )
    if found is None:
        raise NotPermitted("no-such-duty", _("There is no such duty."), hidden=True)
    return found
