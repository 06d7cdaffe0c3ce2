"""What everyone reads: the result, its inputs, its verification, and the prizes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.awards.domain.gathering import weights_of
from concours.platform.awards.domain.pools import balance_of
from concours.platform.awards.domain.queries import result_of
from concours.platform.awards.domain.verifying import verify_result
from concours.platform.awards.interfaces.showing import (
    parts_of,
    rows_for,
    sentence_of,
    weights_in,
    with_entries,
)
from concours.platform.awards.interfaces.support import url_of
from concours.platform.awards.models import LedgerLine, Result
from concours.platform.awards.rules import visible_ledger, visible_pools
from concours.platform.core.access import permitted
from concours.platform.core.cursor import page_after
from concours.platform.web.interfaces.shared import the_track, track_trail

PAGE = 50


def the_result(request: HttpRequest, track: Any) -> Result:
    """The track's result as far as the reader may see it; 404 where there is none."""
    result = result_of(user=request.user, track=track)
    if result is None:
        raise Http404
    return result


@require_safe
def result(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    stored = result_of(user=request.user, track=found)
    organises = permitted(request.user, "awards.view_desk", found)
    context: dict[str, Any] = {
        "track": found,
        "result": stored,
        "organises": organises,
        "desk_url": url_of(found, "desk") if organises else "",
        "trail": track_trail(found, ("", _("Result"))),
        "sentence": sentence_of(weights_of(found)),
    }
    if stored is not None:
        context |= _table(request, stored)
    return render(request, "awards/result.html", context)


def _table(request: HttpRequest, stored: Result) -> dict[str, Any]:
    after = _cursor(request)
    page = page_after(with_entries(stored.lines.all()), field="position", after=after, size=PAGE)
    rows = rows_for(user=request.user, result=stored, lines=page.items)
    podium = [row for row in rows if row.line.place <= 3 and row.line.finalist] if not after else []
    return {
        "rows": rows,
        "podium": podium,
        "names": any(row.team for row in rows),
        "parts": parts_of(weights_in(stored)),
        "sentence": sentence_of(weights_in(stored)),
        "ties": any(row.line.tied for row in rows),
        "others": any(not row.line.finalist for row in rows),
        "next": page.next,
        # A string: the first page's cursor is 0, which a template takes for "there is none".
        "previous": None if page.previous is None else str(page.previous),
        "check_url": url_of(stored.track, "result-check"),
        "inputs_url": url_of(stored.track, "result-inputs"),
    }


def _cursor(request: HttpRequest) -> int:
    text = request.GET.get("cursor", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Http404
    return int(text)


@require_safe
def inputs(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """The document that the result is computed from, byte for byte as its digest covers it."""
    stored = the_result(request, the_track(request, season, track))
    response = HttpResponse(stored.inputs, content_type="application/json")
    name = f"{stored.track.season.slug}-{stored.track.slug}-{stored.number}-inputs.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@require_safe
def check(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """Compute the result again, now, and say whether it comes out the same."""
    found = the_track(request, season, track)
    stored = the_result(request, found)
    return render(
        request,
        "awards/check.html",
        {
            "track": found,
            "result": stored,
            "verification": verify_result(result=stored),
            "inputs_url": url_of(found, "result-inputs"),
            "sentence": sentence_of(weights_in(stored)),
            "trail": track_trail(
                found, (url_of(found, "result"), _("Result")), ("", _("Compute it again"))
            ),
        },
    )


@require_safe
def prizes(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    pools = [
        {
            "pool": pool,
            "prizes": list(pool.prizes.all()),
            "ledger": _ledger(request, pool),
            "balance": balance_of(pool=pool),
        }
        for pool in visible_pools(request.user).filter(track=found).prefetch_related("prizes")
    ]
    return render(
        request,
        "awards/prizes.html",
        {
            "track": found,
            "pools": pools,
            "result": result_of(user=request.user, track=found),
            "result_url": url_of(found, "result"),
            "desk_url": url_of(found, "desk")
            if permitted(request.user, "awards.view_desk", found)
            else "",
            "trail": track_trail(found, ("", _("Prizes"))),
        },
    )


def _ledger(request: HttpRequest, pool: Any) -> list[LedgerLine]:
    lines = visible_ledger(request.user).filter(pool=pool).select_related("award__entry")
    return list(lines.order_by("pk")[:200])
