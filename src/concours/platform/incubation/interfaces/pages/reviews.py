"""Annual reviews: what lies before whoever decides, and the decision."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.core.access import permitted
from concours.platform.criteria.domain import open_standings
from concours.platform.incubation import domain
from concours.platform.incubation.enums import Outcome, ReviewState
from concours.platform.incubation.interfaces.forms import DecideForm
from concours.platform.incubation.interfaces.health import shown_health
from concours.platform.incubation.interfaces.support import the_review, trail_of
from concours.platform.incubation.models import AnnualReview
from concours.platform.register.enums import Stage
from concours.platform.web.interfaces.shared import attempt, or_hidden


@never_cache
@require_safe
def review(request: HttpRequest, code: str) -> HttpResponse:
    return _shown(request, the_review(request, code))


@login_required
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    found = the_review(request, code)
    or_hidden(request.user, "incubation.decide_review", found)
    form = DecideForm(request.POST)
    if not form.is_valid() or not attempt(
        form,
        lambda: domain.decide_review(actor=request.user, review=found, **form.cleaned_data),
    ):
        return _shown(request, found, form=form, status=422)
    messages.success(request, _("The review is decided."))
    return redirect("incubation:review", code)


def _shown(
    request: HttpRequest, found: AnnualReview, *, form: DecideForm | None = None, status: int = 200
) -> HttpResponse:
    user, incubation = request.user, found.incubation
    is_open = found.state == ReviewState.OPEN
    milestones = list(incubation.milestones.all())
    context: dict[str, Any] = {
        "review": found,
        "project": found.project,
        "is_open": is_open,
        "reports": incubation.reports.all(),
        "owed": [one for one in domain.owed_by(incubation=incubation) if one.overdue],
        "milestones": milestones,
        "standings": open_standings(user=user, project=found.project),
        "health": shown_health(found.project, domain.parsed(incubation.programme)),
        "form": (form or DecideForm())
        if is_open and permitted(user, "incubation.decide_review", found)
        else None,
        "next_step": _next_step(user, found),
        "trail": trail_of(found.project, ("", _("Annual review"))),
    }
    return render(request, "incubation/review.html", context, status=status)


def _next_step(user: Any, found: AnnualReview) -> str:
    """Where staff ask for what the review proposes; empty for others and where nothing follows."""
    to = {
        Outcome.GRADUATE.value: Stage.GRADUATED.value,
        Outcome.ARCHIVE.value: Stage.ARCHIVED.value,
    }.get(found.outcome, "")
    if not to or not permitted(user, "governance.hold_reviews"):
        return ""
    named = {"project": found.incubation.project.slug, "to": to, "cause": found.cause}
    return f"{reverse('governance:new-review')}?{urlencode(named)}"
