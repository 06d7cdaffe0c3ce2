"""A project's way through the stages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record
from concours.platform.register.enums import OWN, ArchiveCause, Stage
from concours.platform.register.models import Project, StageChange
from concours.platform.register.stages import before_archive, next_after

AHEAD = timedelta(hours=14)
"""How far the earliest time zone is ahead of UTC: today there is no day in the future."""
MOST_LETTERS = 2_000


def find_project(slug: str) -> Project | None:
    """The project of this short name; None where there is none."""
    return Project.objects.filter(slug=slug).first()


def history_of(*, project: Project) -> list[StageChange]:
    """The changes of stage in order; empty where the register knows none."""
    return list(project.changes.all())


def standing_at(*, stage: str) -> list[Project]:
    """The projects of our own register that stand at `stage` now."""
    return list(Project.objects.filter(register=OWN, stage=stage))


def change_stage(
    *,
    actor: Any,
    project: Project,
    to: str,
    on: date,
    reason: str,
    decision: str = "",
    cause: str = "",
) -> StageChange:
    """Move `project` one stage along, by hand of an organiser of the foundation.

    `on` is the day the change holds from, `decision` the code of an access review behind it,
    `cause` an ArchiveCause where it is archived. Raises NotPermitted, and Refused for what
    `carry_out` refuses.
    """
    require(actor, "register.change_stage", project)
    return carry_out(
        actor=actor,
        project=project,
        to=to,
        on=on,
        reason=reason,
        decision=decision,
        cause=cause,
    )


@transaction.atomic
def carry_out(
    *,
    actor: Any,
    project: Project,
    to: str,
    on: date,
    reason: str,
    decision: str = "",
    cause: str = "",
) -> StageChange:
    """The same without a question of permission.

    For the governance app alone, which calls it when a vote has passed and has by then decided
    that it may. One stage along the way candidate, preparation, incubating, graduated; archived
    from any, and back from there to the stage before only. Raises Refused for any other move, for
    a day in the future or before the change before, for a missing reason, for a cause that is none
    or of another move than into archived, and for a project of another register.
    """
    held = lock(project)
    if held.register != OWN:
        raise Refused(
            "other-register", _("Another register keeps this project; take its file in anew.")
        )
    if to not in Stage.values:
        raise Refused("unknown-stage", _("%(stage)s is no stage.") % {"stage": to})
    refuse_cause(cause, to=to)
    changes = list(held.changes.all())
    _refuse_way(held, to=to, passed=_passed(held, changes))
    _refuse_day(on, changes=changes)
    reason = reason.strip()
    if not reason or len(reason) > MOST_LETTERS:
        raise Refused("no-reason", _("Give the reason, in at most 2,000 letters."))
    change = StageChange.objects.create(
        project=held,
        from_stage=held.stage,
        to_stage=to,
        on=on,
        reason=reason,
        decision=decision,
        cause=cause,
        recorded_at=clock.now(),
    )
    Project.objects.filter(pk=held.pk).update(stage=to)
    project.stage = to
    record.append(
        actor=actor,
        verb="project.stage-changed",
        subject=held,
        data={
            "from": change.from_stage,
            "to": to,
            "on": on.isoformat(),
            "reason": reason,
            "decision": decision,
            **({"cause": cause} if cause else {}),
        },
    )
    return change


def refuse_cause(cause: str, *, to: str) -> None:
    """Raises Refused for a cause that is none, and for one of another move than into archived."""
    if cause and (to != Stage.ARCHIVED or cause not in ArchiveCause.values):
        raise Refused(
            "bad-cause", _("Name a cause that is known, and only where a project is archived.")
        )


def _passed(project: Project, changes: list[StageChange]) -> list[str]:
    """The stages the project has stood at, as far as the register knows."""
    passed = [stage for one in changes for stage in (one.from_stage, one.to_stage) if stage]
    return [*passed, project.stage]


def _refuse_way(project: Project, *, to: str, passed: list[str]) -> None:
    if to == project.stage:
        raise Refused("same-stage", _("The project stands at this stage already."))
    if to == Stage.ARCHIVED:
        return
    if project.stage == Stage.ARCHIVED:
        # Where nobody knows how far it had come, it begins again.
        back = before_archive(passed) or Stage.CANDIDATE.value
        if to != back:
            raise Refused(
                "only-back",
                _("An archived project comes back to the stage it had before: %(stage)s.")
                % {"stage": Stage(back).label},
            )
        return
    following = next_after(project.stage)
    if not following:
        raise Refused("only-archived", _("A graduated project can only be archived."))
    if to != following:
        raise Refused(
            "stage-skipped",
            _("A project moves one stage at a time; the next one is: %(stage)s.")
            % {"stage": Stage(following).label},
        )


def _refuse_day(on: date, *, changes: list[StageChange]) -> None:
    if on > (clock.now() + AHEAD).date():
        raise Refused("day-to-come", _("This day is still to come; give the day it was decided."))
    latest = max((one.on for one in changes if one.on is not None), default=None)
    if latest is not None and on < latest:
        raise Refused(
            "days-disordered",
            _("The change before was on %(day)s; give that day or a later one.")
            % {"day": latest.isoformat()},
        )
