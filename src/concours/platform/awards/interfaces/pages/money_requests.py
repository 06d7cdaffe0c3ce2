"""Asking for money to be moved, and deciding what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.awards import domain
from concours.platform.awards.domain.payouts import open_later
from concours.platform.awards.domain.queries import result_of
from concours.platform.awards.interfaces.money_forms import (
    BonusForm,
    GrantForm,
    ReasonForm,
)
from concours.platform.awards.interfaces.pages.money import show_desk, show_payout, the_payout
from concours.platform.awards.interfaces.support import desk_track, done, url_of
from concours.platform.awards.rules import (
    visible_entries_of,
    visible_pools,
    visible_requests,
)


@login_required
@require_POST
def open_money(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = desk_track(request, season, track)
    result = result_of(user=request.user, track=found)
    if result is None or not result.published:
        raise Http404
    open_later(actor=request.user, result=result)
    return redirect(url_of(found, "money"))


@login_required
@require_POST
def ask_release(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    payout = the_payout(request, found, code)
    domain.ask_release(actor=request.user, payout=payout)
    messages.success(request, _("Asked for. Somebody else confirms it."))
    return redirect(url_of(found, "payout", code))


@login_required
@require_POST
def ask_claw_back(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    payout = the_payout(request, found, code)
    form = ReasonForm(request.POST, currency=payout.pool.currency)
    if done(
        form,
        lambda data: domain.ask_claw_back(
            actor=request.user,
            payout=payout,
            amount_minor=data["amount"],
            reason=data["reason"],
        ),
    ):
        messages.success(request, _("Asked for. Somebody else confirms it."))
        return redirect(url_of(found, "payout", code))
    return show_payout(request, found, payout, claw_back=form)


@login_required
@require_POST
def ask_grant(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    pool = get_object_or_404(visible_pools(request.user), track=found, code=code)
    form = GrantForm(request.POST, currency=pool.currency)

    def act(data: dict[str, Any]) -> None:
        entry = get_object_or_404(
            visible_entries_of(request.user, found), code=data["entry"].strip()
        )
        domain.ask_grant(
            actor=request.user,
            pool=pool,
            entry=entry,
            amount_minor=data["amount"],
            reason=data["reason"],
            title=data["title"],
        )

    if done(form, act):
        return redirect(url_of(found, "money"))
    return show_desk(request, found, **{f"grant-{code}": form})


@login_required
@require_POST
def ask_bonus(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    pool = get_object_or_404(visible_pools(request.user), track=found, code=code)
    form = BonusForm(request.POST, currency=pool.currency, auto_id=f"id_bonus_{pool.code}_%s")
    if done(
        form,
        lambda data: domain.ask_bonus(
            actor=request.user,
            pool=pool,
            amount_minor=data["amount"],
            reason=data["reason"],
            rule=form.rule(),
        ),
    ):
        return redirect(url_of(found, "money"))
    return show_desk(request, found, **{f"bonus-{code}": form})


@login_required
@require_POST
def ask_give_back(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    pool = get_object_or_404(visible_pools(request.user), track=found, code=code)
    form = ReasonForm(request.POST, currency=pool.currency)
    if done(
        form,
        lambda data: domain.ask_give_back(
            actor=request.user, pool=pool, amount_minor=data["amount"], reason=data["reason"]
        ),
    ):
        return redirect(url_of(found, "money"))
    return show_desk(request, found, **{f"give_back-{code}": form})


@login_required
@require_POST
def confirm(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    return _decide(request, season, track, code, domain.confirm_request, _("Confirmed and done."))


@login_required
@require_POST
def drop(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    return _decide(request, season, track, code, domain.drop_request, _("Dropped."))


def _decide(
    request: HttpRequest, season: str, track: str, code: str, act: Callable[..., Any], said: str
) -> HttpResponse:
    found = desk_track(request, season, track)
    rows = visible_requests(request.user).select_related("payout")
    asked = get_object_or_404(rows, pool__track=found, code=code)
    act(actor=request.user, request=asked)
    messages.success(request, said)
    if asked.payout is not None:
        return redirect(url_of(found, "payout", asked.payout.code))
    return redirect(url_of(found, "money"))
