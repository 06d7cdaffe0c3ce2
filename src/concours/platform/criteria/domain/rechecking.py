"""The machine's checks, run again before what they said expires, on clones that staff keep."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from concours.criteria import Limits, check_repository, load_preset, read_repository, to_json
from concours.platform.core import clock
from concours.platform.criteria.domain.reports import add_report
from concours.platform.criteria.models import Assessment, MachineReport


def due_for_recheck(*, within: timedelta) -> list[Assessment]:
    """Open assessments without a report, or with a result of the newest that expires `within`."""
    until = clock.now() + within
    found = Assessment.objects.filter(closed_at__isnull=True).select_related("project")
    return [one for one in found.order_by("pk") if _expires(one, until)]


def recheck(*, actor: Any, assessment: Assessment, clone: Path, seconds: float) -> MachineReport:
    """Look at the clone as it is now, and add the report.

    Raises concours.criteria.CloneRefused for a clone that cannot be read, and Refused as
    `add_report`: another version of the set came with Concours since, or a newer report is in.
    """
    moment = clock.now().replace(microsecond=0)
    repository = read_repository(clone, at=moment, limits=Limits(seconds=seconds))
    criteria = load_preset(assessment.set_slug)
    report = check_repository(repository, criteria, stage=assessment.stage, clone=clone)
    return add_report(actor=actor, assessment=assessment, content=to_json(report).encode())


def _expires(assessment: Assessment, until: Any) -> bool:
    newest = assessment.reports.order_by("-made_at").first()
    return newest is None or newest.results.filter(valid_until__lte=until).exists()
