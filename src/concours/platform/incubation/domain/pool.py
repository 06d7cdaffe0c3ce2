"""The pool of mentors: who is invited, who is in it, and on what terms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import passage
from concours.platform.incubation.domain.mentoring import end_all_of
from concours.platform.incubation.domain.words import MOST_REASON, needed
from concours.platform.incubation.enums import AWAY, IN_POOL, MentorState
from concours.platform.incubation.models import Mentor
from concours.platform.record import domain as record

MOST_PROJECTS = 20


@transaction.atomic
def invite_mentor(*, actor: Any, person: Any, areas: Collection[str] = (), why: str = "") -> Mentor:
    """Invite `person` (an account) to the pool of mentors; they accept or decline.

    `areas` are short names of the register's technical areas, `why` is what the invitation tells
    that person; both may be empty. Returned is the invitation, a Mentor in the state INVITED, whose
    `code` names it. The record says that somebody was invited, not who. Somebody who declined or
    left is invited anew. Raises NotPermitted without "incubation.keep_pool"; Refused for a closed
    account, an unknown area, and for who is invited or in the pool already.
    """
    require(actor, "incubation.keep_pool")
    if not person.is_active:
        raise Refused("account-closed", _("This account is closed."))
    found = _areas(areas)
    moment = clock.now()
    why = passage(why.strip(), most=MOST_REASON)
    mentor, created = Mentor.objects.select_for_update(of=("self",)).get_or_create(
        user=person, defaults={"why": why, "invited_at": moment}
    )
    if not created:
        if mentor.state not in AWAY:
            raise Refused("invited-already", _("This person is invited, or in the pool, already."))
        mentor.state, mentor.why, mentor.invited_at = MentorState.INVITED, why, moment
        mentor.answered_at = mentor.left_at = None
        mentor.left_why = ""
        mentor.save()
    mentor.areas.set(found)
    record.append(
        actor=actor, verb="mentor.invited", subject=mentor, data={"areas": sorted(set(areas))}
    )
    return mentor


@transaction.atomic
def withdraw_invitation(*, actor: Any, mentor: Mentor) -> Mentor:
    """Take back an invitation that is not answered. Raises Refused for any other."""
    mentor = lock(mentor)
    require(actor, "incubation.keep_pool")
    _refuse_unless(mentor, {MentorState.INVITED})
    mentor.state, mentor.left_at = MentorState.LEFT, clock.now()
    mentor.save(update_fields=["state", "left_at"])
    record.append(actor=actor, verb="mentor.invitation-withdrawn", subject=mentor)
    return mentor


@transaction.atomic
def answer_invitation(
    *, actor: Any, mentor: Mentor, accepts: bool, most_projects: int = 3
) -> Mentor:
    """Accept or decline one's invitation; whoever accepts is named in the public pool.

    Raises Refused for one that is answered, and for a load that is none.
    """
    mentor = lock(mentor)
    require(actor, "incubation.answer_invitation", mentor)
    _refuse_unless(mentor, {MentorState.INVITED})
    _refuse_load(most_projects)
    mentor.state = MentorState.ACTIVE if accepts else MentorState.DECLINED
    mentor.answered_at = clock.now()
    mentor.most_projects = most_projects
    mentor.save(update_fields=["state", "answered_at", "most_projects"])
    verb = "mentor.accepted" if accepts else "mentor.declined"
    record.append(actor=actor, verb=verb, subject=mentor)
    return mentor


@transaction.atomic
def set_terms(
    *, actor: Any, mentor: Mentor, areas: Collection[str], most_projects: int, pauses: bool
) -> Mentor:
    """Say in which areas and how many projects one mentors, and whether one pauses.

    Whoever pauses keeps their projects and takes no others. Raises Refused outside the pool.
    """
    mentor = lock(mentor)
    require(actor, "incubation.set_terms", mentor)
    _refuse_unless(mentor, IN_POOL)
    _refuse_load(most_projects)
    found = _areas(areas)
    mentor.most_projects = most_projects
    mentor.state = MentorState.PAUSED if pauses else MentorState.ACTIVE
    mentor.save(update_fields=["most_projects", "state"])
    mentor.areas.set(found)
    record.append(
        actor=actor,
        verb="mentor.terms-set",
        subject=mentor,
        data={"areas": sorted(set(areas)), "most_projects": most_projects, "pauses": pauses},
    )
    return mentor


@transaction.atomic
def leave_pool(*, actor: Any, mentor: Mentor, reason: str) -> Mentor:
    """Leave the pool, or be taken out of it; every project loses this mentor now.

    What they signed off stays. Raises Refused outside the pool and without a reason.
    """
    mentor = lock(mentor)
    require(actor, "incubation.leave_pool", mentor)
    _refuse_unless(mentor, IN_POOL)
    mentor.state, mentor.left_at, mentor.left_why = MentorState.LEFT, clock.now(), needed(reason)
    mentor.save(update_fields=["state", "left_at", "left_why"])
    ended = end_all_of(mentor)
    record.append(
        actor=actor,
        verb="mentor.left",
        subject=mentor,
        data={"projects": [one.project.slug for one in ended]},
    )
    return mentor


def _refuse_unless(mentor: Mentor, states: Collection[MentorState]) -> None:
    if mentor.state not in states:
        raise Refused(
            "wrong-state",
            _("This mentor is %(state)s; that cannot be done now.")
            % {"state": mentor.get_state_display()},
        )


def _refuse_load(most_projects: int) -> None:
    if not 1 <= most_projects <= MOST_PROJECTS:
        raise Refused(
            "bad-load", _("A mentor takes 1 to %(most)d projects.") % {"most": MOST_PROJECTS}
        )


def _areas(slugs: Collection[str]) -> list[Any]:
    field: Any = Mentor._meta.get_field("areas")
    found = list(field.remote_field.model._default_manager.filter(slug__in=list(slugs)))
    if len(found) < len(set(slugs)):
        raise Refused("unknown-area", _("The register has no such technical area."))
    return found
