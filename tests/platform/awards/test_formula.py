from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.awards.formula import Candidate, Weights, rank, rounded, total_of

POINTS = st.integers(0, 100_000)
FEW = st.integers(0, 4).map(lambda step: step * 25_000)
"""Points on a coarse scale, so that ties are common."""


@st.composite
def fields(draw: st.DrawFn) -> tuple[list[Candidate], Weights]:
    """Complete candidates, many of them equal, with weights."""
    weights = Weights(
        machine=draw(st.integers(0, 100)),
        peer=draw(st.integers(0, 100)),
        jury=draw(st.integers(1, 100)),
    )
    points = draw(st.sampled_from([POINTS, FEW]))
    made = [
        Candidate(
            code=f"c{number:03}",
            finalist=draw(st.booleans()),
            machine=draw(points),
            peer=draw(points),
            jury=tuple(draw(st.lists(points, min_size=1, max_size=4))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]
    return made, weights


def test_known_total() -> None:
    """(30 * 90 + 50 * 80.5 + 20 * mean(70, 71, 71)) / 100 = 81.3833… points."""
    candidate = Candidate(
        code="a", finalist=True, machine=90_000, peer=80_500, jury=(70_000, 71_000, 71_000)
    )
    total = total_of(candidate, Weights(machine=30, peer=50, jury=20))
    assert total == Fraction(30 * 90_000 * 3 + 50 * 80_500 * 3 + 20 * 212_000, 300)
    assert total == Fraction(244_150_000, 3_000)
    assert rounded(total) == 81_383


def test_standard_competition_places() -> None:
    """Totals 90, 90, 80, 70, 70, 70, 60 take places 1, 1, 3, 4, 4, 4, 7."""
    points = [90, 90, 80, 70, 70, 70, 60]
    made = [
        Candidate(code=f"c{number}", finalist=True, peer=value * 1_000)
        for number, value in enumerate(points)
    ]
    standings = rank(made, Weights(machine=0, peer=1, jury=0))
    assert [standing.place for standing in standings] == [1, 1, 3, 4, 4, 4, 7]
    assert [standing.tied for standing in standings] == [True, True, False, *[True] * 3, False]


def test_thirds_tie_exactly() -> None:
    """A mean of a third is not a tie with its decimal neighbour, and is one with itself."""
    weights = Weights(machine=0, peer=0, jury=7)
    third = Candidate(code="a", finalist=True, jury=(1, 0, 0))
    same = Candidate(code="b", finalist=True, jury=(0, 1, 0))
    below = Candidate(code="c", finalist=True, jury=(0, 0, 0))
    standings = rank([below, same, third], weights)
    assert [(s.candidate.code, s.place) for s in standings] == [("a", 1), ("b", 1), ("c", 3)]


def test_non_finalists_follow_by_peer_score_alone() -> None:
    """A non-finalist with the best peer score of all comes after the last finalist."""
    weights = Weights(machine=0, peer=1, jury=1)
    made = [
        Candidate(code="out-low", finalist=False, peer=10_000),
        Candidate(code="out-high", finalist=False, peer=99_000),
        Candidate(code="in", finalist=True, peer=1_000, jury=(0,)),
    ]
    standings = rank(made, weights)
    assert [s.candidate.code for s in standings] == ["in", "out-high", "out-low"]
    assert [s.place for s in standings] == [1, 2, 3]
    assert standings[1].total == 99_000


@pytest.mark.parametrize(
    ("candidate", "weights", "said"),
    [
        (Candidate(code="a", finalist=True, peer=1), Weights(machine=0, peer=1, jury=1), "jury"),
        (Candidate(code="a", finalist=True, peer=1), Weights(machine=1, peer=1, jury=0), "machine"),
        (Candidate(code="a", finalist=False), Weights(machine=1, peer=0, jury=0), "peer"),
        (Candidate(code="a", finalist=True, peer=100_001), Weights(machine=0, peer=1, jury=0), "0"),
        (Candidate(code="a", finalist=True, peer=1), Weights(machine=0, peer=0, jury=0), "zero"),
        (Candidate(code="a", finalist=True, peer=1), Weights(machine=-1, peer=2, jury=0), "negat"),
    ],
)
def test_what_cannot_be_ranked(candidate: Candidate, weights: Weights, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rank([candidate], weights)


def test_a_code_that_comes_twice() -> None:
    twin = Candidate(code="a", finalist=True, peer=1)
    with pytest.raises(ValueError, match="twice"):
        rank([twin, twin], Weights(machine=0, peer=1, jury=0))


@given(fields(), st.randoms(use_true_random=False))
def test_order_does_not_matter(
    made: tuple[list[Candidate], Weights], chance: random.Random
) -> None:
    """Neither the order of candidates nor that of a candidate's jury scores changes anything."""
    candidates, weights = made
    shuffled = [
        Candidate(
            code=one.code,
            finalist=one.finalist,
            machine=one.machine,
            peer=one.peer,
            jury=tuple(chance.sample(one.jury, len(one.jury))),
        )
        for one in chance.sample(candidates, len(candidates))
    ]
    told = [(s.candidate.code, s.total, s.place, s.tied) for s in rank(candidates, weights)]
    assert told == [(s.candidate.code, s.total, s.place, s.tied) for s in rank(shuffled, weights)]


@given(fields())
def test_places_say_who_is_better(made: tuple[list[Candidate], Weights]) -> None:
    """A place is one more than the number of those who are strictly better."""
    candidates, weights = made
    standings = rank(candidates, weights)
    assert len(standings) == len(candidates)
    for one in standings:
        better = sum(
            (other.candidate.finalist, other.total) > (one.candidate.finalist, one.total)
            for other in standings
        )
        equal = sum(
            (other.candidate.finalist, other.total) == (one.candidate.finalist, one.total)
            for other in standings
        )
        assert one.place == better + 1
        assert one.tied == (equal > 1)


@given(fields(), st.integers(1, 50))
def test_scaling_all_weights_changes_nothing(
    made: tuple[list[Candidate], Weights], factor: int
) -> None:
    candidates, weights = made
    scaled = Weights(
        machine=weights.machine * factor, peer=weights.peer * factor, jury=weights.jury * factor
    )
    assert [(s.total, s.place) for s in rank(candidates, weights)] == [
        (s.total, s.place) for s in rank(candidates, scaled)
    ]


@given(st.fractions(min_value=0, max_value=200_000))
def test_rounding_is_to_the_nearest(value: Fraction) -> None:
    assert abs(Fraction(rounded(value)) - value) <= Fraction(1, 2)
