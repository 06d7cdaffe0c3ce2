"""The record, for everyone: that things happened, in which order, sealed by which digest."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from concours.platform.competitions.domain.permissions import visible_seasons
from concours.platform.core.access import permitted, require
from concours.platform.record import domain
from concours.platform.record.rules import shown_to, visible_events


def trail(*rest: tuple[str, str]) -> list[tuple[str, str]]:
    return [("/", _("Home")), *rest]


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """The events, newest first, of all or of one season or subject."""
    season = request.GET.get("season", "")[:80]
    subject = request.GET.get("subject", "").strip()[:120]
    page = domain.page_before(
        visible_events(request.user, season=season, subject=subject), before=_cursor(request)
    )
    count, digest = domain.head()
    context = {
        "events": shown_to(request.user, page.items),
        "older": page.older,
        "newer": page.newer,
        "season": season,
        "subject": subject,
        "seasons": visible_seasons(request.user),
        "count": count,
        "digest": digest,
        "may_export": permitted(request.user, "record.export"),
        "trail": trail(("", _("Record"))),
    }
    return render(request, "record/events.html", context)


@require_safe
def event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event with its neighbours in the chain."""
    row = get_object_or_404(visible_events(request.user), seq=_bounded(seq))
    count, _digest = domain.head()
    (shown,) = shown_to(request.user, [row])
    context = {
        "event": shown,
        "has_next": seq < count,
        "trail": trail((reverse("record:events"), _("Record")), ("", f"{seq}")),
    }
    return render(request, "record/event.html", context)


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    count, digest = domain.head()
    context = {
        "count": count,
        "digest": digest,
        "trail": trail((reverse("record:events"), _("Record")), ("", _("Check it"))),
    }
    return render(request, "record/verify.html", context)


@require_safe
@condition(etag_func=lambda request: f'"{domain.head()[1]}"')
def chain(request: HttpRequest) -> HttpResponseBase:
    """Number and digest of every event, to be kept by anyone who wants to hold us to them."""
    return StreamingHttpResponse(domain.digest_lines(), content_type="text/plain; charset=utf-8")


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole record as JSON lines, for operators."""
    require(request.user, "record.export")
    response = StreamingHttpResponse(domain.export_lines(), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="record.jsonl"'
    response["Cache-Control"] = "private, no-store"
    return response


def _cursor(request: HttpRequest) -> int | None:
    text: Any = request.GET.get("cursor", "")
    return _bounded(int(text)) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _bounded(number: int) -> int:
    """Within what a database's integer holds; beyond it there is no event."""
    return min(number, 2**63 - 1)
