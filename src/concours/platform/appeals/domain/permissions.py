"""What other apps ask before they show anything of appeals."""

from __future__ import annotations

from concours.platform.appeals.rules import readable_appeals, visible_change_sets

__all__ = ["readable_appeals", "visible_change_sets"]
