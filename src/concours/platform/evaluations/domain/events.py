"""Evaluations in the record: that something happened, and never a score."""

from __future__ import annotations

from typing import Any

from concours.platform.evaluations.models import Evaluation
from concours.platform.record import domain as record


def append(*, actor: Any, verb: str, evaluation: Evaluation, **more: Any) -> None:
    """Append `evaluation.<verb>` with what names the run; `more` must be open to all."""
    submission = evaluation.submission
    record.append(
        actor=actor,
        verb=f"evaluation.{verb}",
        subject=evaluation,
        season=submission.entry.track.season.slug,
        data={
            "entry": submission.entry.code,
            "submission": submission.code,
            "submission_digest": submission.digest,
            "evaluator": evaluation.evaluator.code,
            "evaluator_digest": evaluation.evaluator.digest,
            "split": evaluation.split,
            "reevaluation": evaluation.reevaluation,
            **more,
        },
    )
