"""The front page, the page about the whole, and the search across everything."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concours.platform.competitions.domain.permissions import visible_seasons, visible_tracks
from concours.platform.competitions.domain.searching import search as search_competitions
from concours.platform.core import clock
from concours.platform.core.text import localised
from concours.platform.donations.domain.queries import search_donations
from concours.platform.governance.domain import search_reviews
from concours.platform.register.domain import search as search_projects
from concours.platform.web.charts import Lane, Mark, Span
from concours.platform.web.interfaces.rates import limited

MOST_FOUND = 20
MOST_CARDS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The season that runs now (else the next, else the last), its calendar and its tracks."""
    season = _current_season(request)
    tracks = []
    if season is not None:
        tracks = list(
            visible_tracks(request.user)
            .filter(season=season)
            .select_related("season", "batch", "phase")
            .order_by("batch__number", "slug")
        )
    context = {
        "season": season,
        "title": localised(season, "title") if season else "",
        "summary": localised(season, "summary") if season else "",
        "tracks": tracks[:MOST_CARDS],
        "track_count": len(tracks),
        "project_count": search_projects(user=request.user).count(),
        "projects": search_projects(user=request.user)[:MOST_CARDS],
        "lanes": _lanes(season, tracks),
    }
    return render(request, "web/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {"trail": [(reverse("web:home"), _("Home")), ("", _("About"))]}
    return render(request, "web/about.html", context)


@require_safe
@limited("search")
def search(request: HttpRequest) -> HttpResponse:
    """What the reader may see that holds every word of `q`, by kind."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = search_competitions(user=request.user, text=text, most=MOST_FOUND)
    projects = list(search_projects(user=request.user, text=text)[:MOST_FOUND]) if text else []
    donations = search_donations(user=request.user, text=text, most=MOST_FOUND)
    decisions = search_reviews(user=request.user, text=text, most=MOST_FOUND)
    context = {
        "text": text,
        "found": found,
        "projects": projects,
        "donations": donations,
        "decisions": decisions,
        "nothing": not any(
            (
                *(found.seasons, found.tracks, found.entries),
                *(projects, donations, decisions.reviews, decisions.votes),
            )
        ),
        "trail": [(reverse("web:home"), _("Home")), ("", _("Search"))],
    }
    return render(request, "web/search.html", context)


def _current_season(request: HttpRequest) -> Any:
    seasons = visible_seasons(request.user)
    now = clock.now()
    return (
        seasons.filter(starts_at__lte=now, ends_at__gt=now).order_by("-starts_at").first()
        or seasons.filter(starts_at__gt=now).order_by("starts_at").first()
        or seasons.order_by("-ends_at").first()
    )


def _lanes(season: Any, tracks: list[Any]) -> list[Lane]:
    """A lane a batch: from its start to its final, registration of its tracks in accent."""
    lanes = []
    for batch in season.batches.all() if season else []:
        mine = [track for track in tracks if track.batch_id == batch.pk]
        spans = [Span(batch.starts_at, batch.final_at, _("Tracks"), "soft")]
        if mine:
            opens = min(track.registration_opens_at for track in mine)
            closes = max(track.registration_closes_at for track in mine)
            spans.append(Span(opens, closes, _("Registration"), "accent"))
        lanes.append(
            Lane(
                label=str(batch),
                href=reverse("competitions:season", args=[season.slug]),
                spans=spans,
                marks=[Mark(batch.final_at, _("Final"))],
            )
        )
    return lanes
