"""Reports of a project's health, as files that a named person hands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.contribution import BadHealth, Health, StoredHealth, read_health
from concours.contribution.report import figures_of, health_from
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.storing import store
from concours.platform.incubation.models import HealthReport
from concours.platform.incubation.programme import HealthRule
from concours.platform.record import domain as record
from concours.platform.register.enums import OWN

FOLDER = "incubation"
SLACK = timedelta(minutes=10)
"""How far a clock elsewhere may go ahead of ours."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A figure and the programme's bound for it: `upper`, it is not to be more, else not less.

    `found` is None where there is nothing.
    """

    figure: str
    found: int | None
    bound: int
    upper: bool
    good: bool


def add_health(*, actor: Any, project: Any, content: bytes) -> HealthReport:
    """Take in what `concours project health --json` wrote; the newest report counts.

    Raises NotPermitted, and Refused for a damaged or changed report, one from the future, one that
    is older than the newest, one that is in already, and for a project of another register.
    """
    require(actor, "incubation.add_health", project)
    try:
        report = read_health(content)
    except BadHealth:
        raise Refused(
            "bad-report",
            _("This is no report of health, or it was changed; hand in the file that was written."),
        ) from None
    stored = store(ContentFile(content), folder=FOLDER)
    try:
        return _take_in(actor, project, report, stored)
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def _take_in(actor: Any, project: Any, report: StoredHealth, stored: str) -> HealthReport:
    project = lock(project)
    require(actor, "incubation.add_health", project)
    if project.register != OWN:
        raise Refused("other-register", _("Another register keeps this project."))
    if report.health.at > clock.now() + SLACK:
        raise Refused("from-the-future", _("This report is dated in the future."))
    newest = latest_health(project=project)
    if newest is not None and report.digest != newest.digest and report.health.at <= newest.made_at:
        raise Refused("older", _("A newer report is in already; make it again."))
    try:
        with transaction.atomic():
            made = HealthReport.objects.create(
                project=project,
                file=stored,
                digest=report.digest,
                repository=report.repository[:200],
                head=report.head,
                figures=figures_of(report.health),
                made_at=report.health.at,
                uploaded_by=actor if actor.pk is not None else None,
                uploaded_at=clock.now(),
            )
    except IntegrityError:
        raise Refused("in-already", _("This report is in already.")) from None
    record.append(
        actor=actor,
        verb="health.reported",
        subject=project,
        data={"report": made.digest, "head": made.head, "at": made.made_at.isoformat()},
    )
    return made


def latest_health(*, project: Any) -> HealthReport | None:
    """The newest report of the project; None before the first."""
    return HealthReport.objects.filter(project=project).first()


def health_in(report: HealthReport) -> Health:
    """The figures of a stored report."""
    return health_from(report.figures, at=report.made_at)


def marks_of(health: Health, rule: HealthRule) -> list[Mark]:
    """The figures that the programme sets a bound for: whether each keeps it."""
    least = [
        ("active_authors", health.active_365, rule.active_authors),
        ("absence_factor", health.absence_factor, rule.absence_factor),
        ("organisations", health.organisations, rule.organisations),
    ]
    most = [
        ("commit_days", health.days_since_commit, rule.commit_days),
        ("release_days", health.days_since_release, rule.release_days),
    ]
    return [
        Mark(figure=name, found=found, bound=bound, upper=False, good=found >= bound)
        for name, found, bound in least
        if bound
    ] + [
        Mark(
            figure=name,
            found=age,
            bound=bound,
            upper=True,
            good=age is not None and age <= bound,
        )
        for name, age, bound in most
        if bound
    ]
