"""The queue of flags, for those who run the round: what was found, what to make of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.review import domain
from concours.platform.review.domain.screening import CLOSED
from concours.platform.review.domain.screening_words import (
    KINDS,
    LIMITS,
    label_of,
    phrase_chance,
    phrase_finding,
    phrase_untested,
)
from concours.platform.review.enums import FlagState
from concours.platform.review.interfaces.forms import DecideForm
from concours.platform.review.interfaces.support import run_track
from concours.platform.review.methods import methods_of
from concours.platform.review.models import ReviewRound, Screening, ScreeningFlag
from concours.platform.web.interfaces.shared import attempt, track_trail

TONES = {FlagState.OPEN: "warn", FlagState.DISMISSED: "off", FlagState.UPHELD: "bad"}
MOST_FLAGS = 200


@never_cache
@login_required
@require_safe
def screening(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _show(request, run_track(request, season, track))


@login_required
@require_POST
def run(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    domain.screen_reviews(actor=request.user, round=_round(found))
    messages.success(request, _("The reviews are screened."))
    return redirect("review:screening", season, track)


@login_required
@require_POST
def decide(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = run_track(request, season, track)
    flag = get_object_or_404(
        ScreeningFlag.objects.select_related("screening__round"),
        screening__round=_round(found),
        code=code,
    )
    form = DecideForm(request.POST)
    if form.is_valid():
        decided = attempt(
            form,
            lambda: domain.decide_flag(
                actor=request.user,
                flag=flag,
                state=FlagState(form.cleaned_data["state"]),
                note=form.cleaned_data["note"],
            ),
        )
        if decided is not None:
            messages.success(request, _("The decision is noted."))
            return redirect(f"{reverse('review:screening', args=[season, track])}#flag-{code}")
    return _show(request, found, refused=(code, form))


def _round(track: Any) -> ReviewRound:
    found = domain.round_of(track=track)
    if found is None:
        raise Http404
    return found


def _show(
    request: HttpRequest, track: Any, *, refused: tuple[str, DecideForm] | None = None
) -> HttpResponse:
    round_ = _round(track)
    made = domain.screening_of(round=round_)
    flags = list(made.flags.select_related("decided_by")[:MOST_FLAGS]) if made else []
    counts = Counter(flag.state for flag in flags)
    desk = reverse("review:desk", args=[track.season.slug, track.slug])
    context = {
        "track": track,
        "round": round_,
        "on": methods_of(round_.params).screening,
        "closed": round_.state in CLOSED,
        "screening": made,
        "flags": [_flag(flag, refused) for flag in flags],
        "counts": {state: counts.get(state, 0) for state in FlagState.values},
        "tests": _tests(made),
        "kinds": KINDS.values(),
        "limits": LIMITS,
        "trail": track_trail(track, (desk, _("Peer review")), ("", _("Screening"))),
    }
    return render(request, "review/screening.html", context)


def _flag(flag: ScreeningFlag, refused: tuple[str, DecideForm] | None) -> dict[str, Any]:
    mine = refused is not None and refused[0] == flag.code
    return {
        "flag": flag,
        "label": label_of(flag.kind),
        "finding": phrase_finding(flag.kind, flag.evidence),
        "chance": phrase_chance(flag.p_value),
        "false_share": flag.q_value,
        "tone": TONES[FlagState(flag.state)],
        "rows": flag.evidence.get("rows", []),
        "texts": flag.evidence.get("texts", []),
        "form": refused[1] if mine and refused else DecideForm(initial={"note": flag.note}),
        "open": mine,
    }


def _tests(made: Screening | None) -> list[dict[str, Any]]:
    if made is None:
        return []
    return [
        {
            **test,
            "label": label_of(test["kind"]),
            "looks_for": KINDS[test["kind"]].looks_for if test["kind"] in KINDS else "",
            "why_not": phrase_untested(test["untested"]),
        }
        for test in made.tests
    ]
