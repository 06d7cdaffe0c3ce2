from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.peerreview import BadInput, SeasonRecord, pairwise_agreement, reputation

counts = st.integers(0, 30)


@st.composite
def seasons(draw: st.DrawFn) -> SeasonRecord:
    owed, pairs = draw(counts), draw(counts)
    return SeasonRecord(
        kept=draw(st.integers(0, owed)),
        owed=owed,
        ratings=tuple(draw(st.lists(st.integers(1, 5), max_size=20))),
        agreeing=draw(st.integers(0, pairs)),
        pairs=pairs,
        reviews=draw(counts),
    )


def test_nothing_known_is_the_whole_range_around_a_half() -> None:
    found = reputation([])
    for one in (found.duties, found.usefulness, found.agreement):
        assert (one.mean, one.count, one.evidence) == (0.5, 0, 0)
        assert one.low == pytest.approx(0.025)
        assert one.high == pytest.approx(0.975)


def test_a_worked_example() -> None:
    # Beta(1 + 8, 1 + 2): mean 9 / 12; Beta(1 + 1.75, 1 + 0.25) from ratings 5 and 4.
    found = reputation([SeasonRecord(kept=8, owed=10, ratings=(5, 4))])
    assert found.duties.mean == pytest.approx(9 / 12)
    assert found.usefulness.mean == pytest.approx(2.75 / 4)
    # scipy.stats.beta(9, 3).ppf(0.025), as tables give it.
    assert found.duties.low == pytest.approx(0.4822, abs=1e-4)


def test_older_seasons_weigh_less() -> None:
    bad, good = SeasonRecord(kept=0, owed=10), SeasonRecord(kept=10, owed=10)
    better, worse = reputation([bad, good]), reputation([good, bad])
    assert better.duties.mean > 0.5 > worse.duties.mean
    assert better.duties.count == 20
    assert better.duties.evidence == pytest.approx(18)
    assert reputation([bad, good], forgetting=1).duties.mean == pytest.approx(0.5)


def test_agreement_weighs_as_reviews_not_as_pairs() -> None:
    found = reputation([SeasonRecord(kept=5, owed=5, agreeing=10, pairs=10, reviews=5)])
    assert found.agreement.count == 5
    assert found.agreement.mean == pytest.approx(6 / 7)


@pytest.mark.parametrize(
    ("reviews", "expected"),
    [
        ([], (0, 0, 0)),
        ([(3, 4)], (0, 0, 0)),
        ([(1, 1), (2, 2), (3, 3)], (3, 3, 3)),
        ([(3, 1), (2, 2), (1, 3)], (0, 3, 3)),
        ([(1, 1), (1, 2)], (0, 0, 0)),
    ],
)
def test_pairs_in_the_same_order_agree(
    reviews: list[tuple[float, float]], expected: tuple[int, int, int]
) -> None:
    assert pairwise_agreement(reviews) == expected


@given(st.lists(seasons(), max_size=5))
def test_every_estimate_is_a_share_within_its_interval(known: list[SeasonRecord]) -> None:
    found = reputation(known)
    for one in (found.duties, found.usefulness, found.agreement):
        assert 0 <= one.low <= one.mean <= one.high <= 1
        assert 0 <= one.evidence <= one.count + 1e-9


@given(seasons())
def test_more_of_the_same_narrows_the_interval(season: SeasonRecord) -> None:
    once, often = reputation([season], forgetting=1), reputation([season] * 4, forgetting=1)
    if season.owed:
        assert often.duties.high - often.duties.low < once.duties.high - once.duties.low + 0.02


@pytest.mark.parametrize(
    "season",
    [
        SeasonRecord(kept=2, owed=1),
        SeasonRecord(kept=-1, owed=1),
        SeasonRecord(kept=0, owed=0, ratings=(6,)),
        SeasonRecord(kept=0, owed=0, agreeing=2, pairs=1),
    ],
)
def test_counts_that_cannot_be_are_refused(season: SeasonRecord) -> None:
    with pytest.raises(BadInput):
        reputation([season])


@pytest.mark.parametrize("forgetting", [0, -1, 1.1, float("nan")])
def test_forgetting_is_a_share(forgetting: float) -> None:
    with pytest.raises(BadInput):
        reputation([], forgetting=forgetting)
