"""Who must not judge an appeal: computed from what they did before, and declared by themselves.

Why somebody stands aside is told to that person alone: to others it would tell who reviewed.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain.lookups import organisations_of
from concours.platform.appeals.domain.locks import lock_appeal, note
from concours.platform.appeals.domain.words import MOST_ASIDE, digest_of, needed
from concours.platform.appeals.enums import ENDED_STATES, OPEN_STATES, RecusalReason
from concours.platform.appeals.models import Appeal, Recusal
from concours.platform.awards import domain as awards
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review import domain as review

DECISIONS = ("entry.disqualified", "entry.reinstated", "machine.scored")
_OF_REVIEW = {"reviewed": RecusalReason.REVIEWED, "screened": RecusalReason.SCREENED}


def reasons_against(*, user: Any, appeal: Appeal) -> tuple[RecusalReason, ...]:
    """Why `user` must not judge the appeal, in the order of the enum; () for one who may.

    Whoever takes part in the track, shares an organisation with the team, reviewed, screened or
    scored the entry, decided about it in an act of its own or in another appeal, or said so.
    A system actor has done nothing.
    """
    if user.pk is None:
        return ()
    entry = appeal.entry
    found = {_OF_REVIEW[name] for name in review.earlier_judgements(user=user, entry=entry)}
    if awards.takes_part(user=user, track=appeal.track):
        found.add(RecusalReason.OWN)
    if _shares_organisation(user, entry):
        found.add(RecusalReason.ORGANISATION)
    if awards.scored_by(user=user, entry=entry):
        found.add(RecusalReason.JURY)
    if _decided(user, appeal):
        found.add(RecusalReason.DECIDED)
    if Recusal.objects.filter(appeal=appeal, user_id=user.pk).exists():
        found.add(RecusalReason.DECLARED)
    return tuple(reason for reason in RecusalReason if reason in found)


@transaction.atomic
def stand_aside(*, actor: Any, appeal: Appeal, reason: str) -> Recusal:
    """One who could judge the appeal says that they do not, and why; it cannot be taken back."""
    appeal = lock_appeal(appeal, states=OPEN_STATES)
    require(actor, "appeals.judge", appeal)
    reason = needed(reason, most=MOST_ASIDE)
    if Recusal.objects.filter(appeal=appeal, user=actor).exists():
        raise Refused("aside-already", _("You stand aside from this appeal already."))
    recusal = Recusal.objects.create(
        appeal=appeal, user=actor, reason=reason, declared_at=clock.now()
    )
    note(actor=actor, verb="appeal.recused", appeal=appeal, digest=digest_of({"reason": reason}))
    return recusal


def require_unbiased(*, actor: Any, appeal: Appeal) -> None:
    """Raise Refused, naming the reasons to the one they concern, unless `actor` may judge."""
    if reasons := reasons_against(user=actor, appeal=appeal):
        raise Refused(
            "recused",
            _("You must not judge this appeal: you are somebody who %(reasons)s.")
            % {"reasons": "; ".join(str(reason.label) for reason in reasons)},
        )


def _shares_organisation(user: Any, entry: Any) -> bool:
    members = list(entry.team.memberships.values_list("user_id", flat=True))
    found = organisations_of(user_ids=[user.pk, *members])
    own = found.pop(user.pk, frozenset())
    return bool(own & frozenset().union(*found.values()))


def _decided(user: Any, appeal: Appeal) -> bool:
    acted = record.actors_of(subject=record.subject_name(appeal.entry), verbs=DECISIONS)
    earlier = Appeal.objects.filter(
        entry=appeal.entry, state__in=ENDED_STATES, ended_by_id=user.pk
    ).exclude(pk=appeal.pk)
    return record.name_of(user) in acted or earlier.exists()
