from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from concours.platform.competitions.domain import disqualify_entry
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain.rounds import commitment
from concours.platform.review.domain.rubrics import points_milli
from concours.platform.review.enums import AssignmentState, RoundState
from concours.platform.review.models import (
    Assignment,
    Conflict,
    Pseudonym,
    ReminderSent,
    Review,
    ReviewRound,
    RoundEntry,
    Rubric,
    Standing,
    StandingSnapshot,
)
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organisation, organiser, person

pytestmark = pytest.mark.django_db
FULL = {"idea": 5, "code": 10}


def refused(code: str, act: Callable[[], Any]) -> None:
    """`act` is refused with that code, and appends no event."""
    before = record.head()
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    assert record.head() == before


def events() -> str:
    return "\n".join(f"{e.verb} {e.subject} {e.data}" for e in Event.objects.all())


class TestRubric:
    def test_the_same_again_is_the_same(self) -> None:
        assert make.rubric(slug="one") == make.rubric(slug="one")
        assert Event.objects.filter(verb="rubric.written").count() == 1

    def test_other_content_is_refused(self) -> None:
        make.rubric(slug="one")
        refused("slug-taken", lambda: make.rubric(slug="one", title="Another"))
        refused("slug-taken", lambda: make.rubric(slug="one", criteria=make.CRITERIA[:1]))

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"slug": "No Slug"}, "bad-slug"),
            ({"title": " "}, "empty"),
            ({"criteria": ()}, "no-criteria"),
            ({"criteria": make.CRITERIA[:1] * 2}, "bad-key"),
            ({"weight": 0}, "bad-numbers"),
            ({"weight": True}, "bad-numbers"),
            ({"max_points": 101}, "bad-numbers"),
            ({"max_points": 2.0}, "bad-numbers"),
            ({"key": "x y"}, "bad-key"),
        ],
    )
    def test_unsound_rubrics_are_refused(self, fields: dict[str, Any], code: str) -> None:
        if keys := set(fields) & {"weight", "max_points", "key"}:
            plan = {"key": "k", "title": "T", "weight": 1, "max_points": 5, **fields}
            fields = {"criteria": (domain.CriterionPlan(**plan),)}
            assert keys
        refused(code, lambda: make.rubric(**fields))
        assert not Rubric.objects.exists()

    def test_a_stranger_writes_none(self) -> None:
        with pytest.raises(NotPermitted):
            domain.create_rubric(actor=person(), slug="r", title="R", criteria=make.CRITERIA)

    @pytest.mark.parametrize(
        ("scores", "expected"),
        [
            ({"idea": 0, "code": 0}, 0),
            (FULL, 100_000),
            ({"idea": 3, "code": 6}, 60_000),
            ({"idea": 1, "code": 0}, 13_333),
            ({"idea": 0, "code": 5}, 16_667),
        ],
    )
    def test_points_are_exact_thousandths(self, scores: dict[str, int], expected: int) -> None:
        criteria = [
            {"key": "idea", "weight": 2, "max_points": 5},
            {"key": "code", "weight": 1, "max_points": 10},
        ]
        assert points_milli(criteria=criteria, scores=scores) == expected


class TestPlanning:
    def test_the_seed_is_committed_to_and_nowhere_else(self) -> None:
        round_ = make.planned(seed=None)
        secret = bytes.fromhex(round_.seed_secret)
        assert len(secret) == 32
        assert commitment(secret) == round_.seed_commitment
        assert round_.seed_commitment in events()
        for hidden in (round_.seed_secret, round_.alias_key):
            assert hidden not in events()
            assert hidden not in str(round_) + repr(round_)
        assert round_.revealed_seed == ""

    def test_two_rounds_draw_different_seeds(self) -> None:
        assert make.planned(seed=None).seed_secret != make.planned(seed=None).seed_secret

    def test_at_the_close_of_registration_it_is_too_late(self) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track()
            rubric = make.rubric()

        def plan() -> ReviewRound:
            return domain.plan_round(
                actor=make.ACTOR,
                track=track,
                rubric=rubric,
                opens_at=make.OPENS,
                closes_at=make.CLOSES,
            )

        with clock.frozen_at(track.registration_closes_at):
            refused("registration-closed", plan)
        assert not ReviewRound.objects.exists()
        with clock.frozen_at(track.registration_closes_at - timedelta(seconds=1)):
            plan()
            refused("planned-already", plan)

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"opens_at": make.CLOSES, "closes_at": make.CLOSES}, "dates-in-wrong-order"),
            (
                {"opens_at": competitions.day(2023, 1, 1), "closes_at": make.SPRING},
                "dates-in-wrong-order",
            ),
            ({"reviews_per_entry": 0}, "reviews-per-entry"),
            ({"reviews_per_entry": 51}, "reviews-per-entry"),
            ({"finalists": -1}, "finalists"),
            ({"seed": b"short"}, "bad-seed"),
        ],
    )
    def test_unworkable_plans_are_refused(self, fields: dict[str, Any], code: str) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track()
            plan = {"opens_at": make.OPENS, "closes_at": make.CLOSES, **fields}
            rubric = make.rubric()
            refused(
                code,
                lambda: domain.plan_round(actor=make.ACTOR, track=track, rubric=rubric, **plan),
            )
        assert not ReviewRound.objects.exists()

    def test_a_draft_track_and_a_stranger_are_refused(self) -> None:
        with clock.frozen_at(make.SPRING):
            plan: dict[str, Any] = {
                "rubric": make.rubric(),
                "opens_at": make.OPENS,
                "closes_at": make.CLOSES,
            }
            draft = competitions.draft_track()
            refused(
                "track-not-running",
                lambda: domain.plan_round(actor=make.ACTOR, track=draft, **plan),
            )
            track = competitions.track()
            other = organiser(season=draft.season)
            with pytest.raises(NotPermitted):
                domain.plan_round(actor=other, track=track, **plan)
        assert not ReviewRound.objects.exists()


class TestAssigning:
    def test_everyone_owes_and_gets_the_same_and_nobody_meets_their_own(
        self, small: ReviewRound
    ) -> None:
        pairs = set(small.assignments.values_list("reviewer_entry_id", "entry_id"))
        entries = {entry for _mine, entry in pairs}
        for entry in entries:
            assert sum(1 for mine, _ in pairs if mine == entry) == 3
            assert sum(1 for _, theirs in pairs if theirs == entry) == 3
        assert not any((theirs, mine) in pairs for mine, theirs in pairs)
        assert domain.verify_assignment(round=small) == []

    def test_the_seed_is_revealed_in_the_same_act(self, small: ReviewRound) -> None:
        assert small.revealed_seed == make.SEED.hex()
        event = Event.objects.get(verb="round.assigned")
        assert json.loads(event.data)["seed"] == make.SEED.hex()
        assert small.alias_key not in events()

    def test_the_record_does_not_tell_who_reviews_what(self, small: ReviewRound) -> None:
        event = Event.objects.get(verb="round.assigned")
        codes = json.loads(event.data)["entries"]
        assert codes == sorted(codes)
        assert not any(duty.code in event.data for duty in small.assignments.all())

    @pytest.mark.parametrize("moment", ["registration", "phase"])
    def test_too_early_is_refused(self, tmp_path: Path, moment: str) -> None:
        round_ = make.planned(entries=8, folder=tmp_path)
        closes = round_.track.registration_closes_at
        code = "submissions-open"
        at = closes
        if moment == "registration":
            make.to_review(round_)
            code, at = "registration-open", closes - timedelta(seconds=1)
        with clock.frozen_at(at):
            refused(code, lambda: domain.assign_reviews(actor=make.ACTOR, round=round_))
        round_.refresh_from_db()
        assert round_.state == RoundState.PLANNED
        assert not Assignment.objects.exists()

    def test_a_second_time_is_refused(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.DURING):
            refused(
                "assigned-already", lambda: domain.assign_reviews(actor=make.ACTOR, round=small)
            )

    def test_too_many_reviews_are_refused_with_the_mend(self, tmp_path: Path) -> None:
        round_ = make.planned(entries=6, folder=tmp_path, reviews_per_entry=4)
        make.to_review(round_)
        with clock.frozen_at(make.OPENS):
            refused("infeasible", lambda: domain.assign_reviews(actor=make.ACTOR, round=round_))
            for model in (Assignment, Conflict, RoundEntry, Pseudonym):
                assert not model.objects.exists()
            round_.refresh_from_db()
            assert round_.revealed_seed == ""
            done = domain.assign_reviews(actor=make.ACTOR, round=round_, reviews_per_entry=2)
        assert done.reviews_per_entry == 2
        assert domain.verify_assignment(round=done) == []

    def test_an_organisation_that_blocks_is_named_and_can_be_let_pass(
        self, tmp_path: Path
    ) -> None:
        round_ = make.planned(entries=8, folder=tmp_path)
        people = [entry.reviewer for entry in round_.track.entries.all()]
        big = organisation(name="Great University", members=people[:7])
        organisation(name="Small Lab", members=people[6:])
        make.to_review(round_)
        with clock.frozen_at(make.OPENS):
            with pytest.raises(Refused) as refusal:
                domain.assign_reviews(actor=make.ACTOR, round=round_)
            assert "Great University" in str(refusal.value.message)
            assert "Small Lab" not in str(refusal.value.message)
            done = domain.assign_reviews(
                actor=make.ACTOR, round=round_, ignored_organisations=[big.pk]
            )
        assert domain.verify_assignment(round=done) == []

    def test_entries_without_a_submission_take_no_part(self, tmp_path: Path) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track(reviews_per_entry=2)
            for _ in range(6):
                make.ready_entry(track, tmp_path)
            empty = competitions.entry(in_track=track)
        round_ = make.assigned(track=track)
        assert round_.entry_count == 6
        assert not round_.assignments.filter(entry=empty).exists()

    @pytest.mark.parametrize("tampering", ["pair", "seed", "key", "conflict", "part"])
    def test_any_change_of_what_is_stored_is_found(
        self, small: ReviewRound, tampering: str
    ) -> None:
        if tampering == "pair":
            one, two = small.assignments.order_by("pk")[:2]
            Assignment.objects.filter(pk=two.pk).delete()
            taken = set(
                small.assignments.filter(reviewer=one.reviewer).values_list("entry_id", flat=True)
            )
            free = small.track.entries.exclude(pk__in=taken | {one.reviewer_entry_id}).first()
            Assignment.objects.filter(pk=one.pk).update(entry=free)
        elif tampering == "seed":
            small.seed_secret = "00" * 32
        elif tampering == "key":
            small.alias_key = "00" * 32
        elif tampering == "part":
            RoundEntry.objects.filter(round=small, index=0).update(part=1)
        else:
            conflict = Conflict.objects.create(round=small, kind="declared", detail="x")
            duty = small.assignments.first()
            assert duty is not None
            conflict.parties.create(entry=duty.entry)
            conflict.parties.create(entry=duty.reviewer_entry)
        assert domain.verify_assignment(round=small) != []


class TestReviewing:
    @pytest.mark.parametrize(
        ("scores", "code"),
        [
            ({}, "scores-incomplete"),
            ({"idea": 3}, "scores-incomplete"),
            ({**FULL, "extra": 1}, "unknown-criterion"),
            ({"idea": 6, "code": 1}, "bad-scores"),
            ({"idea": -1, "code": 1}, "bad-scores"),
            ({"idea": True, "code": 1}, "bad-scores"),
            ({"idea": 3.0, "code": 1}, "bad-scores"),
            ({"idea": float("nan"), "code": 1}, "bad-scores"),
            ({"idea": "3", "code": 1}, "bad-scores"),
            ({"idea": None, "code": 1}, "bad-scores"),
            ({"idea": 10**400, "code": 1}, "bad-scores"),
            ([3, 4], "bad-scores"),
        ],
    )
    def test_odd_scores_are_refused(self, small: ReviewRound, scores: Any, code: str) -> None:
        duty = small.assignments.select_related("reviewer").first()
        assert duty is not None
        with clock.frozen_at(make.DURING):
            refused(
                code,
                lambda: domain.submit_review(
                    actor=duty.reviewer, assignment=duty, scores=scores, comment=""
                ),
            )
        assert not Review.objects.exists()

    @pytest.mark.parametrize(
        ("comment", "code"), [("a\x00b", "bad-text"), ("x" * 20_001, "too-long"), (5, "bad-text")]
    )
    def test_odd_comments_are_refused(self, small: ReviewRound, comment: Any, code: str) -> None:
        duty = small.assignments.select_related("reviewer").first()
        assert duty is not None
        with clock.frozen_at(make.DURING):
            refused(
                code,
                lambda: domain.submit_review(
                    actor=duty.reviewer, assignment=duty, scores=FULL, comment=comment
                ),
            )
        assert not Review.objects.exists()

    @pytest.mark.parametrize(
        ("moment", "code"),
        [
            (make.OPENS - timedelta(seconds=1), "reviews-not-open"),
            (make.CLOSES, "reviews-closed"),
            (make.CLOSES + timedelta(seconds=1), "reviews-closed"),
        ],
    )
    def test_outside_the_time_it_is_refused(
        self, small: ReviewRound, moment: Any, code: str
    ) -> None:
        duty = small.assignments.select_related("reviewer").first()
        assert duty is not None
        with clock.frozen_at(moment):
            refused(
                code,
                lambda: domain.submit_review(
                    actor=duty.reviewer, assignment=duty, scores=FULL, comment=""
                ),
            )
        assert not Review.objects.exists()

    @pytest.mark.parametrize("moment", [make.OPENS, make.CLOSES - timedelta(seconds=1)])
    def test_from_the_first_second_to_the_last_it_is_taken(
        self, small: ReviewRound, moment: Any
    ) -> None:
        duty = small.assignments.select_related("reviewer").first()
        assert duty is not None
        with clock.frozen_at(moment):
            written = domain.submit_review(
                actor=duty.reviewer, assignment=duty, scores=FULL, comment=" ok "
            )
        assert (written.points_milli, written.comment, written.edits) == (100_000, "ok", 0)

    def test_nobody_else_writes_it(self, small: ReviewRound) -> None:
        duty = small.assignments.select_related("entry__reviewer").first()
        assert duty is not None
        with clock.frozen_at(make.DURING):
            for other in (duty.entry.reviewer, organiser(), person(is_superuser=True)):
                refused(
                    "not-permitted",
                    lambda actor=other: domain.submit_review(  # type: ignore[misc]
                        actor=actor, assignment=duty, scores=FULL, comment=""
                    ),
                )
        assert not Review.objects.exists()

    def test_the_record_holds_a_digest_and_no_content(self, small: ReviewRound) -> None:
        duty = small.assignments.select_related("reviewer", "entry").first()
        assert duty is not None
        make.write(duty, comment="Secret words")
        event = Event.objects.get(verb="review.submitted")
        assert set(json.loads(event.data)) == {"digest", "edits"}
        assert event.actor == f"user:{duty.reviewer.code}"
        assert duty.entry.code not in event.data + event.subject
        assert "Secret words" not in events()

    def test_a_conflict_lifts_the_duty_for_good(self, small: ReviewRound) -> None:
        duty = small.assignments.select_related("reviewer").first()
        assert duty is not None
        with clock.frozen_at(make.DURING):
            refused(
                "reason-needed",
                lambda: domain.declare_conflict(
                    actor=duty.reviewer, assignment=duty, reason=" "
                ),
            )
            domain.declare_conflict(actor=duty.reviewer, assignment=duty, reason="A friend")
            refused(
                "duty-lifted",
                lambda: domain.submit_review(
                    actor=duty.reviewer, assignment=duty, scores=FULL, comment=""
                ),
            )
        assert "A friend" not in events()

    def test_a_written_review_leaves_no_conflict_to_declare(self, small: ReviewRound) -> None:
        duty = small.assignments.select_related("reviewer").first()
        assert duty is not None
        make.write(duty)
        with clock.frozen_at(make.DURING):
            refused(
                "reviewed-already",
                lambda: domain.declare_conflict(
                    actor=duty.reviewer, assignment=duty, reason="Late"
                ),
            )


class TestReminders:
    def test_once_each_at_seven_three_and_one_day(
        self, small: ReviewRound, django_capture_on_commit_callbacks: Any
    ) -> None:
        def at(**before: int) -> int:
            moment = make.CLOSES - timedelta(**before)
            with clock.frozen_at(moment), django_capture_on_commit_callbacks(execute=True):
                return domain.send_reminders()

        done = small.assignments.select_related("reviewer").first()
        assert done is not None
        for duty in small.assignments.filter(reviewer=done.reviewer).select_related("reviewer"):
            make.write(duty)
        assert at(days=7, seconds=1) == 0
        assert at(days=7) == 7
        assert at(days=6) == 0
        assert at(days=3) == 7
        assert at(hours=5) == 7
        assert at(seconds=1) == 0
        assert at(seconds=0) == 0
        assert len(mail.outbox) == 21
        assert ReminderSent.objects.count() == 21
        assert done.reviewer.email not in {message.to[0] for message in mail.outbox}
        assert "3" in mail.outbox[0].body

    def test_a_late_worker_sends_the_nearest_only_and_in_the_persons_language(
        self, small: ReviewRound, django_capture_on_commit_callbacks: Any
    ) -> None:
        duty = small.assignments.select_related("reviewer").first()
        assert duty is not None
        duty.reviewer.language = "zh-hans"
        duty.reviewer.save()
        small.track.title_zh = "赛道"
        small.track.save()
        moment = make.CLOSES - timedelta(hours=2)
        with clock.frozen_at(moment), django_capture_on_commit_callbacks(execute=True):
            assert domain.send_reminders() == 8
            assert domain.send_reminders() == 0
        subjects = {message.to[0]: message.subject for message in mail.outbox}
        assert "赛道" in subjects[duty.reviewer.email]
        assert sum("赛道" in subject for subject in subjects.values()) == 1

    def test_a_stranger_sends_none(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.CLOSES - timedelta(days=1)), pytest.raises(NotPermitted):
            domain.send_reminders(actor=person(), round=small)
        assert not ReminderSent.objects.exists()


class TestClosing:
    def test_not_before_the_deadline(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.CLOSES - timedelta(seconds=1)):
            refused("deadline-ahead", lambda: domain.close_round(actor=make.ACTOR, round=small))
        with clock.frozen_at(make.CLOSES):
            domain.close_round(actor=make.ACTOR, round=small)
            refused("closed-already", lambda: domain.close_round(actor=make.ACTOR, round=small))

    def test_what_is_left_becomes_a_recorded_default(self, tmp_path: Path) -> None:
        round_ = make.closed(entries=8, folder=tmp_path, but_first=True)
        left = round_.assignments.filter(state=AssignmentState.DEFAULTED)
        assert left.count() == 3
        event = Event.objects.get(verb="round.closed")
        assert json.loads(event.data)["defaulted"] == sorted(duty.code for duty in left)


class TestStandings:
    def test_a_defaulter_is_shown_and_no_finalist_whatever_its_rank(self, tmp_path: Path) -> None:
        round_ = make.assigned(entries=8, folder=tmp_path)
        best = round_.assignments.order_by("pk").first()
        assert best is not None
        for duty in round_.assignments.select_related("reviewer"):
            top = duty.entry_id == best.reviewer_entry_id
            if duty.reviewer_id != best.reviewer_id:
                make.write(duty, idea=5 if top else 1, code=10 if top else 2)
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=round_)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
        first = snapshot.standings.get(position=1)
        assert first.entry_id == best.reviewer_entry_id
        assert (first.finalist, first.duty_fulfilled) == (False, False)
        assert first.reason == {"code": "duty-not-fulfilled", "owed": 3, "defaulted": 3}
        assert snapshot.standings.filter(finalist=True).count() == 3

    def test_half_of_the_duties_is_no_default(self, tmp_path: Path) -> None:
        round_ = make.assigned(entries=6, folder=tmp_path, reviews_per_entry=2)
        first = round_.assignments.order_by("pk").first()
        assert first is not None
        make.write(first)
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=round_)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
        fulfilled = snapshot.standings.filter(duty_fulfilled=True)
        assert [row.entry_id for row in fulfilled] == [first.reviewer_entry_id]

    def test_the_published_event_alone_gives_the_standings_again(self, tmp_path: Path) -> None:
        snapshot = make.published(entries=20, folder=tmp_path, but_first=True)
        event = Event.objects.get(verb="standings.published")
        computed = domain.recompute(json.loads(event.data))
        stored = list(snapshot.standings.order_by("position"))
        assert [row.rank for row in computed.rows] == [row.rank for row in stored]
        assert [row.finalist for row in computed.rows] == [row.finalist for row in stored]
        assert computed.impartial
        for entry in snapshot.round.track.entries.select_related("reviewer"):
            assert entry.reviewer.code not in event.data

    def test_an_altered_event_does_not_pass(self, tmp_path: Path) -> None:
        make.published(entries=8, folder=tmp_path)
        data = json.loads(Event.objects.get(verb="standings.published").data)
        data["inputs"]["reviews"][0][2][0] ^= 1
        with pytest.raises(ValueError, match="digest"):
            domain.recompute(data)

    @pytest.mark.parametrize("tampering", ["scores", "rank", "finalist", "points", "seed"])
    def test_any_change_of_what_is_stored_is_found(self, tmp_path: Path, tampering: str) -> None:
        snapshot = make.computed(entries=8, folder=tmp_path)
        row = snapshot.standings.get(position=4)
        if tampering == "scores":
            review = Review.objects.first()
            assert review is not None
            Review.objects.filter(pk=review.pk).update(
                scores={**review.scores, "idea": (review.scores["idea"] + 1) % 6}
            )
        elif tampering == "rank":
            Standing.objects.filter(pk=row.pk).update(rank=row.rank_low, rank_low=row.rank_low)
            if row.rank == row.rank_low:
                Standing.objects.filter(pk=row.pk).update(rank_high=row.rank_high + 1)
        elif tampering == "finalist":
            Standing.objects.filter(pk=row.pk).update(finalist=not row.finalist)
        elif tampering == "points":
            Standing.objects.filter(pk=row.pk).update(points_milli=row.points_milli ^ 2)
        else:
            snapshot.seed = "00" * 32
        assert domain.verify_standings(snapshot=snapshot) != []

    def test_a_disqualified_entry_leaves_before_publication(self, tmp_path: Path) -> None:
        snapshot = make.computed(entries=8, folder=tmp_path)
        out = snapshot.standings.get(position=1).entry
        disqualify_entry(actor=make.ACTOR, entry=out, reason="Not theirs")
        with clock.frozen_at(make.AFTER):
            refused(
                "inputs-changed",
                lambda: domain.publish_standings(actor=make.ACTOR, snapshot=snapshot),
            )
            again = domain.compute_standings(actor=make.ACTOR, round=snapshot.round)
            refused(
                "not-the-latest",
                lambda: domain.publish_standings(actor=make.ACTOR, snapshot=snapshot),
            )
            published = domain.publish_standings(actor=make.ACTOR, snapshot=again)
        assert published.entry_count == 7
        assert out.pk not in domain.peer_results(track=snapshot.round.track)

    def test_order_of_acts(self, small: ReviewRound) -> None:
        refused("round-not-closed", lambda: domain.compute_standings(actor=make.ACTOR, round=small))
        make.write_all(small)
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=small)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=small)
            assert domain.peer_results(track=small.track) == {}
            domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)
            refused(
                "published-already",
                lambda: domain.publish_standings(actor=make.ACTOR, snapshot=snapshot),
            )
            refused(
                "published-already",
                lambda: domain.compute_standings(actor=make.ACTOR, round=small),
            )
        assert len(domain.peer_results(track=small.track)) == 8
        assert StandingSnapshot.objects.count() == 1

    def test_strangers_do_none_of_it(self, small: ReviewRound) -> None:
        for act in (domain.assign_reviews, domain.close_round, domain.compute_standings):
            refused("not-permitted", lambda act=act: act(actor=person(), round=small))  # type: ignore[misc]

    def test_no_review_at_all_still_ranks(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=small)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=small)
        assert snapshot.standings.count() == 8
        assert not snapshot.standings.filter(finalist=True).exists()
        assert domain.verify_standings(snapshot=snapshot) == []
