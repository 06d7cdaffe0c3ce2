"""Duties are lost while a round runs and go to others; nothing else moves."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from concours.platform.accounts.models import Affiliation
from concours.platform.competitions.domain import disqualify_entry
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain import oversight
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.people import against_merging
from concours.platform.review.enums import AliasKind, AssignmentState, DeclaredKind
from concours.platform.review.models import (
    Assignment,
    EmergencyReviewer,
    Replacement,
    ReviewRound,
    RoundEntry,
)
from tests.factories import review as make
from tests.factories.competitions import ACTOR
from tests.factories.people import organisation, organiser, person
from tests.platform.review.helpers import duty_of, events, refused

pytestmark = pytest.mark.django_db
LATE = make.CLOSES - timedelta(days=1)
State = AssignmentState


@pytest.fixture
def small(db: None, tmp_path: Path) -> ReviewRound:
    """An assigned round of twelve entries, three reviews each: room for somebody else."""
    return make.assigned(entries=12, folder=tmp_path)


def declare(duty: Assignment, **fields: Any) -> None:
    with clock.frozen_at(fields.pop("at", make.DURING)):
        domain.declare_conflict(actor=duty.reviewer, assignment=duty, reason="A friend", **fields)


def pairs(round_: ReviewRound, **where: Any) -> set[tuple[int | None, int]]:
    rows = round_.assignments.filter(**where)
    return set(rows.values_list("reviewer_entry_id", "entry_id"))


def alias(round_: ReviewRound, user: Any) -> str:
    return aliases_of(round=round_, kind=AliasKind.REVIEWER)[user.pk]


def assert_bans_hold(round_: ReviewRound) -> None:
    """Told from the rows alone: nobody twice, nobody their own, no two each other."""
    standing = round_.assignments.filter(state__in=(State.PENDING, State.SUBMITTED))
    met = list(standing.values_list("reviewer_entry_id", "entry_id"))
    assert len(set(met)) == len(met)
    assert not any(mine == theirs for mine, theirs in met)
    assert not any((theirs, mine) in met for mine, theirs in met if mine is not None)


class TestAConflictDeclared:
    def test_the_review_goes_to_one_other_and_nothing_else_moves(self, small: ReviewRound) -> None:
        duty, before = duty_of(small), pairs(small)

        declare(duty, kind=DeclaredKind.RECOGNISED)

        new = small.assignments.get(given_in=1)
        assert pairs(small, given_in=0) == before
        assert (new.entry_id, new.replaces_id, new.state) == (duty.entry_id, duty.pk, State.PENDING)
        assert new.reviewer_id != duty.reviewer_id
        assert_bans_hold(small)
        assert domain.verify_assignment(round=small) == []

    def test_who_declared_is_the_first_to_get_another_one(self, small: ReviewRound) -> None:
        first = duty_of(small)
        declare(first)
        other = (
            small.assignments.filter(state=State.PENDING, given_in=0)
            .exclude(reviewer=first.reviewer)
            .exclude(entry=first.reviewer_entry)
            .exclude(entry__reviewer=first.reviewer)
            .select_related("reviewer")
        )
        for duty in other:
            ever = small.assignments.filter(reviewer=first.reviewer, entry=duty.entry)
            back = small.assignments.filter(reviewer_entry=duty.entry, entry=first.reviewer_entry)
            if not ever.exists() and not back.exists():
                declare(duty)
                assert small.assignments.get(given_in=2).reviewer == first.reviewer
                break
        else:
            pytest.fail("no duty that they may take")

    def test_the_record_tells_the_new_reviewer_by_alias_and_never_who_declared(
        self, small: ReviewRound
    ) -> None:
        duty = duty_of(small)
        declare(duty, kind=DeclaredKind.RECOGNISED)
        event = Event.objects.get(verb="duties.replaced")
        entries = aliases_of(round=small, kind=AliasKind.ENTRY)
        new = small.assignments.select_related("reviewer").get(given_in=1)
        data = json.loads(event.data)
        assert data["given"] == [
            {"entry": entries[duty.entry_id], "to": alias(small, new.reviewer)}
        ]
        assert data["cause"] == "conflict"
        assert json.loads(Event.objects.get(verb="duty.lifted").data)["kind"] == "recognised"
        # The event stands beside one that names the person: their alias must not be in it.
        assert alias(small, duty.reviewer) not in json.dumps(data["given"])
        for secret in (duty.reviewer.code, new.reviewer.code, duty.entry.code, duty.code):
            assert secret not in event.data
        assert "A friend" not in events()

    def test_the_new_reviewer_is_told_and_sees_it(
        self, small: ReviewRound, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            declare(duty_of(small))
        new = small.assignments.select_related("reviewer").get(given_in=1)
        assert [message.to for message in mail.outbox] == [[new.reviewer.email]]
        with clock.frozen_at(make.DURING):
            (further,) = [one for one in domain.duties_of(user=new.reviewer) if one.further]
        assert (further.code, further.open) == (new.code, True)

    def test_the_entrys_own_reviewer_never_gets_the_one_who_declared(
        self, small: ReviewRound
    ) -> None:
        """Closeness is mutual: of all that is lost later, nothing goes back that way."""
        duty = duty_of(small)
        declare(duty)
        for other in small.assignments.filter(entry=duty.reviewer_entry).select_related("reviewer"):
            declare(other)
        assert (duty.entry_id, duty.reviewer_entry_id) not in pairs(small)
        assert domain.verify_assignment(round=small) == []

    def test_declared_twice_or_by_a_stranger_it_is_refused(self, small: ReviewRound) -> None:
        duty = duty_of(small)
        with clock.frozen_at(make.DURING):
            for other in (person(), organiser(), duty.entry.reviewer):
                refused(
                    "not-permitted",
                    lambda actor=other: domain.declare_conflict(  # type: ignore[misc]
                        actor=actor, assignment=duty, reason="Mine"
                    ),
                )
        declare(duty)
        with clock.frozen_at(make.DURING):
            refused(
                "duty-lifted",
                lambda: domain.declare_conflict(
                    actor=duty.reviewer, assignment=duty, reason="Again"
                ),
            )
        assert Replacement.objects.count() == 1

    def test_who_declares_often_is_counted_and_shown_to_staff(self, small: ReviewRound) -> None:
        duty = duty_of(small)
        mine = small.assignments.filter(reviewer=duty.reviewer, given_in=0)
        for one in mine.select_related("reviewer"):
            declare(one)
        ((who, declared, had),) = oversight.declared_often(round=small)
        assert (who, declared) == (alias(small, duty.reviewer), 3)
        assert had >= 3

    def test_an_organisation_joined_after_the_draw_is_a_conflict_too(
        self, small: ReviewRound
    ) -> None:
        """Everybody but one joins the organisation of the entry's second affiliation."""
        duty = duty_of(small)
        author = duty.entry.reviewer
        organisation(members=[author])
        second = organisation(members=[author])
        able = [
            row
            for row in RoundEntry.objects.filter(round=small).select_related("reviewer")
            if row.entry_id != duty.entry_id
            and (row.entry_id, duty.entry_id) not in pairs(small)
            and (duty.entry_id, row.entry_id) not in pairs(small)
        ]
        assert len(able) > 1, "there has to be somebody to keep away"
        for row in able[1:]:
            Affiliation.objects.create(user=row.reviewer, organisation=second)
        declare(duty)
        assert small.assignments.get(given_in=1).reviewer == able[0].reviewer
        assert domain.verify_assignment(round=small) == []


def all_but_covered(round_: ReviewRound) -> Assignment:
    """A duty that nobody else of the round may take: all share an organisation with its entry."""
    duty = duty_of(round_)
    people = {row.reviewer for row in RoundEntry.objects.filter(round=round_)}
    organisation(members=list(people))
    return duty


class TestWhatNobodyMayTake:
    def test_is_shown_as_uncovered_and_told_in_the_record(self, small: ReviewRound) -> None:
        duty = all_but_covered(small)
        declare(duty)
        name = aliases_of(round=small, kind=AliasKind.ENTRY)[duty.entry_id]
        assert oversight.uncovered_entries(round=small) == [(name, 1)]
        data = json.loads(Event.objects.get(verb="duties.replaced").data)
        assert (data["given"], data["uncovered"]) == ([], [name])
        assert domain.verify_assignment(round=small) == []

    def test_goes_to_an_emergency_reviewer_as_soon_as_there_is_one(
        self, small: ReviewRound
    ) -> None:
        duty, helper = all_but_covered(small), person()
        declare(duty)
        with clock.frozen_at(make.DURING):
            domain.name_emergency_reviewer(actor=ACTOR, round=small, email=helper.email)
        new = small.assignments.get(given_in=2)
        assert (new.reviewer, new.reviewer_entry, new.entry_id) == (helper, None, duty.entry_id)
        assert oversight.uncovered_entries(round=small) == []
        make.write(new)
        assert domain.verify_assignment(round=small) == []

    def test_goes_to_no_emergency_reviewer_with_a_conflict(self, small: ReviewRound) -> None:
        duty = all_but_covered(small)
        near, far = person(), person()
        organisation(members=[near, duty.entry.reviewer])
        with clock.frozen_at(make.DURING):
            for helper in (near, far):
                domain.name_emergency_reviewer(actor=ACTOR, round=small, email=helper.email)
        declare(duty)
        assert small.assignments.get(given_in=1).reviewer == far

    def test_a_peer_comes_before_the_reserve(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.DURING):
            domain.name_emergency_reviewer(actor=ACTOR, round=small, email=person().email)
        declare(duty_of(small))
        assert small.assignments.get(given_in=1).reviewer_entry_id is not None

    def test_the_reserve_takes_no_participant_no_stranger_and_nobody_twice(
        self, small: ReviewRound
    ) -> None:
        helper, author = person(), duty_of(small).reviewer

        def name(actor: Any, email: str) -> Any:
            return domain.name_emergency_reviewer(actor=actor, round=small, email=email)

        with clock.frozen_at(make.DURING):
            refused("takes-part", lambda: name(ACTOR, author.email))
            refused("unknown-address", lambda: name(ACTOR, "nobody@example.org"))
            for stranger in (person(), author, organiser(season=make.planned().track.season)):
                with pytest.raises(NotPermitted):
                    name(stranger, helper.email)
            name(organiser(season=small.track.season), helper.email)
            refused("named-already", lambda: name(ACTOR, helper.email.upper()))
        assert EmergencyReviewer.objects.count() == 1
        assert helper.code not in Event.objects.get(verb="reviewer.reserve-named").data

    def test_who_is_released_gets_nothing_more(self, small: ReviewRound) -> None:
        duty, helper = all_but_covered(small), person()
        with clock.frozen_at(make.DURING):
            domain.name_emergency_reviewer(actor=ACTOR, round=small, email=helper.email)
            name = alias(small, helper)
            domain.release_emergency_reviewer(actor=ACTOR, round=small, alias=name)
            refused(
                "not-in-reserve",
                lambda: domain.release_emergency_reviewer(actor=ACTOR, round=small, alias=name),
            )
        declare(duty)
        assert not small.assignments.filter(reviewer=helper).exists()

    def test_their_account_is_not_merged_with_a_reviewers(self, small: ReviewRound) -> None:
        helper, author = person(), duty_of(small).reviewer
        assert list(against_merging(helper, author)) == []
        with clock.frozen_at(make.DURING):
            domain.name_emergency_reviewer(actor=ACTOR, round=small, email=helper.email)
        assert len(list(against_merging(author, helper))) == 1
        assert list(against_merging(helper, person())) == []

    def test_named_with_the_plan_they_have_an_alias_from_the_draw_on(self, tmp_path: Path) -> None:
        round_ = make.planned(entries=8, folder=tmp_path)
        helper = person()
        with clock.frozen_at(make.SPRING):
            domain.name_emergency_reviewer(actor=ACTOR, round=round_, email=helper.email)
        make.to_review(round_)
        with clock.frozen_at(make.OPENS):
            round_ = domain.assign_reviews(actor=ACTOR, round=round_)
        assert alias(round_, helper)
        declare(all_but_covered(round_))
        assert round_.assignments.get(given_in=1).reviewer == helper

    def test_a_season_with_an_emergency_review_is_closed_computed_and_verified(
        self, small: ReviewRound
    ) -> None:
        helper = person()
        declare(all_but_covered(small))
        with clock.frozen_at(make.DURING):
            domain.name_emergency_reviewer(actor=ACTOR, round=small, email=helper.email)
        still = small.assignments.filter(state=State.PENDING).select_related("reviewer")
        for place, duty in enumerate(still):
            make.write(duty, idea=place % 6, code=place % 11)
        with clock.frozen_at(make.AFTER):
            closed = domain.close_round(actor=ACTOR, round=small)
            domain.screen_reviews(actor=ACTOR, round=closed)
            snapshot = domain.compute_standings(actor=ACTOR, round=closed)
            snapshot = domain.publish_standings(actor=ACTOR, snapshot=snapshot)
        assert snapshot.review_count == 36
        assert domain.verify_standings(snapshot=snapshot) == []
        domain.recompute(domain.published_inputs(snapshot=snapshot))


class TestLateReviewers:
    def replace(self, round_: ReviewRound, *, at: Any = LATE, actor: Any = ACTOR) -> Any:
        with clock.frozen_at(at):
            return domain.replace_late(actor=actor, round=round_)

    def test_only_who_wrote_nothing_is_late_and_their_reviews_go_to_others(
        self, small: ReviewRound
    ) -> None:
        idle = duty_of(small).reviewer
        others = small.assignments.exclude(reviewer=idle).select_related("reviewer")
        begun = {duty.reviewer_id: duty for duty in others}
        for duty in begun.values():
            make.write(duty)  # one each: at work, if not done

        done = self.replace(small)

        assert (done.lost, done.given) == (3, 3)
        assert set(small.assignments.filter(reviewer=idle).values_list("state", flat=True)) == {
            State.REPLACED
        }
        assert not small.assignments.filter(given_in=1, reviewer=idle).exists()
        extras = Counter(small.assignments.filter(given_in=1).values_list("reviewer", flat=True))
        assert max(extras.values()) == 1
        assert_bans_hold(small)
        assert domain.verify_assignment(round=small) == []
        told = json.loads(Event.objects.get(verb="duties.lost").data)
        assert told == {
            "number": 1,
            "late": {alias(small, idle): 3},
            "gone": 0,
            "rule_days": 2,
        }

    def test_before_the_rules_day_and_pressed_again_nothing_happens(
        self, small: ReviewRound
    ) -> None:
        idle = duty_of(small).reviewer
        for duty in small.assignments.exclude(reviewer=idle).select_related("reviewer"):
            make.write(duty)
        early = self.replace(small, at=make.CLOSES - timedelta(days=2, seconds=1))
        assert (early.lost, early.given) == (0, 0)
        on_the_day = self.replace(small, at=make.CLOSES - timedelta(days=2))
        assert on_the_day.lost == 3
        head = Event.objects.count()
        assert self.replace(small).lost == 0
        assert Event.objects.count() == head

    def test_rules_without_it_replace_nobody(self, tmp_path: Path) -> None:
        round_ = make.assigned(entries=8, folder=tmp_path, methods={"replace_days": 0})
        assert self.replace(round_).lost == 0
        with clock.frozen_at(LATE):
            assert domain.replace_due() == 0

    def test_a_worker_does_it_on_the_day_and_once(self, small: ReviewRound) -> None:
        idle = duty_of(small).reviewer
        for duty in small.assignments.exclude(reviewer=idle).select_related("reviewer"):
            make.write(duty)
        with clock.frozen_at(make.DURING):
            assert domain.replace_due() == 0
        with clock.frozen_at(LATE):
            assert domain.replace_due() == 3
            assert domain.replace_due() == 0
        with clock.frozen_at(make.DURING):  # the clock jumps back
            assert domain.replace_due() == 0
        with clock.frozen_at(make.CLOSES):
            assert domain.replace_due() == 0
        assert Event.objects.filter(actor="system:review-steward").exists()

    def test_when_nobody_wrote_anything_nobody_is_left_to_take_it(self, small: ReviewRound) -> None:
        done = self.replace(small)
        assert (done.lost, done.given) == (36, 0)
        assert sum(count for _alias, count in oversight.uncovered_entries(round=small)) == 36
        assert domain.verify_assignment(round=small) == []

    def test_a_replaced_duty_is_not_written_and_counts_as_undone(
        self, small: ReviewRound, django_capture_on_commit_callbacks: Any
    ) -> None:
        duty = duty_of(small)
        for other in small.assignments.exclude(reviewer=duty.reviewer).select_related("reviewer"):
            make.write(other)
        with django_capture_on_commit_callbacks(execute=True):
            self.replace(small)
        assert duty.reviewer.email in {address for one in mail.outbox for address in one.to}
        with clock.frozen_at(LATE):
            refused(
                "duty-replaced",
                lambda: domain.submit_review(
                    actor=duty.reviewer, assignment=duty, scores={"idea": 1, "code": 1}, comment=""
                ),
            )
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=ACTOR, round=small)
            (undone,) = domain.undone_by(user=duty.reviewer)
        assert (undone.owed, undone.undone) == (3, 3)

    def test_further_reviews_undone_cost_nobody_anything(self, small: ReviewRound) -> None:
        idle = duty_of(small).reviewer
        for duty in small.assignments.exclude(reviewer=idle).select_related("reviewer"):
            make.write(duty)
        self.replace(small)
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=ACTOR, round=small)
        further = small.assignments.filter(given_in=1).select_related("reviewer")
        assert {duty.state for duty in further} == {State.DEFAULTED}
        for duty in further:
            assert domain.undone_by(user=duty.reviewer) == []

    def test_only_who_runs_the_round_presses_it_and_in_its_time(self, small: ReviewRound) -> None:
        for stranger in (person(), duty_of(small).reviewer):
            with pytest.raises(NotPermitted):
                self.replace(small, actor=stranger)
        with clock.frozen_at(make.CLOSES):
            refused("reviews-closed", lambda: domain.replace_late(actor=ACTOR, round=small))
        planned = make.planned()
        refused("not-assigned", lambda: domain.replace_late(actor=ACTOR, round=planned))

    def test_duties_of_an_entry_that_is_out_go_to_others_at_no_cost(
        self, small: ReviewRound
    ) -> None:
        duty = duty_of(small)
        disqualify_entry(actor=ACTOR, entry=duty.reviewer_entry, reason="Copied")
        done = self.replace(small, at=make.DURING)
        assert done.lost == 3
        states = set(small.assignments.filter(reviewer=duty.reviewer).values_list("state"))
        assert states == {(State.EXCUSED,)}
        assert not small.assignments.filter(given_in=1, reviewer=duty.reviewer).exists()
        assert domain.verify_assignment(round=small) == []


class TestARemovedReviewer:
    def test_loses_what_is_open_keeps_what_is_written_and_gets_nothing_more(
        self, small: ReviewRound
    ) -> None:
        duty = duty_of(small)
        make.write(duty)
        with clock.frozen_at(make.DURING):
            refused(
                "reason-needed",
                lambda: domain.remove_reviewer(
                    actor=ACTOR, round=small, alias=alias(small, duty.reviewer), reason=" "
                ),
            )
            done = domain.remove_reviewer(
                actor=ACTOR, round=small, alias=alias(small, duty.reviewer).lower(), reason="Asked"
            )
        assert (done.lost, done.given) == (2, 2)
        duty.refresh_from_db()
        assert duty.state == State.SUBMITTED
        other = small.assignments.filter(state=State.PENDING).select_related("reviewer").first()
        assert other is not None
        declare(other)
        assert not small.assignments.filter(given_in__gt=0, reviewer=duty.reviewer).exists()
        assert "Asked" not in events()
        assert domain.verify_assignment(round=small) == []

    def test_a_stranger_and_an_unknown_alias_get_nowhere(self, small: ReviewRound) -> None:
        who = alias(small, duty_of(small).reviewer)
        with clock.frozen_at(make.DURING):
            for actor, name in ((person(), who), (ACTOR, "ZZZZ"), (ACTOR, "")):
                with pytest.raises(NotPermitted):
                    domain.remove_reviewer(actor=actor, round=small, alias=name, reason="Because")
        assert not Replacement.objects.exists()


class TestVerifying:
    @pytest.fixture
    def twice(self, small: ReviewRound) -> ReviewRound:
        declare(duty_of(small))
        other = small.assignments.filter(state=State.PENDING, given_in=0).select_related("reviewer")
        declare(other.last())  # type: ignore[arg-type]
        assert domain.verify_assignment(round=small) == []
        return small

    def test_a_swapped_reviewer_is_found(self, twice: ReviewRound) -> None:
        new = twice.assignments.get(given_in=1)
        ever = twice.assignments.filter(entry=new.entry).values("reviewer_entry")
        other = RoundEntry.objects.filter(round=twice).exclude(entry_id__in=ever)
        swapped = other.exclude(entry=new.entry).first()
        assert swapped is not None
        Assignment.objects.filter(pk=new.pk).update(
            reviewer_entry=swapped.entry, reviewer=swapped.reviewer
        )
        found = domain.verify_assignment(round=twice)
        assert "replacement 1: the duties are not those the facts give" in found

    @pytest.mark.parametrize("what", ["idle", "barred"])
    def test_other_facts_are_found(self, twice: ReviewRound, what: str) -> None:
        one = Replacement.objects.get(number=1)
        one.facts[what] = [*one.facts[what], [0, 1] if what == "barred" else 0]
        one.save()
        assert any("replacement 1" in fault for fault in domain.verify_assignment(round=twice))

    def test_another_digest_than_the_records_is_found(self, twice: ReviewRound) -> None:
        Replacement.objects.filter(number=2).update(digest="0" * 64)
        found = domain.verify_assignment(round=twice)
        assert "replacement 2 is not the one that the record holds" in found
