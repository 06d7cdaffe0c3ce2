"""What other apps ask before they show anything of donations."""

from __future__ import annotations

from concours.platform.donations.rules import visible_donations

__all__ = ["visible_donations"]
