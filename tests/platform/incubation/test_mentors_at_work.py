"""Mentors read, comment and sign off; who is quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.incubation import domain
from concours.platform.incubation.models import (
    MentorAct,
)
from tests.factories import incubation
from tests.factories.incubation import NOW
from tests.factories.people import organisation, organiser, person
from tests.platform.incubation.support import refusal

pytestmark = pytest.mark.django_db


def test_a_mentor_reads_comments_and_signs_off() -> None:
    found = incubation.incubation()
    mentoring = incubation.mentoring(of=found.project)
    made, user = incubation.report(found), mentoring.mentor.user

    for kind, text in (("read", ""), ("commented", "Well done."), ("signed-off", "")):
        domain.act_on_report(actor=user, report=made, kind=kind, text=text)

    [engaged] = domain.engagement_of(mentorings=[mentoring], quiet_days=100)
    assert (engaged.signed_off, engaged.read, engaged.comments) == (1, 1, 1)
    for kind in ("read", "signed-off"):
        assert (
            refusal(lambda kind=kind: domain.act_on_report(actor=user, report=made, kind=kind))
            == "done-already"
        )
    assert (
        refusal(lambda: domain.act_on_report(actor=user, report=made, kind="commented"))
        == "text-needed"
    )
    assert (
        refusal(lambda: domain.act_on_report(actor=user, report=made, kind="burnt"))
        == "unknown-kind"
    )


def test_a_mentor_is_quiet_after_the_programmes_days_from_the_last_act() -> None:
    found = incubation.incubation()
    mentoring = incubation.mentoring(of=found.project)
    with clock.frozen_at(NOW + timedelta(days=50)):
        domain.act_on_report(
            actor=mentoring.mentor.user, report=incubation.report(found), kind="read"
        )

    def quiet(days: int) -> bool:
        with clock.frozen_at(NOW + timedelta(days=days)):
            return domain.engagement_of(mentorings=[mentoring], quiet_days=100)[0].quiet

    assert [quiet(days) for days in (100, 149, 150, 500)] == [False, False, True, True]


def test_only_mentors_of_the_project_sign_off() -> None:
    found = incubation.incubation()
    made = incubation.report(found)
    ended = incubation.mentoring(of=found.project)
    domain.leave_pool(actor=ended.mentor.user, mentor=ended.mentor, reason="No time.")

    others = [
        person(),
        organiser(),
        incubation.maintainer(found.project),
        incubation.mentoring().mentor.user,
        ended.mentor.user,
    ]
    for actor in others:
        with pytest.raises(NotPermitted):
            domain.act_on_report(actor=actor, report=made, kind="signed-off")
    assert MentorAct.objects.count() == 0


def test_a_mentor_who_joins_the_maintainers_employer_signs_off_no_more() -> None:
    found = incubation.incubation()
    mentoring = incubation.mentoring(of=found.project)
    made = incubation.report(found)
    organisation(members=[mentoring.mentor.user, incubation.maintainer(found.project)])

    code = refusal(
        lambda: domain.act_on_report(actor=mentoring.mentor.user, report=made, kind="signed-off")
    )

    assert code == "hindered"


def test_a_plan_is_agreed_as_it_stands() -> None:
    found = incubation.incubation()
    mentoring = incubation.mentoring(of=found.project)
    user = mentoring.mentor.user
    none = refusal(lambda: domain.sign_off_plan(actor=user, incubation=found))
    milestone = incubation.milestone(found)

    domain.sign_off_plan(actor=user, incubation=found)
    agreed = domain.plan_signers(incubation=found)
    twice = refusal(lambda: domain.sign_off_plan(actor=user, incubation=found))
    domain.move_milestone(
        actor=incubation.maintainer(found.project),
        milestone=milestone,
        due=NOW.date() + timedelta(days=60),
        reason="Holidays.",
    )

    assert (none, twice) == ("no-plan", "done-already")
    assert agreed == [mentoring]
    assert domain.plan_signers(incubation=found) == []
