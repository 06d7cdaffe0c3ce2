"""How the foundation decides: its charter, bodies, and what is decided now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concours.platform.core.access import permitted
from concours.platform.core.cursor import page_after
from concours.platform.governance import domain
from concours.platform.governance.enums import ReviewState
from concours.platform.governance.rules import visible_bodies, visible_reviews
from concours.platform.web.interfaces.shared import cursor_of

A_PAGE = 20
MOST = 100


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """For everyone."""
    reviews = visible_reviews(request.user)
    going = domain.with_parts(reviews.filter(state=ReviewState.OPEN))[:MOST]
    return render(
        request,
        "governance/overview.html",
        {
            "charter": domain.charter_in_force(),
            "bodies": visible_bodies(request.user),
            "going": going,
            "waiting": domain.votes_waiting_for(request.user),
            "staff": permitted(request.user, "governance.hold_reviews"),
            "adopts": permitted(request.user, "governance.adopt_charter"),
        },
    )


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """All access reviews, in the order in which they were asked for."""
    rows = domain.with_parts(visible_reviews(request.user))
    page = page_after(rows, field="id", after=cursor_of(request), size=A_PAGE)
    return render(request, "governance/reviews.html", {"page": page})
