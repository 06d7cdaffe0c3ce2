"""What other apps ask before they show anything of incubation."""

from __future__ import annotations

from concours.platform.incubation.rules import visible_mentorings, visible_mentors

__all__ = ["visible_mentorings", "visible_mentors"]
