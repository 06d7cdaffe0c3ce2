"""What other apps ask of evaluations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from concours.platform.evaluations.enums import OPEN, EvaluationState
from concours.platform.evaluations.models import CaseResult, Evaluation

CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A scored run. `case_values` holds by case the values of its columns.

    Everything is here, sealed columns and cases too: who shows it asks its own rules first.
    """

    entry_id: int
    entry_code: str
    submission_id: int
    submission_number: int
    submitted_at: datetime
    evaluation_id: int
    evaluation_code: str
    evaluator_id: int
    evaluator_version: str
    reevaluation: str
    values: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    digest: str
    finished_at: datetime
    case_values: Mapping[str, Mapping[str, float]]


def open_counts() -> dict[str, int]:
    """How many runs wait and how many are being made, by state; both states are always there."""
    rows = Evaluation.objects.filter(state__in=OPEN).order_by().values_list("state")
    return {state.value: 0 for state in OPEN} | dict(rows.annotate(Count("pk")))


def evaluations_of(*, submission: Any) -> QuerySet[Evaluation]:
    """The submission's ordinary runs, newest first."""
    return (
        Evaluation.objects.filter(submission=submission, reevaluation="")
        .select_related("evaluator", "submission__entry__track__phase", "worker")
        .order_by("-pk")
    )


def scored(
    *,
    track: Any,
    split: str,
    reevaluations: Collection[str] = (),
    with_cases: bool = True,
    entry_ids: Collection[int] | None = None,
) -> Iterator[Scored]:
    """The track's scored runs on `split`, oldest first, with those of the given re-evaluations.

    Of all versions of the evaluator: which count is for the caller to say. With `entry_ids` the
    runs of these entries alone. Two queries for every CHUNK runs.
    """
    rows = (
        Evaluation.objects.filter(
            Q(reevaluation="") | Q(reevaluation__in=list(reevaluations)),
            submission__entry__track=track,
            split=split,
            state=EvaluationState.SCORED,
        )
        .select_related("submission__entry", "evaluator")
        .order_by("pk")
    )
    if entry_ids is not None:
        rows = rows.filter(submission__entry_id__in=list(entry_ids))
    if with_cases:
        cases = CaseResult.objects.only("evaluation_id", "position", "case", "values")
        rows = rows.prefetch_related(Prefetch("cases", queryset=cases))
    for row in rows.iterator(chunk_size=CHUNK):
        yield _scored(row, with_cases)


def _scored(row: Evaluation, with_cases: bool) -> Scored:
    assert row.finished_at is not None  # noqa: S101 - a constraint of the table
    return Scored(
        entry_id=row.submission.entry_id,
        entry_code=row.submission.entry.code,
        submission_id=row.submission_id,
        submission_number=row.submission.number,
        submitted_at=row.submission.submitted_at,
        evaluation_id=row.pk,
        evaluation_code=row.code,
        evaluator_id=row.evaluator_id,
        evaluator_version=row.evaluator.version,
        reevaluation=row.reevaluation,
        values=row.values,
        intervals={name: (low, high) for name, (low, high) in row.intervals.items()},
        digest=row.digest,
        finished_at=row.finished_at,
        case_values={case.case: case.values for case in row.cases.all()} if with_cases else {},
    )
