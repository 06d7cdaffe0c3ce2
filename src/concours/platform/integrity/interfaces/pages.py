from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from concours.platform.competitions.domain.permissions import visible_seasons
from concours.platform.core.access import permitted
from concours.platform.integrity.domain import latest_report, make_report
from concours.platform.integrity.interfaces.rendering import as_file, context_of
from concours.platform.integrity.rules import visible_reports


@require_safe
def report(request: HttpRequest, season: str) -> HttpResponse:
    """The newest report of a season."""
    found = get_object_or_404(visible_seasons(request.user), slug=season)
    stored = latest_report(user=request.user, season=found)
    return render(
        request,
        "integrity/report.html",
        {
            "season": found,
            **({} if stored is None else context_of(stored)),
            "may_make": permitted(request.user, "integrity.make_report", found),
            "trail": [
                (reverse("competitions:seasons"), _("Seasons")),
                (reverse("competitions:season", args=[season]), found),
                ("", _("Integrity report")),
            ],
        },
    )


@login_required
@require_POST
def make(request: HttpRequest, season: str) -> HttpResponse:
    found = get_object_or_404(visible_seasons(request.user), slug=season)
    made = make_report(actor=request.user, season=found)
    messages.success(request, _("Report %(number)d was made just now.") % {"number": made.number})
    return redirect("integrity:report", season)


@require_safe
def document(request: HttpRequest, season: str, number: int, form: str) -> HttpResponse:
    """A report as a file: the JSON that its digest covers, or HTML that needs nothing else."""
    rows = visible_reports(request.user).select_related("season")
    stored = get_object_or_404(rows, season__slug=season, number=number)
    if form == "json":
        response = HttpResponse(stored.content, content_type="application/json")
    else:
        language = get_language() or "en"
        response = HttpResponse(as_file(stored, language=language))
    name = f"integrity-{season}-{number}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
