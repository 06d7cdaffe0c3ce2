"""What mentors do: reading, commenting, signing off; and how engaged each of them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import passage
from concours.platform.incubation.domain.hindrances import hindrances_of
from concours.platform.incubation.domain.incubating import open_incubation
from concours.platform.incubation.domain.planning import plan_digest
from concours.platform.incubation.domain.words import MOST_REASON, needed
from concours.platform.incubation.enums import ActKind, MilestoneState
from concours.platform.incubation.models import (
    Incubation,
    MentorAct,
    Mentoring,
    Milestone,
    PeriodicReport,
)
from concours.platform.record import domain as record

MOST_COMMENTS = 50


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """What a mentor has done for a project. `last_at` is the last act, or the assignment.

    `quiet` says that it is longer ago than the programme's days; of a mentoring that ended never.
    """

    mentoring: Mentoring
    signed_off: int
    read: int
    comments: int
    last_at: datetime
    quiet: bool


@transaction.atomic
def act_on_report(*, actor: Any, report: PeriodicReport, kind: str, text: str = "") -> MentorAct:
    """Note that a mentor of the project read the report, comments on it, or signs it off.

    Signing off counts as reading. Raises NotPermitted for who is no mentor of the project now;
    Refused for a mentor with a hindrance, for a second reading or signing, for a comment without
    words, and once the incubation is over.
    """
    open_incubation(report.incubation)
    report = lock(report)
    mentoring = _as_mentor(actor, report.project)
    if kind not in ActKind.values:
        raise Refused("unknown-kind", _("Mentors read, comment and sign off."))
    text = needed(text) if kind == ActKind.COMMENTED else passage(text.strip(), most=MOST_REASON)
    if (
        kind == ActKind.COMMENTED
        and mentoring.acts.filter(report=report, kind=kind).count() >= MOST_COMMENTS
    ):
        raise Refused("too-many", _("These are too many comments on one report."))
    act = _act(mentoring, kind=kind, report=report, text=text)
    _note(actor, f"report.{kind}", report, report.incubation, digest=report.digest)
    return act


@transaction.atomic
def sign_off_milestone(*, actor: Any, milestone: Milestone, text: str = "") -> MentorAct:
    """Agree that a milestone is reached. Raises as `act_on_report`, and for one that is not."""
    open_incubation(milestone.incubation)
    milestone = lock(milestone)
    mentoring = _as_mentor(actor, milestone.project)
    if milestone.state != MilestoneState.DONE:
        raise Refused("not-reached", _("Nobody has said that this milestone is reached."))
    text = passage(text.strip(), most=MOST_REASON)
    act = _act(mentoring, kind=ActKind.SIGNED_OFF, milestone=milestone, text=text)
    _note(actor, "milestone.signed-off", milestone, milestone.incubation)
    return act


@transaction.atomic
def sign_off_plan(*, actor: Any, incubation: Incubation) -> MentorAct:
    """Agree to the plan as it stands. Raises as `act_on_report`, and for a plan without open
    milestones."""
    incubation = open_incubation(incubation)
    mentoring = _as_mentor(actor, incubation.project)
    digest = plan_digest(incubation)
    if not digest:
        raise Refused("no-plan", _("The plan has no open milestone."))
    if mentoring.acts.filter(plan_digest=digest).exists():
        raise _twice()
    act = _act(mentoring, kind=ActKind.SIGNED_OFF, plan_digest=digest)
    _note(actor, "plan.signed-off", incubation, incubation, digest=digest)
    return act


def plan_signers(*, incubation: Incubation) -> list[Mentoring]:
    """Those of the project's mentors who agreed to the plan as it stands."""
    digest = plan_digest(incubation)
    rows = Mentoring.objects.filter(project=incubation.project, ended_at__isnull=True)
    rows = rows.filter(acts__plan_digest=digest).select_related("mentor__user").distinct()
    return list(rows) if digest else []


def engagement_of(*, mentorings: Iterable[Mentoring], quiet_days: int) -> list[Engagement]:
    """What each of those mentors has done for their project; one query."""
    wanted = list(mentorings)
    rows = Mentoring.objects.filter(pk__in=[one.pk for one in wanted]).annotate(
        signed_off=Count("acts", filter=Q(acts__kind=ActKind.SIGNED_OFF)),
        read=Count(
            "acts__report",
            filter=Q(acts__kind__in=[ActKind.READ, ActKind.SIGNED_OFF]),
            distinct=True,
        ),
        comments=Count("acts", filter=~Q(acts__text="")),
        last_act=Max("acts__at"),
    )
    counted = {one.pk: one for one in rows}
    moment = clock.now()
    found = []
    for one in wanted:
        row = counted[one.pk]
        last_at = row.last_act or one.assigned_at
        found.append(
            Engagement(
                mentoring=one,
                signed_off=row.signed_off,
                read=row.read,
                comments=row.comments,
                last_at=last_at,
                quiet=one.ended_at is None and (moment - last_at).days >= quiet_days,
            )
        )
    return found


def _as_mentor(actor: Any, project: Any) -> Mentoring:
    require(actor, "incubation.mentor", project)
    rows = Mentoring.objects.filter(
        project=project, mentor__user_id=actor.pk, ended_at__isnull=True
    )
    found = rows.select_related("mentor__user").first()
    if found is None or lock(found).ended_at is not None:
        raise NotPermitted("not-permitted", _("You may not do this."))
    why = hindrances_of(project=project, mentors=[found.mentor]).get(found.mentor_id, [])
    if why:
        raise Refused(
            "hindered",
            _("You must not mentor this project now: %(why)s.")
            % {"why": "; ".join(str(one.label) for one in why)},
        )
    return found


def _act(mentoring: Mentoring, **fields: Any) -> MentorAct:
    try:
        with transaction.atomic():
            return MentorAct.objects.create(mentoring=mentoring, at=clock.now(), **fields)
    except IntegrityError:
        raise _twice() from None


def _twice() -> Refused:
    return Refused("done-already", _("You did this already."))


def _note(actor: Any, verb: str, subject: Any, incubation: Incubation, **data: Any) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=subject,
        data={"project": incubation.project.slug, **data},
    )
