"""Archiving a project, with its cause and in the way that the charter asks for."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.governance import domain as governance
from concours.platform.incubation.domain.words import needed
from concours.platform.register import domain as register
from concours.platform.register.enums import ArchiveCause, Stage


@transaction.atomic
def archive_project(*, actor: Any, project: Any, cause: str, reason: str) -> Any | None:
    """Archive a project for a `cause` of ArchiveCause, as the charter in force has it.

    Where the charter puts it to a vote, an access review is opened and returned, and the project
    stays until that has passed. Where the office decides, the review is decided at once and
    returned. Where there is no charter, or it knows no such step, the register is told and None
    returned. Raises NotPermitted, also for a maintainer of the project; Refused for a missing or
    unknown cause, without a reason, and for what governance and the register refuse.
    """
    project = lock(project)
    require(actor, "incubation.archive", project)
    if cause not in ArchiveCause.values:
        raise Refused("bad-cause", _("Name the cause for which the project is archived."))
    reason = needed(reason)
    archived = Stage.ARCHIVED.value
    charter = governance.charter_in_force()
    way = None
    if charter is not None:
        way = governance.parsed(charter).transition(origin=project.stage, to=archived)
    if way is None:
        register.change_stage(
            actor=actor,
            project=project,
            to=archived,
            on=clock.now().date(),
            reason=reason,
            cause=cause,
        )
        return None
    review = governance.open_review(
        actor=actor, project=project, to=archived, summary=reason, cause=cause
    )
    if way.votes:
        return review
    return governance.decide_by_office(actor=actor, review=review, passes=True, reason=reason)
