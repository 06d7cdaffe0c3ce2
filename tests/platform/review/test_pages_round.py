from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

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
from concours.platform.review.methods import Methods, methods_of
from concours.platform.review.models import ReviewRound, StandingSnapshot
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organiser, person
from tests.platform.review.helpers import (
    XSS,
    desk_url,
    duty_of,
    standings_url,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


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
                    **Methods(level=80).as_json(),
                    "reminder_days": "7, 3, 1",
                },
            )
            round_ = ReviewRound.objects.get(track=track)
            assert methods_of(round_.params) == Methods(level=80)
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
                page = domain.standings_page(user=AnonymousUser(), track=track, after=after, size=3)
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
