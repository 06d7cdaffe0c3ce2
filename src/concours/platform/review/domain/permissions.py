"""What other apps ask before they show anything of peer review."""

from __future__ import annotations

from concours.platform.review.rules import visible_assignments, written_assignments

__all__ = ["visible_assignments", "written_assignments"]
