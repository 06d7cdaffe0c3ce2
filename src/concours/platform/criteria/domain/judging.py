"""What a named person says of a row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import passage
from concours.platform.criteria.domain.noting import note, person_or_none
from concours.platform.criteria.domain.opening import refuse_closed
from concours.platform.criteria.enums import RowMode
from concours.platform.criteria.models import AssessedRow, Judgement

MOST_REASON = 2_000


@transaction.atomic
def judge(*, actor: Any, row: AssessedRow, met: bool, reason: str) -> Judgement:
    """Say whether a row is met, and why; a later judgement counts instead of an earlier one.

    It counts for the row's `valid_days`, and no longer than the first of the evidence that counts
    now. Raises NotPermitted, also for a maintainer of the project; Refused for a row that a
    machine alone decides, without a reason, and where met is said of a row without evidence.
    """
    assessment = lock(row.assessment)
    require(actor, "criteria.judge", assessment)
    refuse_closed(assessment)
    if row.mode == RowMode.MACHINE:
        raise Refused("machine-alone", _("A machine alone decides this row."))
    reason = passage(reason.strip(), most=MOST_REASON)
    if not reason:
        raise Refused("reason-needed", _("Give the reasons in writing."))
    now = clock.now()
    ends = list(
        row.evidence.filter(withdrawn_at__isnull=True, valid_until__gt=now).values_list(
            "valid_until", flat=True
        )
    )
    if met and not ends:
        raise Refused("evidence-needed", _("Attach evidence that counts today first."))
    judgement = Judgement.objects.create(
        row=row,
        met=met,
        reason=reason,
        judged_by=person_or_none(actor),
        judged_at=now,
        valid_until=min([now + timedelta(days=row.valid_days), *ends]),
    )
    AssessedRow.objects.filter(pk=row.pk).update(lapse_noted_at=None)
    note(
        actor=actor,
        verb="criterion.judged",
        assessment=assessment,
        row=row.code,
        met=met,
        reason=reason,
        until=judgement.valid_until.isoformat(),
    )
    return judgement
