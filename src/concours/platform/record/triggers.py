"""The database's own refusal to change or drop an event, beside the chain that would show it."""

from __future__ import annotations

from concours.platform.core.append_only import AppendOnly

EVENTS = AppendOnly(table="record_event", name="record", message="the record is append-only")
install, remove = EVENTS.install, EVENTS.remove
