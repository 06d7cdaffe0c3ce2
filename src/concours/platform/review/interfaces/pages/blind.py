"""What reviewers will see of an entry: for its team, before anybody reviews."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.anonymity import Action
from concours.platform.competitions.domain.lookups import latest_submission
from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.review.domain.anonymous import anonymous_snapshot, blind_text, leaks_of
from concours.platform.review.interfaces.anonymity_words import kind_in_words, rows_of
from concours.platform.review.interfaces.contents import archive_of, contents_of
from concours.platform.web.interfaces.shared import or_hidden, track_trail

MOST_ROWS = 300


@never_cache
@login_required
@require_safe
def blind(request: HttpRequest, code: str) -> HttpResponse:
    entry = _the_entry(request, code)
    snapshot = anonymous_snapshot(entry=entry)
    rows = rows_of(snapshot.report) if snapshot else []
    fields = {"title": _("Title"), "abstract": _("Abstract")}
    context: dict[str, Any] = {
        "entry": entry,
        "track": entry.track,
        "submission": latest_submission(entry=entry),
        "snapshot": snapshot,
        "rows": rows[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS),
        "counts": {str(one): sum(row.count for row in rows if row.action == one) for one in Action},
        "leaks": [
            {"field": fields[one.field], "kind": kind_in_words(one.kind), "count": one.count}
            for one in leaks_of(entry=entry)
        ],
        "contents": contents_of(entry) if snapshot else None,
        "abstract": blind_text(entry=entry, text=entry.abstract),
        "trail": track_trail(
            entry.track,
            (reverse("competitions:entry", args=[entry.code]), entry.title),
            ("", _("What reviewers see")),
        ),
    }
    return render(request, "review/blind.html", context)


@never_cache
@login_required
@require_safe
def archive(request: HttpRequest, code: str) -> HttpResponseBase:
    """Exactly the bytes that a reviewer gets, under a name that tells no alias."""
    found = archive_of(_the_entry(request, code), alias="blind")
    if found is None:
        raise Http404
    return found


def _the_entry(request: HttpRequest, code: str) -> Any:
    rows = visible_entries(request.user).select_related("track__season", "track__phase", "team")
    entry = get_object_or_404(rows, code=code)
    or_hidden(request.user, "competitions.view_submission", entry)
    return entry
