"""Whatever people and clocks do, each vote counts again to what was announced."""

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

from concours.governance import recount
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.governance import domain
from concours.platform.governance.enums import LIVE_STATES, ReviewState, VoteState
from concours.platform.governance.models import AccessReview, Ballot, Membership, Vote
from concours.platform.record import domain as record
from concours.platform.register.domain import carry_out
from concours.platform.register.enums import Stage
from tests.examples import examples
from tests.factories import governance, register
from tests.factories.governance import ACTOR, NOW

ORDER = list(Stage.values)
people = st.integers(0, 4)


class Governing(RuleBasedStateMachine):
    """Five members, one project, any act at any time; refusals are answers, never faults."""

    @initialize(
        secret=st.booleans(),
        drops=st.booleans(),
        changes=st.booleans(),
        late=st.sampled_from(("refused", "advisory")),
    )
    def found(self, secret: bool, drops: bool, changes: bool, late: str) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = NOW
        with clock.frozen_at(self.now):
            governance.charter(
                ballots='"secret"' if secret else '"open"',
                lost_role='"drops"' if drops else '"stands"',
                may_change="true" if changes else "false",
                late=f'"{late}"',
                minimum_yes="2",
                veto='"none"',
            )
            self.people: list[User] = governance.members(5)
            self.project = register.project(stage="candidate", donors=["acme"])
        self.next_vote()

    def attempt(self, act: Any, **arguments: Any) -> Any:
        with clock.frozen_at(self.now):
            try:
                return act(**arguments)
            except Refused:
                return None

    def last_vote(self) -> Vote | None:
        return Vote.objects.order_by("-pk").first()

    @rule()
    def next_vote(self) -> None:
        """The next stage is asked for, called and opened, where nothing stands against it."""
        self.project.refresh_from_db()
        place = ORDER.index(self.project.stage)
        self.ask(ORDER[min(place + 1, len(ORDER) - 2)])
        self.call()
        self.tick(0)

    @rule(choices=st.lists(st.sampled_from((1, 1, 1, 0, -1)), min_size=5, max_size=5))
    def all_cast(self, choices: list[int]) -> None:
        for who, choice in enumerate(choices):
            self.cast(who, choice, "So.")

    @rule(to=st.sampled_from(ORDER))
    def ask(self, to: str) -> None:
        self.attempt(
            domain.open_review,
            actor=ACTOR,
            project=self.project,
            to=to,
            summary="Please.",
            spokesperson=self.people[0],
        )

    @rule()
    def call(self) -> None:
        for review in AccessReview.objects.filter(state=ReviewState.OPEN):
            self.attempt(domain.call_vote, actor=ACTOR, review=review)

    @rule(who=people, choice=st.sampled_from((1, 1, 0, -1)), reason=st.sampled_from(("", "So.")))
    def cast(self, who: int, choice: int, reason: str) -> None:
        if vote := self.last_vote():
            self.attempt(
                domain.cast_ballot,
                actor=self.people[who],
                vote=vote,
                choice=choice,
                reason=reason,
            )

    @rule(who=people)
    def aside(self, who: int) -> None:
        if vote := self.last_vote():
            self.attempt(domain.stand_aside, actor=self.people[who], vote=vote, reason="Friends.")

    @rule(who=people)
    def leave(self, who: int) -> None:
        for seat in Membership.objects.filter(user=self.people[who], until__isnull=True):
            self.attempt(domain.unseat_member, actor=ACTOR, membership=seat)

    @rule(who=people)
    def return_(self, who: int) -> None:
        self.attempt(
            domain.seat_member,
            actor=ACTOR,
            body=governance.body(),
            user=self.people[who],
            role="member",
        )

    @rule(hours=st.sampled_from((-30, -1, 0, 1, 24, 72, 100)))
    def tick(self, hours: int) -> None:
        """Clocks jump, back too."""
        self.now += timedelta(hours=hours)
        self.attempt(domain.tend_votes)

    @rule(to=st.sampled_from(ORDER))
    def moved_by_hand(self, to: str) -> None:
        self.attempt(
            carry_out,
            actor=ACTOR,
            project=self.project,
            to=to,
            on=self.now.date(),
            reason="By hand.",
        )

    @rule()
    def call_off(self) -> None:
        if vote := self.last_vote():
            self.attempt(domain.call_off, actor=ACTOR, vote=vote, reason="Not now.")

    @invariant()
    def one_review_and_one_vote_at_a_time(self) -> None:
        assert AccessReview.objects.filter(state=ReviewState.OPEN).count() <= 1
        assert Vote.objects.filter(state__in=LIVE_STATES).count() <= 1

    @invariant()
    def one_standing_ballot_a_voter(self) -> None:
        for vote in Vote.objects.all():
            standing = Ballot.objects.filter(vote=vote, current=True)
            assert standing.count() == standing.values("voter").distinct().count()
            names = {one["voter"] for one in vote.electorate}
            assert {record.name_of(one.voter) for one in standing} <= names

    @invariant()
    def no_stage_is_skipped(self) -> None:
        for change in self.project.changes.all() if hasattr(self, "project") else ():
            if change.from_stage and "archived" not in {change.from_stage, change.to_stage}:
                assert ORDER.index(change.to_stage) == ORDER.index(change.from_stage) + 1

    def teardown(self) -> None:
        if hasattr(self, "project"):
            try:
                self.ended_and_counted_again()
            finally:
                transaction.set_rollback(True)
                self.block.__exit__(None, None, None)

    def ended_and_counted_again(self) -> None:
        """Whatever is open is brought to its end; then the record alone says the same."""
        self.now += timedelta(days=400)
        self.attempt(domain.tend_votes)
        self.attempt(domain.tend_votes)
        again = {one.code: one for one in recount(vars(event) for event in record.iterate())}
        ended = Vote.objects.exclude(state__in=LIVE_STATES)
        assert {vote.code for vote in ended} == set(again)
        for vote in ended:
            found = again[vote.code]
            assert found.faults == ()
            if vote.state == VoteState.CLOSED:
                assert found.outcome is not None
                assert str(found.outcome.result) == vote.outcome["result"]
                review = vote.review
                passed = vote.outcome["result"] == "passed"
                assert (review.state == ReviewState.PASSED) is passed
        assert record.verify().holds


@pytest.mark.slow
@pytest.mark.django_db
def test_governing_in_any_order() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Governing,
        settings=settings(
            deadline=None,
            max_examples=examples(48),
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )
