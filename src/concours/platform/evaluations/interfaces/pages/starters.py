"""What a newcomer submits first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concours.platform.evaluations import domain
from concours.platform.web.interfaces.shared import the_track, track_trail


@require_safe
def starters(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """The track's starters, and the way to a first score."""
    found = the_track(request, season, track)
    names = domain.starters(track=found)
    if not names:
        raise Http404
    about = {
        "still": _("Never moves. Whatever scores less is broken."),
        "follow": _("Follows its way at a steady pace and minds nobody."),
        "careful": _("Predicts the others, stops for them and for red lights."),
        "example": _("A first solution that the evaluator brings. Make it better."),
    }
    context = {
        "track": found,
        "drives": "careful" in names,
        "kits": [{"name": name, "title": capfirst(name), "about": about[name]} for name in names],
        "trail": track_trail(found, ("", _("Start here"))),
    }
    return render(request, "evaluations/starters.html", context)


@require_safe
def starter(request: HttpRequest, season: str, track: str, name: str) -> HttpResponse:
    """A starter as an archive to save."""
    try:
        packed = domain.starter(track=the_track(request, season, track), name=name)
    except KeyError:
        raise Http404 from None
    return HttpResponse(
        packed,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )
