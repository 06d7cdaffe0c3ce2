"""Reputation over seasons: from published rounds, for the reviewer and for organisers alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core.errors import NotPermitted
from concours.platform.review import domain
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.reputation import reputation_of, reputations_in
from concours.platform.review.enums import AliasKind
from concours.platform.review.models import ReviewRound, UsefulnessRating
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organiser, person
from tests.platform.review.helpers import desk_url, duty_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def rated_round(folder: Path, rating: int = 4) -> ReviewRound:
    """A published round in whose first duty's review the team rated."""
    snapshot = make.published(entries=8, folder=folder, but_first=False)
    round_ = snapshot.round
    competitions.advance(round_.track, to=PhaseKind.RESULT)
    duty = duty_of(round_)
    alias = aliases_of(round=round_, kind=AliasKind.REVIEWER)[duty.reviewer_id]
    domain.rate_review(
        actor=competitions.captain_of(duty.entry.team), entry=duty.entry, alias=alias, rating=rating
    )
    return round_


def test_it_counts_duties_ratings_and_agreement(tmp_path: Path) -> None:
    round_ = rated_round(tmp_path)
    found = reputation_of(user=duty_of(round_).reviewer)
    (part,) = found.seasons
    # All reviewers of the factory put entries in the same order: all pairs agree.
    assert (part.record.kept, part.record.owed, part.record.ratings) == (3, 3, (4,))
    assert (part.record.agreeing, part.record.pairs, part.record.reviews) == (3, 3, 3)
    assert found.reputation.duties.mean == pytest.approx(4 / 5)
    assert found.reputation.usefulness.mean == pytest.approx(1.75 / 3)


def test_not_said_is_no_rating_and_unpublished_rounds_tell_nothing(
    tmp_path: Path, small: ReviewRound
) -> None:
    assert reputation_of(user=duty_of(small).reviewer).seasons == []
    round_ = rated_round(tmp_path, rating=3)
    UsefulnessRating.objects.update(rating=None)
    (part,) = reputation_of(user=duty_of(round_).reviewer).seasons
    assert part.record.ratings == ()


def test_a_reviewer_sees_their_own_and_staff_by_alias(tmp_path: Path, signed_in: SignIn) -> None:
    round_ = rated_round(tmp_path)
    reviewer = duty_of(round_).reviewer
    own = signed_in(reviewer).get("/reviews/reputation/").content.decode()
    assert "80 %" in own
    assert "3 / 3" in own
    nothing = signed_in(person()).get("/reviews/reputation/").content.decode()
    assert nothing.count("nothing known") == 3
    page = signed_in(organiser()).get(desk_url(round_, "reputation/")).content.decode()
    for alias in aliases_of(round=round_, kind=AliasKind.REVIEWER).values():
        assert f"<code>{alias}</code>" in page
    for reviewer in User.objects.filter(review_duties__round=round_).distinct():
        assert reviewer.name not in page
        assert reviewer.email not in page


def test_nobody_else_sees_it(tmp_path: Path, signed_in: SignIn) -> None:
    round_ = rated_round(tmp_path)
    reviewer = duty_of(round_).reviewer
    for stranger in (person(), reviewer, organiser(season=competitions.season())):
        assert signed_in(stranger).get(desk_url(round_, "reputation/")).status_code == 404
    with pytest.raises(NotPermitted):
        reputations_in(actor=reviewer, round=round_)
    assert Client().get("/reviews/reputation/").status_code == 302
