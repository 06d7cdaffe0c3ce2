"""Incubations begin and end with the register's stages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.incubation.domain.mentoring import MENTORED
from concours.platform.incubation.domain.programmes import programme_in_force
from concours.platform.incubation.enums import MilestoneState, ReviewState
from concours.platform.incubation.models import Incubation, Mentoring, ProgrammeVersion
from concours.platform.record import domain as record
from concours.platform.register import domain as register
from concours.platform.register.enums import Stage

CLOCK = System("incubation")


def incubation_of(*, project: Any) -> Incubation | None:
    """The project's incubation that goes on; None where there is none.

    It is over with the project's stage, also where the clock has not noted that yet.
    """
    rows = Incubation.objects.filter(
        project=project, ended_on__isnull=True, project__stage=Stage.INCUBATING
    )
    return rows.select_related("project", "programme").first()


def open_incubation(incubation: Incubation) -> Incubation:
    """The incubation as it is now, its project and itself locked.

    Raises Refused once it is over, also where the clock has not noted that yet.
    """
    project = lock(incubation.project)
    found = lock(incubation)
    found.project = project
    if found.ended_on is not None or project.stage != Stage.INCUBATING:
        raise Refused("incubation-over", _("The incubation of this project is over."))
    return found


def begin_incubations() -> int:
    """Begin the incubation of every project that stands at that stage; how many began."""
    programme = programme_in_force()
    if programme is None:
        return 0
    going = set(
        Incubation.objects.filter(ended_on__isnull=True).values_list("project_id", flat=True)
    )
    waiting = [
        one for one in register.standing_at(stage=Stage.INCUBATING.value) if one.pk not in going
    ]
    return sum(_begin(one, programme) for one in waiting)


def end_incubations() -> int:
    """End those whose project has gone on, and mentorings of projects past them; how many."""
    over = Incubation.objects.filter(ended_on__isnull=True).exclude(project__stage=Stage.INCUBATING)
    ended = sum(_end(one) for one in over.select_related("project"))
    gone = Mentoring.objects.filter(ended_at__isnull=True).exclude(project__stage__in=MENTORED)
    return ended + sum(_release(one) for one in gone)


@transaction.atomic
def _begin(project: Any, programme: ProgrammeVersion) -> int:
    project = lock(project)
    if project.stage != Stage.INCUBATING:
        return 0
    adopted = programme.adopted_at.date()
    began = _entered(project) or adopted
    try:
        with transaction.atomic():
            made = Incubation.objects.create(
                project=project,
                programme=programme,
                began_on=began,
                owed_from=max(began, adopted),
            )
    except IntegrityError:
        return 0
    record.append(
        actor=CLOCK,
        verb="incubation.begun",
        subject=made,
        data={
            "project": project.slug,
            "began_on": began.isoformat(),
            "owed_from": made.owed_from.isoformat(),
            "programme": programme.digest,
        },
    )
    return 1


@transaction.atomic
def _end(incubation: Incubation) -> int:
    """Milestones and a review that are open end with it; reports are owed no longer."""
    project = lock(incubation.project)
    found = lock(incubation)
    if found.ended_on is not None or project.stage == Stage.INCUBATING:
        return 0
    moment = clock.now()
    found.ended_on = max(_left(project) or moment.date(), found.began_on)
    found.save(update_fields=["ended_on"])
    milestones = found.milestones.filter(state=MilestoneState.OPEN).update(
        state=MilestoneState.ENDED, closed_at=moment
    )
    reviews = found.reviews.filter(state=ReviewState.OPEN).update(
        state=ReviewState.ENDED, closed_at=moment
    )
    record.append(
        actor=CLOCK,
        verb="incubation.ended",
        subject=found,
        data={
            "project": project.slug,
            "ended_on": found.ended_on.isoformat(),
            "stage": project.stage,
            "milestones": milestones,
            "reviews": reviews,
        },
    )
    return 1


@transaction.atomic
def _release(mentoring: Mentoring) -> int:
    project = lock(mentoring.project)
    found = lock(mentoring)
    if found.ended_at is not None or project.stage in MENTORED:
        return 0
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    record.append(
        actor=CLOCK,
        verb="mentor.released",
        subject=found,
        data={"project": project.slug, "mentor": found.mentor.user.code},
    )
    return 1


def _entered(project: Any) -> date | None:
    """The day on which the project came to its present stage; None where it is not known."""
    history = register.history_of(project=project)
    return history[-1].on if history and history[-1].to_stage == project.stage else None


def _left(project: Any) -> date | None:
    """The day of the first move since the project last began to incubate."""
    day = None
    for change in reversed(register.history_of(project=project)):
        if change.to_stage == Stage.INCUBATING:
            break
        day = change.on
    return day
