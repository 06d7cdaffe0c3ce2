"""Reading the record back: verification and export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from concours.platform.record import chain
from concours.platform.record.models import ChainHead, Event
from concours.platform.record.report import Report, verify_lines

__all__ = ["Report", "export_lines", "head", "iterate", "last_moment", "verify", "verify_lines"]

CHUNK = 5_000
_SELECT_HEAD = f"SELECT count, digest FROM {ChainHead._meta.db_table} WHERE id = 1"  # noqa: S608


def head() -> tuple[int, str]:
    """(number of events, digest of the last) as the chain's keeper holds them."""
    # Every page shows it, and building the statement anew took longer than running it.
    with connection.cursor() as cursor:
        cursor.execute(_SELECT_HEAD)
        row: tuple[int, str] | None = cursor.fetchone()
    return row or (0, chain.GENESIS)


def last_moment() -> datetime | None:
    """When the last event was, by the wall clock or the rehearsal's; None in an empty record."""
    return Event.objects.order_by("-seq").values_list("at", flat=True).first()


@transaction.atomic
def verify(
    *, expected_head: str | None = None, progress: Callable[[int], None] | None = None
) -> Report:
    """Recompute the whole chain; O(events) time and constant memory.

    `expected_head` is a digest noted elsewhere (printed, published): it must be in the chain, which
    catches a chain that was rewritten from some point on together with its head.
    """
    count, digest = head()
    seen = expected_head is None or expected_head == chain.GENESIS

    def events() -> Iterator[chain.EventData]:
        nonlocal seen
        for number, event in enumerate(iterate(), start=1):
            seen = seen or event.digest == expected_head
            if progress is not None and number % CHUNK == 0:
                progress(number)
            yield event

    found = list(islice(chain.faults(events(), count=count, head=digest), 100))
    if not seen and len(found) < 100:
        found.append(chain.Fault(count, f"the noted digest {expected_head} is not in the chain"))
    return Report(count=count, head=digest, faults=tuple(found))


def iterate(*, season: str | None = None) -> Iterator[chain.EventData]:
    """All events in order, or one season's."""
    rows = Event.objects.order_by("seq")
    if season is not None:
        rows = rows.filter(season=season)
    for row in rows.iterator(chunk_size=CHUNK):
        yield row.as_data()


def export_lines() -> Iterator[str]:
    """The record as JSON lines, each with its newline."""
    for event in iterate():
        yield chain.to_line(event) + "\n"
