"""A handover for those it concerns, and the dossier for everybody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.core.access import permitted
from concours.platform.handover import domain
from concours.platform.handover.enums import BEFORE_THE_ACT, HandoverState
from concours.platform.handover.interfaces.forms import (
    AgreeForm,
    AttachForm,
    CandidateForm,
    ReasonForm,
    WishForm,
    first_values,
)
from concours.platform.handover.interfaces.showing import shown
from concours.platform.handover.interfaces.support import (
    rows_offered,
    the_dossier,
    the_handover,
)
from concours.platform.handover.models import Dossier, Handover
from concours.platform.web.interfaces.shared import Trail, track_trail


@never_cache
@require_safe
def handover(request: HttpRequest, code: str) -> HttpResponse:
    return show_handover(request, the_handover(request, code))


@never_cache
@require_safe
def dossier(request: HttpRequest, slug: str) -> HttpResponse:
    return show_dossier(request, the_dossier(request, slug))


@never_cache
@require_safe
def content(request: HttpRequest, slug: str) -> HttpResponse:
    """The document byte for byte as its digest covers it."""
    found = the_dossier(request, slug)
    return _to_save(found.content.encode(), "application/json", f"dossier-{slug}.json")


@never_cache
@require_safe
def package(request: HttpRequest, slug: str) -> HttpResponse:
    """The dossier, what stands beside it today, and the digests of the bundles."""
    found = the_dossier(request, slug)
    return _to_save(domain.packed(dossier=found), "application/zip", f"dossier-{slug}.zip")


def show_handover(
    request: HttpRequest,
    found: Handover,
    *,
    candidate_form: CandidateForm | None = None,
    reason_form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Each reader sees the parts that are theirs; a form given is shown with its errors."""
    user, entry = request.user, found.entry
    before = found.state in BEFORE_THE_ACT
    done = found.state == HandoverState.DONE
    context: dict[str, Any] = {
        "handover": found,
        "entry": entry,
        "track": entry.track,
        "team": entry.team.name if permitted(user, "competitions.view_entry_name", entry) else "",
        "staff": permitted(user, "handover.open_desk", entry.track),
        "done": done,
        "trail": _trail(request, found),
    }
    if permitted(user, "handover.say", found):
        wish = domain.own_wish(user=user, handover=found)
        context["wish_form"] = _wish_form(wish) if before or done else None
        context["member"] = True
    if before and permitted(user, "handover.agree", found):
        context["agree_form"] = AgreeForm(initial={"repository_shown": found.repository_shown})
    if permitted(user, "handover.release", found):
        context["reviewed"] = True
        context["leave_given"] = domain.leave_given(user=user, handover=found)
        context["leave_open"] = before
    if before and permitted(user, "handover.hand_over", found):
        context["hands_over"] = True
        if found.state == HandoverState.AGREED or candidate_form is not None:
            context["candidate_form"] = candidate_form or CandidateForm(initial=first_values(entry))
    if done and permitted(user, "handover.take_back", found):
        context["reason_form"] = reason_form or ReasonForm()
    return render(request, "handover/handover.html", context, status=status)


def show_dossier(
    request: HttpRequest,
    found: Dossier,
    *,
    attach_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    project = found.handover.project
    offered = (
        rows_offered(found) if permitted(request.user, "handover.attach", found.handover) else []
    )
    context = {
        "dossier": found,
        "handover": found.handover,
        "entry": found.handover.entry,
        "track": found.handover.entry.track,
        "project": project,
        "replaced": domain.replaced_since(found),
        "attach_form": attach_form or (AttachForm(rows=offered) if offered else None),
        **shown(found),
        "trail": [
            ("/", _("Home")),
            (reverse("register:projects"), _("Projects")),
            (reverse("register:project", args=[project.slug]) if project else "", project),
            ("", _("Dossier")),
        ],
    }
    return render(request, "handover/dossier.html", context, status=status)


def _wish_form(wish: Any) -> WishForm:
    said = {"named": wish.named, "mentors": wish.mentors} if wish is not None else {}
    return WishForm(initial=said)


def _trail(request: HttpRequest, found: Handover) -> Trail:
    entry = found.entry
    return track_trail(
        entry.track,
        (reverse("competitions:entry", args=[entry.code]), entry.title),
        ("", _("Handover")),
    )


def _to_save(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
