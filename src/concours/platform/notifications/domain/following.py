"""Telling of what is recorded."""

from __future__ import annotations

from concours.platform.notifications.domain.telling import tell_event
from concours.platform.record import domain as record

NAME = "notifications"


def follow() -> int:
    """Tell of all events since the last call, each once; returns how many were read."""
    return record.follow(name=NAME, act=tell_event)
