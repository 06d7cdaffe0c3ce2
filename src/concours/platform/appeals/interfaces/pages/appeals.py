"""A track's appeals for everybody, and a team's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.appeals import domain
from concours.platform.appeals.domain.queries import with_parts
from concours.platform.appeals.enums import AppealKind
from concours.platform.appeals.interfaces.forms import AppealForm, AttachForm
from concours.platform.appeals.interfaces.pages.judging import show_appeal
from concours.platform.appeals.interfaces.support import the_appeal, url_of
from concours.platform.appeals.models import Appeal
from concours.platform.appeals.rules import (
    visible_appeals,
    visible_attachments,
    visible_change_sets,
)
from concours.platform.competitions.domain.permissions import (
    member_team_ids,
    visible_entries,
)
from concours.platform.core.access import permitted
from concours.platform.review.domain import reviews_released_to
from concours.platform.web.interfaces.shared import attempt, the_track, track_trail

MOST_SHOWN = 200


@never_cache
@require_safe
def track(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    rows = with_parts(visible_appeals(request.user).filter(track=found)).order_by("-filed_at")
    entries = visible_entries(request.user).filter(
        track=found, team_id__in=member_team_ids(request.user)
    )
    context = {
        "track": found,
        "window": domain.window_of(track=found),
        "rows": domain.appeals_shown(user=request.user, appeals=rows[:MOST_SHOWN]),
        "changes": visible_change_sets(request.user).filter(track=found)[:MOST_SHOWN],
        "own_entries": [(entry, url_of(found, "file", entry.code)) for entry in entries],
        "desk": permitted(request.user, "appeals.open_desk", found),
        "trail": track_trail(found, ("", _("Appeals"))),
    }
    return render(request, "appeals/track.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = the_track(request, season, track)
    own = visible_entries(request.user).filter(
        track=found, team_id__in=member_team_ids(request.user)
    )
    entry = get_object_or_404(own.select_related("track__season", "track__phase"), code=code)
    kinds = domain.kinds_open_to(actor=request.user, entry=entry)
    aliases = [row.alias for row in reviews_released_to(user=request.user, entry=entry)]
    form = AppealForm(request.POST or None, kinds=kinds, aliases=aliases)
    if request.method == "POST" and form.is_valid():
        filed = attempt(form, lambda: _file(request, entry, form.cleaned_data))
        if filed is not None:
            messages.success(request, _("Your appeal is filed. You can add files to it now."))
            return redirect(url_of(found, "appeal", filed.code))
    context = {
        "track": found,
        "entry": entry,
        "form": form,
        "kinds": kinds,
        "window": domain.window_of(track=found),
        "back": url_of(found, "track"),
        "trail": track_trail(found, (url_of(found, "track"), _("Appeals")), ("", _("New appeal"))),
    }
    return render(request, "appeals/file.html", context)


def _file(request: HttpRequest, entry: Any, data: dict[str, Any]) -> Appeal:
    return domain.file_appeal(
        actor=request.user,
        entry=entry,
        kind=AppealKind(data["kind"]),
        about=data.get("about", ""),
        subject=data["subject"],
        reason=data["reason"],
    )


@never_cache
@require_safe
def appeal(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    return show_appeal(request, the_appeal(request, the_track(request, season, track), code))


@login_required
@require_POST
def attach(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = the_appeal(request, the_track(request, season, track), code)
    form = AttachForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        added = attempt(
            form,
            lambda: domain.attach_file(
                actor=request.user, appeal=found, name=upload.name, content=upload.read()
            ),
        )
        if added is not None:
            messages.success(request, _("The file is added."))
            return redirect(url_of(found.track, "appeal", code))
    return show_appeal(request, found, status=422, attach_form=form)


@never_cache
@require_safe
def attachment(
    request: HttpRequest, season: str, track: str, code: str, file: str
) -> HttpResponseBase:
    """The stored bytes as a file to save: never shown, never run, by no browser."""
    rows = visible_attachments(request.user).filter(
        appeal__track=the_track(request, season, track), appeal__code=code
    )
    found = get_object_or_404(rows, code=file)
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def withdraw(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = the_appeal(request, the_track(request, season, track), code)
    domain.withdraw_appeal(actor=request.user, appeal=found)
    messages.success(request, _("The appeal is withdrawn."))
    return redirect(url_of(found.track, "appeal", code))
