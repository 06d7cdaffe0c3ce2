"""Making a report and keeping it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models, transaction

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.locking import lock
from concours.platform.integrity.domain.gathering import Progress, gather
from concours.platform.integrity.domain.reading import faults_in
from concours.platform.integrity.models import IntegrityReport
from concours.platform.integrity.rules import visible_reports
from concours.platform.record import domain as record
from concours.platform.record.chain import canonical


def make_report(
    *, actor: Any, season: Any, progress: Progress = lambda part: None
) -> IntegrityReport:
    """Compute everything of the season again and keep what was found, faults included.

    The record holds the report's digest and how many faults it names. What is computed may be a
    moment older than the report's event; the head in it says which record it was.
    """
    require(actor, "integrity.make_report", season)
    # Outside of the transaction below: it takes long, and only reads.
    content = gather(season=season, progress=progress)
    text = canonical(content)
    with transaction.atomic():
        season = lock(season)
        latest = season.integrity_reports.aggregate(latest=models.Max("number"))["latest"] or 0
        report = IntegrityReport.objects.create(
            season=season,
            number=latest + 1,
            content=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            made_at=clock.now(),
        )
        record.append(
            actor=actor,
            verb="integrity.reported",
            subject=report,
            season=season.slug,
            data={"digest": report.digest, "faults": len(faults_in(content))},
        )
    return report


def latest_report(*, user: Any, season: Any) -> IntegrityReport | None:
    """The newest report of a season that `user` may see."""
    return visible_reports(user).filter(season=season).order_by("-number").first()
