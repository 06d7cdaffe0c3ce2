"""What happens with evaluations. Other apps use these functions, never the models."""

from concours.platform.evaluations.domain.enqueueing import (
    active_evaluator,
    enqueue,
    enqueue_missed,
    enqueue_ready,
    enqueue_set,
    splits_now,
)
from concours.platform.evaluations.domain.hooks import on_finished
from concours.platform.evaluations.domain.queries import Scored, evaluations_of, scored
from concours.platform.evaluations.domain.sets import place_of

__all__ = [
    "Scored",
    "active_evaluator",
    "enqueue",
    "enqueue_missed",
    "enqueue_ready",
    "enqueue_set",
    "evaluations_of",
    "on_finished",
    "place_of",
    "scored",
    "splits_now",
]
