"""The money desk: what is held, released, paid and taken back."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.awards import domain
from concours.platform.awards.domain.money import has_unopened_awards
from concours.platform.awards.enums import RequestKind, RequestState
from concours.platform.awards.interfaces.money_forms import (
    BonusForm,
    GrantForm,
    PaperForm,
    PaymentForm,
    ReasonForm,
)
from concours.platform.awards.interfaces.money_showing import missing_of, payees_of
from concours.platform.awards.interfaces.support import desk_track, url_of
from concours.platform.awards.models import Payout
from concours.platform.awards.rules import (
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
    return show_desk(request, desk_track(request, season, track))


def show_desk(request: HttpRequest, track: Any, **forms: Form) -> HttpResponse:
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
    return show_payout(request, found, the_payout(request, found, code))


def show_payout(request: HttpRequest, track: Any, payout: Payout, **forms: Form) -> HttpResponse:
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


def the_payout(request: HttpRequest, track: Any, code: str) -> Payout:
    rows = visible_payouts(request.user).select_related("pool__track__season", "entry__team")
    return get_object_or_404(rows, pool__track=track, code=code)
