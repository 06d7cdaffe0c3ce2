"""The editor of prize pools."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from concours.platform.awards import domain
from concours.platform.awards.interfaces.forms import PoolForm, PrizeFormSet, in_major
from concours.platform.awards.interfaces.support import desk_track, refusals_on, url_of
from concours.platform.awards.models import PrizePool
from concours.platform.awards.prizes import PrizePlan
from concours.platform.awards.rules import visible_pools
from concours.platform.web.interfaces.shared import track_trail


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _editor(request, desk_track(request, season, track), None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    pool = get_object_or_404(visible_pools(request.user), track=found, code=code)
    return _editor(request, found, pool)


def _editor(request: HttpRequest, track: Any, pool: PrizePool | None) -> HttpResponse:
    fixed = pool.currency if pool else ""
    form = PoolForm(request.POST or None, initial=_initial(pool), fixed_currency=fixed)
    prizes: Any = PrizeFormSet(request.POST or None, initial=_rows(pool), prefix="prizes")
    if request.method == "POST" and form.is_valid() and prizes.is_valid():
        plans = _plans(prizes, form.cleaned_data["currency"])
        if plans is not None:
            with refusals_on(form):
                _save(request, track, pool, form, plans)
            if form.is_valid():
                return redirect(url_of(track, "desk"))
    title = _("Edit the prize pool") if pool else _("New prize pool")
    return render(
        request,
        "awards/pool_form.html",
        {
            "track": track,
            "form": form,
            "prizes": prizes,
            "title": title,
            "back": url_of(track, "desk"),
            "trail": track_trail(track, (url_of(track, "desk"), _("Result desk")), ("", title)),
        },
    )


def _save(
    request: HttpRequest,
    track: Any,
    pool: PrizePool | None,
    form: PoolForm,
    plans: list[PrizePlan],
) -> None:
    data = form.cleaned_data
    terms: dict[str, Any] = {
        "total_minor": data["total_minor"],
        "reserve_minor": data["reserve_minor"],
        "prizes": plans,
        "title": data["title"],
        "title_zh": data["title_zh"],
    }
    if pool is None:
        domain.fund_pool(actor=request.user, track=track, currency=data["currency"], **terms)
    else:
        domain.revise_pool(actor=request.user, pool=pool, **terms)


def _plans(prizes: Any, currency: str) -> list[PrizePlan] | None:
    """The prizes typed in; None where an amount does not fit the currency."""
    plans = [form.plan(currency) for form in prizes if form.has_changed() or form.initial]
    if any(form.errors for form in prizes):
        return None
    return [plan for plan in plans if plan is not None]


def _initial(pool: PrizePool | None) -> dict[str, Any]:
    if pool is None:
        return {}
    return {
        "title": pool.title,
        "title_zh": pool.title_zh,
        "currency": pool.currency,
        "total": in_major(pool.total_minor, pool.currency),
        "reserve": in_major(pool.reserve_minor, pool.currency),
    }


def _rows(pool: PrizePool | None) -> list[dict[str, Any]]:
    if pool is None:
        return []
    return [
        {
            "place_from": prize.place_from,
            "place_to": prize.place_to,
            "amount": in_major(prize.amount_minor, pool.currency),
            "title": prize.title,
            "title_zh": prize.title_zh,
        }
        for prize in pool.prizes.all()
    ]
