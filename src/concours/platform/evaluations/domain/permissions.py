"""What other apps ask before they show anything of evaluations."""

from __future__ import annotations

from concours.platform.evaluations.rules import visible_evaluations

__all__ = ["visible_evaluations"]
