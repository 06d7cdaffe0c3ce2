"""Locks in one order, track before entry, so that nobody acts on a phase that has just passed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from concours.platform.competitions.models import Entry
from concours.platform.core.locking import lock


def lock_entries(*, track: Any, keys: Collection[int]) -> None:
    """Lock a track and those of its entries, in the order of their keys."""
    lock(track)
    rows = Entry.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=keys).order_by("pk"))


def lock_entry(entry: Entry) -> Entry:
    """`entry` and its track as they are stored now, both locked until the transaction ends.

    The organiser who advances the track waits for it, or it for them.
    """
    track = lock(entry.track)
    entry = lock(entry)
    entry.track = track
    return entry
