"""Submissions through the real queue while workers are killed and the database restarts.

python benchmarks/evaluation_queue.py [--submissions 1000] [--workers 3] [--kill-every 4]
    [--minutes 20] [--teams 20]

A PostgreSQL of its own (scripts/setup_postgres.sh), real workers, real boxes, an evaluator of one
case that adds two numbers. Worker processes are killed by SIGKILL at random and started anew; once
the server is stopped hard and started again. At the end every submission must have been scored
once: by its row, by its cases and by the record. Before that, on the idle machine: from asking for
a run to its first case. With --minutes over, it tells how far it came and fails.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
console = Console()


class Server:
    """A PostgreSQL in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def act(self, action: str) -> None:
        subprocess.run([ROOT / "scripts/setup_postgres.sh", action, str(self.folder)], check=True)

    def create(self) -> None:
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user="concours", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute("CREATE DATABASE concours")


class Workers:
    """Worker processes, killed at random."""

    def __init__(self, count: int) -> None:
        self.killed = 0
        self._random = random.Random(1)
        self._processes = [self._start() for _ in range(count)]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "concours", "worker"],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )

    def kill_one(self) -> None:
        """Kill one that lives, and start another in the place of each that is dead."""
        number = self._random.randrange(len(self._processes))
        process = self._processes[number]
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.killed += 1
        self.tend()

    def tend(self) -> None:
        self._processes = [
            process if process.poll() is None else self._start() for process in self._processes
        ]

    def end(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(timeout=60)


def furnish(folder: Path, teams: int) -> list[Any]:
    """A track with an evaluator of one case, and its entries."""
    from tests.factories import competitions as make
    from tests.factories import evaluations as runs

    track = runs.track()
    one_case = runs.evaluator_folder(folder)
    manifest = one_case / "evaluator.toml"
    text = manifest.read_text().replace('cases = ["cases/*"]', 'cases = ["cases/sum1"]')
    manifest.write_text(text)
    from concours.platform.evaluations import domain

    domain.attach_evaluator(actor=make.ACTOR, track=track, folder=one_case)
    return [make.entry(in_track=track) for _ in range(teams)]


def submit(entry: Any, folder: Path) -> Any:
    """A ready submission through the real inspection; its run is asked for by itself."""
    from tests.factories import evaluations as runs

    submission = runs.submission(of=entry, folder=folder)
    return submission.evaluations.get()


def latency(entry: Any, folder: Path) -> float:
    """Seconds from the request that takes a submission in to the end of its first case."""
    from concours.platform.evaluations.models import Evaluation

    begun = time.monotonic()
    run = submit(entry, folder)
    while True:
        row = Evaluation.objects.get(pk=run.pk)
        if row.done or row.log or row.state == "scored":
            return time.monotonic() - begun
        time.sleep(0.02)


def scored() -> int:
    from django.db import Error, connection

    from concours.platform.evaluations.models import Evaluation

    try:
        return Evaluation.objects.filter(state="scored").count()
    except Error:
        connection.close()
        return -1


def count_up(expected: int) -> list[str]:
    """What is wrong: lost, doubled, or otherwise than the record says."""
    from django.db.models import Count

    from concours.platform.evaluations.models import CaseResult, Evaluation
    from concours.platform.record import domain as record
    from concours.platform.record.models import Event

    wrong = []
    states = Evaluation.objects.values_list("state").annotate(n=Count("pk")).order_by()
    if dict(states) != {"scored": expected}:
        wrong.append(f"states are {dict(states)}")
    if CaseResult.objects.count() != expected:
        wrong.append(f"{CaseResult.objects.count()} results of cases")
    events = Event.objects.filter(verb="evaluation.scored")
    if events.count() != expected or events.values("subject").distinct().count() != expected:
        wrong.append(f"{events.count()} events of scores")
    bad = [row.code for row in Evaluation.objects.all() if row.values.get("right") != 1.0]
    if bad:
        wrong.append(f"{len(bad)} with another score")
    if record.verify().faults:
        wrong.append("the record does not verify")
    return wrong


def play(options: argparse.Namespace, server: Server, folder: Path) -> bool:
    from tests.factories.competitions import day

    from concours.platform.core import clock

    with clock.frozen_at(day(2023, 2, 1)):
        entries = furnish(folder, options.teams)
        workers = Workers(1)
        for _ in range(3):
            waits = latency(entries[0], folder)
        table = Table("figure", "value")
        table.add_row("from submitting to the first case done, idle, warm", f"{waits:.1f} s")
        workers.end()
        done = scored()
        for number in range(done, options.submissions):
            with clock.frozen_at(day(2023, 2, 1 + number // (25 * len(entries)))):
                submit(entries[number % len(entries)], folder)
    workers = Workers(options.workers)
    begun = time.monotonic()
    restarted = False
    while (done := scored()) < options.submissions:
        if time.monotonic() - begun > options.minutes * 60:
            break
        time.sleep(options.kill_every)
        workers.kill_one()
        if not restarted and done > options.submissions // 3:
            server.act("stop")
            time.sleep(3)
            server.act("start")
            restarted = True
        console.print(f"{time.monotonic() - begun:6.0f} s: {done} scored", highlight=False)
    seconds = time.monotonic() - begun
    workers.end()
    table.add_row("submissions scored", f"{done} of {options.submissions}")
    table.add_row("in", f"{seconds:.0f} s with {options.workers} workers")
    table.add_row("workers killed", str(workers.killed))
    table.add_row("database restarted", "once" if restarted else "never")
    wrong = count_up(options.submissions)
    table.add_row("lost or doubled", "; ".join(wrong) or "none")
    console.print(table)
    return not wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kill-every", type=float, default=4.0)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--teams", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="concours-queue-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Server(folder / "postgres")
        server.act("start")
        try:
            server.create()
            settings = folder / "concours.toml"
            settings.write_text(
                f'data_dir = "{folder / "data"}"\n[database]\nname = "concours"\n'
                f'user = "concours"\nhost = "{server.folder}"\n'
            )
            os.environ["CONCOURS_CONFIG"] = str(settings)
            os.environ["DJANGO_SETTINGS_MODULE"] = "concours.platform.settings"
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            fine = play(options, server, folder)
        finally:
            server.act("stop")
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
