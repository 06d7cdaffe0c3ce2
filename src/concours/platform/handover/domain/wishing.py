"""What each person says for themselves: members of the team, and those who reviewed the entry."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.handover.domain.noting import lock_handover, note
from concours.platform.handover.enums import BEFORE_THE_ACT, HandoverState
from concours.platform.handover.models import Handover, MemberWish, ReviewLeave
from concours.platform.record import domain as record
from concours.platform.review.domain.onward import onward_reviews

LIVE = BEFORE_THE_ACT | {HandoverState.DONE}


@transaction.atomic
def say(*, actor: Any, handover: Handover, named: bool, mentors: bool) -> MemberWish:
    """A member says whether their name is shown, and whether they may be asked to mentor.

    At any time, after the act too: names stand beside the dossier and not in it.
    """
    handover = lock_handover(handover, states=LIVE)
    require(actor, "handover.say", handover)
    member = member_code(handover.entry, actor)
    wish, _made = MemberWish.objects.get_or_create(
        handover=handover, user=actor, defaults={"said_at": clock.now(), "member": member}
    )
    wish.named, wish.mentors, wish.said_at = named, mentors, clock.now()
    wish.save(update_fields=["named", "mentors", "said_at"])
    note(actor=actor, verb="wished", handover=handover, named=named, mentors=mentors)
    return wish


@transaction.atomic
def give_leave(*, actor: Any, handover: Handover) -> list[ReviewLeave]:
    """A reviewer lets their reviews of the entry go along, without a name; until the act.

    Raises NotPermitted for whoever reviewed nothing here, Refused where the review was struck or
    changed by an appeal, or is withheld.
    """
    handover = lock_handover(handover, states=BEFORE_THE_ACT)
    require(actor, "handover.release", handover)
    duties = [
        one.duty for one in onward_reviews(entry=handover.entry) if one.reviewer_id == actor.pk
    ]
    if not duties:
        raise Refused("not-released", _("Your review of this entry is not released; it stays."))
    leaves = []
    for duty in duties:
        leave, _made = ReviewLeave.objects.update_or_create(
            handover=handover,
            duty=duty,
            defaults={"reviewer": actor, "given_at": clock.now(), "withdrawn_at": None},
        )
        leaves.append(leave)
        _note(actor, handover, duty, "given")
    return leaves


@transaction.atomic
def withdraw_leave(*, actor: Any, handover: Handover) -> None:
    """The reviewer takes it back; after the act, the text no longer stands beside the dossier."""
    handover = lock_handover(handover, states=LIVE)
    require(actor, "handover.release", handover)
    rows = ReviewLeave.objects.filter(
        handover=handover, reviewer=actor, withdrawn_at__isnull=True
    ).order_by("pk")
    duties = list(rows.values_list("duty", flat=True))
    if not duties:
        raise Refused("no-leave", _("You have not given your leave."))
    rows.update(withdrawn_at=clock.now())
    for duty in duties:
        _note(actor, handover, duty, "withdrawn")


def member_code(entry: Any, user: Any) -> str:
    """What dossiers of the entry call somebody: it leads to nobody, and is the same each time."""
    return keyed_digest("dossier-member", f"{entry.code} {user.code}")[:12]


def _note(actor: Any, handover: Handover, duty: str, what: str) -> None:
    # Not of the handover: who reads the season's record would learn who reviewed which entry.
    record.append(
        actor=actor,
        verb="review.leave-" + what,
        subject=f"assignment:{duty}",
        season=handover.entry.track.season.slug,
    )
