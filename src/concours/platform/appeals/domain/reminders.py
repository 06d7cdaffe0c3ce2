"""Reminders to those who judge: 3 days and 1 day before an appeal is to be decided, once each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from concours.platform.accounts.domain.lookups import staff_addresses
from concours.platform.appeals.domain.locks import note
from concours.platform.appeals.domain.recusal import reasons_against
from concours.platform.appeals.domain.telling import remind_judges
from concours.platform.appeals.enums import OPEN_STATES
from concours.platform.appeals.models import Appeal, AppealReminder
from concours.platform.appeals.rules import serving_judges
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.core.locking import lock

DAYS = (3, 1)
REMINDERS = System("reminders")


def send_appeal_reminders(*, actor: Any = REMINDERS) -> int:
    """Remind of every open appeal whose day is near by the clock; returns of how many.

    Called again it sends nothing twice; called late, the nearest reminder only. Appointed judges
    who stand aside get none.
    """
    moment = clock.now()
    near = Appeal.objects.filter(
        state__in=OPEN_STATES,
        decide_by__gt=moment,
        decide_by__lte=moment + timedelta(days=max(DAYS)),
    )
    return sum(_remind(actor=actor, appeal=appeal) for appeal in near)


@transaction.atomic
def _remind(*, actor: Any, appeal: Appeal) -> int:
    appeal = lock(appeal)
    moment = clock.now()
    left = appeal.decide_by - moment
    due = [days for days in DAYS if timedelta() < left <= timedelta(days=days)]
    if appeal.state not in OPEN_STATES or not due:
        return 0
    _sent, created = AppealReminder.objects.get_or_create(
        appeal=appeal, days=min(due), defaults={"sent_at": moment}
    )
    if not created:
        return 0
    addresses = dict(staff_addresses(season_id=appeal.track.season_id))
    for judge in serving_judges(appeal.track).select_related("user"):
        if judge.user.is_active and not reasons_against(user=judge.user, appeal=appeal):
            addresses.setdefault(judge.user.email, judge.user.language)
    note(actor=actor, verb="appeal.reminded", appeal=appeal, days=min(due), count=len(addresses))
    remind_judges(appeal, addresses.items())
    return 1
