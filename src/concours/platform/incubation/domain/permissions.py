"""What other apps ask before they show anything of incubation."""

from __future__ import annotations

from concours.platform.incubation.rules import (
    visible_incubations,
    visible_mentorings,
    visible_mentors,
    visible_reports,
    visible_reviews,
)

__all__ = [
    "visible_incubations",
    "visible_mentorings",
    "visible_mentors",
    "visible_reports",
    "visible_reviews",
]
