"""A rehearsal's clock: people play a whole season in an afternoon by moving it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain import require_operator
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.rehearsal.models import ClockShift

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def current_shift() -> timedelta:
    """How far the clock is moved; nothing outside a rehearsal."""
    if not settings.REHEARSAL:
        return timedelta()
    row = ClockShift.objects.filter(pk=1).first()
    return row.delta if row else timedelta()


@transaction.atomic
def set_clock(*, actor: Any, to: datetime) -> ClockShift:
    """Make the clock read `to` (aware, 2000 to 2100) from now on. In a rehearsal only.

    Raises Refused outside a rehearsal or those years, NotPermitted for anyone but an operator.
    """
    _require_rehearsal(actor)
    if not EARLIEST <= to < LATEST:
        raise Refused("out-of-range", _("Choose a moment between the years 2000 and 2100."))
    wall = datetime.now(UTC)
    # Rounded up, so that a boundary gone to has been reached and not missed by a fraction.
    seconds = math.ceil((to.astimezone(UTC) - wall).total_seconds())
    row = _move(seconds)
    record.append(
        actor=actor,
        verb="rehearsal.clock-set",
        subject="clock:1",
        data={"to": to.astimezone(UTC).isoformat(timespec="seconds"), "seconds": seconds},
    )
    return row


@transaction.atomic
def return_to_real_time(*, actor: Any) -> ClockShift:
    """Let the clock read real time again. Refusals as in `set_clock`."""
    _require_rehearsal(actor)
    row = _move(0)
    record.append(actor=actor, verb="rehearsal.clock-returned", subject="clock:1")
    return row


def _require_rehearsal(actor: Any) -> None:
    if not settings.REHEARSAL:
        raise Refused("not-a-rehearsal", _("The clock can be moved in a rehearsal only."))
    require_operator(actor)


def _move(seconds: int) -> ClockShift:
    return ClockShift.objects.update_or_create(pk=1, defaults={"seconds": seconds})[0]
