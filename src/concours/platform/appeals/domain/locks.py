"""Appeals locked in their track's order, and their events."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.enums import AppealState
from concours.platform.appeals.models import Appeal
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


def lock_appeal(appeal: Appeal, *, states: Collection[AppealState]) -> Appeal:
    """The appeal as it is now, locked until the transaction ends, with track and entry.

    Raises Refused unless it is in one of `states`.
    """
    track = lock(appeal.track)
    appeal = lock(appeal)
    appeal.track = track
    appeal.entry.track = track
    if appeal.state not in states:
        raise Refused(
            "wrong-state",
            _("This appeal is %(state)s; that cannot be done now.")
            % {"state": appeal.get_state_display()},
        )
    return appeal


def note(*, actor: Any, verb: str, appeal: Appeal, **data: Any) -> None:
    """The event of an appeal."""
    record.append(
        actor=actor,
        verb=verb,
        subject=appeal,
        season=appeal.track.season.slug,
        data={"track": appeal.track.slug, **data},
    )
