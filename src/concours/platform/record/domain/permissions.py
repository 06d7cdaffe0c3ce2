"""What other apps ask before they show anything of the record."""

from __future__ import annotations

from concours.platform.record.rules import shown_to, visible_events

__all__ = ["shown_to", "visible_events"]
