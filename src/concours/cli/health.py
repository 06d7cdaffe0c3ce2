"""Figures of health on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from concours.cli.console import console
from concours.contribution import Health

BARS = "▁▂▃▄▅▆▇█"
SHOWN_MONTHS = 36


def show_health(health: Health, *, name: str) -> None:
    """A table of the figures, and commits a month as a line of bars."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for label, value in _rows(health):
        table.add_row(label, escape(str(value)))
    console.print(f"{name}, {health.at:%Y-%m-%d}", markup=False, highlight=False)
    console.print(table, highlight=False)
    months = health.months[-SHOWN_MONTHS:]
    if months:
        line = spark([one.commits for one in months])
        span = f"{months[0].month} to {months[-1].month}"
        console.print(f"commits a month, {span}\n{line}", markup=False, highlight=False)


def spark(numbers: Sequence[int]) -> str:
    """A character for each number, by its share of the largest; a space for nothing."""
    most = max(numbers, default=0)
    return "".join(
        " " if number <= 0 else BARS[min(len(BARS) * number // most, len(BARS) - 1)]
        for number in numbers
    )


def _rows(health: Health) -> list[tuple[str, object]]:
    stayed = f"{health.retention.stayed} of {health.retention.newcomers}"
    left_out = f"{health.merges} merges, {health.bots} of machines, {health.left_out} undated"
    named = ", ".join(f"{one.domain} ({one.authors})" for one in health.named)
    return [
        ("commits", health.commits),
        ("authors", health.authors),
        ("authors in 90 days", health.active_90),
        ("authors in a year", health.active_365),
        ("people with half of a year’s commits", health.absence_factor),
        ("newcomers who stayed", stayed),
        ("organisations in a year", f"{health.organisations} {named}".strip()),
        ("days since the last commit", _age(health.days_since_commit)),
        ("releases", f"{health.releases}, {health.releases_365} in a year"),
        ("days since the last release", _age(health.days_since_release)),
        ("left out", left_out),
    ]


def _age(days: int | None) -> object:
    return "–" if days is None else days
