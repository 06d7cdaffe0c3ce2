"""The juror's desk: the finalists, their snapshots, and a score for each."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from concours.platform.awards import domain
from concours.platform.awards.domain.judging import Finalist, final_is_on, finalists_for
from concours.platform.awards.interfaces.forms import ScoreForm, in_points
from concours.platform.awards.interfaces.support import refusals_on, url_of
from concours.platform.awards.rules import visible_judged_tracks
from concours.platform.web.interfaces.shared import or_hidden, the_track, track_trail


@login_required
@require_safe
def tracks(request: HttpRequest) -> HttpResponse:
    rows = []
    judged = visible_judged_tracks(request.user).select_related("season", "phase")
    for track in judged.order_by("-season__starts_at", "slug"):
        finalists = finalists_for(user=request.user, track=track)
        owed = [item for item in finalists if not item.conflict]
        rows.append(
            {
                "track": track,
                "url": url_of(track, "jury-track"),
                "owed": len(owed),
                "done": sum(item.score is not None for item in owed),
                "open": final_is_on(track=track),
            }
        )
    return render(request, "awards/jury_tracks.html", {"rows": rows, "trail": [("", _("Jury"))]})


@login_required
@never_cache
@require_safe
def track(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = _judged(request, season, track)
    finalists = finalists_for(user=request.user, track=found)
    owed = [item for item in finalists if not item.conflict]
    return render(
        request,
        "awards/jury_track.html",
        {
            "track": found,
            "finalists": finalists,
            "owed": len(owed),
            "done": sum(item.score is not None for item in owed),
            "open": final_is_on(track=found),
            "trail": track_trail(found, ("", _("Jury"))),
        },
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = _judged(request, season, track)
    finalist = _finalist(request, found, code)
    initial = (
        {"points": in_points(finalist.score.points_milli), "comment": finalist.score.comment}
        if finalist.score
        else {}
    )
    form = ScoreForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            domain.score_as_juror(
                actor=request.user,
                entry=finalist.entry,
                points_milli=form.cleaned_data["points"],
                comment=form.cleaned_data["comment"],
            )
        if form.is_valid():
            return redirect(url_of(found, "jury-track"))
    return render(
        request,
        "awards/score.html",
        {
            "track": found,
            "finalist": finalist,
            "form": form,
            "open": final_is_on(track=found),
            "back": url_of(found, "jury-track"),
            "trail": track_trail(
                found,
                (url_of(found, "jury-track"), _("Jury")),
                ("", finalist.entry.title),
            ),
        },
    )


@login_required
@never_cache
@require_safe
def snapshot(request: HttpRequest, season: str, track: str, code: str) -> HttpResponseBase:
    """The snapshot that is judged, as a file to save: never shown, never run, by no browser."""
    finalist = _finalist(request, _judged(request, season, track), code)
    submission = finalist.submission
    if submission is None or finalist.conflict:
        raise Http404
    stored = submission.file.open("rb")
    response = FileResponse(
        stored,
        as_attachment=True,
        filename=f"{code}-{submission.number}.archive",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _judged(request: HttpRequest, season: str, track: str) -> Any:
    """The track, for whoever is of its jury; 404 for everybody else."""
    found = the_track(request, season, track)
    or_hidden(request.user, "awards.judge_track", found)
    return found


def _finalist(request: HttpRequest, track: Any, code: str) -> Finalist:
    for item in finalists_for(user=request.user, track=track):
        if item.entry.code == code:
            return item
    raise Http404
