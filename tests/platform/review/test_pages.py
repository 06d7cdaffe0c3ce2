from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concours.platform.accounts.models import User
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind, RoundState
from concours.platform.review.models import Assignment, ReviewRound, StandingSnapshot
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organisation, organiser, person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def duty_of(round_: ReviewRound) -> Assignment:
    found = round_.assignments.select_related("reviewer", "entry__team").order_by("pk").first()
    assert found is not None
    return found


def desk_url(round_: ReviewRound, page: str = "") -> str:
    track = round_.track
    return f"/seasons/{track.season.slug}/tracks/{track.slug}/desk/review/{page}"


def standings_url(round_: ReviewRound) -> str:
    track = round_.track
    return f"/seasons/{track.season.slug}/tracks/{track.slug}/standings/"


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
        assert answer["content-disposition"] == f'attachment; filename="entry-{alias}.zip"'
        assert answer["x-content-type-options"] == "nosniff"
        assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]

    def test_files_and_readme_are_shown_defused(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
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


class TestDesk:
    def test_strangers_and_entrants_find_no_desk(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        other = competitions.season()
        for user in (person(), duty_of(small).reviewer, organiser(season=other)):
            assert signed_in(user).get(desk_url(small)).status_code == 404
            assert signed_in(user).post(desk_url(small, "close/")).status_code == 404

    def test_a_round_is_run_from_plan_to_publication(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track(reviews_per_entry=3, finalists=2)
            for _ in range(8):
                make.ready_entry(track, tmp_path)
            client = signed_in(organiser())
            url = f"/seasons/{track.season.slug}/tracks/{track.slug}/desk/review/"
            assert "Plan the round" in client.get(url).content.decode()
            rubric = make.rubric()
            client.post(
                url + "plan/",
                {
                    "rubric": rubric.pk,
                    "opens_at": "2023-03-02T00:00",
                    "closes_at": "2023-04-01T00:00",
                    "reviews_per_entry": 3,
                    "finalists": 2,
                },
            )
            round_ = ReviewRound.objects.get(track=track)
            page = client.get(url).content.decode()
            assert round_.seed_commitment in page
            assert round_.seed_secret not in page
            assert round_.alias_key not in page
        make.to_review(round_)
        with clock.frozen_at(make.OPENS):
            answer = client.post(url + "assign/", {"reviews_per_entry": 3})
            assert answer.status_code == 302
            round_.refresh_from_db()
            page = client.get(url).content.decode()
            assert round_.seed_secret in page
            assert round_.alias_key not in page
        make.write_all(round_)
        with clock.frozen_at(make.AFTER):
            client.post(url + "close/")
            client.post(url + "compute/")
            assert client.get(url).status_code == 200
            client.post(url + "publish/", {"number": "1"})
            checked = client.post(url + "check/", follow=True).content.decode()
        round_.refresh_from_db()
        assert round_.state == RoundState.PUBLISHED
        assert "everything holds" in checked

    def test_a_refusal_comes_back_to_the_desk(self, small: ReviewRound, signed_in: SignIn) -> None:
        client = signed_in(organiser())
        with clock.frozen_at(make.DURING):
            answer = client.post(
                desk_url(small, "close/"),
                follow=True,
                headers={"referer": f"http://testserver{desk_url(small)}"},
            )
        assert "close after it" in answer.content.decode()
        small.refresh_from_db()
        assert small.state == RoundState.ASSIGNED

    def test_revealing_an_alias_is_told_once_and_recorded(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        duty = duty_of(small)
        alias = aliases_of(round=small, kind=AliasKind.REVIEWER)[duty.reviewer_id]
        client = signed_in(organiser())
        asked = {"kind": "reviewer", "alias": alias.lower(), "reason": f"A complaint {XSS}"}
        answer = client.post(desk_url(small, "reveal/"), asked, follow=True).content.decode()
        assert duty.reviewer.name in answer
        event = Event.objects.get(verb="identity.revealed")
        assert json.loads(event.data)["alias"] == alias
        assert duty.reviewer.code not in event.data
        assert duty.reviewer.name not in client.get(desk_url(small)).content.decode()

    def test_a_later_deadline_and_no_earlier_one(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        client = signed_in(organiser())
        client.post(desk_url(small, "extend/"), {"closes_at": "2023-03-20T00:00"})
        small.refresh_from_db()
        assert small.closes_at == make.CLOSES
        client.post(desk_url(small, "extend/"), {"closes_at": "2023-04-20T00:00"})
        small.refresh_from_db()
        assert small.closes_at == competitions.day(2023, 4, 20)


class TestStandings:
    @pytest.fixture
    def published(self, tmp_path: Path) -> StandingSnapshot:
        return make.published(entries=8, folder=tmp_path, but_first=True)

    def test_hidden_until_the_phase_shows_scores(
        self, published: StandingSnapshot, signed_in: SignIn
    ) -> None:
        url = standings_url(published.round)
        with clock.frozen_at(make.AFTER):
            hidden = Client().get(url).content.decode()
            assert "No standings to show yet" in hidden
            assert published.result_digest not in hidden
            assert Client().get(url + "inputs.json").status_code == 404
            assert published.result_digest in signed_in(organiser()).get(url).content.decode()
            competitions.advance(published.round.track, to=PhaseKind.RESULT)
            shown = Client().get(url).content.decode()
        assert published.result_digest in shown
        assert shown.count("Finalist: ") == 3
        assert "Cannot be a finalist" in shown

    def test_anyone_computes_them_again_from_the_download(
        self, published: StandingSnapshot
    ) -> None:
        competitions.advance(published.round.track, to=PhaseKind.RESULT)
        answer = Client().get(standings_url(published.round) + "inputs.json")
        computed = domain.recompute(answer.json())
        assert computed.digest == published.result_digest
        for user in User.objects.filter(review_duties__round=published.round):
            assert user.code not in answer.content.decode()

    def test_names_only_where_the_phase_shows_them(
        self, published: StandingSnapshot, signed_in: SignIn
    ) -> None:
        teams = [row.entry.team.name for row in published.standings.select_related("entry__team")]
        url = standings_url(published.round)
        staff = signed_in(organiser()).get(url).content.decode()
        assert all(name in staff for name in teams)
        track = competitions.advance(published.round.track, to=PhaseKind.RESULT)
        track.phase.names_visible = False
        track.phase.save()
        public = Client().get(url).content.decode()
        assert not any(f">{name}<" in public for name in teams)

    def test_pages_follow_one_another_and_cost_few_queries(
        self, published: StandingSnapshot
    ) -> None:
        track = competitions.advance(published.round.track, to=PhaseKind.RESULT)
        seen: list[int] = []
        after: int | None = 0
        while after is not None:
            with CaptureQueriesContext(connection) as queries:
                page = domain.standings_page(
                    user=AnonymousUser(), track=track, after=after, size=3
                )
            assert page is not None
            assert len(queries) <= 6
            assert not any("COUNT(" in query["sql"] for query in queries)
            seen += [row.position for row in page.rows]
            after = page.next
        assert seen == list(range(1, 9))

    @pytest.mark.parametrize("cursor", ["x", "-1", "1e9", "९", "9" * 30])
    def test_odd_cursors_are_not_found(self, published: StandingSnapshot, cursor: str) -> None:
        answer = Client().get(standings_url(published.round), {"cursor": cursor})
        assert answer.status_code == 404

    def test_the_team_reads_its_reviews_by_alias_and_no_one_else(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        round_ = make.assigned(entries=8, folder=tmp_path)
        duty = duty_of(round_)
        make.write_all(round_)
        make.write(duty, comment=f"Mind **this** {XSS}")
        url = f"/entries/{duty.entry.code}/reviews/"
        team = signed_in(duty.entry.reviewer)
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=round_)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
            domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)
            assert "No reviews released yet" in team.get(url).content.decode()
            competitions.advance(round_.track, to=PhaseKind.RESULT)
            page = team.get(url).content.decode()
            assert signed_in(person()).get(url).status_code == 404
            assert signed_in(duty.reviewer).get(url).status_code == 404
        alias = aliases_of(round=round_, kind=AliasKind.REVIEWER)[duty.reviewer_id]
        assert f"Reviewer {alias}" in page
        assert "<strong>this</strong>" in page
        assert "<script>alert" not in page
        assert "for staff" not in page
        assert duty.reviewer.name not in page


def test_pages_read_in_chinese(small: ReviewRound, signed_in: SignIn) -> None:
    duty = duty_of(small)
    client = signed_in(duty.reviewer)
    with clock.frozen_at(make.DURING + timedelta(hours=1)):
        page = client.get(f"/reviews/{duty.code}/", headers={"accept-language": "zh-hans"})
    assert "创意" in page.content.decode()
