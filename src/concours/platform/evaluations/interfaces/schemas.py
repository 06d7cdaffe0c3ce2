"""What the API takes and gives for evaluations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from concours.platform.evaluations.interfaces.showing import Shown
from concours.platform.evaluations.models import CaseResult, Evaluator, Worker

Interval = Annotated[list[float], Field(min_length=2, max_length=2)]
"""Low and high. As a list: generated documents tell tuples in a form that not all readers know."""


class EvaluateIn(Schema):
    split: Literal["practice", "ranking", "final"]


class EvaluationOut(Schema):
    """`values` holds the columns that the reader may see; `ahead` and `starts_at` are of a run
    that waits; `detail` is empty but for organisers, `log` where the cases are sealed."""

    code: str
    submission: str
    number: int
    evaluator: str
    evaluator_version: str
    split: str
    state: str
    done: int
    total: int
    ahead: int | None
    starts_at: datetime | None
    values: dict[str, float]
    intervals: dict[str, Interval]
    reason_code: str
    reason: str
    detail: str
    log: str
    seal: str
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class FileOut(Schema):
    name: str
    size: int
    digest: str


class CaseOut(Schema):
    case: str
    state: str
    values: dict[str, float]
    digest: str
    reason: str
    seconds: float
    files: list[FileOut]


class EvaluatorOut(Schema):
    code: str
    name: str
    version: str
    digest: str
    seed_commitment: str
    active: bool
    set_aside: bool
    set_aside_reason: str


class WorkerOut(Schema):
    name: str
    state: str
    box: str
    slots: int
    failures: int
    heartbeat_at: datetime


class DeskOut(Schema):
    evaluators: list[EvaluatorOut]
    open: list[EvaluationOut]
    faulted: list[EvaluationOut]
    workers: list[WorkerOut]


def evaluation_out(one: Shown) -> EvaluationOut:
    row = one.row
    names = {value.name for value in one.values}
    return EvaluationOut(
        code=row.code,
        submission=row.submission.code,
        number=row.submission.number,
        evaluator=row.evaluator.name,
        evaluator_version=row.evaluator.version,
        split=row.split,
        state=row.state,
        done=row.done,
        total=row.total,
        ahead=one.position.ahead if one.position else None,
        starts_at=one.starts_at,
        values={name: value for name, value in row.values.items() if name in names},
        intervals={name: list(row.intervals[name]) for name in row.intervals if name in names},
        reason_code=row.reason_code,
        reason=row.reason or str(one.reason),
        detail=one.detail,
        log=one.log,
        seal=row.seal,
        queued_at=row.queued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def case_out(row: CaseResult, columns: list[dict[str, Any]]) -> CaseOut:
    names = {column["name"] for column in columns}
    return CaseOut(
        case=row.case,
        state=row.state,
        values={name: value for name, value in row.values.items() if name in names},
        digest=row.digest,
        reason=row.reason,
        seconds=row.seconds,
        files=[FileOut(**file) for file in row.artefacts],
    )


def evaluator_out(row: Evaluator) -> EvaluatorOut:
    names = EvaluatorOut.model_fields
    return EvaluatorOut(**{name: getattr(row, name) for name in names})


def worker_out(row: Worker) -> WorkerOut:
    return WorkerOut(**{name: getattr(row, name) for name in WorkerOut.model_fields})
