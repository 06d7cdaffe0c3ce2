"""Reports of the check on a clone, as files that a named person hands in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.criteria import BadReport, StoredReport, read_report
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.storing import store
from concours.platform.criteria.domain.noting import note, person_or_none
from concours.platform.criteria.domain.opening import refuse_closed
from concours.platform.criteria.enums import RowMode
from concours.platform.criteria.models import Assessment, MachineReport, MachineResult

FOLDER = "criteria"
SLACK = timedelta(minutes=10)
"""How far a clock elsewhere may go ahead of ours."""


def add_report(*, actor: Any, assessment: Assessment, content: bytes) -> MachineReport:
    """Take in what `concours criteria check --json` wrote; the newest result of a row counts.

    Raises NotPermitted, and Refused for a damaged or changed report, one of another set or
    version, one from the future, one that is older than the newest and one that is in already.
    """
    require(actor, "criteria.add_report", assessment)
    try:
        report = read_report(content)
    except BadReport:
        raise Refused(
            "bad-report",
            _("This is no report, or it was changed; hand in the file that the check wrote."),
        ) from None
    stored = store(ContentFile(content), folder=FOLDER)
    try:
        return _take_in(actor, assessment, report, stored)
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def _take_in(
    actor: Any, assessment: Assessment, report: StoredReport, stored: str
) -> MachineReport:
    assessment = lock(assessment)
    require(actor, "criteria.add_report", assessment)
    refuse_closed(assessment)
    _refuse_other(assessment, report)
    made = MachineReport.objects.create(
        assessment=assessment,
        file=stored,
        digest=report.digest,
        repository=report.repository[:200],
        head=report.head[:64],
        made_at=report.at,
        uploaded_by=person_or_none(actor),
        uploaded_at=clock.now(),
    )
    rows = {row.code: row for row in assessment.rows.exclude(mode=RowMode.PERSON)}
    results = [
        MachineResult(
            report=made,
            row=rows[one.code],
            verdict=one.verdict.value,
            said=one.said,
            said_zh=one.said_zh,
            mend=one.mend,
            mend_zh=one.mend_zh,
            places=list(one.places),
            valid_until=report.at + timedelta(days=rows[one.code].valid_days),
        )
        for one in report.rows
        if one.code in rows
    ]
    MachineResult.objects.bulk_create(results)
    assessment.rows.filter(pk__in=[one.row_id for one in results]).update(lapse_noted_at=None)
    note(
        actor=actor,
        verb="assessment.checked",
        assessment=assessment,
        report=report.digest,
        head=made.head,
        at=report.at.isoformat(),
        met=sum(one.verdict == "met" for one in results),
        rows=len(results),
    )
    return made


def _refuse_other(assessment: Assessment, report: StoredReport) -> None:
    if report.criteria_digest != assessment.set_digest:
        raise Refused(
            "other-set",
            _("This report is of another set or version; check with --set %(set)s %(version)s.")
            % {"set": assessment.set_slug, "version": assessment.set_version},
        )
    if report.stage not in {"", assessment.stage}:
        raise Refused("other-stage", _("This report is for another stage."))
    if report.at > clock.now() + SLACK:
        raise Refused("from-the-future", _("This report is dated in the future."))
    newest = assessment.reports.order_by("-made_at").first()
    if newest is not None and report.digest == newest.digest:
        raise Refused("in-already", _("This report is in already."))
    if newest is not None and report.at <= newest.made_at:
        raise Refused("older", _("A newer report is in already; check again."))
