"""An evaluation as one reader may see it: what the pages and the API have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from concours.platform.core.access import permitted
from concours.platform.core.text import in_language_of
from concours.platform.evaluations.domain.positions import Position, positions
from concours.platform.evaluations.enums import OPEN, EvaluationState
from concours.platform.evaluations.interfaces.phrases import explain
from concours.platform.evaluations.models import CaseResult, Evaluation
from concours.platform.evaluations.rules import visible_columns

HUGE = 1e15
"""From here on not all digits are shown: there may be 300 of them."""


@dataclass(frozen=True, kw_only=True)
class ShownValue:
    """A column's number, rounded as the manifest says; `low` and `high` None without interval."""

    name: str
    title: str
    unit: str
    value: str
    low: str
    high: str
    sealed: bool


@dataclass(frozen=True, kw_only=True)
class ShownCase:
    row: CaseResult
    values: list[str]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`hidden` counts the columns that are sealed for this reader; `ahead` is None unless the run
    waits; `detail` is empty for all but staff, `log` where the cases are sealed."""

    row: Evaluation
    values: list[ShownValue]
    hidden: int
    position: Position | None
    reason: str | Promise
    reason_text: str
    detail: str
    log: str
    may_cancel: bool
    may_requeue: bool
    sees_cases: bool

    @property
    def open(self) -> bool:
        return self.row.open

    @property
    def starts_at(self) -> datetime | None:
        return self.position.starts_at if self.position else None


def shown(user: Any, rows: Iterable[Evaluation]) -> list[Shown]:
    """Each of `rows`, which `user` may see."""
    rows = list(rows)
    waiting = any(row.state == EvaluationState.QUEUED for row in rows)
    places = positions() if waiting else {}
    return [_shown(user, row, places) for row in rows]


def cases_shown(user: Any, evaluation: Evaluation) -> tuple[list[dict[str, Any]], list[ShownCase]]:
    """The columns and cases that `user` may read; none of a sealed split."""
    if not permitted(user, "evaluations.view_cases", evaluation):
        return [], []
    columns = visible_columns(user, evaluation)
    cases = [
        ShownCase(
            row=case,
            values=[_number(column, case.values.get(column["name"])) for column in columns],
        )
        for case in evaluation.cases.all()
    ]
    return columns, cases


def title_of(column: Mapping[str, Any]) -> str:
    """The column's title in the reader's language."""
    return in_language_of(column["title"], column["title_zh"])


def _shown(user: Any, row: Evaluation, places: Mapping[int, Position]) -> Shown:
    columns = visible_columns(user, row)
    sees_cases = permitted(user, "evaluations.view_cases", row)
    staff = permitted(user, "evaluations.view_detail", row)
    return Shown(
        row=row,
        values=[_value(row, column) for column in columns if column["name"] in row.values],
        hidden=len(row.evaluator.columns) - len(columns),
        position=places.get(row.pk),
        reason=explain(row),
        reason_text=row.reason,
        detail=row.detail if staff else "",
        log=row.log if sees_cases else "",
        may_cancel=row.state in OPEN and permitted(user, "evaluations.cancel", row),
        may_requeue=row.state == EvaluationState.FAULTED
        and permitted(user, "evaluations.requeue", row),
        sees_cases=sees_cases,
    )


def _value(row: Evaluation, column: Mapping[str, Any]) -> ShownValue:
    low, high = row.intervals.get(column["name"], (None, None))
    return ShownValue(
        name=column["name"],
        title=title_of(column),
        unit=column["unit"],
        value=_number(column, row.values[column["name"]]),
        low=_number(column, low),
        high=_number(column, high),
        sealed=not column["public"],
    )


def _number(column: Mapping[str, Any], value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if abs(value) >= HUGE else f"{value:.{column['decimals']}f}"
