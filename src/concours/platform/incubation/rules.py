"""Who may see and do what in the incubation of projects."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import is_organiser
from concours.platform.criteria.domain import maintainers_of
from concours.platform.governance.domain import sits_in
from concours.platform.incubation.enums import IN_POOL
from concours.platform.incubation.models import (
    AnnualReview,
    DeclaredConflict,
    HealthReport,
    Incubation,
    Mentor,
    Mentoring,
    PeriodicReport,
    ProgrammeVersion,
)
from concours.platform.incubation.programme import read_programme


@rules.predicate
def organises_all(user: Any, subject: Any) -> bool:
    """Incubation is the foundation's, not a season's."""
    return is_organiser(user, None)


@rules.predicate
def is_mentor(user: Any, mentor: Mentor) -> bool:
    return bool(user.pk is not None and user.is_active and mentor.user_id == user.pk)


@rules.predicate
def maintains(user: Any, project: Any) -> bool:
    return bool(
        user.pk is not None and user.is_active and user.pk in maintainers_of(project=project)
    )


@rules.predicate
def mentors(user: Any, project: Any) -> bool:
    """Whether the user looks after the project now."""
    if user.pk is None or not user.is_active:
        return False
    rows = Mentoring.objects.filter(project=project, mentor__user_id=user.pk)
    return rows.filter(ended_at__isnull=True).exists()


@rules.predicate
def maintains_reviewed(user: Any, review: AnnualReview) -> bool:
    return bool(maintains(user, review.project))


@rules.predicate
def is_of_committee(user: Any, review: AnnualReview) -> bool:
    """Whether the user sits in the body that the programme names for reviews."""
    body = read_programme(review.incubation.programme.text).reviews.body
    return bool(body) and sits_in(user=user, body=body)


rules.add_perm("incubation.adopt_programme", organises_all)
rules.add_perm("incubation.watch", organises_all)
rules.add_perm("incubation.maintain", maintains)
rules.add_perm("incubation.mentor", mentors)
rules.add_perm("incubation.add_health", organises_all | maintains)
# Nobody decides about a project of their own.
rules.add_perm("incubation.decide_review", (organises_all | is_of_committee) & ~maintains_reviewed)
rules.add_perm("incubation.archive", organises_all & ~maintains)
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


def visible_incubations(user: Any) -> QuerySet[Incubation]:
    """All: how a project is looked after, and what it plans, is public."""
    return Incubation.objects.all()


def visible_programmes(user: Any) -> QuerySet[ProgrammeVersion]:
    """All: what a foundation asks of its projects is public."""
    return ProgrammeVersion.objects.all()


def visible_reports(user: Any) -> QuerySet[PeriodicReport]:
    """All: reports are written for everybody."""
    return PeriodicReport.objects.all()


def visible_reviews(user: Any) -> QuerySet[AnnualReview]:
    return AnnualReview.objects.all()


def visible_health(user: Any) -> QuerySet[HealthReport]:
    """All: they are made of a public history, and name nobody."""
    return HealthReport.objects.all()
