"""Periodic reports: which are owed, handing them in, reminding of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import passage
from concours.platform.incubation.domain.incubating import CLOCK, open_incubation
from concours.platform.incubation.domain.programmes import parsed
from concours.platform.incubation.domain.words import MOST_SECTION, needed
from concours.platform.incubation.enums import ActKind
from concours.platform.incubation.models import Incubation, PeriodicReport, ReportReminder
from concours.platform.incubation.timetable import Period, periods_begun, reminder_at
from concours.platform.record import domain as record
from concours.platform.register.enums import Stage

SECTIONS = ("happened", "community", "releases", "issues", "next_steps")
OPTIONAL = frozenset({"releases", "issues"})


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A period of an incubation that goes on, without a report. `late` is days past its day."""

    incubation: Incubation
    period: Period
    late: int

    @property
    def overdue(self) -> bool:
        return self.late > 0


def owed_by(*, incubation: Incubation) -> list[Owed]:
    """The begun periods without a report, in order; none once the incubation is over."""
    given = set(incubation.reports.values_list("number", flat=True))
    return _owed(incubation, given, clock.now().date())


def all_owed() -> list[Owed]:
    """Those of every incubation that goes on, the latest first; two queries."""
    rows = list(
        Incubation.objects.filter(ended_on__isnull=True, project__stage=Stage.INCUBATING)
        .select_related("project", "programme")
        .order_by("pk")
    )
    given: dict[int, set[int]] = {}
    numbers = PeriodicReport.objects.filter(incubation__in=rows)
    for key, number in numbers.values_list("incubation_id", "number"):
        given.setdefault(key, set()).add(number)
    today = clock.now().date()
    found = [one for row in rows for one in _owed(row, given.get(row.pk, set()), today)]
    return sorted(found, key=lambda one: (-one.late, one.incubation.pk, one.period.number))


@transaction.atomic
def submit_report(
    *, actor: Any, incubation: Incubation, number: int, **sections: str
) -> PeriodicReport:
    """Hand in the report of the period `number`; `sections` are those of SECTIONS.

    Raises NotPermitted for who does not maintain the project; Refused for a period that has not
    begun or of which no report is owed, for a second report of one, and for a section that is
    missing. Whoever hands in is named.
    """
    incubation = open_incubation(incubation)
    require(actor, "incubation.maintain", incubation.project)
    found = {one.period.number: one.period for one in owed_by(incubation=incubation)}
    if number not in found:
        raise _not_owed(incubation, number)
    period = found[number]
    kept = _kept(sections)
    try:
        with transaction.atomic():
            report = PeriodicReport.objects.create(
                incubation=incubation,
                number=number,
                begins=period.begins,
                ends=period.ends,
                due=period.due,
                digest=digest_of(kept),
                submitted_by=actor,
                submitted_at=clock.now(),
                **kept,
            )
    except IntegrityError:
        raise _not_owed(incubation, number) from None
    _note(actor, "report.submitted", report)
    return report


@transaction.atomic
def revise_report(*, actor: Any, report: PeriodicReport, **sections: str) -> PeriodicReport:
    """Write a report anew, until the first mentor signed it off; Refused from then on."""
    open_incubation(report.incubation)
    report = lock(report)
    require(actor, "incubation.maintain", report.project)
    if report.acts.filter(kind=ActKind.SIGNED_OFF).exists():
        raise Refused("signed-off", _("A mentor signed this report off; write on in the next."))
    kept = _kept(sections)
    for name, text in kept.items():
        setattr(report, name, text)
    report.digest, report.revised_at = digest_of(kept), clock.now()
    report.save(update_fields=[*kept, "digest", "revised_at"])
    _note(actor, "report.revised", report)
    return report


def remind_of_reports() -> int:
    """Remind of every report whose day comes or has passed, each once; how many reminders."""
    today = clock.now().date()
    sent = set(
        ReportReminder.objects.filter(incubation__ended_on__isnull=True).values_list(
            "incubation_id", "number", "days"
        )
    )
    done = 0
    for one in all_owed():
        rule = parsed(one.incubation.programme).reports
        days = reminder_at(due=one.period.due, today=today, rule=rule)
        key = (one.incubation.pk, one.period.number, days)
        if days is not None and key not in sent:
            done += _remind(one, days)
    return done


def digest_of(sections: Mapping[str, str]) -> str:
    """SHA-256 of the canonical JSON of a report's sections, in hex."""
    text = json.dumps(
        {name: sections[name] for name in SECTIONS},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def _remind(owed: Owed, days: int) -> int:
    _row, fresh = ReportReminder.objects.get_or_create(
        incubation=owed.incubation,
        number=owed.period.number,
        days=days,
        defaults={"sent_at": clock.now()},
    )
    if not fresh:
        return 0
    record.append(
        actor=CLOCK,
        verb="report.overdue" if days < 0 else "report.due-soon",
        subject=owed.incubation,
        data={
            "project": owed.incubation.project.slug,
            "number": owed.period.number,
            "due": owed.period.due.isoformat(),
            "days": days,
        },
    )
    return 1


def _owed(incubation: Incubation, given: Collection[int], today: date) -> list[Owed]:
    if incubation.ended_on is not None or incubation.project.stage != Stage.INCUBATING:
        return []
    begun = periods_begun(
        began=incubation.began_on,
        owed_from=incubation.owed_from,
        today=today,
        rule=parsed(incubation.programme).reports,
    )
    return [
        Owed(incubation=incubation, period=one, late=(today - one.due).days)
        for one in begun
        if one.number not in given
    ]


def _not_owed(incubation: Incubation, number: int) -> Refused:
    if incubation.reports.filter(number=number).exists():
        return Refused(
            "reported-already", _("There is a report of this period; write that one anew.")
        )
    return Refused(
        "not-owed", _("No report is owed of this period: it has not begun, or lies too far back.")
    )


def _kept(sections: Mapping[str, str]) -> dict[str, str]:
    unknown = set(sections) - set(SECTIONS)
    if unknown:
        raise TypeError(f"no sections of a report: {sorted(unknown)}")
    given = {name: sections.get(name, "") for name in SECTIONS}
    return {
        name: passage(text.strip(), most=MOST_SECTION)
        if name in OPTIONAL
        else needed(text, most=MOST_SECTION)
        for name, text in given.items()
    }


def _note(actor: Any, verb: str, report: PeriodicReport) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=report,
        data={
            "project": report.incubation.project.slug,
            "number": report.number,
            "digest": report.digest,
        },
    )
