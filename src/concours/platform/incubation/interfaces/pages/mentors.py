"""The pool of mentors for everybody, one's own mentoring, and what is overdue for staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.core.access import permitted
from concours.platform.incubation import domain
from concours.platform.incubation.enums import AWAY, IN_POOL, MentorState, ReviewState
from concours.platform.incubation.interfaces.forms import (
    AcceptForm,
    InviteForm,
    ReasonForm,
    TermsForm,
)
from concours.platform.incubation.interfaces.support import trail
from concours.platform.incubation.models import (
    AnnualReview,
    Incubation,
    Mentor,
    Mentoring,
    PeriodicReport,
)
from concours.platform.incubation.rules import visible_conflicts, visible_mentors
from concours.platform.web.interfaces.shared import attempt, or_hidden

MOST_SHOWN = 500
MOST_AWAY = 50
QUIET_DAYS = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mentors(request: HttpRequest) -> HttpResponse:
    """Who mentors, in which areas and how many projects; staff invite here."""
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        or_hidden(request.user, "incubation.keep_pool", None)
        made: Mentor | None = None
        if form.is_valid():
            made = attempt(
                form, lambda: domain.invite_mentor(actor=request.user, **form.cleaned_data)
            )
        if made is not None:
            messages.success(request, _("The person is invited, and told."))
            return redirect("incubation:mentors")
    rows = visible_mentors(request.user).select_related("user").prefetch_related("areas")
    staff = permitted(request.user, "incubation.keep_pool")
    pool = list(rows.filter(state__in=IN_POOL)[:MOST_SHOWN])
    held = domain.held_by(mentors=pool)
    context = {
        "pool": [(one, domain.load_in(held[one.pk]), held[one.pk]) for one in pool],
        "waiting": rows.filter(state=MentorState.INVITED)[:MOST_SHOWN] if staff else [],
        "away": rows.filter(state__in=AWAY).order_by("-pk")[:MOST_AWAY] if staff else [],
        "conflicts": visible_conflicts(request.user).select_related("mentor__user", "project")[
            :MOST_SHOWN
        ],
        "form": form if staff else None,
        "staff": staff,
        "mine": visible_mentors(request.user).filter(user_id=_own(request)).exists(),
        "programme": domain.programme_in_force(),
        "trail": trail(),
    }
    return render(request, "incubation/mentors.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take an invitation back."""
    or_hidden(request.user, "incubation.keep_pool", None)
    found = get_object_or_404(visible_mentors(request.user), code=code)
    domain.withdraw_invitation(actor=request.user, mentor=found)
    messages.success(request, _("The invitation is taken back."))
    return redirect("incubation:mentors")


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _shown(request)


@login_required
@require_POST
def answer(request: HttpRequest, act: str) -> HttpResponse:
    """What mentors do about themselves: accept, decline, terms, leave; step back from a project,
    or declare a conflict with one (`mentoring`)."""
    mentor = get_object_or_404(Mentor, user_id=_own(request))
    known: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
        "accept": (AcceptForm, _accept),
        "terms": (TermsForm, domain.set_terms),
        "leave": (ReasonForm, domain.leave_pool),
        "step-back": (ReasonForm, _step_back),
        "conflict": (ReasonForm, _conflict),
    }
    if act == "decline":
        domain.answer_invitation(actor=request.user, mentor=mentor, accepts=False)
    elif act in known:
        kind, do = known[act]
        form = kind(request.POST)
        subject = {"mentoring": request.POST["mentoring"]} if "mentoring" in request.POST else {}
        if not form.is_valid() or not attempt(
            form,
            lambda: do(actor=request.user, mentor=mentor, **form.cleaned_data, **subject),
        ):
            return _shown(request, refused={act: form}, status=422)
    else:
        raise Http404
    messages.success(request, _("It is noted."))
    return redirect("incubation:mine")


@login_required
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What is owed and overdue, reviews to decide, projects without enough mentors: for staff."""
    or_hidden(request.user, "incubation.watch", None)
    version = domain.programme_in_force()
    programme = domain.parsed(version) if version else None
    held = Mentoring.objects.filter(ended_at__isnull=True).select_related("mentor__user", "project")
    quiet_days = programme.mentors.quiet_days if programme else QUIET_DAYS
    owed = domain.all_owed()
    context = {
        "overdue": [one for one in owed if one.overdue][:MOST_SHOWN],
        "coming": [one for one in owed if not one.overdue][:MOST_SHOWN],
        "reviews": AnnualReview.objects.filter(state=ReviewState.OPEN).select_related(
            "incubation__project"
        )[:MOST_SHOWN],
        "lonely": _lonely(programme.mentors.fewest if programme else 0),
        "quiet": [
            one
            for one in domain.engagement_of(mentorings=held[:MOST_SHOWN], quiet_days=quiet_days)
            if one.quiet
        ],
        "version": version,
        "trail": trail(("", _("What is overdue"))),
    }
    return render(request, "incubation/board.html", context)


def _own(request: HttpRequest) -> int:
    """The reader's key; 0, which is nobody's, without an account."""
    return request.user.pk or 0


def _accept(*, actor: Any, mentor: Mentor, most_projects: int) -> Mentor:
    return domain.answer_invitation(
        actor=actor, mentor=mentor, accepts=True, most_projects=most_projects
    )


def _step_back(*, actor: Any, mentor: Mentor, reason: str, mentoring: str = "") -> Any:
    found = get_object_or_404(mentor.mentorings.all(), code=mentoring)
    return domain.end_mentoring(actor=actor, mentoring=found, reason=reason)


def _conflict(*, actor: Any, mentor: Mentor, reason: str, mentoring: str = "") -> Any:
    found = get_object_or_404(mentor.mentorings.select_related("project"), code=mentoring)
    return domain.declare_conflict(actor=actor, mentor=mentor, project=found.project, reason=reason)


def _shown(
    request: HttpRequest, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    refused = refused or {}
    rows = Mentor.objects.filter(user_id=_own(request)).prefetch_related("areas")
    mentor = rows.first()
    context: dict[str, Any] = {"mentor": mentor, "trail": trail(("", _("My mentoring")))}
    if mentor is not None:
        held = list(
            mentor.mentorings.filter(ended_at__isnull=True).select_related(
                "project", "mentor__user"
            )
        )
        version = domain.programme_in_force()
        quiet = domain.parsed(version).mentors.quiet_days if version else QUIET_DAYS
        terms = {
            "areas": [one.slug for one in mentor.areas.all()],
            "most_projects": mentor.most_projects,
            "pauses": mentor.state == MentorState.PAUSED,
        }
        context |= {
            "in_pool": mentor.state in IN_POOL,
            "invited": mentor.state == MentorState.INVITED,
            "held": [
                (one, _unread(one.mentoring))
                for one in domain.engagement_of(mentorings=held, quiet_days=quiet)
            ],
            "accept_form": refused.get("accept") or AcceptForm(auto_id="id_accept_%s"),
            "terms_form": refused.get("terms") or TermsForm(initial=terms, auto_id="id_terms_%s"),
            "leave_form": refused.get("leave") or ReasonForm(auto_id="id_leave_%s"),
            "back_form": refused.get("step-back") or ReasonForm(auto_id="id_back_%s"),
            "conflict_form": refused.get("conflict") or ReasonForm(auto_id="id_conflict_%s"),
        }
    return render(request, "incubation/mine.html", context, status=status)


def _unread(mentoring: Mentoring) -> list[PeriodicReport]:
    """Reports since the assignment on which this mentor has not acted."""
    rows = PeriodicReport.objects.filter(
        incubation__project_id=mentoring.project_id, incubation__ended_on__isnull=True
    )
    return list(rows.exclude(acts__mentoring=mentoring)[:20])


def _lonely(fewest: int) -> list[tuple[Any, int]]:
    """(project, its mentors now) of incubations with fewer than the programme asks for."""
    held: dict[int, int] = {}
    for key in Mentoring.objects.filter(ended_at__isnull=True).values_list("project_id", flat=True):
        held[key] = held.get(key, 0) + 1
    rows = Incubation.objects.filter(ended_on__isnull=True).select_related("project")
    return [
        (one.project, held.get(one.project_id, 0))
        for one in rows
        if held.get(one.project_id, 0) < fewest
    ][:MOST_SHOWN]
