"""Flags are for those who run the round, by alias, and decide nothing by themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.peerreview import screening as engine
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain import screening_words as words
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind, FlagState
from concours.platform.review.models import ReviewRound, Screening, ScreeningFlag
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organiser, person
from tests.platform.review.conftest import key_of
from tests.platform.review.helpers import XSS, desk_url, refused, standings_url

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
COPIED = (
    "The work reads the sensor log twice and never checks the length of a frame, so that a cut "
    "file passes for a whole one. The measurements are repeated five times on one machine only, "
    f"and the table of results leaves out the slowest run without a word. {XSS}"
)


@pytest.fixture
def round_(tmp_path: Path) -> ReviewRound:
    """A closed round of ten entries in which one reviewer copies a long comment."""
    made = make.assigned(entries=10, folder=tmp_path)
    make.write_all(made)
    duties = list(made.assignments.select_related("reviewer").order_by("pk"))
    copies = [duty for duty in duties if duty.reviewer_id == duties[0].reviewer_id][:2]
    for place, duty in enumerate(duties):
        own = " ".join(f"word{number}" for number in range(place * 40, place * 40 + 30))
        make.write(duty, comment=COPIED if duty in copies else own)
    with clock.frozen_at(make.AFTER):
        return domain.close_round(actor=make.ACTOR, round=made)


@pytest.fixture
def flag(round_: ReviewRound) -> ScreeningFlag:
    made = domain.screen_reviews(actor=make.ACTOR, round=round_)
    found = made.flags.filter(kind="copied-comments").first()
    assert found is not None
    return found


def copier_of(round_: ReviewRound) -> User:
    return round_.assignments.select_related("reviewer").order_by("pk")[0].reviewer


class TestWords:
    def test_every_test_of_the_engine_is_worded(self) -> None:
        assert set(words.KINDS) == set(engine.DETECTORS)

    def test_every_reason_not_to_test_is_worded(self) -> None:
        assert set(words.UNTESTED) == set(engine.UNTESTED)

    def test_the_limits_are_the_engines(self) -> None:
        assert [str(limit) for limit in words.LIMITS] == list(engine.LIMITS)

    @pytest.mark.parametrize(
        ("p_value", "said"),
        [
            (0.0004, "1 in 2,500"),
            (0.01, "1 in 100"),
            (1.0, "1 in 1"),
            (0.0, "less than 1 in 1,000,000"),
        ],
    )
    def test_chances_are_one_in_so_many(self, p_value: float, said: str) -> None:
        assert words.phrase_chance(p_value) == said


class TestScreening:
    def test_a_copied_comment_is_flagged_by_alias_with_its_evidence(
        self, round_: ReviewRound, flag: ScreeningFlag
    ) -> None:
        alias = aliases_of(round=round_, kind=AliasKind.REVIEWER)[copier_of(round_).pk]
        assert flag.reviewers == [alias]
        assert flag.state == FlagState.OPEN
        assert flag.p_value < 0.001
        assert "100%" in words.phrase_finding(flag.kind, flag.evidence)
        assert {one["reviewer"] for one in flag.evidence["texts"]} == {alias}
        assert {row["reviewer"] for row in flag.evidence["rows"]} == {alias}
        assert not {"order", "first_review", "second_review"} & set(flag.evidence)

    def test_each_finding_can_be_phrased(self, round_: ReviewRound) -> None:
        made = domain.screen_reviews(actor=make.ACTOR, round=round_)
        for found in made.flags.all():
            assert "not known" not in words.phrase_finding(found.kind, found.evidence)
        tests = {test["kind"]: test for test in made.tests}
        assert set(tests) == set(engine.DETECTORS)
        assert not tests["haste"]["ran"]
        assert words.phrase_untested(tests["haste"]["untested"]) == [
            "10: how long a review took is not kept"
        ]

    def test_it_is_done_once_after_the_close(self, tmp_path: Path, round_: ReviewRound) -> None:
        early = make.assigned(entries=8, folder=tmp_path)
        refused("round-not-closed", lambda: domain.screen_reviews(actor=make.ACTOR, round=early))
        domain.screen_reviews(actor=make.ACTOR, round=round_)
        refused("screened-already", lambda: domain.screen_reviews(actor=make.ACTOR, round=round_))
        assert Screening.objects.count() == 1

    def test_a_round_planned_without_it_has_none(self, tmp_path: Path) -> None:
        closed = make.closed(entries=8, folder=tmp_path, methods={"screening": False})
        refused("screening-off", lambda: domain.screen_reviews(actor=make.ACTOR, round=closed))

    def test_without_a_review_nothing_is_flagged(self, tmp_path: Path) -> None:
        silent = make.assigned(entries=8, folder=tmp_path)
        with clock.frozen_at(make.AFTER):
            silent = domain.close_round(actor=make.ACTOR, round=silent)
        made = domain.screen_reviews(actor=make.ACTOR, round=silent)
        assert made.weak
        assert made.flags.count() == 0

    def test_it_changes_nothing_else(self, round_: ReviewRound) -> None:
        with clock.frozen_at(make.AFTER):
            before = domain.compute_standings(actor=make.ACTOR, round=round_)
            domain.screen_reviews(actor=make.ACTOR, round=round_)
            flag = ScreeningFlag.objects.all()[0]
            domain.decide_flag(actor=make.ACTOR, flag=flag, state=FlagState.UPHELD, note="Talked.")
            after = domain.compute_standings(actor=make.ACTOR, round=round_)
        assert before.result_digest == after.result_digest


class TestDeciding:
    def test_a_decision_has_a_reason_and_is_on_record(self, flag: ScreeningFlag) -> None:
        refused(
            "reason-needed",
            lambda: domain.decide_flag(
                actor=make.ACTOR, flag=flag, state=FlagState.UPHELD, note=" "
            ),
        )
        refused(
            "bad-state",
            lambda: domain.decide_flag(actor=make.ACTOR, flag=flag, state=FlagState.OPEN, note="x"),
        )
        staff = organiser()
        domain.decide_flag(actor=staff, flag=flag, state=FlagState.DISMISSED, note="Quotes us both")
        flag.refresh_from_db()
        assert (flag.state, flag.decided_by) == (FlagState.DISMISSED, staff)
        refused(
            "decided-already",
            lambda: domain.decide_flag(
                actor=staff, flag=flag, state=FlagState.DISMISSED, note="Again"
            ),
        )
        domain.decide_flag(actor=staff, flag=flag, state=FlagState.UPHELD, note="On second thought")
        decided = Event.objects.filter(verb="flag.decided")
        assert [json.loads(event.data)["state"] for event in decided] == ["dismissed", "upheld"]

    def test_strangers_and_reviewers_neither_screen_nor_decide(
        self, round_: ReviewRound, flag: ScreeningFlag
    ) -> None:
        for who in (person(), copier_of(round_), organiser(season=competitions.season())):
            with pytest.raises(NotPermitted):
                domain.decide_flag(actor=who, flag=flag, state=FlagState.DISMISSED, note="Mine")
            with pytest.raises(NotPermitted):
                domain.screen_reviews(actor=who, round=round_)
        flag.refresh_from_db()
        assert flag.state == FlagState.OPEN


class TestWhoSees:
    def test_staff_alone_find_the_page(
        self, round_: ReviewRound, flag: ScreeningFlag, signed_in: SignIn
    ) -> None:
        url = desk_url(round_, "screening/")
        for who in (person(), copier_of(round_), organiser(season=competitions.season())):
            client = signed_in(who)
            assert client.get(url).status_code == 404
            assert client.post(url + "run/").status_code == 404
            answer = client.post(f"{url}{flag.code}/", {"note": "x", "state": "dismissed"})
            assert answer.status_code == 404
        assert Client().get(url).status_code == 302
        flag.refresh_from_db()
        assert flag.state == FlagState.OPEN
        page = signed_in(organiser()).get(url).content.decode()
        assert "Copied comments" in page
        assert flag.reviewers[0] in page
        assert "<script>alert" not in page
        for duty in round_.assignments.select_related("reviewer", "entry__team"):
            for name in (duty.reviewer.name, duty.entry.team.name, duty.entry.title):
                assert name not in page

    def test_a_flag_of_another_round_is_not_found(
        self, tmp_path: Path, flag: ScreeningFlag, signed_in: SignIn
    ) -> None:
        other = make.closed(entries=8, folder=tmp_path)
        url = desk_url(other, f"screening/{flag.code}/")
        answer = signed_in(organiser()).post(url, {"note": "x", "state": "dismissed"})
        assert answer.status_code == 404

    def test_staff_screen_and_decide_on_the_page(
        self, round_: ReviewRound, signed_in: SignIn
    ) -> None:
        client, url = signed_in(organiser()), desk_url(round_, "screening/")
        assert "Screen the reviews" in client.get(url).content.decode()
        client.post(url + "run/")
        flag = ScreeningFlag.objects.filter(kind="copied-comments")[0]
        empty = client.post(f"{url}{flag.code}/", {"note": "", "state": "upheld"})
        assert "This field is required" in empty.content.decode()
        odd = client.post(f"{url}{flag.code}/", {"note": "x", "state": "open"})
        assert odd.status_code == 200
        told = {"note": f"Heard both {XSS}", "state": "upheld"}
        page = client.post(f"{url}{flag.code}/", told, follow=True).content.decode()
        assert "The decision is noted" in page
        assert "Heard both" in page
        assert "<script>alert" not in page
        assert (
            "everything holds"
            in client.post(desk_url(round_, "check/"), follow=True).content.decode()
        )

    def test_nothing_of_it_reaches_anybody_else(
        self, round_: ReviewRound, flag: ScreeningFlag, signed_in: SignIn
    ) -> None:
        note = "Bait of a decision"
        domain.decide_flag(actor=make.ACTOR, flag=flag, state=FlagState.UPHELD, note=note)
        with clock.frozen_at(make.AFTER):
            snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
            domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)
        track = competitions.advance(round_.track, to=PhaseKind.RESULT)
        copier = copier_of(round_)
        at = f"{track.season.slug}/{track.slug}"
        headers = key_of(copier, Scope.READ, Scope.REVIEW)
        pages = [standings_url(round_), standings_url(round_) + "inputs.json", "/record/"]
        api = [f"/api/v1/review/rounds/{at}", f"/api/v1/review/standings/{at}"]
        seen = [signed_in(copier).get(page) for page in [*pages, "/reviews/"]]
        seen += [Client().get(page) for page in pages]
        seen += [Client().get(page, headers=headers) for page in [*api, "/api/v1/review/duties"]]
        texts = [answer.content.decode() for answer in seen]
        texts += list(record.export_lines())
        for bait in (note, "copied-comments", "Copied comments", str(flag.p_value)):
            assert not any(bait in text for text in texts)
        for line in record.export_lines():
            event: Any = json.loads(line)
            if event["verb"] in {"reviews.screened", "flag.decided"}:
                assert not set(flag.reviewers) & set(event["data"].replace('"', " ").split())
