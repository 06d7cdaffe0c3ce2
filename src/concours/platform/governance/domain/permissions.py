"""What other apps ask before they show anything of governance."""

from __future__ import annotations

from concours.platform.governance.rules import visible_reviews, visible_votes

__all__ = ["visible_reviews", "visible_votes"]
