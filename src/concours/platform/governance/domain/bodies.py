"""Who sits in which body from when to when, their meetings, and who is suspended."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from concours.governance import CharterBody, suspended
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.governance.domain.charters import charter_needed, parsed
from concours.platform.governance.domain.leaving import lock_open_votes, note_lost_role
from concours.platform.governance.models import Attendance, Body, Meeting, Membership
from concours.platform.record import domain as record

MOST_AT_A_MEETING = 500


def find_body(slug: str) -> Body | None:
    """The body of this short name; None where there is none."""
    return Body.objects.filter(slug=slug).first()


@transaction.atomic
def seat_member(
    *, actor: Any, body: Body, user: Any, role: str, since: datetime | None = None
) -> Membership:
    """Give somebody a role in a body, from now or another moment on.

    Raises Refused for a role that the charter does not name, a closed account, and somebody who
    sits in the body already.
    """
    require(actor, "governance.seat_members")
    if role not in described(body).roles:
        raise Refused("unknown-role", _("The charter names no such role in this body."))
    if not user.is_active:
        raise Refused("account-closed", _("This account is closed."))
    try:
        with transaction.atomic():
            seat = Membership.objects.create(
                body=body, user=user, role=role, since=since or clock.now()
            )
    except IntegrityError:
        raise Refused("seated-already", _("This person sits in this body already.")) from None
    _note(actor, "member.seated", seat, role=role, since=seat.since.isoformat())
    return seat


@transaction.atomic
def unseat_member(*, actor: Any, membership: Membership) -> Membership:
    """End somebody's role now. What that means to a vote that is open, its rule says.

    Raises Refused for a role that has ended or is still to begin.
    """
    membership = lock(membership)
    require(actor, "governance.seat_members")
    moment = clock.now()
    if membership.until is not None:
        raise Refused("unseated-already", _("This role has ended already."))
    if moment < membership.since:
        raise Refused("dates-disordered", _("This role has not begun; it cannot end before."))
    votes = lock_open_votes(membership.body)
    membership.until = moment
    membership.save(update_fields=["until"])
    _note(actor, "member.unseated", membership, role=membership.role)
    note_lost_role(actor=actor, votes=votes, user=membership.user)
    return membership


@transaction.atomic
def note_meeting(
    *, actor: Any, body: Body, title: str, held_at: datetime, present: Collection[Any]
) -> Meeting:
    """Note a meeting and who of the body came; whoever missed too many is suspended.

    Raises Refused for a meeting that is still to come, two at one moment, and somebody who did not
    sit in the body then.
    """
    require(actor, "governance.note_meetings")
    if held_at > clock.now():
        raise Refused("meeting-to-come", _("This meeting is still to come."))
    if len(present) > MOST_AT_A_MEETING:
        raise Refused("too-many", _("These are too many people for one meeting."))
    seats = {seat.user_id for seat in members_at(body=body, moment=held_at)}
    if any(user.pk not in seats for user in present):
        raise Refused("not-seated", _("Somebody named here did not sit in this body then."))
    title = one_line(title, most=200) or str(body)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(body=body, title=title, held_at=held_at)
    except IntegrityError:
        raise Refused("meeting-noted", _("A meeting at that moment is noted already.")) from None
    Attendance.objects.bulk_create(Attendance(meeting=meeting, user=user) for user in present)
    record.append(
        actor=actor,
        verb="meeting.noted",
        subject=f"body:{body.slug}",
        data={
            "meeting": meeting.code,
            "held_at": held_at.isoformat(),
            "present": sorted(user.code for user in present),
        },
    )
    return meeting


def members_at(*, body: Body, moment: datetime) -> QuerySet[Membership]:
    """The seats of the body that are held at `moment`, with their people."""
    open_then = Q(until__isnull=True) | Q(until__gt=moment)
    seats = body.memberships.filter(open_then, since__lte=moment)
    return seats.select_related("user").order_by("since", "pk")


def sits_in(*, user: Any, body: str) -> bool:
    """Whether `user` holds a role in the body of that short name now."""
    return (
        user.pk is not None
        and user.is_active
        and Membership.objects.filter(
            body__slug=body, user_id=user.pk, since__lte=clock.now(), until__isnull=True
        ).exists()
    )


def described(body: Body) -> CharterBody:
    """What the charter in force says of the body. Raises Refused where it names it no longer."""
    found = parsed(charter_needed())
    try:
        return found.body(body.slug)
    except KeyError:
        raise Refused("body-unknown", _("The charter in force does not name this body.")) from None


def suspended_at(
    *, body: Body, seats: Iterable[Membership], described: CharterBody, moment: datetime
) -> frozenset[int]:
    """The people (keys) whom missed meetings suspend from voting at `moment`; three queries."""
    if described.suspension is None:
        return frozenset()
    meetings = list(body.meetings.filter(held_at__lte=moment).order_by("held_at", "pk"))
    came = set(Attendance.objects.filter(meeting__in=meetings).values_list("meeting_id", "user_id"))
    return frozenset(
        seat.user_id
        for seat in seats
        if suspended(
            attended=[
                (meeting.pk, seat.user_id) in came
                for meeting in meetings
                if meeting.held_at >= seat.since
            ],
            rule=described.suspension,
        )
    )


def _note(actor: Any, verb: str, seat: Membership, **data: Any) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=f"body:{seat.body.slug}",
        data={"member": seat.user.code, **data},
    )
