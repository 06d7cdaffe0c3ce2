"""What happens with evaluations. Other apps use these functions, never the models."""

from concours.platform.evaluations.domain.cancelling import cancel, requeue
from concours.platform.evaluations.domain.enqueueing import (
    active_evaluator,
    enqueue,
    enqueue_missed,
    enqueue_ready,
    enqueue_set,
    splits_now,
)
from concours.platform.evaluations.domain.evaluators import activate_evaluator, attach_evaluator
from concours.platform.evaluations.domain.hooks import on_finished
from concours.platform.evaluations.domain.positions import Position, position, positions
from concours.platform.evaluations.domain.queries import Scored, evaluations_of, scored
from concours.platform.evaluations.domain.quotas import Quota, quota_left
from concours.platform.evaluations.domain.sets import place_of
from concours.platform.evaluations.domain.starters import starter, starters

__all__ = [
    "Position",
    "Quota",
    "Scored",
    "activate_evaluator",
    "active_evaluator",
    "attach_evaluator",
    "cancel",
    "enqueue",
    "enqueue_missed",
    "enqueue_ready",
    "enqueue_set",
    "evaluations_of",
    "on_finished",
    "place_of",
    "position",
    "positions",
    "quota_left",
    "requeue",
    "scored",
    "splits_now",
    "starter",
    "starters",
]
