from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.models import (
    ReminderSent,
    Review,
    ReviewRound,
)
from tests.factories import review as make
from tests.factories.people import organiser, person
from tests.platform.review.helpers import (
    FULL,
    events,
    refused,
)

pytestmark = pytest.mark.django_db


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
                lambda: domain.declare_conflict(actor=duty.reviewer, assignment=duty, reason=" "),
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
