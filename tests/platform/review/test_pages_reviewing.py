from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.review import domain
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind
from concours.platform.review.models import ReviewRound
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organisation, organiser, person
from tests.platform.review.helpers import (
    XSS,
    desk_url,
    duty_of,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def form_of(idea: Any = 4, code: Any = 7, **fields: Any) -> dict[str, Any]:
    return {"score-idea": idea, "score-code": code, "comment": "Fine.", **fields}


class TestReviewing:
    def test_a_reviewer_writes_and_changes_a_review(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        duty = duty_of(small)
        client = signed_in(duty.reviewer)
        with clock.frozen_at(make.DURING):
            assert client.get(f"/reviews/{duty.code}/").status_code == 200
            answer = client.post(f"/reviews/{duty.code}/", form_of())
            assert (answer.status_code, answer["location"]) == (302, "/reviews/")
            client.post(f"/reviews/{duty.code}/", form_of(idea=5, comment="Better."))
            page = client.get(f"/reviews/{duty.code}/").content.decode()

        duty.refresh_from_db()
        assert duty.review.scores == {"idea": 5, "code": 7}
        assert duty.review.edits == 1
        assert "Better." in page
        assert "90.0" in page

    def test_my_reviews_lists_duties_with_progress(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        duty = duty_of(small)
        make.write(duty)
        with clock.frozen_at(make.DURING):
            page = signed_in(duty.reviewer).get("/reviews/").content.decode()
        assert "1 / 3" in page
        assert "2 reviews are left" in page

    def test_no_duties_is_an_empty_desk_and_no_account_a_sign_in(self, signed_in: SignIn) -> None:
        assert "No reviews for you yet" in signed_in(person()).get("/reviews/").content.decode()
        assert Client().get("/reviews/")["location"].startswith("/account/login/")

    @pytest.mark.parametrize("page", ["", "archive/"])
    def test_another_persons_duty_is_not_found(
        self, small: ReviewRound, signed_in: SignIn, page: str
    ) -> None:
        duty = duty_of(small)
        reviewed = duty.entry.reviewer
        for stranger in (person(), reviewed, organiser()):
            answer = signed_in(stranger).get(f"/reviews/{duty.code}/{page}")
            assert answer.status_code == 404
        assert Client().get(f"/reviews/{duty.code}/{page}").status_code == 302

    @pytest.mark.parametrize("page", ["", "conflict/", "total/"])
    def test_another_persons_duty_cannot_be_written(
        self, small: ReviewRound, signed_in: SignIn, page: str
    ) -> None:
        duty = duty_of(small)
        with clock.frozen_at(make.DURING):
            answer = signed_in(person()).post(
                f"/reviews/{duty.code}/{page}", {**form_of(), "reason": "mine"}
            )
        duty.refresh_from_db()
        assert answer.status_code == 404
        assert duty.state == "pending"

    def test_incomplete_or_odd_points_come_back_with_the_form(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        duty = duty_of(small)
        client = signed_in(duty.reviewer)
        with clock.frozen_at(make.DURING):
            for idea in ("", "6", "-1", "NaN", "1.5", "true", "x" * 500):
                answer = client.post(f"/reviews/{duty.code}/", form_of(idea=idea))
                assert answer.status_code == 200, idea
        duty.refresh_from_db()
        assert duty.state == "pending"

    def test_after_the_deadline_the_form_tells_it(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        duty = duty_of(small)
        with clock.frozen_at(make.CLOSES):
            answer = signed_in(duty.reviewer).post(f"/reviews/{duty.code}/", form_of())
        duty.refresh_from_db()
        assert "deadline" in answer.content.decode()
        assert duty.state == "pending"

    def test_the_total_is_reckoned_as_points_are_given(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        duty = duty_of(small)
        client = signed_in(duty.reviewer)
        with clock.frozen_at(make.DURING):
            full = client.post(f"/reviews/{duty.code}/total/", form_of(idea=5, code=10))
            half = client.post(f"/reviews/{duty.code}/total/", {"score-idea": "5"})
        assert "100.0" in full.content.decode()
        assert "–" in half.content.decode()

    def test_a_declared_conflict_lifts_the_duty_and_staff_see_why(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        duty = duty_of(small)
        with clock.frozen_at(make.DURING):
            signed_in(duty.reviewer).post(
                f"/reviews/{duty.code}/conflict/", {"reason": f"My student. {XSS}"}
            )
            desk = signed_in(organiser()).get(desk_url(small)).content.decode()
        duty.refresh_from_db()
        assert duty.state == "lifted"
        assert "My student." in desk
        assert XSS not in desk

    def test_csrf_is_asked_for(self, small: ReviewRound) -> None:
        duty = duty_of(small)
        client = Client(enforce_csrf_checks=True)
        client.force_login(duty.reviewer)
        with clock.frozen_at(make.DURING):
            assert client.post(f"/reviews/{duty.code}/", form_of()).status_code == 403


class TestBlindness:
    def test_the_review_page_names_nobody(self, tmp_path: Path, signed_in: SignIn) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track(reviews_per_entry=3, finalists=3)
            bait = [f"BaitPerson{i}" for i in range(8)]
            for i in range(8):
                captain = person(name=bait[i], email=f"bait{i}@baitmail.example")
                organisation(name=f"BaitOrg{i}", members=[captain])
                team = competitions.team(of=track.season, captain=captain, name=f"BaitTeam{i}")
                make.ready_entry(track, tmp_path, by=team)
        round_ = make.planned(track=track)
        make.to_review(round_)
        with clock.frozen_at(make.DURING):
            round_ = domain.assign_reviews(actor=make.ACTOR, round=round_)
            for duty in round_.assignments.select_related("reviewer", "entry__reviewer"):
                page = signed_in(duty.reviewer).get(f"/reviews/{duty.code}/")
                text = page.content.decode()
                # The reader's own name stands in the page's head, nobody else's anywhere.
                text = text.replace(duty.reviewer.name, "")
                assert "Bait" not in text
                assert "baitmail" not in text
                assert duty.entry.code not in text
                assert duty.entry.reviewer.code not in text
                assert duty.entry.team.code not in text
                others = aliases_of(round=round_, kind=AliasKind.REVIEWER).values()
                assert not any(f"Reviewer {alias}" in text for alias in others)

    def test_the_archive_is_named_by_the_alias(self, small: ReviewRound, signed_in: SignIn) -> None:
        duty = duty_of(small)
        alias = aliases_of(round=small, kind=AliasKind.ENTRY)[duty.entry_id]
        answer = signed_in(duty.reviewer).get(f"/reviews/{duty.code}/archive/")
        assert answer["content-disposition"] == f'attachment; filename="entry-{alias}.tar.gz"'
        assert answer["x-content-type-options"] == "nosniff"
        assert b"".join(answer.streaming_content)[:2] == b"\x1f\x8b"  # type: ignore[attr-defined]

    def test_files_and_readme_are_shown_defused(self, tmp_path: Path, signed_in: SignIn) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track(reviews_per_entry=1, finalists=1)
            for _ in range(3):
                entry = competitions.entry(in_track=track, title=f"T {XSS}", abstract=f"A {XSS}")
                competitions.submission(
                    of=entry, folder=tmp_path, files={"README.md": f"# Hi {XSS}".encode()}
                )
        round_ = make.assigned(track=track)
        duty = duty_of(round_)
        with clock.frozen_at(make.DURING):
            page = signed_in(duty.reviewer).get(f"/reviews/{duty.code}/").content.decode()
        assert "README.md" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page

    def test_organisers_progress_is_by_alias(self, small: ReviewRound, signed_in: SignIn) -> None:
        page = signed_in(organiser()).get(desk_url(small)).content.decode()
        for person_ in User.objects.filter(review_duties__round=small).distinct():
            assert person_.name not in page
            assert person_.email not in page
        for alias in aliases_of(round=small, kind=AliasKind.REVIEWER).values():
            assert f"Reviewer {alias}" in page


def test_pages_read_in_chinese(small: ReviewRound, signed_in: SignIn) -> None:
    duty = duty_of(small)
    client = signed_in(duty.reviewer)
    with clock.frozen_at(make.DURING + timedelta(hours=1)):
        page = client.get(f"/reviews/{duty.code}/", headers={"accept-language": "zh-hans"})
    assert "创意" in page.content.decode()
