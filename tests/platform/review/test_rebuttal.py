"""Teams answer reviews, reviewers amend once, and usefulness is rated before scores are seen."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.people import exported
from concours.platform.review.domain.reviewing import digest_of
from concours.platform.review.enums import AliasKind
from concours.platform.review.models import (
    Assignment,
    Rebuttal,
    Review,
    ReviewRevision,
    ReviewRound,
    UsefulnessRating,
)
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organiser, person
from tests.platform.review.conftest import key_of
from tests.platform.review.helpers import XSS, desk_url, duty_of, refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ANSWERS_END = make.CLOSES + timedelta(days=5)
AMENDS_END = make.CLOSES + timedelta(days=8)
ANSWERING = make.CLOSES + timedelta(days=2)
AMENDING = make.CLOSES + timedelta(days=6)
LATER = make.CLOSES + timedelta(days=9)
BAIT_POINTS = "73.3"  # idea 5 of 5 with weight 2, code 2 of 10 with weight 1.


def answered_round(folder: Path) -> ReviewRound:
    """A closed round of eight entries whose teams may answer; all reviews give BAIT_POINTS."""
    round_ = make.assigned(entries=8, folder=folder)
    with clock.frozen_at(make.DURING):
        domain.plan_rebuttal(
            actor=make.ACTOR,
            round=round_,
            rebuttal_closes_at=ANSWERS_END,
            amend_closes_at=AMENDS_END,
        )
    for duty in round_.assignments.select_related("reviewer").order_by("pk"):
        make.write(duty, idea=5, code=2, comment=f"Comment {duty.pk}.")
    with clock.frozen_at(make.AFTER):
        return domain.close_round(actor=make.ACTOR, round=round_)


def received(round_: ReviewRound) -> tuple[Assignment, Entry, User, str]:
    """A duty, its entry, somebody of the entry's team, and the reviewer's alias."""
    duty = duty_of(round_)
    duty.entry.track.refresh_from_db()
    aliases = aliases_of(round=round_, kind=AliasKind.REVIEWER)
    captain = competitions.captain_of(duty.entry.team)
    return duty, duty.entry, captain, aliases[duty.reviewer_id]


def published(round_: ReviewRound) -> None:
    with clock.frozen_at(LATER):
        snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
        domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)
    competitions.advance(round_.track, to=PhaseKind.RESULT)


def amend(duty: Assignment, **fields: Any) -> Review:
    return domain.amend_after_answer(
        actor=fields.pop("actor", duty.reviewer),
        assignment=duty,
        scores=fields.pop("scores", {"idea": 5, "code": 9}),
        reason=fields.pop("reason", "They are right."),
    )


class TestPlanning:
    @pytest.mark.parametrize(
        ("answers", "amends"),
        [(make.CLOSES, AMENDS_END), (AMENDS_END, ANSWERS_END), (ANSWERS_END, ANSWERS_END)],
    )
    def test_dates_come_in_order(self, small: ReviewRound, answers: Any, amends: Any) -> None:
        refused(
            "dates-in-wrong-order",
            lambda: domain.plan_rebuttal(
                actor=make.ACTOR, round=small, rebuttal_closes_at=answers, amend_closes_at=amends
            ),
        )

    def test_it_is_planned_on_the_desk_by_staff_alone(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        form = {"rebuttal_closes_at": "2023-04-06T00:00", "amend_closes_at": "2023-04-09T00:00"}
        address = desk_url(small, "rebuttal/")
        assert signed_in(person()).post(address, form).status_code == 404
        assert signed_in(organiser()).post(address, {}).status_code == 200
        assert signed_in(organiser()).post(address, form).status_code == 302
        small.refresh_from_db()
        assert small.rebuttal_closes_at == ANSWERS_END
        assert Event.objects.filter(verb="round.rebuttal_planned").count() == 1

    def test_not_once_reviews_are_closed_and_no_deadline_moves_beyond(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        refused(
            "round-closed",
            lambda: domain.plan_rebuttal(
                actor=make.ACTOR,
                round=round_,
                rebuttal_closes_at=ANSWERS_END,
                amend_closes_at=AMENDS_END,
            ),
        )

    def test_the_deadline_of_reviews_stays_before_the_answers(self, small: ReviewRound) -> None:
        domain.plan_rebuttal(
            actor=make.ACTOR,
            round=small,
            rebuttal_closes_at=ANSWERS_END,
            amend_closes_at=AMENDS_END,
        )
        refused(
            "dates-in-wrong-order",
            lambda: domain.extend_round(actor=make.ACTOR, round=small, closes_at=ANSWERS_END),
        )


class TestAnswers:
    def test_the_team_reads_comments_without_any_score_and_answers(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)
        address = f"/entries/{entry.code}/reviews/"
        with clock.frozen_at(ANSWERING):
            page = signed_in(captain).get(address).content.decode()
            assert f"Comment {duty.pk}." in page
            assert BAIT_POINTS not in page
            assert "5 / 5" not in page
            api = Client().get(
                f"/api/v1/review/entries/{entry.code}/reviews", headers=key_of(captain, Scope.READ)
            )
            assert [(one["points_milli"], one["scores"]) for one in api.json()] == [(None, [])] * 3
            said = {"text": f"We disagree. {XSS}"}
            assert signed_in(captain).post(f"{address}{alias}/answer/", said).status_code == 302
            assert signed_in(captain).post(f"{address}{alias}/answer/", said).status_code == 302
        answer = Rebuttal.objects.get()
        assert (answer.review.assignment_id, answer.edits) == (duty.pk, 1)

    def test_reviewer_and_staff_read_it_and_nobody_else(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)
        with clock.frozen_at(ANSWERING):
            domain.answer_review(actor=captain, entry=entry, alias=alias, text=f"Baitword {XSS}")
            early = signed_in(duty.reviewer).get(f"/reviews/{duty.code}/").content.decode()
        assert "Baitword" not in early
        others = Assignment.objects.filter(entry=entry).exclude(pk=duty.pk)
        with clock.frozen_at(AMENDING):
            for person_, path in ((duty.reviewer, f"/reviews/{duty.code}/"),):
                page = signed_in(person_).get(path).content.decode()
                assert "Baitword" in page
                assert "<script>alert" not in page
            assert "Baitword" in signed_in(organiser()).get(desk_url(round_)).content.decode()
            for other in others.select_related("reviewer"):
                text = signed_in(other.reviewer).get(f"/reviews/{other.code}/").content.decode()
                assert "Baitword" not in text

    def test_the_record_joins_no_team_to_a_duty(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)
        with clock.frozen_at(ANSWERING):
            domain.answer_review(actor=captain, entry=entry, alias=alias, text="Baitword")
            domain.rate_review(actor=captain, entry=entry, alias=alias, rating=4)
        for event in Event.objects.filter(verb__in=["review.answered", "review.rated"]):
            assert event.subject == f"entry:{entry.code}"
            assert duty.code not in event.data
            assert duty.reviewer.code not in event.data
            assert "Baitword" not in event.data

    def test_before_after_and_by_strangers_nothing_is_answered(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)

        def answer(actor: Any, alias: str = alias, text: str = "x", entry: Entry = entry) -> Any:
            return domain.answer_review(actor=actor, entry=entry, alias=alias, text=text)

        other = Entry.objects.filter(track=entry.track).exclude(pk=entry.pk).first()
        assert other is not None
        with clock.frozen_at(ANSWERING):
            refused("not-permitted", lambda: answer(person()))
            refused("not-permitted", lambda: answer(duty.reviewer))
            refused("not-permitted", lambda: answer(captain, entry=other))
            refused("no-such-review", lambda: answer(captain, alias="ZZ"))
            refused("empty", lambda: answer(captain, text="  "))
            refused("too-long", lambda: answer(captain, text="x" * 5_001))
            refused("bad-text", lambda: answer(captain, text="a\x00b"))
        for late in (ANSWERS_END, AMENDING, LATER):
            with clock.frozen_at(late):
                refused("answers-closed", lambda: answer(captain))

    def test_pages_of_strangers_are_not_found(self, tmp_path: Path, signed_in: SignIn) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, _captain, alias = received(round_)
        with clock.frozen_at(ANSWERING):
            for stranger in (person(), duty.reviewer, organiser()):
                for act, form in (("answer", {"text": "x"}), ("rate", {"rating": "5"})):
                    address = f"/entries/{entry.code}/reviews/{alias}/{act}/"
                    assert signed_in(stranger).post(address, form).status_code == 404
        assert (Rebuttal.objects.count(), UsefulnessRating.objects.count()) == (0, 0)


class TestOwnData:
    def test_answers_and_ratings_are_in_an_export_by_alias(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)
        with clock.frozen_at(ANSWERING):
            domain.answer_review(actor=captain, entry=entry, alias=alias, text="Mine.")
            domain.rate_review(actor=captain, entry=entry, alias=alias, rating=4)
        told = exported(captain).data
        assert [(row["entry"], row["reviewer"], row["text"]) for row in told["answers"]] == [
            (entry.code, alias, "Mine.")
        ]
        assert [(row["reviewer"], row["rating"]) for row in told["ratings"]] == [(alias, 4)]
        assert duty.reviewer.code not in str(told)
        assert exported(person()).data["answers"] == []


class TestAmending:
    def test_once_with_a_reason_and_the_old_scores_are_kept(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)
        with clock.frozen_at(ANSWERING):
            domain.answer_review(actor=captain, entry=entry, alias=alias, text="Look again.")
        with clock.frozen_at(AMENDING):
            form = {"score-idea": 5, "score-code": 9, "reason": "I had not seen the tests."}
            client = signed_in(duty.reviewer)
            assert (
                client.post(f"/reviews/{duty.code}/amend/", form | {"reason": ""}).status_code
                == 200
            )
            assert client.post(f"/reviews/{duty.code}/amend/", form).status_code == 302
            refused("amended-already", lambda: amend(duty, scores={"idea": 1, "code": 1}))
            desk = signed_in(organiser()).get(desk_url(round_)).content.decode()
        review = Review.objects.get(assignment=duty)
        old = ReviewRevision.objects.get(review=review)
        assert review.scores == {"idea": 5, "code": 9}
        assert (old.scores, old.points_milli) == ({"idea": 5, "code": 2}, 73_333)
        assert "Amended from 73.3 to 96.7" in desk
        told = json.loads(Event.objects.get(verb="review.amended_after_answer").data)
        first = json.loads(
            Event.objects.get(verb="review.submitted", subject=f"assignment:{duty.code}").data
        )
        assert told["was"] == first["digest"]
        assert told["digest"] == digest_of(review)
        assert record.verify().holds

    def test_what_is_refused(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)
        with clock.frozen_at(AMENDING):
            refused("not-answered", lambda: amend(duty))
        with clock.frozen_at(ANSWERING):
            domain.answer_review(actor=captain, entry=entry, alias=alias, text="Look again.")
            refused("amending-closed", lambda: amend(duty))
        with clock.frozen_at(AMENDING):
            refused("not-permitted", lambda: amend(duty, actor=captain))
            refused("not-permitted", lambda: amend(duty, actor=person()))
            refused("reason-needed", lambda: amend(duty, reason=" "))
            refused("same-scores", lambda: amend(duty, scores={"idea": 5, "code": 2}))
            refused("bad-scores", lambda: amend(duty, scores={"idea": 5, "code": 11}))
            refused("scores-incomplete", lambda: amend(duty, scores={"idea": 5}))
        with clock.frozen_at(LATER):
            refused("amending-closed", lambda: amend(duty))

    def test_standings_wait_and_count_the_new_scores(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)
        with clock.frozen_at(ANSWERING):
            domain.answer_review(actor=captain, entry=entry, alias=alias, text="Look again.")
        with clock.frozen_at(AMENDING):
            refused(
                "answers-open",
                lambda: domain.compute_standings(actor=make.ACTOR, round=round_),
            )
            amend(duty)
        published(round_)
        snapshot = round_.snapshots.get()
        assert domain.verify_standings(snapshot=snapshot) == []
        given = [
            scores
            for _r, _e, scores in domain.published_inputs(snapshot=snapshot)["inputs"]["reviews"]
        ]
        assert sorted(given)[-1] == [5, 9]


class TestUsefulness:
    def test_scores_of_a_review_are_shown_once_it_is_rated(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        round_ = answered_round(tmp_path)
        _duty, entry, captain, alias = received(round_)
        published(round_)
        address = f"/entries/{entry.code}/reviews/"
        client = signed_in(captain)
        assert BAIT_POINTS not in client.get(address).content.decode()
        assert client.post(f"{address}{alias}/rate/", {"rating": "6"}).status_code == 200
        assert client.post(f"{address}{alias}/rate/", {"rating": "2"}).status_code == 302
        page = client.get(address).content.decode()
        assert page.count(f"{BAIT_POINTS} of 100") == 1
        assert client.post(f"{address}{alias}/rate/", {"rating": "5"}).status_code == 200
        assert UsefulnessRating.objects.get().rating == 2
        staff = signed_in(organiser()).get(address).content.decode()
        assert staff.count(f"{BAIT_POINTS} of 100") == 3

    def test_one_may_not_say_and_sees_the_scores_too(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        _duty, entry, captain, alias = received(round_)
        published(round_)
        entry.track.refresh_from_db()
        domain.rate_review(actor=captain, entry=entry, alias=alias, rating=None)
        shown = domain.reviews_released_to(user=captain, entry=entry)
        assert [(one.rated, one.points_milli) for one in shown if one.alias == alias] == [
            (True, 73_333)
        ]

    def test_rated_while_answers_are_open_scores_still_wait(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        _duty, entry, captain, alias = received(round_)
        with clock.frozen_at(ANSWERING):
            domain.rate_review(actor=captain, entry=entry, alias=alias, rating=5)
            shown = domain.reviews_released_to(user=captain, entry=entry)
        assert {one.points_milli for one in shown} == {None}

    def test_what_is_refused(self, tmp_path: Path) -> None:
        round_ = answered_round(tmp_path)
        duty, entry, captain, alias = received(round_)

        def rate(actor: Any, rating: Any = 3) -> Any:
            return domain.rate_review(actor=actor, entry=entry, alias=alias, rating=rating)

        with clock.frozen_at(AMENDING):
            refused("not-shown", lambda: rate(captain))
        with clock.frozen_at(ANSWERING):
            for stranger in (person(), duty.reviewer):
                refused("not-permitted", lambda stranger=stranger: rate(stranger))
            for odd in (0, 6, True, 2.0, "3"):
                refused("bad-rating", lambda odd=odd: rate(captain, odd))


def test_a_crash_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = answered_round(tmp_path)
    duty, entry, captain, alias = received(round_)

    def stop(**_: Any) -> None:
        raise RuntimeError("the machine stops here")

    def crashes(at: Any, act: Callable[[], Any]) -> None:
        def state() -> Any:
            models = (Rebuttal, Review, ReviewRevision, UsefulnessRating)
            return [list(model.objects.order_by("pk").values()) for model in models]

        before = state()
        with clock.frozen_at(at), monkeypatch.context() as patch:
            patch.setattr(record, "append", stop)
            with pytest.raises(RuntimeError):
                act()
        assert state() == before

    def answer() -> Any:
        return domain.answer_review(actor=captain, entry=entry, alias=alias, text="Look again.")

    crashes(ANSWERING, answer)
    with clock.frozen_at(ANSWERING):
        answer()
    crashes(
        ANSWERING,
        lambda: domain.rate_review(actor=captain, entry=entry, alias=alias, rating=3),
    )
    crashes(AMENDING, lambda: amend(duty))


@pytest.mark.django_db(transaction=True)
def test_two_of_a_team_rate_at_once_and_one_rating_stands(tmp_path: Path) -> None:
    round_ = answered_round(tmp_path)
    _duty, entry, captain, alias = received(round_)
    outcomes: list[str] = []

    def press(rating: int) -> None:
        try:
            with clock.frozen_at(ANSWERING):
                domain.rate_review(actor=captain, entry=entry, alias=alias, rating=rating)
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(rating,)) for rating in (1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "rated-already"]
    assert UsefulnessRating.objects.count() == 1
