"""A leaderboard with 100,000 scores: server time of its first page, and how long until a new score
is visible on it.

Makes an installation of its own, on SQLite and, where CONCOURS_TEST_PGHOST names a server, on
PostgreSQL, in a database of its own. Entries and runs are written in bulk; the board is then made,
and each new score taken in, by the platform's own functions. Requests go through the whole
application (middleware, rules, templates), without the network.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

BATCH = 5_000


def prepare(database: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="concours-bench-"))
    os.environ["CONCOURS_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "concours.platform.settings"
    if database == "postgresql":
        config = folder / "concours.toml"
        config.write_text(
            f'data_dir = "{folder}"\n[database]\nname = "concours_bench"\n'
            f'user = "{os.environ.get("CONCOURS_TEST_PGUSER", "concours")}"\n'
            f'host = "{os.environ["CONCOURS_TEST_PGHOST"]}"\n'
            f'port = "{os.environ.get("CONCOURS_TEST_PGPORT", "5432")}"\n'
        )
        os.environ["CONCOURS_CONFIG"] = str(config)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    if database == "postgresql":
        _fresh_database()
    call_command("migrate", verbosity=0)


def _fresh_database() -> None:
    import psycopg
    from django.db import connection

    given = connection.settings_dict
    where = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as control:
        control.execute("DROP DATABASE IF EXISTS concours_bench")
        control.execute("CREATE DATABASE concours_bench")


def fill(count: int) -> Any:
    """A track with `count` entries, each with a scored run, and its board; (board, entries)."""
    from django.db import transaction
    from tests.factories import boards, competitions
    from tests.factories import evaluations as runs
    from tests.factories.crowds import crowd

    from concours.platform.competitions.models import Submission
    from concours.platform.core import clock
    from concours.platform.evaluations.domain.fairness import account_of
    from concours.platform.evaluations.models import Evaluation
    from concours.platform.leaderboards import domain

    moment = boards.SPRING
    chance = random.Random(1)
    with clock.frozen_at(moment):
        track = runs.track(title=f"{count} entries")
        evaluator = runs.evaluator(of=track, folder=Path(tempfile.mkdtemp()))
    with transaction.atomic():
        entries = crowd(track=track, count=count, moment=moment)
        submissions = Submission.objects.bulk_create(
            (
                Submission(
                    entry=entry,
                    number=1,
                    kind="archive",
                    state="ready",
                    file="bench",
                    digest="d" * 64,
                    submitted_by_id=entry.entered_by_id,
                    submitted_at=moment,
                )
                for entry in entries
            ),
            BATCH,
        )
        account = account_of(None)
        Evaluation.objects.bulk_create(
            (_run(one, evaluator, account, moment, chance) for one in submissions), BATCH
        )
    started = time.perf_counter()
    board = domain.create_board(actor=competitions.ACTOR, track=track, split="practice")
    return board, submissions, time.perf_counter() - started


def _run(submission: Any, evaluator: Any, account: Any, moment: Any, chance: Any) -> Any:
    from concours.platform.evaluations.models import Evaluation

    right = round(chance.gauss(60, 15), 3)
    return Evaluation(
        submission=submission,
        evaluator=evaluator,
        account=account,
        split="practice",
        state="scored",
        seed=1,
        values={"right": right, "margin": 1.0},
        intervals={"right": [right - 3, right + 3]},
        digest="e" * 64,
        queued_at=moment,
        finished_at=moment,
    )


def visible_after(board: Any, submissions: list[Any], *, times: int) -> list[float]:
    """Seconds from the end of a run (its commit) until its score is in the board's page.

    One after the other, and each time a page is asked for until it shows the score.
    """
    from django.test import Client
    from django.urls import reverse

    from concours.platform.core import clock
    from concours.platform.evaluations.domain import on_finished
    from concours.platform.evaluations.models import Evaluation
    from concours.platform.leaderboards import domain

    track = board.track
    address = reverse("leaderboards:board", args=[track.season.slug, track.slug, "practice"])
    client, chance, taken = Client(), random.Random(2), []
    first = Evaluation.objects.filter(submission=submissions[0]).get()
    for number in range(times):
        best = 1_000.0 + number
        run = _run(chance.choice(submissions), first.evaluator, first.account, clock.now(), chance)
        run.values = {"right": best, "margin": 1.0}
        run.save()
        started = time.perf_counter()
        for tell in on_finished:
            tell(run.pk)
        while f"{best:,.0f}" not in client.get(address).content.decode():
            time.sleep(0.02)
            domain.refresh_due()
        taken.append(time.perf_counter() - started)
        time.sleep(chance.random() * 0.5)
    return sorted(taken)


def time_requests(addresses: list[str]) -> list[float]:
    """Milliseconds of each request; each must answer 200."""
    from django.test import Client

    client, taken = Client(), []
    for address in addresses:
        started = time.perf_counter()
        response = client.get(address)
        taken.append((time.perf_counter() - started) * 1_000)
        assert response.status_code == 200, (address, response.status_code)
    return sorted(taken)


def measure(database: str, counts: list[int], requests: int, scores: int) -> None:
    prepare(database)
    from django.urls import reverse

    table = Table(title=f"Leaderboard on {database}: server time a page (ms), new score (s)")
    for heading in ("scores", "what", "median", "p99", "slowest"):
        table.add_column(heading, justify="right")
    chance = random.Random(1)
    for count in counts:
        board, submissions, seconds = fill(count)
        track = board.track
        address = reverse("leaderboards:board", args=[track.season.slug, track.slug, "practice"])
        time_requests([address] * 20)
        later = [f"{address}?cursor={chance.randrange(50, count - 50)}" for _ in range(requests)]
        rows = [
            ("first page", time_requests([address] * requests), "{:.1f}"),
            ("any later page", time_requests(later), "{:.1f}"),
            ("search", time_requests([f"{address}?q=Team+77"] * 20), "{:.1f}"),
            (
                "new score visible",
                visible_after(board, submissions, times=scores),
                "{:.2f}",
            ),
        ]
        for name, taken, form in rows:
            figures = (statistics.median(taken), taken[int(len(taken) * 0.99)], taken[-1])
            table.add_row(f"{count:,}", name, *(form.format(figure) for figure in figures))
        table.add_row(f"{count:,}", "computed anew, s", f"{seconds:.1f}", "", "")
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", type=int, nargs="*", default=[1_000, 100_000])
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--new-scores", type=int, default=30)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    if options.database:
        measure(options.database, options.scores, options.requests, options.new_scores)
        return
    there = ["sqlite", *(["postgresql"] if "CONCOURS_TEST_PGHOST" in os.environ else [])]
    for database in there:
        # A process each: settings are read once.
        subprocess.run(
            [sys.executable, __file__, *sys.argv[1:], "--database", database], check=True
        )


if __name__ == "__main__":
    main()
