"""A body: who sits in it, and its meetings."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from concours.governance import CharterBody
from concours.platform.core import clock
from concours.platform.core.access import permitted
from concours.platform.core.errors import Refused
from concours.platform.governance import domain
from concours.platform.governance.interfaces.forms import MeetingForm, SeatForm
from concours.platform.governance.interfaces.support import the_body, trail
from concours.platform.governance.models import Body, Membership
from concours.platform.governance.phrases import role_name
from concours.platform.web.interfaces.shared import attempt, or_hidden

MOST_MEETINGS = 20


@require_safe
def body(request: HttpRequest, slug: str) -> HttpResponse:
    return _shown(request, the_body(request, slug))


@require_POST
def seat(request: HttpRequest, slug: str) -> HttpResponse:
    found = _managed(request, slug)
    form = SeatForm(request.POST, roles=_roles(found))
    if form.is_valid():
        given = form.cleaned_data
        act = partial(
            domain.seat_member,
            actor=request.user,
            body=found,
            user=given["person"],
            role=given["role"],
        )
        if attempt(form, act) is not None:
            return redirect("governance:body", slug)
    return _shown(request, found, seat_form=form)


@require_POST
def unseat(request: HttpRequest, slug: str, member: str) -> HttpResponse:
    found = _managed(request, slug)
    membership = get_object_or_404(Membership, body=found, code=member)
    domain.unseat_member(actor=request.user, membership=membership)
    messages.success(request, _("The role has ended."))
    return redirect("governance:body", slug)


@require_POST
def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    found = _managed(request, slug)
    form = MeetingForm(request.POST, people=_people(found))
    if form.is_valid():
        given = form.cleaned_data
        act = partial(
            domain.note_meeting,
            actor=request.user,
            body=found,
            title=given["title"],
            held_at=given["held_at"],
            present=form.those_present,
        )
        if attempt(form, act) is not None:
            return redirect("governance:body", slug)
    return _shown(request, found, meeting_form=form)


def _managed(request: HttpRequest, slug: str) -> Body:
    found = the_body(request, slug)
    or_hidden(request.user, "governance.seat_members", found)
    return found


def _people(found: Body) -> list[Any]:
    return [one.user for one in domain.members_at(body=found, moment=clock.now())]


def _described(found: Body) -> CharterBody | None:
    """What the charter in force says of the body; None where it does not name it."""
    try:
        return domain.described(found)
    except Refused:
        return None


def _roles(found: Body) -> list[tuple[str, str]]:
    described = _described(found)
    return [(role, role_name(role)) for role in described.roles] if described else []


def _shown(request: HttpRequest, found: Body, **forms: Any) -> HttpResponse:
    moment = clock.now()
    seats = list(domain.members_at(body=found, moment=moment))
    described = _described(found)
    out = frozenset[int]()
    if described is not None:
        out = domain.suspended_at(body=found, seats=seats, described=described, moment=moment)
    staff = permitted(request.user, "governance.seat_members")
    meetings = found.meetings.prefetch_related("attendances")[:MOST_MEETINGS]
    return render(
        request,
        "governance/body.html",
        {
            "body": found,
            "described": described,
            "rows": [(one, role_name(one.role), one.user_id in out) for one in seats],
            "former": found.memberships.filter(until__lte=moment).select_related("user")[:100],
            "meetings": [(one, len(one.attendances.all())) for one in meetings],
            "staff": staff,
            "seat_form": forms.get("seat_form") or SeatForm(roles=_roles(found)),
            "meeting_form": forms.get("meeting_form") or MeetingForm(people=_people(found)),
            "trail": trail((request.path, found)),
        },
    )
