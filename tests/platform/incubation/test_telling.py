"""Who is told what of an incubation, and that nobody learns what is not theirs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from concours.platform.incubation import domain
from concours.platform.notifications.domain import follow, told_to
from concours.platform.notifications.models import Notification
from tests.factories import incubation
from tests.factories.people import operator, person
from tests.platform.incubation.support import at

pytestmark = pytest.mark.django_db


def told(user: Any) -> list[str]:
    follow()
    rows = Notification.objects.filter(user=user).order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_each_learns_what_is_theirs_to_do() -> None:
    follow()
    staff, bystander = operator(), person()
    found = incubation.incubation()
    maintainer = incubation.maintainer(found.project)
    mentoring = incubation.mentoring(of=found.project)
    mentor = mentoring.mentor.user
    report = incubation.report(found)
    domain.act_on_report(actor=mentor, report=report, kind="commented", text="Good.")
    domain.act_on_report(actor=mentor, report=report, kind="signed-off")
    follow()  # what is older than a week is no news
    for day in (date(2026, 5, 12), date(2026, 5, 20), date(2027, 3, 5)):
        with at(day):
            domain.tend_incubations()
            follow()

    assert [one for one in told(mentor) if one != "report.overdue"] == [
        "mentor.invited",
        "mentor.assigned",
        "report.submitted",
        "annual-review.opened",
    ]
    assert [one for one in told(maintainer) if not one.startswith("report.overdue")] == [
        "mentor.assigned",
        "report.commented",
        "report.signed-off",
        "report.due-soon",
        "annual-review.opened",
    ]
    assert told(maintainer).count("report.overdue") == told(mentor).count("report.overdue") > 0
    assert told(staff) == ["annual-review.opened"]
    assert told(bystander) == []
    for user in (maintainer, mentor, staff):
        rows = list(Notification.objects.filter(user=user))
        for one in told_to(user, rows):
            assert not one.hidden
            assert one.path
            assert "%(" not in one.title + one.text
            assert mentor.name not in one.title + one.text


def test_an_invitation_is_told_to_who_is_invited_alone() -> None:
    follow()
    made = incubation.invitation()
    follow()
    [row] = Notification.objects.filter(user=made.user)

    assert [one.title for one in told_to(made.user, [row])] == [
        "You are invited to the pool of mentors"
    ]
    assert [one.hidden for one in told_to(person(), [row])] == [True]
