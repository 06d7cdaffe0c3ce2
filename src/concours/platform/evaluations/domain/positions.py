"""Where a run stands in the queue, and when it is likely to start."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from concours.platform.core import clock
from concours.platform.evaluations.domain.fairness import usual_seconds, virtual_time, waiting
from concours.platform.evaluations.domain.workers import live_workers
from concours.platform.evaluations.enums import EvaluationState
from concours.platform.evaluations.models import Evaluation, Evaluator


@dataclass(frozen=True)
class Position:
    """`ahead` runs start before; `starts_at` is None where no worker takes runs."""

    ahead: int
    starts_at: datetime | None


def positions() -> dict[int, Position]:
    """Of every waiting run, by key: the queue played forward with each run's usual duration.

    O(n log n) for n waiting runs, in 4 queries and one for each kind of run.
    """
    usual = _Usual()
    slots = live_workers().aggregate(slots=Sum("slots"))["slots"] or 0
    free = _free_moments(slots, usual)
    now = clock.now()
    found: dict[int, Position] = {}
    for ahead, row in enumerate(_order(usual)):
        starts_at = None
        if free:
            at = heapq.heappop(free)
            heapq.heappush(free, at + usual.of(row))
            starts_at = now + timedelta(seconds=at)
        found[row.pk] = Position(ahead, starts_at)
    return found


def position(evaluation: Evaluation) -> Position | None:
    """Of one run; None when it does not wait, or waits for its evaluator to be resumed."""
    if evaluation.state != EvaluationState.QUEUED:
        return None
    return positions().get(evaluation.pk)


class _Usual:
    """Usual durations, each kind of run asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], float] = {}

    def of(self, row: Evaluation) -> float:
        key = (row.evaluator_id, row.split)
        if key not in self._known:
            evaluator = Evaluator.objects.get(pk=row.evaluator_id)
            self._known[key] = usual_seconds(evaluator=evaluator, split=row.split)
        return self._known[key]


def _free_moments(slots: int, usual: _Usual) -> list[float]:
    """In how many seconds each slot is free, as a heap: a running run is half done on average."""
    running = Evaluation.objects.filter(state=EvaluationState.RUNNING).only(
        "evaluator_id", "split", "done", "total"
    )
    busy = [_left(row, usual) for row in running][:slots]
    free = [0.0] * (slots - len(busy)) + busy
    heapq.heapify(free)
    return free


def _left(row: Evaluation, usual: _Usual) -> float:
    return usual.of(row) * (1 - row.done / row.total if row.total else 0.5)


def _order(usual: _Usual) -> list[Evaluation]:
    """The waiting runs as the fair queue would start them, if none came or left."""
    floor = virtual_time()
    lines: dict[int, list[Evaluation]] = {}
    heads: list[tuple[float, int, int]] = []
    for row in waiting().select_related("account").order_by("-pk"):
        lines.setdefault(row.account_id, []).append(row)
    for account, line in lines.items():
        heads.append((max(line[-1].account.spent, floor), line[-1].pk, account))
    heapq.heapify(heads)
    order = []
    while heads:
        spent, _pk, account = heapq.heappop(heads)
        row = lines[account].pop()
        order.append(row)
        if lines[account]:
            heapq.heappush(heads, (spent + usual.of(row), lines[account][-1].pk, account))
    return order
