"""Locks in one order, track before entry, so that nobody acts on a phase that has just passed."""

from __future__ import annotations

from concours.platform.competitions.models import Entry
from concours.platform.core.locking import lock


def lock_entry(entry: Entry) -> Entry:
    """`entry` and its track as they are stored now, both locked until the transaction ends.

    The organiser who advances the track waits for it, or it for them.
    """
    track = lock(entry.track)
    entry = lock(entry)
    entry.track = track
    return entry
