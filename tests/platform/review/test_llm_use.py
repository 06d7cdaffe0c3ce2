"""Whether language models were used: asked as the rules demand, kept, shown, in the record."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.competitions import domain as competitions_domain
from concours.platform.competitions.domain import Declaration
from concours.platform.competitions.models import Track
from concours.platform.core import clock
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain.reviewing import digest_of
from concours.platform.review.models import ReviewRound
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organiser, person
from tests.platform.review.conftest import key_of
from tests.platform.review.helpers import desk_url, duty_of, refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
USED = Declaration(used=True, text="A model of 7B for the tests")
UNUSED = Declaration(used=False)


def asked(policy: str, folder: Path) -> ReviewRound:
    with clock.frozen_at(make.SPRING):
        track = competitions.track(reviews_per_entry=1, finalists=1, llm_policy=policy)
        for _ in range(3):
            make.ready_entry(track, folder, declaration=UNUSED)
    return make.assigned(track=track)


def form_of(**fields: Any) -> dict[str, Any]:
    return {"score-idea": 4, "score-code": 7, "comment": "Fine.", **fields}


class TestEntries:
    def enter(self, track: Track, declaration: Declaration) -> Any:
        return competitions.entry(in_track=track, declaration=declaration)

    @pytest.mark.parametrize(
        ("policy", "declaration", "code"),
        [
            ("ask", Declaration(), "llm-undeclared"),
            ("ask", Declaration(used=True, text="  "), "llm-unexplained"),
            ("ask", Declaration(used=True, text="x" * 2_001), "too-long"),
            ("ask", Declaration(used=1, text="x"), "llm-undeclared"),
            ("forbid", Declaration(), "llm-undeclared"),
            ("forbid", USED, "llm-forbidden"),
        ],
    )
    def test_what_the_rules_refuse(self, policy: str, declaration: Declaration, code: str) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track(llm_policy=policy)
            team = competitions.team(of=track.season)
            refused(
                code,
                lambda: competitions.entry(in_track=track, by=team, declaration=declaration),
            )

    def test_it_is_kept_and_the_record_holds_its_digest(self) -> None:
        with clock.frozen_at(make.SPRING):
            entry = self.enter(competitions.track(llm_policy="ask"), USED)
            again = competitions_domain.declare_use(
                actor=competitions.captain_of(entry.team), entry=entry, declaration=UNUSED
            )
        said = json.loads(Event.objects.get(verb="entry.entered").data)["llm"]
        anew = json.loads(Event.objects.get(verb="entry.llm_declared").data)
        assert (entry.llm_used, entry.llm_text) == (True, "A model of 7B for the tests")
        assert (again.llm_used, again.llm_text) == (False, "")
        assert (said["policy"], said["used"], len(said["text_digest"])) == ("ask", True, 64)
        assert anew == {"policy": "ask", "used": False, "text_digest": ""}

    def test_nothing_is_kept_where_nothing_is_asked(self) -> None:
        with clock.frozen_at(make.SPRING):
            entry = self.enter(competitions.track(), USED)
        assert (entry.llm_used, entry.llm_text) == (None, "")
        assert "llm" not in Event.objects.get(verb="entry.entered").data

    def test_strangers_and_the_late_declare_nothing(self) -> None:
        with clock.frozen_at(make.SPRING):
            entry = self.enter(competitions.track(llm_policy="ask"), USED)
            refused(
                "not-permitted",
                lambda: competitions_domain.declare_use(
                    actor=person(), entry=entry, declaration=UNUSED
                ),
            )
        captain = competitions.captain_of(entry.team)
        with clock.frozen_at(make.AFTER):
            refused(
                "submissions-closed",
                lambda: competitions_domain.declare_use(
                    actor=captain, entry=entry, declaration=UNUSED
                ),
            )

    def test_forms_ask_and_staff_read(self, signed_in: SignIn) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track(llm_policy="ask")
            address = f"/seasons/{track.season.slug}/tracks/{track.slug}/"
            somebody = person()
            client = signed_in(somebody)
            assert "llm_used" in client.get(f"{address}enter/").content.decode()
            form = {
                "team": "alone",
                "team_name": "Solo",
                "title": "T",
                "abstract": "",
                "rules": "on",
                "rules_number": "1",
            }
            assert client.post(f"{address}enter/", form).status_code == 200
            form |= {"llm_used": "yes", "llm_text": "Model Z for docs"}
            entered = client.post(f"{address}enter/", form)
            assert entered.status_code == 302
            page = entered["location"]
            assert "Model Z for docs" in client.get(page).content.decode()
            assert "Model Z for docs" in signed_in(organiser()).get(page).content.decode()
            assert "Model Z for docs" not in signed_in(person()).get(page).content.decode()
            changed = {"title": "T", "abstract": "", "llm_used": "no"}
            assert client.post(f"{page}edit/", changed).status_code == 302
            assert "Model Z for docs" not in client.get(page).content.decode()


class TestReviews:
    def test_a_review_needs_it_where_the_rules_ask(self, tmp_path: Path, signed_in: SignIn) -> None:
        round_ = asked("ask", tmp_path)
        duty = duty_of(round_)
        client = signed_in(duty.reviewer)
        with clock.frozen_at(make.DURING):
            assert client.post(f"/reviews/{duty.code}/", form_of()).status_code == 200
            said = form_of(llm_used="yes", llm_text="To translate")
            assert client.post(f"/reviews/{duty.code}/", said).status_code == 302
            page = signed_in(organiser()).get(desk_url(round_)).content.decode()
        duty.refresh_from_db()
        assert (duty.review.llm_used, duty.review.llm_text) == (True, "To translate")
        assert "declared in 1 of 1 reviews" in page
        told = json.loads(Event.objects.get(verb="review.submitted").data)["digest"]
        assert told == digest_of(duty.review)
        duty.review.llm_text = "Something else"
        assert told != digest_of(duty.review)

    def test_forbidden_is_refused_by_page_and_api(self, tmp_path: Path, signed_in: SignIn) -> None:
        duty = duty_of(asked("forbid", tmp_path))
        body = {"scores": {"idea": 4, "code": 7}, "comment": "x"}
        headers = key_of(duty.reviewer, Scope.REVIEW)
        address = f"/api/v1/review/duties/{duty.code}/review"
        with clock.frozen_at(make.DURING):
            said = form_of(llm_used="yes", llm_text="x")
            page = signed_in(duty.reviewer).post(f"/reviews/{duty.code}/", said)
            assert "forbid the use" in page.content.decode()
            answers = [
                Client()
                .put(
                    address,
                    {**body, **extra},
                    content_type="application/json",
                    headers=headers,
                )
                .status_code
                for extra in ({"llm_used": True}, {"llm_used": "yes"}, {}, {"llm_used": False})
            ]
        assert answers == [409, 422, 409, 200]

    def test_it_is_released_with_the_review(self, tmp_path: Path) -> None:
        round_ = asked("ask", tmp_path)
        with clock.frozen_at(make.DURING):
            for duty in round_.assignments.select_related("reviewer"):
                domain.submit_review(
                    actor=duty.reviewer,
                    assignment=duty,
                    scores={"idea": 3, "code": 3},
                    comment="c",
                    declaration=USED,
                )
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=round_)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
            domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)
        entry = duty_of(round_).entry
        entry.track.refresh_from_db()
        released = domain.reviews_released_to(user=make.ACTOR, entry=entry)
        assert [(one.llm_used, one.llm_text) for one in released] == [
            (True, "A model of 7B for the tests")
        ]
