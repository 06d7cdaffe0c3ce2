"""Consent, act, undoing and appeals in any order: an entry is a project only while all agree."""

from __future__ import annotations

from pathlib import Path
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

from concours.platform.appeals.domain import dismiss_appeal, file_appeal
from concours.platform.appeals.enums import OPEN_STATES, AppealKind
from concours.platform.appeals.models import Appeal
from concours.platform.competitions.domain import disqualify_entry, reinstate_entry
from concours.platform.competitions.models import Track
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.governance.domain import open_review, withdraw_review
from concours.platform.governance.models import AccessReview
from concours.platform.handover import domain
from concours.platform.handover.checking import check, read_file
from concours.platform.handover.document import digest_of
from concours.platform.handover.enums import HandoverState
from concours.platform.handover.models import Dossier, Handover
from concours.platform.record import chain
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.register.models import Project
from tests.examples import examples
from tests.factories import appeals, governance, handover
from tests.factories.competitions import ACTOR, captain_of
from tests.platform.handover.conftest import stored

STEPS = {
    "": {"asked"},
    "asked": {"agreed", "declined"},
    "agreed": {"declined", "done"},
    "declined": {"asked", "agreed"},
    "done": {"taken-back"},
    "taken-back": {"asked"},
}


class Life(RuleBasedStateMachine):
    """Every act may be refused; a refused one changes nothing."""

    track: Track

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now, self.seen = appeals.LATER, ""
        self.digests: dict[int, str] = {}
        self.track.refresh_from_db()
        self.entry = handover.winner(self.track)
        governance.charter("open-atom-like")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @property
    def current(self) -> Handover | None:
        return Handover.objects.filter(entry=self.entry).order_by("-pk").first()

    def attempt(self, act: Any, **given: Any) -> bool:
        before = stored()
        try:
            with clock.frozen_at(self.now):
                act(**given)
        except Refused:
            assert stored() == before
            return False
        return True

    def on_current(self, act: Any, **given: Any) -> bool:
        made = self.current
        return made is not None and self.attempt(act, handover=made, **given)

    @rule()
    def ask(self) -> None:
        self.entry.refresh_from_db()
        self.attempt(domain.ask, actor=ACTOR, entry=self.entry)

    @rule(shown=st.booleans())
    def agree(self, shown: bool) -> None:
        self.on_current(domain.agree, actor=captain_of(self.entry.team), repository_shown=shown)

    @rule()
    def decline(self) -> None:
        self.on_current(domain.decline, actor=captain_of(self.entry.team))

    @rule(named=st.booleans())
    def say(self, named: bool) -> None:
        self.on_current(
            domain.say, actor=captain_of(self.entry.team), named=named, mentors=not named
        )

    @rule(which=st.integers(0, 1), gives=st.booleans())
    def leave(self, which: int, gives: bool) -> None:
        made = self.current
        if made is not None:
            act = domain.give_leave if gives else domain.withdraw_leave
            self.on_current(act, actor=handover.reviewers(made)[which])

    @rule()
    def hand_over(self) -> None:
        ready = not Appeal.objects.filter(state__in=OPEN_STATES).exists()
        done = self.on_current(
            domain.hand_over, actor=ACTOR, slug="winning-work", name="Winning work"
        )
        assert not done or (ready and self.now == handover.AFTER)

    @rule()
    def ask_agree_and_hand_over(self) -> None:
        self.ask()
        self.agree(shown=False)
        self.hand_over()

    @rule()
    def take_back(self) -> None:
        reviewed = AccessReview.objects.exists()
        back = self.on_current(domain.take_back, actor=ACTOR, reason="A mistake.")
        assert not (back and reviewed)

    @rule()
    def appeals_end(self) -> None:
        self.now = handover.AFTER

    @rule()
    def appeal(self) -> None:
        self.attempt(
            file_appeal,
            actor=captain_of(self.entry.team),
            entry=self.entry,
            kind=AppealKind.RESULT,
            subject="Wrong",
            reason="It is.",
        )

    @rule()
    def dismiss(self) -> None:
        for one in Appeal.objects.filter(state__in=OPEN_STATES):
            self.attempt(dismiss_appeal, actor=ACTOR, appeal=one, decision="No.")

    @rule()
    def disqualify(self) -> None:
        self.attempt(disqualify_entry, actor=ACTOR, entry=self.entry, reason="Not theirs.")

    @rule()
    def reinstate(self) -> None:
        self.attempt(reinstate_entry, actor=ACTOR, entry=self.entry, reason="Theirs.")

    @rule()
    def review(self) -> None:
        for project in Project.objects.all():
            self.attempt(
                open_review, actor=ACTOR, project=project, to="preparation", summary="Please."
            )

    @rule()
    def withdraw(self) -> None:
        for one in AccessReview.objects.all():
            self.attempt(withdraw_review, actor=ACTOR, review=one, reason="Not now.")

    @invariant()
    def states_follow_one_another(self) -> None:
        if not hasattr(self, "track") or not hasattr(self, "seen"):
            return
        made = self.current
        now = made.state if made is not None else ""
        # One rule may take several steps.
        reached, todo = {self.seen}, [self.seen]
        while todo:
            for one in STEPS[todo.pop()] - reached:
                reached.add(one)
                todo.append(one)
        assert now in reached
        self.seen = now

    @invariant()
    def at_most_one_is_live(self) -> None:
        live = Handover.objects.exclude(state=HandoverState.TAKEN_BACK)
        assert live.count() <= 1
        assert Project.objects.count() <= 1
        for made in live.filter(state=HandoverState.DONE):
            assert made.project is not None
            assert made.project.stage != "archived"

    @invariant()
    def dossiers_never_change(self) -> None:
        for one in Dossier.objects.all():
            assert digest_of(one.content) == one.digest
            assert self.digests.setdefault(one.pk, one.digest) == one.digest
            lines = [chain.from_line(line) for line in record.export_lines()]
            faults = check(read_file(one.content.encode()), lines).faults
            back = one.handover.state == HandoverState.TAKEN_BACK
            assert faults == (
                ("the record says that this handover was taken back",) if back else ()
            )
        assert Event.objects.filter(verb="handover.done").count() == Dossier.objects.count()


@pytest.mark.django_db
def test_whatever_order(tmp_path: Path) -> None:
    Life.track = appeals.ended(folder=tmp_path)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Life,
        settings=settings(
            max_examples=examples(24),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
