"""Taking runs out of the queue, and staff putting them back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.evaluations.domain import events
from concours.platform.evaluations.domain.finishing import tell_finished
from concours.platform.evaluations.enums import OPEN, EvaluationState
from concours.platform.evaluations.models import Evaluation


@transaction.atomic
def cancel(*, actor: Any, evaluation: Evaluation) -> Evaluation:
    """Take a waiting run out at once; have a running one stopped by its worker within seconds.

    Raises Refused when the run has ended.
    """
    evaluation = lock(evaluation)
    require(actor, "evaluations.cancel", evaluation)
    if evaluation.state not in OPEN:
        raise Refused("ended-already", _("This evaluation has ended already."))
    if evaluation.state == EvaluationState.RUNNING:
        if not evaluation.stopping:
            evaluation.stopping = True
            evaluation.save(update_fields=["stopping"])
            events.append(actor=actor, verb="cancel-asked", evaluation=evaluation)
        return evaluation
    evaluation.state = EvaluationState.CANCELLED
    evaluation.finished_at = clock.now()
    evaluation.save(update_fields=["state", "finished_at"])
    events.append(actor=actor, verb="cancelled", evaluation=evaluation)
    tell_finished(evaluation)
    return evaluation


@transaction.atomic
def requeue(*, actor: Any, evaluation: Evaluation) -> Evaluation:
    """Staff put a faulted run back into the queue, with a fresh count of losses.

    Raises Refused for any other, and when the same run was asked for again meanwhile.
    """
    evaluation = lock(evaluation)
    require(actor, "evaluations.requeue", evaluation)
    if evaluation.state != EvaluationState.FAULTED:
        raise Refused("not-faulted", _("Only a run that faulted is queued again."))
    alike = Evaluation.objects.filter(
        submission=evaluation.submission_id,
        evaluator=evaluation.evaluator_id,
        split=evaluation.split,
        reevaluation=evaluation.reevaluation,
    ).exclude(state__in=[EvaluationState.FAULTED, EvaluationState.CANCELLED])
    if alike.exists():
        raise Refused("queued-already", _("This submission is being evaluated already."))
    evaluation.state, evaluation.worker = EvaluationState.QUEUED, None
    evaluation.losses = 0
    evaluation.reason_code = evaluation.reason = evaluation.detail = ""
    evaluation.finished_at = None
    evaluation.save()
    events.append(
        actor=actor,
        verb="requeued",
        evaluation=evaluation,
        attempt=evaluation.attempts,
        why="staff",
    )
    return evaluation
