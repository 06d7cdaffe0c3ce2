"""What to expect of a round with such numbers, for those who plan it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.competitions.domain import entry_facts
from concours.platform.review import domain
from concours.platform.review.domain.advice import Advice, Prospect, advise, phrase_advice
from concours.platform.review.interfaces.forms import AdviceForm
from concours.platform.review.interfaces.support import run_track
from concours.platform.review.methods import wording
from concours.platform.web.interfaces.shared import track_trail

USUAL = 40
"""Entries to think of before there are any."""


@never_cache
@login_required
@require_safe
def advice(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    round_ = domain.round_of(track=found)
    terms = round_ or found
    usual = {
        "entries": max(len(entry_facts(track=found)), 0) or USUAL,
        "reviews": terms.reviews_per_entry,
        "finalists": terms.finalists,
        "agreement": "little",
    }
    form = AdviceForm(request.GET if request.GET else usual)
    told = advise(**form.cleaned_data) if form.is_valid() else None
    desk = reverse("review:desk", args=[season, track])
    context: dict[str, Any] = {
        "track": found,
        "form": form,
        "advice": told,
        "size": form.cleaned_data.get("finalists", 0) if form.is_valid() else 0,
        "asked": _shown(told.asked) if told and told.asked else None,
        "others": _others(told),
        "trail": track_trail(found, (desk, _("Peer review")), ("", _("What to expect"))),
    }
    return render(request, "review/advice.html", context)


def _others(told: Advice | None) -> list[dict[str, Any]]:
    if told is None:
        return []
    return [{**_shown(row), "asked": row is told.asked} for row in told.others]


def _shown(prospect: Prospect) -> dict[str, Any]:
    return {
        "prospect": prospect,
        "sentence": phrase_advice(prospect),
        "label": wording("selection", prospect.advised.method).label,
        "ways": [
            {
                "label": wording("selection", way.method).label,
                "way": way,
                "advised": way is prospect.advised,
            }
            for way in prospect.ways
        ],
    }
