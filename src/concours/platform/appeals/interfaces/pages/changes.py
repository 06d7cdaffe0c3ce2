"""Staged changes: the draft, who would move, and the act that applies it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.appeals import domain
from concours.platform.appeals.enums import JURY_KINDS, ChangeKind, ChangeState
from concours.platform.appeals.interfaces.forms import (
    ChangeSetForm,
    JuryPointsForm,
    PointsForm,
    ReasonForm,
    SignForm,
)
from concours.platform.appeals.interfaces.pages.candidates import panel_of
from concours.platform.appeals.interfaces.support import desk_track, the_change_set, url_of
from concours.platform.appeals.models import ChangeSet
from concours.platform.appeals.rules import visible_appeals, visible_change_sets
from concours.platform.awards.domain import jurors_of
from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.core.access import permitted
from concours.platform.review.domain import round_of
from concours.platform.web.interfaces.shared import attempt, the_track, track_trail

MOST_MOVES = 200
MOST_FOUND = 20


@never_cache
@require_safe
def listed(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    context = {
        "track": found,
        "changes": visible_change_sets(request.user).filter(track=found),
        "stages": permitted(request.user, "appeals.stage_changes", found),
        "trail": track_trail(found, (url_of(found, "track"), _("Appeals")), ("", _("Changes"))),
    }
    return render(request, "appeals/changes.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """A new draft; `?appeal=` names the appeal that asks for it."""
    found = desk_track(request, season, track, staff=True)
    code = request.GET.get("appeal", "")
    appeal = (
        get_object_or_404(visible_appeals(request.user), track=found, code=code) if code else None
    )
    form = ChangeSetForm(
        request.POST or None, initial={"title": appeal.subject} if appeal else None
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.draft_changes(
                actor=request.user, track=found, appeal=appeal, **form.cleaned_data
            ),
        )
        if made is not None:
            return redirect(url_of(found, "change-set", made.code))
    context = {
        "track": found,
        "appeal": appeal,
        "form": form,
        "back": url_of(found, "desk"),
        "trail": track_trail(found, (url_of(found, "desk"), _("Desk")), ("", _("New changes"))),
    }
    return render(request, "appeals/new_changes.html", context)


@never_cache
@require_safe
def show(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    return _show(request, the_change_set(request, the_track(request, season, track), code))


@login_required
@require_POST
def add(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    """Add a change: its kind, entry, and what it is about come with the button."""
    change_set = _draft(request, season, track, code)
    kind = request.POST.get("kind", "")
    if kind not in ChangeKind.values:
        raise Http404
    entry = get_object_or_404(
        visible_entries(request.user).filter(track=change_set.track),
        code=request.POST.get("entry", ""),
    )
    given, form = _given(request, change_set, ChangeKind(kind))
    if form is None or form.is_valid():
        domain.add_change(
            actor=request.user, change_set=change_set, kind=ChangeKind(kind), entry=entry, **given()
        )
        messages.success(request, _("Added. The preview has to be computed again."))
    else:
        messages.error(request, _("Give points within the bounds."))
    return redirect(f"{url_of(change_set.track, 'change-set', code)}?entry={entry.code}")


@login_required
@require_POST
def drop(request: HttpRequest, season: str, track: str, code: str, key: int) -> HttpResponse:
    change_set = _draft(request, season, track, code)
    change = get_object_or_404(change_set.changes.all(), pk=key)
    domain.drop_change(actor=request.user, change=change)
    messages.success(request, _("Taken out. The preview has to be computed again."))
    return redirect(url_of(change_set.track, "change-set", code))


@login_required
@require_POST
def preview(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    change_set = _draft(request, season, track, code)
    domain.preview_changes(actor=request.user, change_set=change_set)
    return redirect(url_of(change_set.track, "change-set", code) + "#moves")


@login_required
@require_POST
def apply(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    """Apply what the signer saw: the preview's digest comes with the button."""
    change_set = _draft(request, season, track, code)
    form = _sign_form(request, change_set, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        applied = attempt(
            form,
            lambda: domain.apply_changes(
                actor=request.user,
                change_set=change_set,
                expected=request.POST.get("expected", ""),
                signature=domain.Signature(
                    password=data.get("password", ""), code=data.get("code", "")
                ),
            ),
        )
        if applied is not None:
            messages.success(request, _("The changes are applied and published."))
            return redirect(url_of(change_set.track, "change-set", code))
    return _show(request, change_set, sign_form=form, status=422)


@login_required
@require_POST
def cancel(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    change_set = _draft(request, season, track, code)
    domain.cancel_changes(actor=request.user, change_set=change_set)
    messages.success(request, _("The draft is cancelled."))
    return redirect(url_of(change_set.track, "change-set", code))


@login_required
@require_POST
def reverse_set(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    change_set = _draft(request, season, track, code)
    form = ReasonForm(request.POST)
    if form.is_valid():
        made = attempt(
            form,
            lambda: domain.reverse_changes(
                actor=request.user, change_set=change_set, reason=form.cleaned_data["reason"]
            ),
        )
        if made is not None:
            messages.success(request, _("The reversal is drafted. Preview it, then sign."))
            return redirect(url_of(change_set.track, "change-set", made.code))
    return _show(request, change_set, reverse_form=form, status=422)


def _draft(request: HttpRequest, season: str, track: str, code: str) -> ChangeSet:
    """The set for the season's staff; 404 for everybody else."""
    return the_change_set(request, desk_track(request, season, track, staff=True), code)


def _given(request: HttpRequest, change_set: ChangeSet, kind: ChangeKind) -> tuple[Any, Any]:
    """(what the change takes, the form that it comes from if it has one)."""
    if kind == ChangeKind.CORRECT:
        round_ = round_of(track=change_set.track)
        criteria = round_.rubric.criteria.order_by("position") if round_ else ()
        form = PointsForm(request.POST, criteria=criteria)
        return lambda: {"alias": request.POST.get("alias", ""), "scores": form.scores}, form
    if kind in JURY_KINDS:
        code = request.POST.get("juror", "")
        jurors = {one.user.code: one.user for one in jurors_of(track=change_set.track)}
        if kind == ChangeKind.JURY_OWN:
            return lambda: {"juror": jurors.get(code)}, None
        points = JuryPointsForm(request.POST)
        return lambda: {"juror": jurors.get(code), "points_milli": points.points_milli}, points
    return lambda: {"alias": request.POST.get("alias", "")}, None


def _sign_form(request: HttpRequest, change_set: ChangeSet, data: Any = None) -> SignForm:
    by_password = domain.signs_with_password(request.user)
    return SignForm(data, by_password=by_password, code=change_set.code)


def _show(
    request: HttpRequest,
    change_set: ChangeSet,
    *,
    sign_form: SignForm | None = None,
    reverse_form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    track = change_set.track
    staff = permitted(request.user, "appeals.apply_changes", change_set)
    draft = staff and change_set.state == ChangeState.DRAFT
    picture = change_set.preview
    context = {
        "track": track,
        "change_set": change_set,
        "rows": domain.changes_shown(user=request.user, change_set=change_set),
        "appeal": visible_appeals(request.user).filter(pk=change_set.appeal_id or 0).first(),
        "reverses": change_set.reverses,
        "reversed_by": visible_change_sets(request.user)
        .filter(reverses=change_set)
        .exclude(state=ChangeState.CANCELLED)
        .first(),
        "picture": picture,
        "moves": picture.get("moves", [])[:MOST_MOVES],
        "more_moves": max(0, len(picture.get("moves", [])) - MOST_MOVES),
        "staff": staff,
        "draft": draft,
        "sign_form": (sign_form or _sign_form(request, change_set)) if draft else None,
        "reverse_form": reverse_form or ReasonForm(),
        "trail": track_trail(
            track, (url_of(track, "changes"), _("Changes")), ("", change_set.title)
        ),
    }
    if draft:
        context |= _candidates(request, change_set)
    return render(request, "appeals/change_set.html", context, status=status)


def _candidates(request: HttpRequest, change_set: ChangeSet) -> dict[str, Any]:
    """The entry that is looked at, with what of it could be changed; or those a search finds."""
    default = change_set.appeal.entry.code if change_set.appeal else ""
    wanted = request.GET.get("entry", default).strip()[:200]
    entries = visible_entries(request.user).filter(track=change_set.track)
    found = entries.select_related("track").filter(code=wanted).first() if wanted else None
    if found is not None:
        return {"wanted": wanted, "panel": panel_of(entry=found)}
    matching = entries.filter(Q(title__icontains=wanted)) if wanted else entries.none()
    return {"wanted": wanted, "found": matching.order_by("title")[:MOST_FOUND]}
