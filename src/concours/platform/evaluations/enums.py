from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Split(TextChoices):
    """A named set of cases of an evaluator."""

    PRACTICE = "practice", _("practice")
    RANKING = "ranking", _("ranking")
    FINAL = "final", _("final")


class EvaluationState(TextChoices):
    """SCORED and FAILED are verdicts on the entrant's program; FAULTED is our or the evaluator's
    fault and says nothing of it."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    SCORED = "scored", _("scored")
    FAILED = "failed", _("failed")
    FAULTED = "faulted", _("not evaluated")
    CANCELLED = "cancelled", _("cancelled")


OPEN = (EvaluationState.QUEUED, EvaluationState.RUNNING)
"""The states that an evaluation leaves by itself."""


class CaseState(TextChoices):
    SCORED = "scored", _("scored")
    FAILED = "failed", _("failed")


class WorkerState(TextChoices):
    ACTIVE = "active", _("at work")
    SET_ASIDE = "set-aside", _("set aside")
    GONE = "gone", _("gone")
