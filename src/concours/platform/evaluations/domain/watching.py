"""Finding runs whose worker is dead, by nothing but a monotonic clock of one's own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from concours.platform.evaluations.domain.finishing import WORKER_DIED, lose
from concours.platform.evaluations.domain.leases import Lease
from concours.platform.evaluations.domain.liveness import is_dead
from concours.platform.evaluations.enums import EvaluationState, WorkerState
from concours.platform.evaluations.models import Evaluation, Worker

LOOK_S = 2.0
LEASE_S = 30.0
"""So long a beat may stand still; a busy machine misses a few heartbeats."""


@dataclass(frozen=True)
class _Seen:
    beat: int
    still: float


class Watch:
    """Looks at all beats again and again; every worker process has one.

    A beat's standing still is added up from look to look, and no step counts more than two usual
    ones: after a pause of the whole machine the workers have time to show that they live.
    """

    def __init__(
        self, *, lease_s: float = LEASE_S, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._lease_s = lease_s
        self._monotonic = monotonic
        self._last: float | None = None
        self._leases: dict[Lease, _Seen] = {}
        self._workers: dict[int, _Seen] = {}

    def look(self) -> int:
        """Put runs of dead workers back into the queue; how many."""
        now = self._monotonic()
        step = 0.0 if self._last is None else min(now - self._last, 2 * LOOK_S)
        self._last = now
        dead = self._look_at_workers(step)
        return self._look_at_leases(step, dead)

    def _look_at_workers(self, step: float) -> set[int]:
        """Mark the dead as gone. The keys of those whose death is certain."""
        seen, certain = {}, set()
        for worker in Worker.objects.exclude(state=WorkerState.GONE):
            standing = _grown(self._workers.get(worker.pk), worker.beat, step)
            seen[worker.pk] = standing
            dead = is_dead(worker.name)
            if dead:
                certain.add(worker.pk)
            if dead or standing.still >= self._lease_s:
                Worker.objects.filter(pk=worker.pk, beat=worker.beat).update(state=WorkerState.GONE)
        self._workers = seen
        return certain

    def _look_at_leases(self, step: float, dead: set[int]) -> int:
        seen, lost = {}, 0
        rows = Evaluation.objects.filter(state=EvaluationState.RUNNING)
        for key, worker, attempt, beat in rows.values_list("pk", "worker", "attempts", "beat"):
            lease = Lease(evaluation_id=key, worker_id=worker or 0, attempt=attempt)
            standing = _grown(self._leases.get(lease), beat, step)
            seen[lease] = standing
            if worker in dead or standing.still >= self._lease_s:
                lost += lose(lease=lease, why=WORKER_DIED, detail="the worker died", beat=beat)
        self._leases = seen
        return lost


def _grown(seen: _Seen | None, beat: int, step: float) -> _Seen:
    if seen is None or seen.beat != beat:
        return _Seen(beat, 0.0)
    return _Seen(beat, seen.still + step)
