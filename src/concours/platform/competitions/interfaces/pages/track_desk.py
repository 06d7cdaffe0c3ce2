"""The organiser's desk of one track: settings, phases, rules, start, advance."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.competitions import domain
from concours.platform.competitions.domain.phases import plan_phases
from concours.platform.competitions.enums import SubmissionState, TrackState
from concours.platform.competitions.interfaces.desk_forms import (
    PhaseForm,
    PhaseFormSet,
    RulesForm,
    TrackForm,
    plans_of,
    suggested_phases,
)
from concours.platform.competitions.interfaces.pages.duties import duty_rows
from concours.platform.competitions.interfaces.pages.tracks import ENTRIES_A_PAGE, changes
from concours.platform.competitions.interfaces.support import (
    pager,
    the_track,
    told,
    track_trail,
    track_url,
)
from concours.platform.competitions.models import RulesVersion, Track
from concours.platform.core.cursor import page_after
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.web.interfaces.shared import attempt, cursor_of, or_hidden


def organised_track(request: HttpRequest, season: str, track: str) -> Track:
    """The track, for its season's organisers; 404 for everyone else."""
    found = the_track(request, season, track)
    or_hidden(request.user, "competitions.run_track", found)
    return found


def _trail(track: Track, *more: tuple[str, Any]) -> list[tuple[str, Any]]:
    if not more:
        return track_trail(track, ("", _("Desk")))
    return track_trail(track, (track_url(track, "track_desk"), _("Desk")), *more)


@login_required
@require_safe
def desk(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = organised_track(request, season, track)
    phases = list(found.phases.all())
    phase = found.phase
    following = next((one for one in phases if phase and one.position > phase.position), None)
    ready = Count("submissions", filter=Q(submissions__state=SubmissionState.READY))
    entries = found.entries.select_related("team", "reviewer").annotate(ready_count=ready)
    page = page_after(entries, field="pk", after=cursor_of(request), size=ENTRIES_A_PAGE)
    return render(
        request,
        "competitions/track_desk.html",
        {
            "track": found,
            "draft": found.state == TrackState.DRAFT,
            "started": found.state == TrackState.STARTED,
            "duties": duty_rows(domain.due_acts_of(track=found)),
            "phases": phases,
            "following": following,
            "rules": found.rules_versions.order_by("-number").first(),
            "entries": page.items,
            **pager(page),
            "entry_count": found.entries.count(),
            "trail": _trail(found),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = organised_track(request, season, track)
    form = TrackForm(
        request.POST or None,
        initial=model_to_dict(found, fields=TrackForm.Meta.fields),
        season=found.season,
    )
    if request.method == "POST" and form.is_valid():
        act = partial(domain.edit_track, actor=request.user, track=found, **form.cleaned_data)
        if attempt(form, act) is not None:
            told(request, _("The settings are saved."))
            return redirect("competitions:track_desk", season=season, track=track)
    return render(
        request,
        "competitions/track_settings.html",
        {
            "track": found,
            "form": form,
            "draft": found.state == TrackState.DRAFT,
            "trail": _trail(found, ("", _("Settings"))),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phases(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = organised_track(request, season, track)
    names = list(PhaseForm.base_fields)
    initial = [model_to_dict(phase, fields=names) for phase in found.phases.all()]
    suggested = not initial
    formset = PhaseFormSet(
        request.POST or None, initial=initial or suggested_phases(found), prefix="phases"
    )
    refusal = ""
    if request.method == "POST" and formset.is_valid():
        try:
            plan_phases(actor=request.user, track=found, phases=plans_of(formset.cleaned_data))
        except NotPermitted:
            raise
        except Refused as error:
            refusal = str(error.message)
        else:
            told(request, _("The phases are planned."))
            return redirect("competitions:track_desk", season=season, track=track)
    return render(
        request,
        "competitions/track_phases.html",
        {
            "track": found,
            "formset": formset,
            "refusal": refusal,
            "suggested": suggested and bool(formset.initial),
            "draft": found.state == TrackState.DRAFT,
            "trail": _trail(found, ("", _("Phases"))),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """Write the next version: "preview" shows it with its digest, "publish" makes it so."""
    found = organised_track(request, season, track)
    latest = found.rules_versions.order_by("-number").first()
    start = {"text": latest.text, "text_zh": latest.text_zh} if latest else {}
    form = RulesForm(request.POST or None, initial=start)
    draft: RulesVersion | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if request.POST.get("step") == "publish":
            version = attempt(
                form, lambda: domain.publish_rules(actor=request.user, track=found, **data)
            )
            if version is not None:
                told(request, _("Version %(number)d is written.") % {"number": version.number})
                return redirect("competitions:track_desk", season=season, track=track)
        draft = _draft_of(latest, **data)
    return render(
        request,
        "competitions/track_rules.html",
        {
            "track": found,
            "form": form,
            "latest": latest,
            "draft": draft,
            "changes": changes(latest, draft) if latest and draft else [],
            "trail": _trail(found, ("", _("Rules"))),
        },
    )


def _draft_of(latest: RulesVersion | None, *, text: str, text_zh: str) -> RulesVersion:
    return RulesVersion(
        number=latest.number + 1 if latest else 1,
        text=text,
        text_zh=text_zh,
        digest=hashlib.sha256(f"{text}\0{text_zh}".encode()).hexdigest(),
    )


@login_required
@require_POST
def start(request: HttpRequest, season: str, track: str) -> HttpResponse:
    domain.start_track(actor=request.user, track=organised_track(request, season, track))
    told(request, _("The track has started; its rules are published."))
    return redirect("competitions:track_desk", season=season, track=track)


@login_required
@require_POST
def advance(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """Pass to the next phase from the one the organiser saw; the form carries its position."""
    found = organised_track(request, season, track)
    seen = request.POST.get("leaving", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 5):
        raise Refused("phase-not-named", _("Reload the desk and press the button again."))
    leaving = get_object_or_404(found.phases, position=int(seen))
    moved = domain.advance_phase(actor=request.user, track=found, leaving=leaving)
    told(
        request,
        _("The track is closed.")
        if moved.state == TrackState.CLOSED
        else _("The track is in its next phase: %(phase)s.") % {"phase": moved.phase},
    )
    return redirect("competitions:track_desk", season=season, track=track)
