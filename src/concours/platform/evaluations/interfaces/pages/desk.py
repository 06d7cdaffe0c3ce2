"""The organisers' desk of a track's evaluations: evaluators, what faulted, the queue, workers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.accounts.domain.permissions import is_operator
from concours.platform.evaluations import domain
from concours.platform.evaluations.domain.setting_aside import (
    resume_evaluator,
    resume_worker,
    set_evaluator_aside,
    set_worker_aside,
)
from concours.platform.evaluations.domain.workers import live_workers
from concours.platform.evaluations.enums import OPEN, EvaluationState, WorkerState
from concours.platform.evaluations.interfaces.forms import ReasonForm
from concours.platform.evaluations.interfaces.showing import shown
from concours.platform.evaluations.interfaces.support import (
    RELATED,
    desk_track,
    desk_url,
    the_evaluation,
)
from concours.platform.evaluations.models import Evaluator, Worker
from concours.platform.evaluations.rules import managed_evaluators, visible_evaluations
from concours.platform.web.interfaces.shared import or_hidden, track_trail

MOST = 50


@login_required
@never_cache
@require_safe
def desk(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = desk_track(request, season, track)
    rows = (
        visible_evaluations(request.user)
        .filter(submission__entry__track=found)
        .select_related(*RELATED)
    )
    waiting = rows.filter(state__in=OPEN).order_by("pk")
    faulted = rows.filter(state=EvaluationState.FAULTED).order_by("-pk")
    context = {
        "track": found,
        "evaluators": Evaluator.objects.filter(track=found),
        "faulted": shown(request.user, faulted[:MOST]),
        "faulted_count": faulted.count(),
        "waiting": shown(request.user, waiting[:MOST]),
        "waiting_count": waiting.count(),
        "scored_count": rows.filter(state=EvaluationState.SCORED).count(),
        "reason_form": ReasonForm(),
        **workers_context(request.user),
        "trail": track_trail(
            found,
            (reverse("competitions:track_desk", args=[season, track]), _("Desk")),
            ("", _("Evaluations")),
        ),
    }
    return render(request, "evaluations/desk.html", context)


def workers_context(user: Any) -> dict[str, Any]:
    """Context of parts/workers.html."""
    return {
        "workers": Worker.objects.exclude(state=WorkerState.GONE),
        "live": set(live_workers().values_list("pk", flat=True)),
        "operates": is_operator(user),
    }


def _evaluator(request: HttpRequest, code: str) -> Evaluator:
    rows = managed_evaluators(request.user).select_related("track__season")
    return get_object_or_404(rows, code=code)


@login_required
@require_POST
def activate(request: HttpRequest, code: str) -> HttpResponse:
    evaluator = _evaluator(request, code)
    domain.activate_evaluator(actor=request.user, evaluator=evaluator)
    messages.success(request, _("New runs are made with this version."))
    return redirect(desk_url(evaluator.track))


@login_required
@require_POST
def set_aside(request: HttpRequest, code: str) -> HttpResponse:
    evaluator = _evaluator(request, code)
    set_evaluator_aside(
        actor=request.user, evaluator=evaluator, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("The evaluator is set aside; runs that wait keep their place."))
    return redirect(desk_url(evaluator.track))


@login_required
@require_POST
def resume(request: HttpRequest, code: str) -> HttpResponse:
    evaluator = _evaluator(request, code)
    resume_evaluator(actor=request.user, evaluator=evaluator)
    messages.success(request, _("The evaluator is back at work."))
    return redirect(desk_url(evaluator.track))


@login_required
@require_POST
def requeue(request: HttpRequest, code: str) -> HttpResponse:
    found = the_evaluation(request, code)
    or_hidden(request.user, "evaluations.requeue", found)
    domain.requeue(actor=request.user, evaluation=found)
    messages.success(request, _("The run waits again."))
    return redirect(desk_url(found.submission.entry.track))


@login_required
@never_cache
@require_safe
def workers(request: HttpRequest) -> HttpResponse:
    """All workers, for operators."""
    or_hidden(request.user, "evaluations.manage_worker", None)
    context = {
        **workers_context(request.user),
        "reason_form": ReasonForm(),
        "trail": [("/", _("Home")), ("", _("Workers"))],
    }
    return render(request, "evaluations/workers.html", context)


@login_required
@require_POST
def worker(request: HttpRequest, name: str, act: str) -> HttpResponse:
    """Set a worker aside, or let it work again; for operators."""
    or_hidden(request.user, "evaluations.manage_worker", None)
    found = get_object_or_404(Worker, name=name)
    if act == "resume":
        resume_worker(actor=request.user, worker=found)
        messages.success(request, _("The worker takes runs again."))
    else:
        set_worker_aside(actor=request.user, worker=found, reason=request.POST.get("reason", ""))
        messages.success(request, _("The worker takes no further run."))
    return redirect("evaluations:workers")
