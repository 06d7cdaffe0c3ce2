"""Handovers locked, and their events."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.handover.enums import HandoverState
from concours.platform.handover.models import Handover
from concours.platform.record import domain as record


def lock_handover(handover: Handover, *, states: Collection[HandoverState]) -> Handover:
    """The handover as it is now, locked until the transaction ends.

    Raises Refused unless it is in one of `states`; of one that is done it says where it went.
    """
    found = lock(handover)
    if found.state in states:
        return found
    if found.state == HandoverState.DONE:
        raise Refused(
            "handed-over",
            _("This entry was handed over already: it is the project %(project)s.")
            % {"project": found.project},
        )
    raise Refused(
        "wrong-state",
        _("This handover is in the state “%(state)s”; that cannot be done now.")
        % {"state": found.get_state_display()},
    )


def note(*, actor: Any, verb: str, handover: Handover, **data: Any) -> None:
    """The event of a handover, in the season of its track. No person is in `data`."""
    record.append(
        actor=actor,
        verb=f"handover.{verb}",
        subject=handover,
        season=handover.entry.track.season.slug,
        data={"entry": handover.entry.code, "track": handover.entry.track.slug, **data},
    )
