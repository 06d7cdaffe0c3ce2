"""A register with 10,000 projects: server time of its pages, and of taking it in.

Makes an installation of its own, on SQLite and, where CONCOURS_TEST_PGHOST names a server, on
PostgreSQL, in a database of its own. The projects come in by the platform's own import. Requests go
through the whole application (middleware, rules, templates), without the network. Processor time
stands beside the time by the clock, for machines that do other things too.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from typing import Any

from benchmarks.leaderboards import prepare
from rich.console import Console
from rich.table import Table

AREAS = 20
DONORS = 200
WORDS = "kernel storage cloud browser font chip chain robot model sensor queue graph".split()


def history(number: int, chance: random.Random) -> Any:
    from concours.platform.register.reading import History, Step

    day = date(2015, 1, 1) + timedelta(days=chance.randrange(3_500))
    steps = []
    for stage in ("candidate", "preparation", "incubating", "graduated")[: chance.randint(1, 4)]:
        steps.append(Step(stage=stage, on=day))
        day += timedelta(days=chance.randrange(30, 900))
    if chance.random() < 0.1:
        steps.append(Step(stage="archived", on=day))
    about = " ".join(chance.choices(WORDS, k=30))
    return History(
        slug=f"project-{number}",
        name=f"Project {number}",
        steps=tuple(steps),
        digest="d" * 64,
        summary=f"What number {number} does: {about}.",
        homepage=f"https://example.org/{number}",
        area=f"Area {chance.randrange(AREAS)}",
    )


def fill(count: int) -> float:
    """Take `count` projects in, and give each a donor or two; seconds of the taking in."""
    from concours.platform.core.actors import System
    from concours.platform.register import domain
    from concours.platform.register.models import Donation, Donor, Project

    chance = random.Random(1)
    actor = System("bench")
    made = [history(number, chance) for number in range(count)]
    started = time.perf_counter()
    domain.import_histories(actor=actor, projects=made)
    seconds = time.perf_counter() - started
    plans = [domain.DonorPlan(slug=f"donor-{n}", name=f"Donor {n}") for n in range(DONORS)]
    domain.import_register(actor=actor, donors=plans)
    donors = list(Donor.objects.values_list("pk", flat=True))
    rows = [
        Donation(project_id=project, donor_id=donor, position=position)
        for project in Project.objects.values_list("pk", flat=True)
        for position, donor in enumerate(chance.sample(donors, chance.randint(1, 2)), start=1)
    ]
    Donation.objects.bulk_create(rows, batch_size=5_000)
    return seconds


def time_requests(addresses: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each request by the clock and of the processor, sorted."""
    from django.test import Client

    client, clock, processor = Client(), [], []
    for address in addresses:
        started, begun = time.perf_counter(), time.process_time()
        response = client.get(address)
        processor.append((time.process_time() - begun) * 1_000)
        clock.append((time.perf_counter() - started) * 1_000)
        assert response.status_code == 200, (address, response.status_code)
    return sorted(clock), sorted(processor)


def pages(count: int, requests: int) -> dict[str, list[str]]:
    """What is measured, and the addresses of it."""
    chance = random.Random(2)

    def some(form: str, most: int) -> list[str]:
        return ["/projects/" + form.format(chance.randrange(most)) for _ in range(requests)]

    return {
        "list, first page": ["/projects/"] * requests,
        "list, any later page": some("?cursor={}", count),
        "by area": some("?area=area-{}", AREAS),
        "by stage and year": some("?stage=incubating&year=201{}", 10),
        "by donor": some("?donor=donor-{}", DONORS),
        "search, one found": some("?q=project-{}", count),
        "search, many found": ["/projects/?q=kernel+storage"] * requests,
        "search, none found": ["/projects/?q=nothing+like+it"] * requests,
        "a project": some("project-{}/", count),
        "figures": ["/projects/figures/"] * requests,
    }


def measure(database: str, count: int, requests: int) -> None:
    prepare(database)
    seconds = fill(count)
    table = Table(title=f"Register on {database}, {count:,} projects: server time, ms")
    for heading in ("page", "median", "p99", "slowest", "processor, median", "processor, p99"):
        table.add_column(heading, justify="right")
    time_requests(["/projects/"] * 20)
    first, _cost = time_requests(["/projects/figures/"])
    for name, addresses in pages(count, requests).items():
        clock, cost = time_requests(addresses)
        figures = [
            statistics.median(clock), clock[int(len(clock) * 0.99)], clock[-1],
            statistics.median(cost), cost[int(len(cost) * 0.99)],
        ]  # fmt: skip
        table.add_row(name, *(f"{figure:.1f}" for figure in figures))
    table.add_row("figures after a change, once", f"{first[0]:.0f}", "", "", "", "")
    table.add_row("taking them in, s", f"{seconds:.1f}", "", "", "", "")
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    if options.database:
        measure(options.database, options.projects, options.requests)
        return
    there = ["sqlite", *(["postgresql"] if "CONCOURS_TEST_PGHOST" in os.environ else [])]
    for database in there:
        # A process each: settings are read once.
        subprocess.run(
            [sys.executable, __file__, *sys.argv[1:], "--database", database], check=True
        )


if __name__ == "__main__":
    main()
