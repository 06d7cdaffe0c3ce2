"""Counters of requests, shared by the server's processes, and figures read when they are asked for.

Labels are names of views, classes of status and names of our own: nothing a request brought.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from concours.platform.operating import beats

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds. 0.3 is the bound that is promised."""


class Instruments(NamedTuple):
    requests: Any
    seconds: Any


def share_in(folder: Path) -> None:
    """Have this process and its children count together, from nothing.

    Before the first request: the client library looks once.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ[VARIABLE] = str(folder)


_making = Lock()
"""The first requests come on several threads at once, and a name can be taken only once."""


def _instruments() -> Instruments:
    with _making:
        return _made_once()


@cache
def _made_once() -> Instruments:
    from prometheus_client import Counter, Histogram

    return Instruments(
        Counter("concours_requests", "Requests by view and class of status.", ["view", "status"]),
        Histogram("concours_request_seconds", "Seconds in the server.", ["view"], buckets=BUCKETS),
    )


def observe(*, view: str, status: int, seconds: float) -> None:
    """Count a request that took `seconds`."""
    found = _instruments()
    found.requests.labels(view, f"{status // 100}xx").inc()
    found.seconds.labels(view).observe(seconds)


def exposition() -> bytes:
    """Everything, in Prometheus' text format."""
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    _instruments()
    own = CollectorRegistry()
    own.register(_Figures())
    if VARIABLE not in os.environ:
        return generate_latest(REGISTRY) + generate_latest(own)
    MultiProcessCollector(own)  # type: ignore[no-untyped-call]
    return generate_latest(own)


class _Figures:
    """What the database and the worker's notes say now."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        from concours.platform.evaluations.domain.queries import open_counts
        from concours.platform.evaluations.domain.workers import live_workers
        from concours.platform.operating.mails import waiting_mails, waiting_tasks
        from concours.platform.record.domain import head

        runs = GaugeMetricFamily(
            "concours_evaluations", "Runs that wait or are made.", labels=["state"]
        )
        for state, count in sorted(open_counts().items()):
            runs.add_metric([state], count)
        yield runs
        for name, words, value in (
            ("concours_evaluation_workers", "Workers whose beat is fresh.", live_workers().count()),
            ("concours_tasks_waiting", "Tasks that wait for the worker.", waiting_tasks()),
            ("concours_mails_waiting", "Mails among them.", waiting_mails()),
            ("concours_record_events", "The record's height.", head()[0]),
        ):
            yield GaugeMetricFamily(name, words, value=value)
        done = GaugeMetricFamily(
            "concours_worker_last_success_timestamp_seconds",
            "When the worker last came through, by chore.",
            labels=["chore"],
        )
        for name, moment in sorted(beats.read().items()):
            done.add_metric([name], moment)
        yield done
