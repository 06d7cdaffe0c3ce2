"""Periodic reports: owed, handed in, reminded of, each once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.criteria import domain as criteria
from concours.platform.incubation import domain
from concours.platform.incubation.models import (
    PeriodicReport,
    ReportReminder,
)
from concours.platform.record.models import Event
from tests.factories import incubation
from tests.factories.incubation import ACTOR, NOW
from tests.factories.people import organiser, person
from tests.platform.incubation.support import at, refusal

pytestmark = pytest.mark.django_db


def test_a_report_is_handed_in_by_a_maintainer_once_its_period_has_begun() -> None:
    found = incubation.incubation()

    made = incubation.report(found)

    assert (made.number, made.begins, made.ends, made.due) == (
        1,
        date(2026, 3, 5),
        date(2026, 4, 5),
        date(2026, 4, 19),
    )
    assert domain.owed_by(incubation=found) == []
    event = Event.objects.get(verb="report.submitted")
    assert json.loads(event.data)["digest"] == made.digest


@pytest.mark.parametrize(
    ("number", "code"), [(2, "not-owed"), (0, "not-owed"), (-1, "not-owed"), (10**6, "not-owed")]
)
def test_a_period_that_has_not_begun_has_no_report(number: int, code: str) -> None:
    found = incubation.incubation()

    assert refusal(lambda: incubation.report(found, number=number)) == code
    assert PeriodicReport.objects.count() == 0


def test_a_period_has_one_report() -> None:
    found = incubation.incubation()
    incubation.report(found)

    assert refusal(lambda: incubation.report(found)) == "reported-already"


@pytest.mark.parametrize(
    ("sections", "code"),
    [
        ({"happened": " "}, "text-needed"),
        ({"community": ""}, "text-needed"),
        ({"next_steps": "x" * 10_001}, "too-long"),
        ({"issues": "a\x00b"}, "bad-text"),
    ],
)
def test_a_report_that_says_too_little_or_too_much(sections: dict[str, str], code: str) -> None:
    found = incubation.incubation()

    assert refusal(lambda: incubation.report(found, **sections)) == code


def test_others_do_not_report() -> None:
    found = incubation.incubation()
    mentor = incubation.mentoring(of=found.project).mentor

    for actor in (person(), organiser(), mentor.user):
        with pytest.raises(NotPermitted):
            domain.submit_report(
                actor=actor, incubation=found, number=1, happened="x", community="x", next_steps="x"
            )


def test_who_lost_the_role_reports_no_more() -> None:
    found = incubation.incubation()
    user = incubation.maintainer(found.project)
    criteria.remove_maintainer(actor=ACTOR, maintainer=user.maintained_projects.get())

    with pytest.raises(NotPermitted):
        domain.submit_report(
            actor=user, incubation=found, number=1, happened="x", community="x", next_steps="x"
        )


def test_a_report_is_written_anew_until_a_mentor_signs_it_off() -> None:
    found = incubation.incubation()
    mentoring = incubation.mentoring(of=found.project)
    made, user = incubation.report(found), incubation.maintainer(found.project)
    sections = {"happened": "More work.", "community": "Three.", "next_steps": "Rest."}

    anew = domain.revise_report(actor=user, report=made, **sections)
    domain.act_on_report(actor=mentoring.mentor.user, report=made, kind="signed-off")

    assert (anew.happened, anew.digest != made.digest) == ("More work.", True)
    assert (
        refusal(lambda: domain.revise_report(actor=user, report=made, **sections)) == "signed-off"
    )


def test_each_reminder_is_sent_once_and_the_last_of_many_alone() -> None:
    found = incubation.incubation()
    since = Event.objects.count()
    sent: list[tuple[str, int]] = []
    for day in (date(2026, 4, 11), date(2026, 4, 12), date(2026, 4, 13), date(2026, 4, 19)):
        with at(day):
            domain.tend_incubations()
            domain.tend_incubations()
    with at(date(2026, 6, 1)):  # the worker was away for weeks
        domain.tend_incubations()

    for event in Event.objects.filter(seq__gt=since, verb__startswith="report.").order_by("seq"):
        data = json.loads(event.data)
        sent.append((event.verb, data["number"], data["days"]))
    assert sent == [
        ("report.due-soon", 1, 7),
        ("report.due-soon", 1, 1),
        ("report.overdue", 1, -30),
        ("report.overdue", 2, -1),
    ]
    assert ReportReminder.objects.filter(incubation=found).count() == 4


def test_nobody_is_reminded_of_a_report_that_is_there() -> None:
    found = incubation.incubation()
    incubation.report(found)

    with at(date(2026, 4, 18)):
        assert domain.tend_incubations() == 0


def test_the_board_of_what_is_owed_begins_with_the_latest() -> None:
    first = incubation.incubation()
    second = incubation.incubation()
    incubation.report(second)

    with at(date(2026, 5, 6)):
        rows = domain.all_owed()

    assert [(one.incubation, one.period.number, one.late) for one in rows] == [
        (first, 1, 17),
        (first, 2, -13),
        (second, 2, -13),
        (first, 3, -44),
        (second, 3, -44),
    ]
    assert [one.overdue for one in rows] == [True, False, False, False, False]


def test_moments_are_not_days() -> None:
    """A day begins in UTC: what is due today is not late before tomorrow."""
    found = incubation.incubation()
    last = datetime(2026, 4, 19, 23, 59, tzinfo=NOW.tzinfo)

    with clock.frozen_at(last):
        assert domain.owed_by(incubation=found)[0].late == 0
    with clock.frozen_at(last + timedelta(minutes=2)):
        assert domain.owed_by(incubation=found)[0].late == 1
