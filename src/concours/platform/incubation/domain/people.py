"""What incubation keeps of a person, and what a merge or an erasure means to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.core import clock
from concours.platform.incubation.enums import AWAY, MentorState
from concours.platform.incubation.models import DeclaredConflict, Mentor, Mentoring


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """One person is one mentor."""
    if Mentor.objects.filter(user=first).exists() and Mentor.objects.filter(user=second).exists():
        yield _("Both accounts were invited to the pool of mentors.")


def against_erasing(user: Any) -> Iterator[str]:
    """Projects that rest on the person."""
    rows = Mentoring.objects.filter(mentor__user=user, ended_at__isnull=True)
    for one in rows.select_related("project"):
        yield _("You mentor “%(project)s”: step back first.") % {"project": one.project}


def exported(user: Any) -> Exported:
    mentors = Mentor.objects.filter(user=user)
    mentorings = Mentoring.objects.filter(mentor__user=user).order_by("pk")
    conflicts = DeclaredConflict.objects.filter(mentor__user=user).order_by("pk")
    return Exported(
        data={
            "mentor": list(
                mentors.values(
                    "code",
                    "state",
                    "most_projects",
                    "why",
                    "invited_at",
                    "answered_at",
                    "left_at",
                    "left_why",
                )
            ),
            "mentored": list(
                mentorings.values("project__slug", "assigned_at", "ended_at", "ended_why")
            ),
            "conflicts": list(conflicts.values("project__slug", "reason", "declared_at")),
        }
    )


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """They are out of the pool, and what was confidential of them is gone."""
    rows = Mentor.objects.filter(user=going.user)
    rows.exclude(state__in=AWAY).update(state=MentorState.LEFT, left_at=clock.now())
    rows.update(why="", left_why="")
    Mentoring.objects.filter(mentor__user=going.user).update(ended_why="")
    DeclaredConflict.objects.filter(mentor__user=going.user).update(reason="–")


HOLDING = Holding(
    name="incubation",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
