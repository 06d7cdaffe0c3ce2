"""A project's plan: milestones that its maintainers set, move, reach and drop."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.incubation.domain.incubating import open_incubation
from concours.platform.incubation.domain.words import needed, needed_line
from concours.platform.incubation.enums import MilestoneState
from concours.platform.incubation.models import Incubation, Milestone
from concours.platform.record import domain as record

MOST_MILESTONES = 100
FARTHEST_YEARS = 10
_DIGEST = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def set_milestone(
    *, actor: Any, incubation: Incubation, title: str, measure: str, due: date
) -> Milestone:
    """Add a milestone to the plan. Raises Refused for a day that is past or ten years away, and
    beyond a hundred milestones."""
    incubation = open_incubation(incubation)
    require(actor, "incubation.maintain", incubation.project)
    if incubation.milestones.count() >= MOST_MILESTONES:
        raise Refused("too-many", _("A plan has at most 100 milestones."))
    _refuse_day(due)
    made = Milestone.objects.create(
        incubation=incubation,
        title=needed_line(title),
        measure=needed_line(measure, most=500),
        first_due=due,
        due=due,
        set_at=clock.now(),
    )
    note(
        actor,
        "milestone.set",
        made,
        title=made.title,
        measure=made.measure,
        due=due.isoformat(),
    )
    return made


@transaction.atomic
def move_milestone(*, actor: Any, milestone: Milestone, due: date, reason: str) -> Milestone:
    """Name another day for an open milestone, and why. Refused for the same day or a past one."""
    milestone = _open_one(actor, milestone)
    reason = needed(reason)
    if due == milestone.due:
        raise Refused("same-day", _("The milestone is due on this day already."))
    _refuse_day(due)
    before = milestone.due
    milestone.due, milestone.reason, milestone.moves = due, reason, milestone.moves + 1
    milestone.save(update_fields=["due", "reason", "moves"])
    note(
        actor,
        "milestone.moved",
        milestone,
        before=before.isoformat(),
        due=due.isoformat(),
        reason=reason,
    )
    return milestone


@transaction.atomic
def reach_milestone(
    *, actor: Any, milestone: Milestone, evidence: str, digest: str = ""
) -> Milestone:
    """Say that an open milestone is reached, with the https address where that can be seen.

    `digest` (SHA-256, hex) may be given for what stands there.
    """
    milestone = _open_one(actor, milestone)
    evidence, digest = one_line(evidence, most=500), digest.strip().lower()
    if not evidence.startswith("https://") or " " in evidence:
        raise Refused("bad-address", _("Give a whole address that begins with https://."))
    if digest and not _DIGEST.fullmatch(digest):
        raise Refused("bad-digest", _("A digest is the SHA-256 in 64 characters 0–9 and a–f."))
    milestone.evidence, milestone.evidence_digest = evidence, digest
    _close(milestone, MilestoneState.DONE, "evidence", "evidence_digest")
    note(actor, "milestone.reached", milestone, evidence=evidence, digest=digest)
    return milestone


@transaction.atomic
def drop_milestone(*, actor: Any, milestone: Milestone, reason: str) -> Milestone:
    """Give an open milestone up, and say why."""
    milestone = _open_one(actor, milestone)
    milestone.reason = needed(reason)
    _close(milestone, MilestoneState.DROPPED, "reason")
    note(actor, "milestone.dropped", milestone, reason=milestone.reason)
    return milestone


def plan_digest(incubation: Incubation) -> str:
    """SHA-256, in hex, of the open milestones as they stand; "" where there are none.

    A mentor's sign-off of a plan names it: another day or another milestone is another plan.
    """
    rows = incubation.milestones.filter(state=MilestoneState.OPEN).order_by("pk")
    plan = [[one.code, one.title, one.measure, one.due.isoformat()] for one in rows]
    if not plan:
        return ""
    text = json.dumps(plan, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def note(actor: Any, verb: str, milestone: Milestone, **data: Any) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=milestone,
        data={"project": milestone.incubation.project.slug, **data},
    )


def _open_one(actor: Any, milestone: Milestone) -> Milestone:
    incubation = open_incubation(milestone.incubation)
    require(actor, "incubation.maintain", incubation.project)
    found = lock(milestone)
    if found.state != MilestoneState.OPEN:
        raise Refused("milestone-closed", _("This milestone is no longer open."))
    return found


def _close(milestone: Milestone, state: MilestoneState, *fields: str) -> None:
    milestone.state, milestone.closed_at = state, clock.now()
    milestone.save(update_fields=["state", "closed_at", *fields])


def _refuse_day(due: date) -> None:
    today = clock.now().date()
    if due < today:
        raise Refused("day-past", _("This day is past; give today or a later one."))
    if due.year > today.year + FARTHEST_YEARS:
        raise Refused("day-far", _("Give a day of the next ten years."))
