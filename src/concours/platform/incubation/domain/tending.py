"""What the clock brings to incubations: they begin and end, reports fall due, reviews open."""

from __future__ import annotations

from concours.platform.incubation.domain.incubating import begin_incubations, end_incubations
from concours.platform.incubation.domain.reporting import remind_of_reports
from concours.platform.incubation.domain.reviewing import open_reviews


def tend_incubations() -> int:
    """Do all that is due by the clock; how much was done. Called again it does nothing twice."""
    return end_incubations() + begin_incubations() + remind_of_reports() + open_reviews()
