"""Reading the record page by page, and the chain of digests alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from concours.platform.record.domain.acting import name_of
from concours.platform.record.models import Event

CHUNK = 5_000
_NEWEST = (
    f"(SELECT digest FROM {Event._meta.db_table} WHERE season = %s AND verb = %s"  # noqa: S608
    " ORDER BY seq DESC LIMIT 1)"
)


@dataclass(frozen=True)
class EventPage:
    """Events, newest first. `older` and `newer` are cursors, None where there is nothing."""

    items: list[Event]
    older: int | None
    newer: int | None


def page_before(events: QuerySet[Event], *, before: int | None = None, size: int = 50) -> EventPage:
    """The `size` newest of `events` whose number is below `before`; by index, O(size)."""
    earlier = events if before is None else events.filter(seq__lt=before)
    rows = list(earlier.order_by("-seq")[: size + 1])
    items = rows[:size]
    newer = None
    if before is not None:
        following = list(
            events.filter(seq__gte=before).order_by("seq").values_list("seq", flat=True)[:size]
        )
        newer = following[-1] + 1 if following else None
    return EventPage(items=items, older=items[-1].seq if len(rows) > size else None, newer=newer)


def after(*, seq: int, size: int, season: str = "") -> list[Event]:
    """The first `size` events whose number is above `seq`, of one season where it is named."""
    rows = Event.objects.filter(seq__gt=seq)
    if season:
        rows = rows.filter(season=season)
    return list(rows.order_by("seq")[:size])


def of_verbs(*, season: str, verbs: Collection[str], most: int = 500) -> list[Event]:
    """The newest events of a season with any of those verbs, the newest first; by index."""
    rows = Event.objects.filter(season=season, verb__in=list(verbs))
    return list(rows.order_by("-seq")[:most])


def state_of(*, verbs: Collection[str], season: str = "") -> str:
    """The digests of the newest event of each of `verbs`: after any further one it differs.

    One statement of an index entry a verb; `verbs` in an order that stays the same.
    """
    # Pages ask it each time, and building the statement anew took longer than running it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join([_NEWEST] * len(verbs)),
            [part for verb in verbs for part in (season, verb)],
        )
        row: tuple[str | None, ...] = cursor.fetchone()
    return ",".join(digest or "" for digest in row)


def of_subjects(*, subjects: Collection[str], verbs: Collection[str]) -> dict[str, list[Event]]:
    """{subject: its events with any of those verbs, the oldest first}; by index, one query."""
    found: dict[str, list[Event]] = {}
    rows = Event.objects.filter(subject__in=list(subjects), verb__in=list(verbs))
    for row in rows.order_by("seq"):
        found.setdefault(row.subject, []).append(row)
    return found


def latest(*, season: str = "") -> Event | None:
    """The last event of a season, or of all."""
    rows = Event.objects.filter(season=season) if season else Event.objects.all()
    return rows.order_by("-seq").first()


def actors_of(*, subject: str, verbs: Collection[str]) -> frozenset[str]:
    """Who did any of `verbs` to `subject`, as the record names them ("user:code")."""
    rows = Event.objects.filter(subject=subject, verb__in=list(verbs)).order_by()
    return frozenset(rows.values_list("actor", flat=True))


def acts_of(*, actor: Any) -> Iterator[dict[str, Any]]:
    """What `actor` did, for themselves: when, through which face, what, and the event's digest."""
    rows = Event.objects.filter(actor=name_of(actor)).order_by("seq")
    for row in rows.values("seq", "at", "via", "verb", "digest").iterator(chunk_size=CHUNK):
        yield dict(row)


def digest_lines() -> Iterator[str]:
    """A line "<number> <digest>" for every event in order: enough to hold us to the chain."""
    rows = Event.objects.order_by("seq").values_list("seq", "digest")
    for seq, digest in rows.iterator(chunk_size=CHUNK):
        yield f"{seq} {digest}\n"
