"""Who may see and do what in the incubation of projects."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import is_organiser
from concours.platform.incubation.enums import IN_POOL
from concours.platform.incubation.models import DeclaredConflict, Mentor, Mentoring


@rules.predicate
def organises_all(user: Any, subject: Any) -> bool:
    """Incubation is the foundation's, not a season's."""
    return is_organiser(user, None)


@rules.predicate
def is_mentor(user: Any, mentor: Mentor) -> bool:
    return bool(user.pk is not None and user.is_active and mentor.user_id == user.pk)


rules.add_perm("incubation.keep_pool", organises_all)
rules.add_perm("incubation.answer_invitation", is_mentor)
rules.add_perm("incubation.set_terms", is_mentor)
rules.add_perm("incubation.leave_pool", is_mentor | organises_all)
rules.add_perm("incubation.declare_conflict", is_mentor)


def visible_mentors(user: Any) -> QuerySet[Mentor]:
    """Those in the pool, who agreed to be named; invitations for staff and who is invited."""
    rows = Mentor.objects.all()
    if is_organiser(user, None):
        return rows
    named = Q(state__in=IN_POOL)
    return rows.filter(named | Q(user_id=user.pk) if user.pk is not None else named)


def visible_mentorings(user: Any) -> QuerySet[Mentoring]:
    """All of them: who looks after a project is public."""
    return Mentoring.objects.all()


def visible_conflicts(user: Any) -> QuerySet[DeclaredConflict]:
    """One's own; all of them for staff."""
    if is_organiser(user, None):
        return DeclaredConflict.objects.all()
    if user.pk is None:
        return DeclaredConflict.objects.none()
    return DeclaredConflict.objects.filter(mentor__user_id=user.pk)
