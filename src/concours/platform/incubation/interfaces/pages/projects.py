"""The page of a project's incubation, and what is done on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.core.access import permitted
from concours.platform.incubation import domain
from concours.platform.incubation.enums import MilestoneState
from concours.platform.incubation.interfaces.acts import ACTS, SUBJECTS, Place, form_of
from concours.platform.incubation.interfaces.health import shown_health
from concours.platform.incubation.interfaces.support import project_url, the_project, trail_of
from concours.platform.incubation.models import Incubation, Mentoring, Milestone
from concours.platform.incubation.rules import (
    visible_health,
    visible_incubations,
    visible_mentorings,
)
from concours.platform.register.domain import history_of
from concours.platform.register.enums import Stage
from concours.platform.web.interfaces.shared import attempt, or_hidden

MOST_SHOWN = 60
QUIET_DAYS = 100
"""Where no programme is in force yet."""


@never_cache
@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    return show_project(request, the_project(slug))


@login_required
@require_POST
def act(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """One act of ACTS. A refusal stands in its form, or above the page for a button."""
    found = the_project(slug)
    if act not in ACTS:
        raise Http404
    known, place = ACTS[act], _place(found)
    or_hidden(request.user, known.permission, found)
    subject = {name: request.POST[name] for name in SUBJECTS if name in request.POST}
    if known.form is None:
        known.do(request.user, place, dict(subject))
    else:
        key = next(iter(subject.values()), "")[:12]
        form = form_of(act, request.POST, request.FILES, subject=key)
        if not form.is_valid() or not attempt(
            form, lambda: _do(request, place, act, form, subject)
        ):
            return show_project(request, found, refused={(act, key): form}, status=422)
    messages.success(request, _("It is noted."))
    return redirect(project_url(found) + f"#{known.section}")


@never_cache
@require_safe
def health_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """A report of health as it was handed in, to save: never shown, never run, by no browser."""
    found = get_object_or_404(visible_health(request.user), code=code)
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=f"health-{found.code}.json",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def show_project(
    request: HttpRequest,
    found: Any,
    *,
    refused: dict[tuple[str, str], forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as its reader may read it; `refused` are forms to show again."""
    user, refused = request.user, refused or {}
    place = _place(found)
    shown = place.incubation or _last(request, found)
    version = shown.programme if shown else domain.programme_in_force()
    programme = domain.parsed(version) if version else None
    can = {name for name, one in ACTS.items() if one.open_to(user, place)}
    history = history_of(project=found)
    context: dict[str, Any] = {
        "project": found,
        "incubation": shown,
        "going": place.incubation is not None,
        "archived": history[-1] if history and found.stage == Stage.ARCHIVED else None,
        "version": version,
        "programme": programme,
        "awaits_programme": found.stage == Stage.INCUBATING and version is None,
        "awaits_clock": found.stage == Stage.INCUBATING and version and place.incubation is None,
        "mentors": _mentors(request, found, programme, can, refused),
        "former": visible_mentorings(user)
        .filter(project=found, ended_at__isnull=False)
        .select_related("mentor__user")[:MOST_SHOWN],
        "health": shown_health(found, programme),
        "can": {name.replace("-", "_"): True for name in can},
        "forms": {
            name: _form(name, refused)
            for name in ("assign", "set", "health", "archive")
            if name in can
        },
        "trail": trail_of(found),
    }
    if shown is not None:
        context |= _of_incubation(user, shown, can, refused)
    return render(request, "incubation/project.html", context, status=status)


def _of_incubation(
    user: Any, incubation: Incubation, can: set[str], refused: dict[tuple[str, str], forms.Form]
) -> dict[str, Any]:
    """Plan, reports and reviews."""
    owed = domain.owed_by(incubation=incubation)
    agreed = domain.plan_signers(incubation=incubation)
    milestones = incubation.milestones.prefetch_related("acts__mentoring__mentor__user")
    reports = incubation.reports.prefetch_related("acts__mentoring__mentor__user")
    return {
        "owed": owed,
        "overdue": sum(one.overdue for one in owed),
        "reports_": permitted(user, "incubation.maintain", incubation.project),
        "reports": [(one, _signers(one)) for one in reports[:MOST_SHOWN]],
        "milestones": [
            (one, _signers(one), _forms_of(one, can, refused), _may_sign(one, user, can))
            for one in milestones
        ],
        "plan_agreed": agreed,
        "may_agree": "agree" in can and user.pk not in {one.mentor.user_id for one in agreed},
        "plan_open": any(one.state == MilestoneState.OPEN for one in milestones),
        "reviews": incubation.reviews.all()[:MOST_SHOWN],
    }


def _place(project: Any) -> Place:
    return Place(project=project, incubation=domain.incubation_of(project=project))


def _last(request: HttpRequest, project: Any) -> Incubation | None:
    rows = visible_incubations(request.user).filter(project=project)
    return rows.select_related("programme", "project").order_by("-pk").first()


def _mentors(
    request: HttpRequest,
    project: Any,
    programme: Any,
    can: set[str],
    refused: dict[tuple[str, str], forms.Form],
) -> list[Any]:
    """(engagement, hindrances, form for taking the mentor away) of each mentor now."""
    rows = visible_mentorings(request.user).filter(project=project, ended_at__isnull=True)
    mentorings: list[Mentoring] = list(rows.select_related("mentor__user"))
    quiet = programme.mentors.quiet_days if programme else QUIET_DAYS
    hindered = domain.hindrances_of(project=project, mentors=[one.mentor for one in mentorings])
    # Why somebody declared a conflict is theirs; that a rule stands against them is not shown.
    shown = hindered if "assign" in can else {}
    return [
        (
            one,
            [hindrance.label for hindrance in shown.get(one.mentoring.mentor_id, [])],
            _form("release", refused, one.mentoring.code) if "release" in can else None,
        )
        for one in domain.engagement_of(mentorings=mentorings, quiet_days=quiet)
    ]


def _signers(row: Any) -> list[Any]:
    return [one.mentoring.mentor.user for one in row.acts.all() if one.kind == "signed-off"]


def _may_sign(milestone: Milestone, user: Any, can: set[str]) -> bool:
    return (
        "sign-off" in can
        and milestone.state == MilestoneState.DONE
        and user.pk not in {one.pk for one in _signers(milestone)}
    )


def _forms_of(
    milestone: Milestone, can: set[str], refused: dict[tuple[str, str], forms.Form]
) -> list[tuple[str, Any, forms.Form]]:
    """(act, its name in words, form) for an open milestone."""
    if milestone.state != MilestoneState.OPEN:
        return []
    names = (("reach", _("Reached")), ("move", _("Move it")), ("drop", _("Drop it")))
    return [
        (name, label, _form(name, refused, milestone.code)) for name, label in names if name in can
    ]


def _form(name: str, refused: dict[tuple[str, str], forms.Form], subject: str = "") -> forms.Form:
    return refused.get((name, subject)) or form_of(name, subject=subject)


def _do(
    request: HttpRequest, place: Place, name: str, form: forms.Form, subject: dict[str, str]
) -> bool:
    made = ACTS[name].do(request.user, place, {**form.cleaned_data, **subject})
    if name == "archive" and made is not None and made.state == "open":
        messages.info(request, _("The charter puts archiving to a vote: a review was opened."))
    return True
