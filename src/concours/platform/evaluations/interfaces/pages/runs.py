"""A run as its team and the organisers see it, and what they do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.competitions.domain.permissions import visible_entries, visible_submissions
from concours.platform.evaluations import domain
from concours.platform.evaluations.enums import Split
from concours.platform.evaluations.interfaces.showing import cases_shown, shown, title_of
from concours.platform.evaluations.interfaces.support import RELATED, the_evaluation
from concours.platform.evaluations.models import Evaluation
from concours.platform.evaluations.rules import visible_evaluations
from concours.platform.web.interfaces.shared import track_trail


@login_required
@never_cache
@require_safe
def run(request: HttpRequest, code: str) -> HttpResponse:
    found = the_evaluation(request, code)
    entry = found.submission.entry
    context = _context(request, found) | {
        "track": entry.track,
        "entry": entry,
        "trail": track_trail(
            entry.track,
            (reverse("competitions:entry", args=[entry.code]), entry.title),
            ("", _("Evaluation")),
        ),
    }
    return render(request, "evaluations/run.html", context)


@login_required
@never_cache
@require_safe
def progress(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the page that changes while the run is open."""
    found = the_evaluation(request, code)
    return render(request, "evaluations/parts/run.html", _context(request, found))


def _context(request: HttpRequest, found: Evaluation) -> dict[str, Any]:
    [one] = shown(request.user, [found])
    columns, cases = cases_shown(request.user, found)
    return {
        "one": one,
        "row": found,
        "cases": cases,
        "columns": [title_of(column) for column in columns],
    }


@login_required
@never_cache
@require_safe
def of_entry(request: HttpRequest, code: str) -> HttpResponse:
    """The runs of an entry alone, for the page that waits for them."""
    entry = get_object_or_404(
        visible_entries(request.user).select_related("track__season", "track__phase"), code=code
    )
    context = entry_context(request.user, entry)
    if context is None:
        raise Http404
    return render(request, "evaluations/parts/runs.html", context)


def entry_context(user: Any, entry: Any) -> dict[str, Any] | None:
    """Context of parts/runs.html; None where the reader sees no runs or the track makes none."""
    evaluator = domain.active_evaluator(track=entry.track)
    submissions = list(visible_submissions(user).filter(entry=entry, state="ready"))
    if evaluator is None or not submissions:
        return None
    rows = (
        visible_evaluations(user)
        .filter(submission__entry=entry)
        .select_related(*RELATED)
        .order_by("-submission__number", "-pk")
    )
    runs = shown(user, rows)
    latest = max(submissions, key=lambda one: one.number)
    made = {(one.row.submission_id, one.row.split) for one in runs if one.row.state not in AGAIN}
    splits = domain.splits_now(track=entry.track)
    return {
        "entry": entry,
        "runs": runs,
        "waiting": any(one.open for one in runs),
        "latest": latest,
        "offers": [
            (split, Split(split).label) for split in splits if (latest.pk, split) not in made
        ],
        "quotas": [
            (Split(split).label, domain.quota_left(entry=entry, evaluator=evaluator, split=split))
            for split in splits
        ],
    }


AGAIN = ("cancelled", "faulted")
"""States after which the same run may be asked for again."""


@login_required
@require_POST
def evaluate(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a run of a submission."""
    submission = get_object_or_404(
        visible_submissions(request.user).select_related("entry__track__season"), code=code
    )
    split = request.POST.get("split", "")
    if split not in Split.values:
        raise Http404
    evaluation = domain.enqueue(actor=request.user, submission=submission, split=split)
    messages.success(request, _("The submission waits to be evaluated."))
    return redirect("evaluations:run", code=evaluation.code)


@login_required
@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    found = the_evaluation(request, code)
    domain.cancel(actor=request.user, evaluation=found)
    messages.success(request, _("The evaluation is being cancelled."))
    return redirect("evaluations:run", code=code)
