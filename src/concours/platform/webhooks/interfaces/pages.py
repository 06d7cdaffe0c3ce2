"""The desk of a season's webhooks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from concours.platform.competitions.domain.permissions import visible_seasons
from concours.platform.feeds.domain.news import NEWS
from concours.platform.web.interfaces.shared import Trail, attempt, or_hidden
from concours.platform.webhooks import domain
from concours.platform.webhooks.interfaces.forms import WebhookForm
from concours.platform.webhooks.models import Webhook
from concours.platform.webhooks.rules import visible_deliveries, visible_webhooks

SHOWN = 100


@never_cache
@login_required
@sensitive_variables("secret")
def desk(request: HttpRequest, season: str) -> HttpResponse:
    """All of the season, and a form. A new one's secret is on the answer to its POST alone."""
    found = _season(request, season)
    form = WebhookForm(request.POST or None, initial={"verbs": list(NEWS)})
    secret, made = "", None
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: domain.create_webhook(actor=request.user, season=found, **form.cleaned_data),
        )
        if done is not None:
            made, secret = done
            form = WebhookForm(initial={"verbs": list(NEWS)})
    context = {
        "season": found,
        "webhooks": visible_webhooks(request.user).filter(season=found),
        "form": form,
        "made": made,
        "secret": secret,
        "trail": _trail(found),
    }
    return render(request, "webhooks/desk.html", context)


@require_safe
@never_cache
@login_required
def webhook(request: HttpRequest, season: str, code: str) -> HttpResponse:
    """One with the log of its messages, the newest first."""
    found = _season(request, season)
    row = _webhook(request, found, code)
    context = {
        "season": found,
        "webhook": row,
        "deliveries": row.deliveries.order_by("-pk")[:SHOWN],
        "trail": _trail(found, ("", row.code)),
    }
    return render(request, "webhooks/webhook.html", context)


@require_POST
@login_required
def resend(request: HttpRequest, season: str, code: str, message: str) -> HttpResponse:
    row = _webhook(request, _season(request, season), code)
    one = get_object_or_404(visible_deliveries(request.user).filter(webhook=row), code=message)
    domain.resend(actor=request.user, delivery=one)
    messages.success(request, _("It is sent again."))
    return redirect("webhooks:webhook", season, code)


@require_POST
@login_required
def resume(request: HttpRequest, season: str, code: str) -> HttpResponse:
    row = _webhook(request, _season(request, season), code)
    domain.resume(actor=request.user, webhook=row)
    messages.success(request, _("What waits is sent there again."))
    return redirect("webhooks:webhook", season, code)


@require_POST
@login_required
def remove(request: HttpRequest, season: str, code: str) -> HttpResponse:
    row = _webhook(request, _season(request, season), code)
    domain.remove_webhook(actor=request.user, webhook=row)
    messages.success(request, _("The webhook and its log were removed."))
    return redirect("webhooks:desk", season)


def _season(request: HttpRequest, slug: str) -> Any:
    """The season, for its organisers; 404 for everybody else."""
    found = get_object_or_404(visible_seasons(request.user), slug=slug)
    or_hidden(request.user, "webhooks.create", found)
    return found


def _webhook(request: HttpRequest, season: Any, code: str) -> Webhook:
    return get_object_or_404(visible_webhooks(request.user).filter(season=season), code=code)


def _trail(season: Any, *more: tuple[str, str]) -> Trail:
    return [
        (reverse("competitions:seasons"), _("Seasons")),
        (reverse("competitions:season", args=[season.slug]), season),
        (reverse("competitions:desk", args=[season.slug]), _("Desk")),
        (reverse("webhooks:desk", args=[season.slug]), _("Webhooks")),
        *more,
    ]
