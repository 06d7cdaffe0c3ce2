"""Which mentor looks after which project."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.incubation.domain.hindrances import hindrances_of
from concours.platform.incubation.domain.words import needed
from concours.platform.incubation.enums import MentorState
from concours.platform.incubation.models import DeclaredConflict, Mentor, Mentoring
from concours.platform.record import domain as record
from concours.platform.register.enums import OWN, Stage

MENTORED = frozenset({Stage.PREPARATION, Stage.INCUBATING})
"""The stages at which a project has mentors."""


@transaction.atomic
def assign_mentor(*, actor: Any, mentor: Mentor, project: Any) -> Mentoring:
    """Let a mentor look after a project in preparation or incubating.

    Raises Refused for a project at another stage or of another register, a mentor who takes none
    now or has as many as they take, one with a hindrance, and one who looks after it already.
    """
    project, mentor = lock(project), lock(mentor)
    require(actor, "incubation.keep_pool")
    if project.register != OWN or project.stage not in MENTORED:
        raise Refused(
            "wrong-stage", _("Only projects in preparation or incubating here have mentors.")
        )
    if mentor.state != MentorState.ACTIVE or not mentor.user.is_active:
        raise Refused("takes-none", _("This mentor takes no projects now."))
    if load_of(mentor) >= mentor.most_projects:
        raise Refused(
            "load-full",
            _("This mentor has the %(most)d projects that they take at once.")
            % {"most": mentor.most_projects},
        )
    found = hindrances_of(project=project, mentors=[mentor]).get(mentor.pk, [])
    if found:
        raise Refused(
            "hindered",
            _("This mentor must not look after the project: %(why)s.")
            % {"why": "; ".join(str(one.label) for one in found)},
        )
    try:
        with transaction.atomic():
            made = Mentoring.objects.create(mentor=mentor, project=project, assigned_at=clock.now())
    except IntegrityError:
        raise Refused(
            "mentors-already", _("This mentor looks after the project already.")
        ) from None
    _note(actor, "mentor.assigned", made)
    return made


@transaction.atomic
def end_mentoring(*, actor: Any, mentoring: Mentoring, reason: str) -> Mentoring:
    """Take a mentor from a project, or step back from it. What they signed off stays.

    Raises Refused if it has ended, and without a reason.
    """
    mentor = lock(mentoring.mentor)
    mentoring = lock(mentoring)
    require(actor, "incubation.leave_pool", mentor)
    if mentoring.ended_at is not None:
        raise Refused("mentoring-ended", _("This mentor no longer looks after the project."))
    mentoring.ended_at, mentoring.ended_why = clock.now(), needed(reason)
    mentoring.save(update_fields=["ended_at", "ended_why"])
    _note(actor, "mentor.released", mentoring)
    return mentoring


@transaction.atomic
def declare_conflict(*, actor: Any, mentor: Mentor, project: Any, reason: str) -> DeclaredConflict:
    """Say that one should not mentor a project; if one does, that ends now.

    The reason is for who keeps the pool; the record does not hold it.
    """
    mentor = lock(mentor)
    require(actor, "incubation.declare_conflict", mentor)
    reason = needed(reason)
    declared, _made = DeclaredConflict.objects.update_or_create(
        mentor=mentor,
        project=project,
        defaults={"reason": reason, "declared_at": clock.now()},
    )
    ended = list(open_mentorings(mentor).filter(project=project))
    for one in ended:
        one.ended_at = clock.now()
        one.save(update_fields=["ended_at"])
    record.append(
        actor=actor,
        verb="mentor.conflict-declared",
        subject=mentor,
        data={"project": project.slug, "ended": bool(ended)},
    )
    return declared


def open_mentorings(mentor: Mentor) -> Any:
    """The mentor's projects now."""
    return mentor.mentorings.filter(ended_at__isnull=True).select_related("project")


def mentors_of(*, project: Any) -> frozenset[int]:
    """The keys of the people who look after the project now."""
    rows = Mentoring.objects.filter(project=project, ended_at__isnull=True)
    return frozenset(rows.values_list("mentor__user_id", flat=True))


def held_by(*, mentors: Collection[Mentor]) -> dict[int, list[Any]]:
    """{key of each mentor: the projects that they look after now}; one query."""
    rows = Mentoring.objects.filter(mentor__in=mentors, ended_at__isnull=True)
    held: dict[int, list[Any]] = {one.pk: [] for one in mentors}
    for row in rows.select_related("project"):
        held[row.mentor_id].append(row.project)
    return held


def load_in(projects: Iterable[Any]) -> int:
    """How many of somebody's projects count as their load."""
    return sum(one.stage in MENTORED for one in projects)


def load_of(mentor: Mentor) -> int:
    """How many projects the mentor looks after now."""
    return load_in(held_by(mentors=[mentor])[mentor.pk])


def end_all_of(mentor: Mentor) -> list[Mentoring]:
    """End every mentoring of a locked mentor, within the caller's transaction; those that ended."""
    ended = list(open_mentorings(mentor))
    mentor.mentorings.filter(pk__in=[one.pk for one in ended]).update(ended_at=clock.now())
    return ended


def _note(actor: Any, verb: str, mentoring: Mentoring) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=mentoring,
        data={
            "project": mentoring.project.slug,
            "mentor": mentoring.mentor.user.code,
        },
    )
