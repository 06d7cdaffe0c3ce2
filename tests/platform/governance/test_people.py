"""What governance keeps of a person: taken along, kept from moving, emptied when they go."""

from __future__ import annotations

import pytest

from concours.governance import recount
from concours.platform.accounts.domain.holdings import Erasing
from concours.platform.governance import domain
from concours.platform.governance.domain.people import HOLDING
from concours.platform.governance.models import Ballot
from concours.platform.record import domain as record
from tests.factories import governance
from tests.factories.people import person

pytestmark = pytest.mark.django_db


def test_people_take_their_ballots_along_secret_ones_too() -> None:
    governance.secret_charter()
    [member] = governance.members(1)
    vote = governance.opened()
    ballot = governance.cast(vote, member, -1, reason="Mine.")
    domain.write_comment(actor=member, review=vote.review, text="Said in public.")

    data = HOLDING.exported(member).data

    assert [(one["vote"], one["choice"], one["reason"]) for one in data["ballots"]] == [
        (vote.code, -1, "Mine.")
    ]
    assert data["ballots"][0]["tracker"] == domain.opened(ballot).tracker
    assert [one["text"] for one in data["comments"]] == ["Said in public."]
    assert [one["body__slug"] for one in data["seats"]] == ["pmc"]
    assert HOLDING.exported(person()).data["ballots"] == []


def test_who_has_cast_ballots_is_not_merged_away() -> None:
    governance.charter()
    first, second = governance.members(2)
    vote = governance.opened()
    governance.cast(vote, first)

    assert len(list(HOLDING.against_merging(first, person()))) == 1
    assert len(list(HOLDING.against_merging(first, second))) == 2
    assert list(HOLDING.against_merging(person(), first)) == []


def test_who_has_a_vote_that_is_open_is_not_merged_away() -> None:
    governance.charter()
    [member] = governance.members(1)
    governance.opened()

    assert len(list(HOLDING.against_merging(member, person()))) == 1
    assert list(HOLDING.against_merging(person(), member)) == []


def test_whoever_holds_a_seat_stays_until_it_ends() -> None:
    governance.charter()
    [member] = governance.members(1)
    before = list(HOLDING.against_erasing(member))

    domain.unseat_member(actor=governance.ACTOR, membership=member.body_memberships.get())

    assert len(before) == 1
    assert list(HOLDING.against_erasing(member)) == []


def test_an_erasure_takes_words_and_leaves_the_count() -> None:
    governance.charter()
    [member] = governance.members(1)
    vote = governance.opened()
    governance.cast(vote, member)
    domain.write_comment(actor=member, review=vote.review, text="Said in public.")
    vote = governance.closed(vote)

    HOLDING.erased(Erasing(user=member, names=(member.name,)))

    assert vote.review.comments.get().text == "–"
    assert Ballot.objects.get().choice == 1
    assert recount(vars(event) for event in record.iterate())[0].faults == ()


@pytest.mark.parametrize("secret", [False, True])
def test_an_erasure_takes_the_words_of_ballots_before_and_after_the_count(secret: bool) -> None:
    charter = governance.secret_charter if secret else governance.charter
    charter()
    [member, *_rest] = governance.members(5)
    vote = governance.opened()
    governance.cast(vote, member, -1, reason="A word of mine.")

    HOLDING.erased(Erasing(user=member, names=(member.name,)))
    vote = governance.closed(vote)
    HOLDING.erased(Erasing(user=member, names=(member.name,)))

    assert vote.outcome["vetoes"] == 1
    assert "A word of mine." not in f"{vote.listed} {domain.opened(Ballot.objects.get())}"
    [again] = recount(vars(event) for event in record.iterate())
    assert again.faults == ()


def test_an_erasure_after_the_count_takes_the_words_from_the_list_too() -> None:
    governance.secret_charter()
    [member, *_rest] = governance.members(5)
    vote = governance.opened()
    governance.cast(vote, member, -1, reason="A word of mine.")
    vote = governance.closed(vote)
    assert vote.listed[0]["reason"] == "A word of mine."

    HOLDING.erased(Erasing(user=member, names=(member.name,)))

    vote.refresh_from_db()
    assert [one["reason"] for one in vote.listed] == ["–"]
