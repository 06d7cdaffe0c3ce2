"""Why a run ended as it did, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.evaluations.enums import EvaluationState
from concours.platform.evaluations.models import Evaluation

FAILED = {
    "archive": _("The archive cannot be unpacked."),
    "missing": _("A file that the evaluator needs is missing."),
    "install": _("What the submission asks for could not be installed."),
    "compile": _("The submission could not be compiled."),
    "image": _("The image cannot be used."),
}


def explain(evaluation: Evaluation) -> str | Promise:
    """A sentence for the entrant; empty where nothing is to be explained."""
    if evaluation.state == EvaluationState.FAILED:
        return FAILED.get(evaluation.reason_code, _("The submission cannot be run."))
    if evaluation.state == EvaluationState.FAULTED:
        return _(
            "This was not your program’s fault. The organisers have been told; the run took none "
            "of your quota."
        )
    if evaluation.state == EvaluationState.QUEUED and evaluation.evaluator.set_aside:
        return _("The evaluator is being looked after; the run keeps its place.")
    return ""
