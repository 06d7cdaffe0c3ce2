"""The incubation of projects, made through the domain functions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from concours.platform.core.actors import System
from concours.platform.incubation import domain
from concours.platform.incubation.models import Mentor, Mentoring
from tests.factories import register
from tests.factories.people import person

ACTOR = System("tests")
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def invitation(*, user: Any = None, **fields: Any) -> Mentor:
    return domain.invite_mentor(actor=ACTOR, person=user or person(), **fields)


def mentor(*, user: Any = None, most_projects: int = 3, **fields: Any) -> Mentor:
    """Somebody in the pool."""
    made = invitation(user=user, **fields)
    return domain.answer_invitation(
        actor=made.user, mentor=made, accepts=True, most_projects=most_projects
    )


def mentoring(*, of: Any = None, by: Mentor | None = None) -> Mentoring:
    return domain.assign_mentor(
        actor=ACTOR,
        mentor=by or mentor(),
        project=of or register.project(stage="incubating"),
    )
