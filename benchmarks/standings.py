"""Standings of a track with 100,000 entries: server time of the first and of any later page.

Makes an installation of its own on SQLite, fills one published snapshot, and times requests through
the whole application (middleware, rules, templates), without the network.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from typing import Any

from rich.console import Console
from rich.table import Table

BATCH = 5_000


def prepare() -> None:
    os.environ["CONCOURS_DATA"] = tempfile.mkdtemp(prefix="concours-bench-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concours.platform.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: int) -> Any:
    """A track with `count` entries and one published snapshot; rows are written in bulk."""
    from django.conf import settings
    from django.db import transaction
    from tests.factories import competitions as make
    from tests.factories.crowds import crowd

    from concours.platform.competitions.enums import PhaseKind
    from concours.platform.core import clock
    from concours.platform.review.enums import RoundState
    from concours.platform.review.models import ReviewRound, Rubric, Standing, StandingSnapshot

    settings.ALLOWED_HOSTS = ["*"]
    with clock.frozen_at(make.day(2023, 2, 1)):
        track = make.advance(make.track(), to=PhaseKind.RESULT)
    moment = make.day(2023, 2, 1)
    with transaction.atomic():
        entries = crowd(track=track, count=count, moment=moment)
        round_ = ReviewRound.objects.create(
            track=track,
            rubric=Rubric.objects.create(slug=f"bench-{count}", title="Bench"),
            state=RoundState.CLOSED,
            reviews_per_entry=5,
            finalists=100,
            opens_at=moment,
            closes_at=make.day(2023, 3, 1),
            planned_at=moment,
            seed_revealed_at=moment,
            seed_commitment="0" * 64,
            seed_secret="0" * 64,
            alias_commitment="0" * 64,
            alias_key="0" * 64,
            entry_count=count,
        )
        snapshot = StandingSnapshot.objects.create(
            round=round_,
            number=1,
            engine="bench",
            method="random-effects",
            selection="exact-dollar-partition",
            impartial=True,
            seed="0" * 64,
            inputs_digest="0" * 64,
            result_digest="0" * 64,
            entry_count=count,
            review_count=5 * count,
            converged=True,
            reliability=0.6,
            components=1,
            computed_at=moment,
            published=True,
            published_at=moment,
        )
        Standing.objects.bulk_create(
            (
                Standing(
                    snapshot=snapshot,
                    position=place,
                    entry=entry,
                    points_milli=100_000 - place % 100_000,
                    estimate=80.0,
                    standard_error=3.0,
                    rank=place,
                    rank_low=max(1, place - 500),
                    rank_high=min(count, place + 500),
                    reviews=5,
                    finalist=place <= 100,
                    duty_fulfilled=True,
                    reason={},
                )
                for place, entry in enumerate(entries, start=1)
            ),
            BATCH,
        )
    return track


def time_requests(addresses: list[str]) -> list[float]:
    """Milliseconds of each request; each must answer 200."""
    from django.test import Client

    client = Client()
    taken = []
    for address in addresses:
        started = time.perf_counter()
        response = client.get(address)
        taken.append((time.perf_counter() - started) * 1_000)
        assert response.status_code == 200, (address, response.status_code)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--requests", type=int, default=500)
    options = parser.parse_args()
    prepare()
    from django.urls import reverse

    table = Table(title="Standings: server time a page, ms")
    for heading in ("entries", "page", "median", "p99", "slowest"):
        table.add_column(heading, justify="right")
    chance = random.Random(1)
    for count in options.entries:
        track = fill(count)
        address = reverse("review:standings", args=[track.season.slug, track.slug])
        time_requests([address] * 20)
        for name, addresses in (
            ("first", [address] * options.requests),
            (
                "any later",
                [
                    f"{address}?cursor={chance.randrange(50, count - 50)}"
                    for _ in range(options.requests)
                ],
            ),
        ):
            taken = sorted(time_requests(addresses))
            table.add_row(
                f"{count:,}",
                name,
                f"{statistics.median(taken):.1f}",
                f"{taken[int(len(taken) * 0.99)]:.1f}",
                f"{taken[-1]:.1f}",
            )
    Console().print(table)


if __name__ == "__main__":
    main()
