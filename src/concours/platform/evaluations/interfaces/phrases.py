"""Why a run ended as it did, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
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

FAULTED = {
    "disk-full": _("The disk of the machine that made the run was full."),
    "box": _("The machine that made the run could not shut your program in."),
    "worker-died": _("The machines that made the run broke down again and again."),
    "worker-crashed": _("The process that made the run broke down again and again."),
    "evaluator": _("The track’s evaluator broke down."),
    "result": _("The track’s evaluator gave no result."),
}


def explain(evaluation: Evaluation) -> str | Promise:
    """A sentence for the entrant; empty where nothing is to be explained."""
    if evaluation.state == EvaluationState.FAILED:
        return FAILED.get(evaluation.reason_code, _("The submission cannot be run."))
    if evaluation.state == EvaluationState.FAULTED:
        return gettext(
            "%(what)s This was not your program’s fault. The organisers have been told; the run "
            "took none of your quota."
        ) % {"what": FAULTED.get(evaluation.reason_code, _("The run broke down."))}
    if evaluation.state == EvaluationState.QUEUED and evaluation.evaluator.set_aside:
        return _("The evaluator is being looked after; the run keeps its place.")
    return ""
