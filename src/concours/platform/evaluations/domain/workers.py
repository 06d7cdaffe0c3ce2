"""Workers: coming, living and leaving."""

from __future__ import annotations

import os
import re
import secrets
import socket
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from concours.platform.evaluations.domain.liveness import forget
from concours.platform.evaluations.enums import WorkerState
from concours.platform.evaluations.models import Worker
from concours.platform.record import domain as record

FRESH = timedelta(seconds=30)
KEPT = timedelta(days=7)


def new_name() -> str:
    """A name that no other process has, with the machine's and the process's number in it."""
    host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:60] or "host"
    return f"{host}-{os.getpid()}-{secrets.token_hex(3)}"


@transaction.atomic
def register(*, name: str, slots: int, box: str, note: str = "") -> Worker:
    """Note a worker that begins; `box` names its sandbox, `note` tells staff why it has none."""
    worker = Worker.objects.create(
        name=name, slots=slots, box=box, note=note, started_at=Now(), heartbeat_at=Now()
    )
    worker.refresh_from_db()
    record.append(
        actor=record.System(f"worker:{name}"),
        verb="worker.started",
        subject=f"worker:{name}",
        data={"slots": slots, "box": box},
    )
    return worker


def show_life(*, worker: Worker) -> WorkerState:
    """Count the worker's beat up; the state it is in. One that was taken for gone is back."""
    Worker.objects.filter(pk=worker.pk).update(beat=F("beat") + 1, heartbeat_at=Now())
    Worker.objects.filter(pk=worker.pk, state=WorkerState.GONE).update(state=WorkerState.ACTIVE)
    return WorkerState(Worker.objects.values_list("state", flat=True).get(pk=worker.pk))


def note_worker(*, worker: Worker, note: str) -> None:
    """What staff are to know of a worker that is at work; "" for nothing any more."""
    Worker.objects.filter(pk=worker.pk).update(note=note)


@transaction.atomic
def leave(*, worker: Worker) -> None:
    """Note a worker that ends in order."""
    Worker.objects.filter(pk=worker.pk).update(state=WorkerState.GONE)
    record.append(
        actor=record.System(f"worker:{worker.name}"),
        verb="worker.left",
        subject=f"worker:{worker.name}",
    )


def live_workers() -> QuerySet[Worker]:
    """Workers that take runs: heard of within FRESH by the database's own clock."""
    return Worker.objects.filter(state=WorkerState.ACTIVE, heartbeat_at__gt=Now() - FRESH)


def forget_gone() -> int:
    """Delete workers that are gone for KEPT; how many. For the worker to call every minute."""
    old = Worker.objects.filter(state=WorkerState.GONE, heartbeat_at__lt=Now() - KEPT)
    names = list(old.values_list("name", flat=True))
    for name in names:
        forget(name)
    Worker.objects.filter(name__in=names).delete()
    return len(names)
