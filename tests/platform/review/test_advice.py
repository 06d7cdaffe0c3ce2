"""Advice before the plan: more reviews find more, luck is told, staff alone see the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from concours.peerreview import BadInput
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.review.domain import advice
from concours.platform.review.domain.advice import advise, phrase_advice
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organiser, person

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advice, "WORLDS", 3)
    monkeypatch.setattr(advice, "COMPARED", (3, 8))


def test_more_reviews_find_more_and_leave_less_to_luck() -> None:
    told = advise(entries=40, reviews=5, finalists=10, agreement="little")
    assert told.asked is not None
    assert [row.reviews for row in told.others] == [3, 5, 8]
    least, *_between, most = told.others
    assert most.advised.recall > least.advised.recall
    assert most.by_rank > least.by_rank
    assert most.turnover < least.turnover
    assert told == advise(entries=40, reviews=5, finalists=10, agreement="little")


def test_the_advised_way_is_one_of_those_shown_and_has_a_reason() -> None:
    asked = advise(entries=40, reviews=5, finalists=10, agreement="well").asked
    assert asked is not None
    assert asked.advised in asked.ways
    assert f"{asked.advised.recall:.0%}" in phrase_advice(asked)
    recalls = [way.recall for way in asked.ways]
    assert recalls == sorted(recalls, reverse=True)


def test_what_cannot_be_drawn_is_told() -> None:
    told = advise(entries=9, reviews=8, finalists=3, agreement="little")
    assert told.asked is None
    assert [row.reviews for row in told.others] == [3]
    with pytest.raises(BadInput):
        advise(entries=9, reviews=3, finalists=9, agreement="little")


@pytest.mark.django_db
def test_staff_alone_ask_on_the_page(signed_in: SignIn) -> None:
    with clock.frozen_at(make.SPRING):
        track = competitions.track(reviews_per_entry=3, finalists=4)
        url = f"/seasons/{track.season.slug}/tracks/{track.slug}/desk/review/advice/"
        assert signed_in(person()).get(url).status_code == 404
        assert Client().get(url).status_code == 302
        client = signed_in(organiser())
        page = client.get(url).content.decode()
        assert "Ways to choose the finalists" in page
        asked = {"entries": 9, "reviews": 8, "finalists": 3, "agreement": "well"}
        assert "there is no assignment" in client.get(url, asked).content.decode()
        odd = client.get(url, asked | {"finalists": 9}).content.decode()
        assert "fewer finalists than entries" in odd
        assert "Ways to choose" not in odd
        for name, value in (("entries", "x"), ("entries", "9" * 20), ("agreement", "all")):
            assert client.get(url, asked | {name: value}).status_code == 200
