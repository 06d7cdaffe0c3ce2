"""What winners see of their awards, the receipt, and the totals that everyone sees."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from concours.platform.awards import domain
from concours.platform.awards.interfaces.money_forms import SharesForm
from concours.platform.awards.interfaces.money_showing import members_of, missing_of, payees_of
from concours.platform.awards.interfaces.support import refusals_on
from concours.platform.awards.rules import own_payouts, visible_receipts
from concours.platform.competitions.domain.permissions import visible_seasons
from concours.platform.core.access import permitted


def _own(request: HttpRequest) -> Any:
    """The awards of the reader's own teams, also for those who organise."""
    return own_payouts(request.user).select_related("pool__track__season", "entry__team")


@login_required
@never_cache
@require_safe
def awards(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "awards/winnings.html",
        {
            "payouts": [{"payout": one, "lacks": missing_of(one)} for one in _own(request)],
            "trail": [("", _("Your awards"))],
        },
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: HttpRequest, code: str) -> HttpResponse:
    payout = get_object_or_404(_own(request), code=code)
    captain = permitted(request.user, "awards.declare_shares", payout)
    form = SharesForm(
        request.POST or None,
        members=members_of(payout),
        parts=dict(payout.shares.values_list("user_id", "parts")),
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            domain.declare_shares(actor=request.user, payout=payout, shares=form.shares())
        if form.is_valid():
            return redirect("awards:won", code)
    return render(
        request,
        "awards/winning.html",
        {
            "payout": payout,
            "payees": payees_of(user=request.user, payout=payout),
            "missing": missing_of(payout),
            "form": form if captain and payout.held_minor == payout.amount_minor else None,
            "trail": [(reverse("awards:winnings"), _("Your awards")), ("", payout.entry.title)],
        },
        status=422 if form.errors else 200,
    )


@login_required
@never_cache
@require_safe
def receipt(request: HttpRequest, season: str, number: int) -> HttpResponse:
    """One numbered document in both languages, to be printed."""
    found = get_object_or_404(
        visible_receipts(request.user).select_related("season"), season__slug=season, number=number
    )
    content = json.loads(found.content)
    return render(
        request,
        "awards/receipt.html",
        {"receipt": found, "content": content, "rows": _rows(content)},
    )


def _rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """[(label in English, label in Chinese, value)] of a receipt but the amount."""
    season, track, prize = content["season"], content["track"], content["award"]
    labels = [
        (gettext_lazy("Receipt number"), content["number"]),
        (gettext_lazy("Paid to"), content["payee"]["name"]),
        (gettext_lazy("Season"), _both(season)),
        (gettext_lazy("Track"), _both(track)),
        (gettext_lazy("Entry"), f"{content['entry']['title']} ({content['entry']['code']})"),
        (gettext_lazy("Award"), _both(prize)),
        (gettext_lazy("Reference of the transfer"), content["reference"]),
        (gettext_lazy("Paid on"), content["paid_on"]),
        (gettext_lazy("Issued"), content["issued_at"]),
    ]
    rows = []
    for label, value in labels:
        with override("en"):
            english = str(label)
        with override("zh-hans"):
            chinese = str(label)
        rows.append({"english": english, "chinese": chinese, "value": value})
    return rows


def _both(titles: dict[str, str]) -> str:
    return " / ".join(part for part in (titles["title"], titles["title_zh"]) if part)


@require_safe
def money(request: HttpRequest, season: str) -> HttpResponse:
    """Where a season's money is, in totals by currency."""
    found = get_object_or_404(visible_seasons(request.user), slug=season)
    return render(
        request,
        "awards/money.html",
        {
            "season": found,
            "totals": domain.totals_in(user=request.user, season=found),
            "trail": [
                (reverse("competitions:seasons"), _("Seasons")),
                (reverse("competitions:season", args=[season]), found),
                ("", _("Money")),
            ],
        },
    )
