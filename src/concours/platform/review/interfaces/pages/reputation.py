"""A reviewer's reputation: for themselves, and for who runs a round, by alias."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.review import domain
from concours.platform.review.domain.reputation import reputation_of, reputations_in
from concours.platform.review.interfaces.support import run_track
from concours.platform.web.interfaces.shared import track_trail


@never_cache
@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    found = reputation_of(user=request.user)
    told = found.reputation
    context = {
        "trail": [
            ("/", _("Home")),
            (reverse("review:mine"), _("My reviews")),
            ("", _("Reputation")),
        ],
        "seasons": found.seasons,
        "rows": [
            (_("Duties kept"), _("Reviews written in time, of those owed."), told.duties),
            (
                _("Usefulness"),
                _("As teams rated your reviews before they saw the scores: 1 is 0 %, 5 is 100 %."),
                told.usefulness,
            ),
            (
                _("Agreement"),
                _("Pairs of entries that you put in the order of the other reviewers’ mean."),
                told.agreement,
            ),
        ],
    }
    return render(request, "review/reputation.html", context)


@never_cache
@login_required
@require_safe
def in_round(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    round_ = domain.round_of(track=found)
    if round_ is None:
        raise Http404
    context = {
        "track": found,
        "rows": reputations_in(actor=request.user, round=round_),
        "trail": track_trail(
            found,
            (reverse("review:desk", args=[found.season.slug, found.slug]), _("Peer review")),
            ("", _("Reputation")),
        ),
    }
    return render(request, "review/reputations.html", context)
