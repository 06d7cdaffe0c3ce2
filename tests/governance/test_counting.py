"""Counts at their exact boundaries, and the laws that every count keeps."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.governance import (
    SENTENCES,
    Abstentions,
    Aside,
    BadVote,
    Ballot,
    LateBallots,
    LostRole,
    Measure,
    RecusalRule,
    Result,
    Rule,
    Tie,
    Veto,
    Voter,
    count,
    preset_text,
    read_charter,
    sentence,
)
from tests.governance.voting import PLAIN, ballots, rule, voters, yes_no


def preset_rule(name: str, key: str) -> Rule:
    return read_charter(preset_text(name)).rule(key)


@pytest.mark.parametrize(
    ("yes", "no", "result"),
    [
        (8, 3, Result.PASSED),
        (7, 4, Result.FAILED),  # 7 of 11 is less than two thirds
        (7, 3, Result.PASSED),
        (6, 3, Result.PASSED),  # exactly two thirds
        (6, 2, Result.PASSED),  # eight of eleven: the quorum, exactly
        (7, 0, Result.NO_QUORUM),
    ],
)
def test_two_thirds_of_eleven(yes: int, no: int, result: Result) -> None:
    cncf = preset_rule("cncf", "two-thirds")

    outcome = count(rule=cncf, electorate=voters(11), ballots=yes_no(yes, no))

    assert outcome.result is result


def test_abstentions_of_the_cncf_are_no_votes() -> None:
    cncf = preset_rule("cncf", "two-thirds")

    outcome = count(rule=cncf, electorate=voters(11), ballots=yes_no(7, 0, 4))

    assert outcome.result is Result.NO_QUORUM


def test_the_cncfs_quorum_is_of_all_members_also_of_those_who_stand_aside() -> None:
    cncf = preset_rule("cncf", "two-thirds")
    electorate = voters(11)
    aside = [replace(one, recused=("affiliation",)) for one in electorate[8:]]

    outcome = count(rule=cncf, electorate=[*electorate[:8], *aside], ballots=yes_no(7, 0))

    assert (outcome.quorum_of, outcome.result) == (11, Result.NO_QUORUM)


@pytest.mark.parametrize(
    ("members", "yes", "passed"),
    [(9, 5, True), (9, 4, False), (20, 11, True), (20, 10, False), (100, 55, True)],
)
def test_fifty_five_per_cent_of_the_members(members: int, yes: int, passed: bool) -> None:
    openssf = preset_rule("openssf", "tac-vote")
    no = members // 2 + 1 - min(yes, members // 2)

    outcome = count(rule=openssf, electorate=voters(members), ballots=yes_no(yes, no))

    assert outcome.passed is passed


def test_three_binding_votes_and_more_for_than_against() -> None:
    apache = preset_rule("apache-incubator", "podling-vote")
    strangers = [Ballot(voter=f"user:s{index}", choice=1) for index in range(9)]

    few = count(rule=apache, electorate=voters(30), ballots=[*yes_no(2, 0), *strangers])
    three = count(rule=apache, electorate=voters(30), ballots=yes_no(3, 2))
    tied = count(rule=apache, electorate=voters(30), ballots=yes_no(3, 3))

    assert few.result is Result.FAILED
    assert few.aside == tuple((f"user:s{index}", Aside.UNKNOWN) for index in range(9))
    assert three.passed
    assert tied.result is Result.TIED


def test_one_reasoned_no_is_a_veto_and_one_without_reason_does_not_count() -> None:
    harmony = preset_rule("openharmony", "four-and-none-against")
    bare = yes_no(4, 1)
    reasoned = [*bare[:4], replace(bare[4], reasoned=True)]

    without = count(rule=harmony, electorate=voters(9), ballots=bare)
    with_reason = count(rule=harmony, electorate=voters(9), ballots=reasoned)
    three = count(rule=harmony, electorate=voters(9), ballots=yes_no(3, 0))

    assert without.passed
    assert without.aside == (("user:00004", Aside.NO_REASON),)
    assert with_reason.result is Result.VETOED
    assert three.result is Result.FAILED


def test_the_chair_decides_a_tie_where_the_rule_says_so() -> None:
    chaired = rule(measure=Measure.MORE_YES, threshold=None, strict=False, tie=Tie.CHAIR)
    cast = yes_no(2, 2)

    for_it = count(rule=chaired, electorate=voters(5), ballots=cast, chair="user:00000")
    against = count(rule=chaired, electorate=voters(5), ballots=cast, chair="user:00003")
    away = count(rule=chaired, electorate=voters(5), ballots=cast, chair="user:00004")

    assert [one.result for one in (for_it, against, away)] == [
        Result.PASSED,
        Result.TIED,
        Result.TIED,
    ]


@pytest.mark.parametrize(
    ("counts_in_quorum", "counts_in_members", "quorum_of", "members"),
    [(False, False, 8, 8), (True, False, 10, 8), (False, True, 8, 10), (True, True, 10, 10)],
)
def test_the_recused_count_in_the_bases_only_as_the_rule_says(
    counts_in_quorum: bool, counts_in_members: bool, quorum_of: int, members: int
) -> None:
    asked = rule(
        measure=Measure.MEMBERS,
        quorum=Fraction(1, 2),
        recusal=RecusalRule(counts_in_quorum=counts_in_quorum, counts_in_members=counts_in_members),
    )
    electorate = voters(10)
    electorate[0] = replace(electorate[0], recused=("donor",))
    electorate[1] = replace(electorate[1], recused=("declared",))

    outcome = count(rule=asked, electorate=electorate, ballots=yes_no(5, 0))

    assert (outcome.quorum_of, outcome.members) == (quorum_of, members)
    assert outcome.aside == (("user:00000", Aside.RECUSED), ("user:00001", Aside.RECUSED))
    assert outcome.tally.yes == 3


def test_a_conflict_that_the_rule_does_not_know_keeps_nobody_out() -> None:
    asked = rule(recusal=RecusalRule(donor=False))
    electorate = [Voter(name="user:00000", recused=("donor",))]

    outcome = count(rule=asked, electorate=electorate, ballots=ballots(1))

    assert outcome.counted == ("user:00000",)


@pytest.mark.parametrize(("lost", "counted", "members"), [("stands", 1, 1), ("drops", 0, 0)])
def test_who_loses_the_role_in_mid_vote(lost: str, counted: int, members: int) -> None:
    asked = rule(lost_role=LostRole(lost))
    electorate = [Voter(name="user:00000", lost_role=True)]

    outcome = count(rule=asked, electorate=electorate, ballots=ballots(1))

    assert (outcome.tally.yes, outcome.members) == (counted, members)


def test_the_suspended_and_the_late_do_not_count() -> None:
    asked = rule(late=LateBallots.ADVISORY)
    electorate = [replace(voters(2)[0], suspended=True), voters(2)[1]]
    cast = [ballots(1)[0], Ballot(voter="user:00001", choice=1, late=True)]

    outcome = count(rule=asked, electorate=electorate, ballots=cast)

    assert outcome.aside == (("user:00000", Aside.SUSPENDED), ("user:00001", Aside.LATE))
    assert outcome.members == 1
    assert outcome.result is Result.FAILED


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": rule(unset=True, threshold=None), "ballots": ballots(1)},
        {"rule": PLAIN, "ballots": [*ballots(1), *ballots(1)]},
        {"rule": PLAIN, "ballots": ballots(2)},
        {"rule": PLAIN, "ballots": ballots(1), "electorate": [*voters(1), *voters(1)]},
    ],
)
def test_what_cannot_be_counted_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadVote):
        count(**{"electorate": voters(3), **wrong})  # type: ignore[arg-type]


shares = st.fractions(min_value=0, max_value=1, max_denominator=12)
some_rules = st.builds(
    rule,
    measure=st.sampled_from(Measure),
    threshold=shares.filter(bool),
    strict=st.booleans(),
    minimum_yes=st.integers(0, 4),
    quorum=shares,
    abstentions=st.sampled_from(Abstentions),
    veto=st.sampled_from(Veto),
    reasons_for_no=st.booleans(),
    late=st.sampled_from(LateBallots),
    tie=st.sampled_from(Tie),
    lost_role=st.sampled_from(LostRole),
    recusal=st.builds(
        RecusalRule,
        **dict.fromkeys(RecusalRule.__dataclass_fields__, st.booleans()),
    ),
)
some_voters = st.builds(
    Voter,
    name=st.just(""),
    recused=st.lists(st.sampled_from(("affiliation", "donor", "declared")), max_size=2).map(tuple),
    suspended=st.booleans(),
    lost_role=st.booleans(),
)


@st.composite
def votes(draw: st.DrawFn) -> tuple[list[Voter], list[Ballot]]:
    drawn = draw(st.lists(st.one_of(st.just(Voter(name="")), some_voters), max_size=9))
    electorate = [replace(one, name=f"user:{index}") for index, one in enumerate(drawn)]
    cast = [
        Ballot(
            voter=voter.name,
            choice=draw(st.sampled_from((1, 0, -1))),
            reasoned=draw(st.booleans()),
            late=draw(st.booleans()),
        )
        for voter in electorate
        if draw(st.booleans())
    ]
    return electorate, cast


@given(some_rules, votes(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_ballots_is_of_no_matter(
    asked: Rule, vote: tuple[list[Voter], list[Ballot]], chance: random.Random
) -> None:
    electorate, cast = vote
    mixed = list(cast)
    chance.shuffle(mixed)

    assert count(rule=asked, electorate=electorate, ballots=cast, chair="user:0") == count(
        rule=asked, electorate=electorate, ballots=mixed, chair="user:0"
    )


@given(some_rules, votes())
@settings(max_examples=150, deadline=None)
def test_one_more_yes_never_turns_passed_into_failed(
    asked: Rule, vote: tuple[list[Voter], list[Ballot]]
) -> None:
    electorate, cast = vote
    before = count(rule=asked, electorate=electorate, ballots=cast, chair="user:0")
    voted = {one.voter for one in cast}

    for voter in electorate:
        kept = [one for one in cast if one.voter != voter.name]
        more = [*kept, Ballot(voter=voter.name, choice=1)]
        after = count(rule=asked, electorate=electorate, ballots=more, chair="user:0")

        assert after.passed or not before.passed, (voter, voter.name in voted)


@given(some_rules, votes())
@settings(max_examples=60, deadline=None)
def test_each_ballot_either_counts_or_is_set_aside_with_its_reason(
    asked: Rule, vote: tuple[list[Voter], list[Ballot]]
) -> None:
    electorate, cast = vote

    outcome = count(rule=asked, electorate=electorate, ballots=cast)

    named = [*outcome.counted, *(name for name, _why in outcome.aside)]
    assert sorted(named) == sorted(one.voter for one in cast)
    tally = outcome.tally
    assert tally.yes + tally.no + tally.abstain == len(outcome.counted)
    assert outcome.members <= len(electorate)
    assert all(sentence(step) for step in outcome.steps)


@given(st.integers(1, 60), st.data())
@settings(max_examples=50, deadline=None)
def test_a_share_is_met_exactly(members: int, data: st.DataObject) -> None:
    top = data.draw(st.integers(1, members))
    asked = rule(measure=Measure.MEMBERS, threshold=Fraction(top, members), strict=False)

    met = count(rule=asked, electorate=voters(members), ballots=yes_no(top, 0))
    missed = count(rule=asked, electorate=voters(members), ballots=yes_no(top - 1, 0))
    more = count(
        rule=replace(asked, strict=True), electorate=voters(members), ballots=yes_no(top, 0)
    )

    assert (met.passed, missed.passed, more.passed) == (True, False, False)


def test_every_step_has_a_sentence() -> None:
    codes = {"electorate", "tally", "quorum", "veto", "reasoned-veto", "minimum", "cast"}
    codes |= {"cast-strict", "members", "members-strict", "more-yes-than-no"}
    assert set(SENTENCES) == codes | {"tie-falls", "tie-chair"}
