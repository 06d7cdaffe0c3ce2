"""The papers of a payout, and what its people were paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.awards import domain
from concours.platform.awards.enums import PaperKind
from concours.platform.awards.interfaces.money_forms import (
    PaymentForm,
)
from concours.platform.awards.interfaces.pages.money import show_payout, the_payout
from concours.platform.awards.interfaces.support import desk_track, done, url_of
from concours.platform.awards.models import Payout


@login_required
@require_POST
def confirm_paper(
    request: HttpRequest, season: str, track: str, code: str, kind: str, user: str
) -> HttpResponse:
    found = desk_track(request, season, track)
    payout = the_payout(request, found, code)
    if kind not in PaperKind:
        raise Http404
    person = None if user == "-" else get_object_or_404(get_user_model(), code=user)
    domain.confirm_paper(
        actor=request.user,
        payout=payout,
        kind=PaperKind(kind),
        user=person,
        what=request.POST.get("what", ""),
    )
    return redirect(url_of(found, "payout", code) + "#papers")


@login_required
@require_POST
def withdraw_paper(
    request: HttpRequest, season: str, track: str, code: str, paper: int
) -> HttpResponse:
    found = desk_track(request, season, track)
    payout = the_payout(request, found, code)
    stored = get_object_or_404(payout.papers.select_related("payout__pool"), pk=paper)
    domain.withdraw_paper(actor=request.user, paper=stored)
    return redirect(url_of(found, "payout", code) + "#papers")


@login_required
@require_POST
def pay(request: HttpRequest, season: str, track: str, code: str, user: str) -> HttpResponse:
    return _move(request, season, track, code, user, _pay)


@login_required
@require_POST
def repay(request: HttpRequest, season: str, track: str, code: str, user: str) -> HttpResponse:
    return _move(request, season, track, code, user, _repay)


def _move(
    request: HttpRequest, season: str, track: str, code: str, user: str, act: Callable[..., Any]
) -> HttpResponse:
    found = desk_track(request, season, track)
    payout = the_payout(request, found, code)
    person = get_object_or_404(get_user_model(), code=user)
    form = PaymentForm(request.POST, currency=payout.pool.currency)
    if done(form, lambda data: act(request.user, payout, person, data)):
        messages.success(request, _("Noted."))
        return redirect(url_of(found, "payout", code))
    return show_payout(request, found, payout, **{f"pay-{user}": form})


def _pay(actor: Any, payout: Payout, user: Any, data: dict[str, Any]) -> None:
    domain.pay_member(
        actor=actor,
        payout=payout,
        user=user,
        amount_minor=data["amount"],
        reference=data["reference"],
        paid_on=data["paid_on"],
    )


def _repay(actor: Any, payout: Payout, user: Any, data: dict[str, Any]) -> None:
    domain.note_repayment(
        actor=actor,
        payout=payout,
        user=user,
        amount_minor=data["amount"],
        reference=data["reference"],
    )
