"""A rehearsal's clock: people play a whole season in an afternoon by moving it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain import require_operator
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.rehearsal.models import ClockShift


def current_shift() -> timedelta:
    """How far the clock is moved; nothing outside a rehearsal."""
    if not settings.REHEARSAL:
        return timedelta()
    row = ClockShift.objects.filter(pk=1).first()
    return row.delta if row else timedelta()


@transaction.atomic
def set_clock(*, actor: Any, to: datetime) -> ClockShift:
    """Make the clock read `to` (aware) from now on. In a rehearsal only, by an operator.

    Raises Refused outside a rehearsal, NotPermitted for anyone but an operator.
    """
    if not settings.REHEARSAL:
        raise Refused("not-a-rehearsal", _("The clock can be moved in a rehearsal only."))
    require_operator(actor)
    wall = datetime.now(UTC)
    seconds = int((to.astimezone(UTC) - wall).total_seconds())
    row, _created = ClockShift.objects.update_or_create(pk=1, defaults={"seconds": seconds})
    record.append(
        actor=actor,
        verb="rehearsal.clock-set",
        subject="clock:1",
        data={"to": to.astimezone(UTC).isoformat(timespec="seconds"), "seconds": seconds},
    )
    return row
