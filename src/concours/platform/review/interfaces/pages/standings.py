"""Standings, for everyone who may see them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.core.access import permitted
from concours.platform.review import domain
from concours.platform.review.methods import methods_of
from concours.platform.web.interfaces.shared import cursor_of, the_track, track_trail

A_PAGE = 50


@never_cache
@require_safe
def standings(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    page = domain.standings_page(
        user=request.user, track=found, after=cursor_of(request), size=A_PAGE
    )
    round_ = page.snapshot.round if page else domain.round_of(track=found)
    context: dict[str, Any] = {
        "track": found,
        "round": round_,
        "methods": domain.told_methods(round=round_) if round_ else [],
        "page": page,
        "snapshot": page.snapshot if page else None,
        "level": round(100 * page.snapshot.params.get("level", 0.95)) if page else None,
        "own_counted": page is not None
        and not page.snapshot.folds
        and methods_of(page.snapshot.round.params).own_left_out,
        "named": page is not None and any(row.team for row in page.rows),
        # As text: the first page's cursor is 0, which a template takes for none.
        "previous": "" if page is None or page.previous is None else str(page.previous),
        "next": "" if page is None or page.next is None else str(page.next),
        "trail": track_trail(found, ("", _("Standings"))),
        "runs": permitted(request.user, "review.run_round", found),
    }
    return render(request, "review/standings.html", context)


@require_safe
def inputs(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """All that the standings were computed from, as JSON; 404 unless they are public."""
    found = the_track(request, season, track)
    snapshot = domain.snapshot_for(user=request.user, track=found)
    if snapshot is None or not snapshot.published:
        raise Http404
    response = JsonResponse(domain.published_inputs(snapshot=snapshot))
    name = f"{found.season.slug}-{found.slug}-standings.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
