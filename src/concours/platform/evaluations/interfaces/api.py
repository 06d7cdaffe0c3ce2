"""Evaluations through the API, under the rules of the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs
from concours.platform.competitions.domain.permissions import visible_entries, visible_submissions
from concours.platform.core.access import require
from concours.platform.evaluations import domain
from concours.platform.evaluations.enums import OPEN, EvaluationState
from concours.platform.evaluations.interfaces import schemas
from concours.platform.evaluations.interfaces.pages.artefacts import download
from concours.platform.evaluations.interfaces.pages.desk import MOST, workers_context
from concours.platform.evaluations.interfaces.showing import cases_shown, shown
from concours.platform.evaluations.interfaces.support import RELATED, desk_track, the_evaluation
from concours.platform.evaluations.models import Evaluation, Evaluator
from concours.platform.evaluations.rules import visible_evaluations

router = Router(tags=["evaluations"])
RUN = "/evaluations/{code}"


def _out(request: HttpRequest, row: Evaluation) -> schemas.EvaluationOut:
    [one] = shown(request.user, [row])
    return schemas.evaluation_out(one)


def _outs(request: HttpRequest, rows: Any) -> list[schemas.EvaluationOut]:
    return [schemas.evaluation_out(one) for one in shown(request.user, rows)]


@router.get(
    "/entries/{code}/evaluations",
    response=list[schemas.EvaluationOut],
    auth=needs(Scope.READ),
)
def evaluations_of_entry(request: HttpRequest, code: str) -> Any:
    """The runs of an entry that you may see, newest first."""
    entry = get_object_or_404(visible_entries(request.user), code=code)
    rows = visible_evaluations(request.user).filter(submission__entry=entry)
    return _outs(request, rows.select_related(*RELATED).order_by("-pk"))


@router.post(
    "/submissions/{code}/evaluations",
    response={201: schemas.EvaluationOut},
    auth=needs(Scope.ENTER),
)
def evaluate(
    request: HttpRequest, code: str, body: schemas.EvaluateIn
) -> Status[schemas.EvaluationOut]:
    """Ask for a run of a submission."""
    submission = get_object_or_404(
        visible_submissions(request.user).select_related("entry__track__season"), code=code
    )
    made = domain.enqueue(actor=request.user, submission=submission, split=body.split)
    return Status(201, _out(request, the_evaluation(request, made.code)))


@router.get(RUN, response=schemas.EvaluationOut, auth=needs(Scope.READ))
def get_evaluation(request: HttpRequest, code: str) -> schemas.EvaluationOut:
    """A run, with its place in the queue or its result."""
    return _out(request, the_evaluation(request, code))


@router.get(RUN + "/cases", response=list[schemas.CaseOut], auth=needs(Scope.READ))
def get_cases(request: HttpRequest, code: str) -> list[schemas.CaseOut]:
    """The cases of a scored run; none where they are sealed for you."""
    columns, cases = cases_shown(request.user, the_evaluation(request, code))
    return [schemas.case_out(case.row, columns) for case in cases]


@router.get(RUN + "/cases/{case}/files/{name}", auth=needs(Scope.READ))
def get_file(request: HttpRequest, code: str, case: str, name: str) -> HttpResponseBase:
    """A file that a case left behind."""
    response: HttpResponseBase = download(request, code, case, name)
    return response


@router.post(RUN + "/cancel", response=schemas.EvaluationOut, auth=needs(Scope.ENTER))
def cancel(request: HttpRequest, code: str) -> schemas.EvaluationOut:
    """Take a run out of the queue, or have it stopped within seconds."""
    domain.cancel(actor=request.user, evaluation=the_evaluation(request, code))
    return _out(request, the_evaluation(request, code))


@router.post(RUN + "/requeue", response=schemas.EvaluationOut, auth=needs(Scope.ORGANISE))
def requeue(request: HttpRequest, code: str) -> schemas.EvaluationOut:
    """Queue a faulted run again."""
    found = the_evaluation(request, code)
    require(request.user, "evaluations.requeue", found)
    domain.requeue(actor=request.user, evaluation=found)
    return _out(request, the_evaluation(request, code))


@router.get(
    "/evaluations/{season}/{track}/desk", response=schemas.DeskOut, auth=needs(Scope.ORGANISE)
)
def get_desk(request: HttpRequest, season: str, track: str) -> schemas.DeskOut:
    """A track's evaluators, open and faulted runs, and the workers."""
    found = desk_track(request, season, track)
    rows = (
        visible_evaluations(request.user)
        .filter(submission__entry__track=found)
        .select_related(*RELATED)
    )
    return schemas.DeskOut(
        evaluators=[schemas.evaluator_out(row) for row in Evaluator.objects.filter(track=found)],
        open=_outs(request, rows.filter(state__in=OPEN).order_by("pk")[:MOST]),
        faulted=_outs(request, rows.filter(state=EvaluationState.FAULTED)[:MOST]),
        workers=[schemas.worker_out(row) for row in workers_context(request.user)["workers"]],
    )
