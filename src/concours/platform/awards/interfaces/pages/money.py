"""The money desk: what is held, released, paid and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.awards import domain
from concours.platform.awards.domain.money import has_unopened_awards
from concours.platform.awards.domain.payouts import open_later
from concours.platform.awards.domain.queries import result_of
from concours.platform.awards.enums import PaperKind, RequestKind, RequestState
from concours.platform.awards.interfaces.money_forms import (
    BonusForm,
    GrantForm,
    PaperForm,
    PaymentForm,
    ReasonForm,
)
from concours.platform.awards.interfaces.money_showing import missing_of, payees_of
from concours.platform.awards.interfaces.support import desk_track, refusals_on, url_of
from concours.platform.awards.models import Payout
from concours.platform.awards.rules import (
    visible_entries_of,
    visible_movements,
    visible_payouts,
    visible_pools,
    visible_requests,
)
from concours.platform.record import domain as record
from concours.platform.web.interfaces.shared import track_trail

Form = Any


@login_required
@never_cache
@require_safe
def desk(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _desk(request, desk_track(request, season, track))


def _desk(request: HttpRequest, track: Any, **forms: Form) -> HttpResponse:
    pools = visible_pools(request.user).filter(track=track)
    payouts = visible_payouts(request.user).filter(pool__track=track)
    return render(
        request,
        "awards/money_desk.html",
        {
            "track": track,
            "pools": [_pool(request, track, pool, forms) for pool in pools],
            "payouts": [
                {"payout": one, "url": url_of(track, "payout", one.code), "lacks": missing_of(one)}
                for one in payouts.select_related("entry", "pool")
            ],
            "requests": _requests(request, track, pool__track=track),
            "open_url": url_of(track, "open-money") if has_unopened_awards(track=track) else "",
            "four_eyes": domain.four_eyes_in(season_id=track.season_id),
            "trail": track_trail(
                track, (url_of(track, "desk"), _("Result desk")), ("", _("Money"))
            ),
        },
        status=422 if forms else 200,
    )


def _pool(request: HttpRequest, track: Any, pool: Any, forms: dict[str, Form]) -> dict[str, Any]:
    return {
        "pool": pool,
        "faults": domain.verify_money(pool=pool),
        "grant": forms.get(f"grant-{pool.code}") or GrantForm(currency=pool.currency),
        "give_back": forms.get(f"give_back-{pool.code}")
        or ReasonForm(currency=pool.currency, most=pool.kept_minor),
        "grant_url": url_of(track, "ask-grant", pool.code),
        "give_back_url": url_of(track, "ask-give-back", pool.code),
        "bonus": forms.get(f"bonus-{pool.code}")
        or BonusForm(currency=pool.currency, auto_id=f"id_bonus_{pool.code}_%s"),
        "bonus_url": url_of(track, "ask-bonus", pool.code),
    }


def _requests(request: HttpRequest, track: Any, **which: Any) -> list[dict[str, Any]]:
    """The open requests, and whether the reader asked and so does not confirm."""
    mine = record.name_of(request.user)
    found = visible_requests(request.user).filter(state=RequestState.OPEN, **which)
    return [
        {
            "request": one,
            "label": RequestKind(one.kind).label,
            "own": one.four_eyes and one.asked_by == mine,
            "confirm": url_of(track, "confirm-request", one.code),
            "drop": url_of(track, "drop-request", one.code),
        }
        for one in found.select_related("pool", "payout__entry", "entry")
    ]


@login_required
@never_cache
@require_safe
def payout(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    return _payout(request, found, _the_payout(request, found, code))


def _payout(request: HttpRequest, track: Any, payout: Payout, **forms: Form) -> HttpResponse:
    currency = payout.pool.currency
    requests = _requests(request, track, payout=payout)
    return render(
        request,
        "awards/payout.html",
        {
            "track": track,
            "payout": payout,
            "payees": [
                {
                    "payee": payee,
                    "form": forms.get(f"pay-{payee.user.code}")
                    or PaymentForm(currency=currency, most=payee.due or payee.owed),
                    "pay": url_of(track, "pay", payout.code, payee.user.code),
                    "repay": url_of(track, "repay", payout.code, payee.user.code),
                }
                for payee in payees_of(user=request.user, payout=payout)
            ],
            "missing": [
                {
                    "lack": lack,
                    "form": PaperForm(),
                    "url": url_of(
                        track,
                        "confirm-paper",
                        payout.code,
                        lack.kind,
                        lack.user.code if lack.user else "-",
                    ),
                }
                for lack in missing_of(payout)
                if lack.kind
            ],
            "no_shares": not payout.shares.exists(),
            "papers": [
                {"paper": paper, "url": url_of(track, "withdraw-paper", payout.code, paper.pk)}
                for paper in payout.papers.select_related("user")
            ],
            "requests": requests,
            "decided": payout.requests.exclude(state=RequestState.OPEN),
            "movements": visible_movements(request.user)
            .filter(payout=payout)
            .select_related("user", "receipt__season"),
            "claw_back": forms.get("claw_back")
            or ReasonForm(currency=currency, most=payout.standing_minor),
            "urls": {
                "release": url_of(track, "ask-release", payout.code),
                "claw_back": url_of(track, "ask-claw-back", payout.code),
            },
            "trail": track_trail(
                track,
                (url_of(track, "desk"), _("Result desk")),
                (url_of(track, "money"), _("Money")),
                ("", payout.entry.title),
            ),
        },
        status=422 if forms else 200,
    )


def _the_payout(request: HttpRequest, track: Any, code: str) -> Payout:
    rows = visible_payouts(request.user).select_related("pool__track__season", "entry__team")
    return get_object_or_404(rows, pool__track=track, code=code)


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
    payout = _the_payout(request, found, code)
    domain.ask_release(actor=request.user, payout=payout)
    messages.success(request, _("Asked for. Somebody else confirms it."))
    return redirect(url_of(found, "payout", code))


@login_required
@require_POST
def ask_claw_back(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    payout = _the_payout(request, found, code)
    form = ReasonForm(request.POST, currency=payout.pool.currency)
    if _done(
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
    return _payout(request, found, payout, claw_back=form)


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

    if _done(form, act):
        return redirect(url_of(found, "money"))
    return _desk(request, found, **{f"grant-{code}": form})


@login_required
@require_POST
def ask_bonus(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    pool = get_object_or_404(visible_pools(request.user), track=found, code=code)
    form = BonusForm(request.POST, currency=pool.currency, auto_id=f"id_bonus_{pool.code}_%s")
    if _done(
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
    return _desk(request, found, **{f"bonus-{code}": form})


@login_required
@require_POST
def ask_give_back(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    pool = get_object_or_404(visible_pools(request.user), track=found, code=code)
    form = ReasonForm(request.POST, currency=pool.currency)
    if _done(
        form,
        lambda data: domain.ask_give_back(
            actor=request.user, pool=pool, amount_minor=data["amount"], reason=data["reason"]
        ),
    ):
        return redirect(url_of(found, "money"))
    return _desk(request, found, **{f"give_back-{code}": form})


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


@login_required
@require_POST
def confirm_paper(
    request: HttpRequest, season: str, track: str, code: str, kind: str, user: str
) -> HttpResponse:
    found = desk_track(request, season, track)
    payout = _the_payout(request, found, code)
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
    payout = _the_payout(request, found, code)
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
    payout = _the_payout(request, found, code)
    person = get_object_or_404(get_user_model(), code=user)
    form = PaymentForm(request.POST, currency=payout.pool.currency)
    if _done(form, lambda data: act(request.user, payout, person, data)):
        messages.success(request, _("Noted."))
        return redirect(url_of(found, "payout", code))
    return _payout(request, found, payout, **{f"pay-{user}": form})


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


def _done(form: Form, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Act on a valid form; a refusal becomes the form's error."""
    if not form.is_valid():
        return False
    with refusals_on(form):
        act(form.cleaned_data)
    return bool(form.is_valid())
