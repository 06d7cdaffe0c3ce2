"""Incubations begin and end with the register's stages."""

from __future__ import annotations

from datetime import date

import pytest

from concours.platform.incubation import domain
from concours.platform.incubation.enums import MilestoneState, ReviewState
from concours.platform.incubation.models import (
    AnnualReview,
    Incubation,
    Mentoring,
    Milestone,
)
from concours.platform.record.domain import verify
from tests.factories import incubation, register
from tests.factories.incubation import NOW
from tests.platform.incubation.support import at, moved, refusal

pytestmark = pytest.mark.django_db


def test_without_a_programme_nothing_begins() -> None:
    register.project()

    assert domain.tend_incubations() == 0


def test_an_incubation_begins_with_the_stage_and_owes_nothing_for_before() -> None:
    old = register.project(since=date(2020, 2, 10))
    undated = register.project()
    incubation.programme()

    done = domain.tend_incubations()
    again = domain.tend_incubations()

    assert (done, again) == (2, 0)
    first, second = Incubation.objects.order_by("pk")
    assert (first.project, first.began_on, first.owed_from) == (
        old,
        date(2020, 2, 10),
        NOW.date(),
    )
    assert (second.project, second.began_on) == (undated, NOW.date())
    # The rhythm is that of the beginning: the period that today is in began before.
    assert domain.owed_by(incubation=first) == []
    with at(date(2026, 5, 10)):
        assert [one.period.begins for one in domain.owed_by(incubation=first)] == [
            date(2026, 5, 10)
        ]


def test_projects_of_other_stages_and_registers_do_not_begin() -> None:
    register.project(stage="preparation")
    foreign = register.project()
    type(foreign).objects.filter(pk=foreign.pk).update(register="apache")
    incubation.programme()

    assert domain.tend_incubations() == 0


def test_a_later_programme_leaves_what_is_under_way_alone() -> None:
    found = incubation.incubation()
    incubation.programme("cncf")

    domain.tend_incubations()

    assert Incubation.objects.get(pk=found.pk).programme.name == "quarterly"


def test_with_the_incubation_all_that_is_open_ends() -> None:
    found = incubation.incubation()
    mentoring = incubation.mentoring(of=found.project)
    done, waiting = incubation.milestone(found), incubation.milestone(found)
    domain.reach_milestone(
        actor=incubation.maintainer(found.project), milestone=done, evidence="https://x.example/"
    )
    with at(date(2027, 3, 6)):
        domain.tend_incubations()
        assert [one.number for one in AnnualReview.objects.filter(state=ReviewState.OPEN)] == [1]
        assert domain.owed_by(incubation=found)
        moved(found.project, "archived")
        # Before the clock has noted it, nothing can be done to it any more.
        code = refusal(lambda: incubation.milestone(found))
        domain.tend_incubations()
        again = domain.tend_incubations()

    assert (code, again) == ("incubation-over", 0)
    ended = Incubation.objects.get(pk=found.pk)
    assert ended.ended_on == date(2027, 3, 6)
    assert domain.owed_by(incubation=ended) == domain.all_owed() == []
    states = {one.pk: one.state for one in Milestone.objects.all()}
    assert states == {done.pk: MilestoneState.DONE, waiting.pk: MilestoneState.ENDED}
    assert AnnualReview.objects.get().state == ReviewState.ENDED
    assert Mentoring.objects.get(pk=mentoring.pk).ended_at is not None
    assert verify().faults == ()


def test_a_project_that_comes_back_begins_anew() -> None:
    found = incubation.incubation()
    moved(found.project, "archived")
    domain.tend_incubations()
    with at(date(2026, 9, 1)):
        moved(found.project, "incubating")
        domain.tend_incubations()

        anew = domain.incubation_of(project=found.project)

        assert anew is not None
        assert (anew.began_on, anew.pk == found.pk) == (date(2026, 9, 1), False)


def test_a_day_of_archiving_before_the_clock_noticed_is_kept() -> None:
    found = incubation.incubation()
    with at(date(2026, 4, 1)):
        moved(found.project, "archived")
    with at(date(2026, 4, 20)):
        domain.tend_incubations()

    assert Incubation.objects.get(pk=found.pk).ended_on == date(2026, 4, 1)
