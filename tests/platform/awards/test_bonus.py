"""A bonus for reviewers out of the pool: by duties and usefulness, balanced to the last fen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.accounts.models import User
from concours.platform.awards import domain
from concours.platform.awards.domain.bonus import BonusRule, divided
from concours.platform.awards.enums import RequestState
from concours.platform.awards.models import BonusShare, Payout, PrizePool
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review import domain as review_domain
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind
from concours.platform.review.models import Assignment
from tests.factories import awards, competitions
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
RULE = BonusRule(threshold_milli=3_500, least_ratings=2)
RESERVE = 200_000
SignIn = Callable[[User], Client]


def pool_with(folder: Path, ratings: list[tuple[int, ...]]) -> tuple[PrizePool, list[User]]:
    """A published result with RESERVE in its pool; reviewers in order of key, rated as given."""
    track = awards.in_final(folder=folder)
    awards.juror(of=track)
    awards.score_all(track=track)
    pool = awards.pool(of=track, reserve_minor=RESERVE)
    track = competitions.advance(track, to=PhaseKind.RESULT)
    with clock.frozen_at(awards.RESULT):
        result = domain.compute_result(actor=awards.ACTOR, track=track)
        domain.publish_result(actor=awards.ACTOR, result=result)
    duties = Assignment.objects.filter(round__track=track)
    reviewers = list(User.objects.filter(review_duties__in=duties).distinct().order_by("pk"))
    for reviewer, given_ratings in zip(reviewers, ratings, strict=False):
        own = duties.filter(reviewer=reviewer).select_related("entry__team", "round")
        for duty, rating in zip(own.order_by("pk"), given_ratings, strict=False):
            alias = aliases_of(round=duty.round, kind=AliasKind.REVIEWER)[reviewer.pk]
            with clock.frozen_at(awards.RESULT):
                review_domain.rate_review(
                    actor=competitions.captain_of(duty.entry.team),
                    entry=duty.entry,
                    alias=alias,
                    rating=rating,
                )
    pool.refresh_from_db()
    return pool, reviewers


def ask(pool: PrizePool, **fields: Any) -> Any:
    return domain.ask_bonus(
        actor=fields.pop("actor", awards.DESK),
        pool=pool,
        amount_minor=fields.pop("amount_minor", 100_001),
        reason="For good reviews",
        rule=fields.pop("rule", RULE),
    )


def refused(code: str, act: Callable[[], Any]) -> None:
    before = record.head()
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    assert record.head() == before


@given(
    amount=st.integers(0, 10**12),
    people=st.lists(st.integers(1, 10**6), max_size=60, unique=True),
)
def test_parts_are_equal_and_never_more_than_there_is(amount: int, people: list[int]) -> None:
    parts = divided(amount_minor=amount, among=[(one, one) for one in people])
    assert len({part.amount_minor for part in parts}) <= 1
    total = sum(part.amount_minor for part in parts)
    assert 0 <= amount - total < max(1, len(people)) or not people
    assert [part.user_id for part in parts] == sorted(people)


def test_who_kept_all_duties_and_was_useful_gets_an_equal_part(tmp_path: Path) -> None:
    # In order: useful; just at the threshold; below it; too few ratings; defaulted; not rated.
    pool, reviewers = pool_with(tmp_path, [(5, 5), (3, 4), (3, 3), (5,), (5, 5), ()])
    missed = Assignment.objects.filter(round__track=pool.track, reviewer=reviewers[4])
    missed.filter(pk=missed.first().pk).update(state="defaulted")  # type: ignore[union-attr]

    awards.decide(ask(pool))

    pool.refresh_from_db()
    shares = BonusShare.objects.select_related("payout__entry", "user").order_by("user_id")
    assert [one.user for one in shares] == reviewers[:2]
    assert {one.payout.amount_minor for one in shares} == {50_000}
    assert {one.payout.held_minor for one in shares} == {50_000}
    assert [one.payout.shares.get().user for one in shares] == reviewers[:2]
    assert [one.payout.entry.reviewer for one in shares] == reviewers[:2]
    # One fen did not divide and stays with the rest.
    assert pool.kept_minor == RESERVE - 100_000
    assert domain.verify_money(pool=pool) == []
    assert record.verify().holds


def test_a_bonus_is_verified_released_and_paid_to_the_reviewer_alone(tmp_path: Path) -> None:
    pool, reviewers = pool_with(tmp_path, [(5, 5)])
    awards.decide(ask(pool, amount_minor=70_000))
    payout = Payout.objects.get(review_bonus__user=reviewers[0])
    captain = competitions.captain_of(payout.entry.team)
    refused(
        "a-bonus",
        lambda: domain.declare_shares(actor=captain, payout=payout, shares={captain: 1}),
    )
    awards.papers(of=payout)
    awards.decide(domain.ask_release(actor=awards.DESK, payout=payout))
    awards.pay(of=payout, user=reviewers[0], amount_minor=70_000)
    payout.refresh_from_db()
    pool.refresh_from_db()
    assert payout.paid_minor == 70_000
    assert domain.verify_money(pool=pool) == []


def test_it_takes_two_people_and_what_was_asked_for(tmp_path: Path) -> None:
    pool, reviewers = pool_with(tmp_path, [(5, 5), (5,)])
    request = ask(pool)
    refused("same-person", lambda: domain.confirm_request(actor=awards.DESK, request=request))
    second = Assignment.objects.filter(round__track=pool.track, reviewer=reviewers[1])
    duty = second.select_related("entry__team", "round").order_by("pk")[1]
    with clock.frozen_at(awards.RESULT):
        review_domain.rate_review(
            actor=competitions.captain_of(duty.entry.team),
            entry=duty.entry,
            alias=aliases_of(round=duty.round, kind=AliasKind.REVIEWER)[reviewers[1].pk],
            rating=5,
        )
    refused("changed-since", lambda: awards.decide(request))
    request.refresh_from_db()
    assert request.state == RequestState.OPEN
    domain.drop_request(actor=awards.DESK, request=request)
    awards.decide(ask(pool))
    assert BonusShare.objects.count() == 2
    refused("bonus-already", lambda: ask(pool, amount_minor=1_000))


def test_what_is_refused(tmp_path: Path) -> None:
    pool, reviewers = pool_with(tmp_path, [(5, 5)])
    refused("not-enough", lambda: ask(pool, amount_minor=RESERVE + 1))
    refused("not-enough", lambda: ask(pool, amount_minor=0))
    refused("not-permitted", lambda: ask(pool, actor=person()))
    refused("not-permitted", lambda: ask(pool, actor=reviewers[0]))
    refused("nobody", lambda: ask(pool, rule=BonusRule(threshold_milli=5_000, least_ratings=3)))
    refused("bad-rule", lambda: ask(pool, rule=BonusRule(threshold_milli=999)))
    refused("bad-rule", lambda: ask(pool, rule=BonusRule(least_ratings=0)))
    staff = reviewers[0]
    from concours.platform.accounts.enums import Role
    from concours.platform.accounts.models import StaffRole

    StaffRole.objects.create(user=staff, season=pool.track.season, role=Role.ORGANISER)
    refused("own-award", lambda: ask(pool, actor=User.objects.get(pk=staff.pk)))


def test_the_desk_asks_and_another_confirms(tmp_path: Path) -> None:
    pool, _reviewers = pool_with(tmp_path, [(5, 5)])
    track = pool.track
    desk = f"/seasons/{track.season.slug}/tracks/{track.slug}/"
    from django.urls import reverse

    address = reverse("awards:ask-bonus", args=[track.season.slug, track.slug, pool.code])
    assert address.startswith(desk)
    form = {"amount": "500", "reason": "Good reviews", "threshold": "3.5", "least_ratings": "2"}
    first, second = Client(), Client()
    first.force_login(organiser(season=track.season))
    second.force_login(organiser(season=track.season))
    stranger = Client()
    stranger.force_login(person())
    assert stranger.post(address, form).status_code == 404
    assert first.post(address, form | {"threshold": "5.5"}).status_code == 422
    assert first.post(address, form).status_code == 302
    money = reverse("awards:money", args=[track.season.slug, track.slug])
    assert "Divided among 1 reviewer." in second.get(money).content.decode()
    code = pool.requests.get().code
    confirm = reverse("awards:confirm-request", args=[track.season.slug, track.slug, code])
    assert second.post(confirm).status_code == 302
    assert BonusShare.objects.get().payout.amount_minor == 50_000
