"""Whatever people and the clock do, what an incubation says of itself holds together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.criteria import domain as criteria
from concours.platform.incubation import domain
from concours.platform.incubation.domain.mentoring import MENTORED
from concours.platform.incubation.enums import (
    ActKind,
    MentorState,
    MilestoneState,
    Outcome,
    ReviewState,
)
from concours.platform.incubation.models import (
    AnnualReview,
    Incubation,
    Mentor,
    MentorAct,
    Mentoring,
    Milestone,
    PeriodicReport,
    ReportReminder,
)
from concours.platform.incubation.timetable import period
from concours.platform.record import domain as record
from concours.platform.register.domain import carry_out, history_of
from concours.platform.register.enums import ArchiveCause, Stage
from tests.examples import examples
from tests.factories import incubation, register
from tests.factories.incubation import ACTOR, NOW
from tests.factories.people import organisation, person

people = st.integers(0, 3)
numbers = st.integers(-1, 12)
WORDS = {"happened": "Work.", "community": "Two more.", "next_steps": "More work."}


class Incubating(RuleBasedStateMachine):
    """Four people, one project, any act at any time; refusals are answers, never faults."""

    @initialize(programme=st.sampled_from(("quarterly", "apache-incubator", "cncf")))
    def found(self, programme: str) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = NOW
        with clock.frozen_at(self.now):
            incubation.programme(programme)
            self.people: list[User] = [person(name=f"Person {n}") for n in range(4)]
            organisation(members=self.people[2:])
            self.project = register.project(stage="preparation")
            criteria.name_maintainer(actor=ACTOR, project=self.project, user=self.people[3])
        self.move("incubating")

    def attempt(self, act: Any, **arguments: Any) -> Any:
        with clock.frozen_at(self.now):
            try:
                return act(**arguments)
            except Refused:
                return None

    def incubation(self) -> Incubation | None:
        return Incubation.objects.order_by("-pk").first()

    @rule(days=st.sampled_from((0, 1, 6, 20, 31, 95, 370)))
    def tick(self, days: int) -> None:
        self.now += timedelta(days=days)
        with clock.frozen_at(self.now):
            domain.tend_incubations()
            assert domain.tend_incubations() == 0

    @rule(to=st.sampled_from(list(Stage.values)))
    def move(self, to: str) -> None:
        self.project.refresh_from_db()
        self.attempt(
            carry_out,
            actor=ACTOR,
            project=self.project,
            to=to,
            on=self.now.date(),
            reason="So.",
        )
        self.project.refresh_from_db()

    @rule(cause=st.sampled_from([*ArchiveCause.values, ""]))
    def archive(self, cause: str) -> None:
        self.attempt(
            domain.archive_project, actor=ACTOR, project=self.project, cause=cause, reason="So."
        )

    @rule(who=people)
    def invite(self, who: int) -> None:
        self.attempt(domain.invite_mentor, actor=ACTOR, person=self.people[who])

    @rule(who=people, accepts=st.booleans(), most=st.integers(0, 2))
    def answer(self, who: int, accepts: bool, most: int) -> None:
        for mentor in Mentor.objects.filter(user=self.people[who]):
            self.attempt(
                domain.answer_invitation,
                actor=self.people[who],
                mentor=mentor,
                accepts=accepts,
                most_projects=most,
            )

    @rule(who=people, pauses=st.booleans())
    def set_terms(self, who: int, pauses: bool) -> None:
        for mentor in Mentor.objects.filter(user=self.people[who]):
            self.attempt(
                domain.set_terms,
                actor=self.people[who],
                mentor=mentor,
                areas=[],
                most_projects=1,
                pauses=pauses,
            )

    @rule(who=people)
    def assign(self, who: int) -> None:
        for mentor in Mentor.objects.filter(user=self.people[who]):
            self.attempt(domain.assign_mentor, actor=ACTOR, mentor=mentor, project=self.project)

    @rule(who=people)
    def mentored(self, who: int) -> None:
        """From nothing to a mentor of the project, where nothing stands against it."""
        self.invite(who)
        self.answer(who, accepts=True, most=2)
        self.assign(who)

    @rule(who=people)
    def leave(self, who: int) -> None:
        for mentor in Mentor.objects.filter(user=self.people[who]):
            self.attempt(
                domain.leave_pool, actor=self.people[who], mentor=mentor, reason="No time."
            )

    @rule(who=people)
    def declare(self, who: int) -> None:
        for mentor in Mentor.objects.filter(user=self.people[who]):
            self.attempt(
                domain.declare_conflict,
                actor=self.people[who],
                mentor=mentor,
                project=self.project,
                reason="A friend.",
            )

    @rule(who=people)
    def maintain(self, who: int) -> None:
        self.attempt(
            criteria.name_maintainer, actor=ACTOR, project=self.project, user=self.people[who]
        )

    @rule(who=people)
    def lose_role(self, who: int) -> None:
        for one in self.people[who].maintained_projects.all():
            self.attempt(criteria.remove_maintainer, actor=ACTOR, maintainer=one)

    @rule(who=people, number=numbers)
    def report(self, who: int, number: int) -> None:
        if found := self.incubation():
            self.attempt(
                domain.submit_report,
                actor=self.people[who],
                incubation=found,
                number=number,
                **WORDS,
            )

    @rule()
    def report_all(self) -> None:
        if found := self.incubation():
            with clock.frozen_at(self.now):
                owed = domain.owed_by(incubation=found)
            for one in owed:
                self.report(3, one.period.number)

    @rule(who=people)
    def revise(self, who: int) -> None:
        for one in PeriodicReport.objects.order_by("-pk")[:1]:
            sections = WORDS | {"happened": f"Again on {self.now:%d}."}
            self.attempt(domain.revise_report, actor=self.people[who], report=one, **sections)

    @rule(who=people, kind=st.sampled_from(ActKind.values), text=st.sampled_from(("", "So.")))
    def act(self, who: int, kind: str, text: str) -> None:
        for one in PeriodicReport.objects.order_by("-pk")[:1]:
            self.attempt(
                domain.act_on_report, actor=self.people[who], report=one, kind=kind, text=text
            )

    @rule(who=people, days=st.integers(-2, 100))
    def plan(self, who: int, days: int) -> None:
        if found := self.incubation():
            self.attempt(
                domain.set_milestone,
                actor=self.people[who],
                incubation=found,
                title="A release",
                measure="A tag.",
                due=self.now.date() + timedelta(days=days),
            )

    @rule(who=people, days=st.integers(-2, 100))
    def shift(self, who: int, days: int) -> None:
        for one in Milestone.objects.order_by("-pk")[:1]:
            due = self.now.date() + timedelta(days=days)
            self.attempt(
                domain.move_milestone,
                actor=self.people[who],
                milestone=one,
                due=due,
                reason="Late.",
            )

    @rule(who=people, reached=st.booleans())
    def close(self, who: int, reached: bool) -> None:
        for one in Milestone.objects.order_by("-pk")[:1]:
            if reached:
                self.attempt(
                    domain.reach_milestone,
                    actor=self.people[who],
                    milestone=one,
                    evidence="https://x.example",
                )
            else:
                self.attempt(
                    domain.drop_milestone, actor=self.people[who], milestone=one, reason="No."
                )

    @rule(who=people)
    def agree(self, who: int) -> None:
        for one in Milestone.objects.order_by("-pk")[:1]:
            self.attempt(domain.sign_off_milestone, actor=self.people[who], milestone=one)
        if found := self.incubation():
            self.attempt(domain.sign_off_plan, actor=self.people[who], incubation=found)

    @rule(outcome=st.sampled_from(Outcome.values), cause=st.sampled_from(("", "inactive")))
    def decide(self, outcome: str, cause: str) -> None:
        for one in AnnualReview.objects.order_by("-pk")[:1]:
            self.attempt(
                domain.decide_review,
                actor=ACTOR,
                review=one,
                outcome=outcome,
                cause=cause,
                reason="So.",
            )

    @invariant()
    def incubations_follow_the_register(self) -> None:
        if not hasattr(self, "project"):
            return
        rows = list(Incubation.objects.order_by("pk"))
        assert sum(one.ended_on is None for one in rows) <= 1
        for one in rows:
            assert one.began_on <= one.owed_from
            assert one.ended_on is None or one.began_on <= one.ended_on
            if one.ended_on is not None:
                assert not one.milestones.filter(state=MilestoneState.OPEN).exists()
                assert not one.reviews.filter(state=ReviewState.OPEN).exists()
        begun = {change.on for change in history_of(project=self.project)}
        assert {one.began_on for one in rows} <= begun

    @invariant()
    def reports_are_of_begun_periods_once(self) -> None:
        for one in PeriodicReport.objects.select_related("incubation__programme"):
            rule_ = domain.parsed(one.incubation.programme).reports
            expected = period(one.number, began=one.incubation.began_on, rule=rule_)
            assert (one.begins, one.ends, one.due) == (
                expected.begins,
                expected.ends,
                expected.due,
            )
            assert one.incubation.owed_from <= one.begins <= one.submitted_at.date()
        with clock.frozen_at(getattr(self, "now", NOW)):
            for owed in domain.all_owed():
                assert owed.incubation.ended_on is None
                assert not owed.incubation.reports.filter(number=owed.period.number).exists()

    @invariant()
    def mentors_keep_to_their_load_and_to_the_pool(self) -> None:
        for mentor in Mentor.objects.all():
            held = mentor.mentorings.filter(ended_at__isnull=True)
            if mentor.state not in {MentorState.ACTIVE, MentorState.PAUSED}:
                assert not held.exists()
        for one in Mentoring.objects.all():
            assert one.ended_at is None or one.assigned_at <= one.ended_at
            if one.ended_at is not None:
                assert all(act.at <= one.ended_at for act in one.acts.all())
        for act in MentorAct.objects.select_related("mentoring__mentor"):
            assert act.at >= act.mentoring.assigned_at

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        sent = list(ReportReminder.objects.values_list("incubation", "number", "days"))
        assert len(sent) == len(set(sent))

    def teardown(self) -> None:
        if not hasattr(self, "block"):
            return
        try:
            with clock.frozen_at(self.now):
                domain.tend_incubations()
                if self.project.stage not in MENTORED:
                    assert not Mentoring.objects.filter(ended_at__isnull=True).exists()
                assert record.verify().faults == ()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)


@pytest.mark.django_db
def test_whatever_is_done_an_incubation_holds_together() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Incubating,
        settings=settings(
            max_examples=examples(40),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
