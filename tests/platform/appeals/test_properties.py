"""Whatever is changed: reversed, it is as it was; and money neither comes nor goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concours.platform.appeals import domain
from concours.platform.appeals.enums import ChangeKind
from concours.platform.appeals.models import ChangeSet
from concours.platform.awards.domain import balance_of, published_result, verify_result
from concours.platform.awards.models import PrizePool
from concours.platform.competitions.models import Track
from concours.platform.core import clock
from concours.platform.review.domain import counting_reviews, round_of, verify_standings
from tests.factories import appeals
from tests.factories.competitions import ACTOR
from tests.lock_order import LockOrder
from tests.platform.appeals.test_changes import lines, places

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ENTRIES = 6
REVIEWS = st.dictionaries(
    st.tuples(st.integers(0, ENTRIES - 1), st.integers(0, 1)),
    st.one_of(
        st.none(),
        st.fixed_dictionaries({"idea": st.integers(0, 5), "code": st.integers(0, 10)}),
    ),
    max_size=5,
)
JURY = st.dictionaries(
    st.tuples(st.integers(0, ENTRIES - 1), st.integers(0, 1)), st.integers(0, 100_000), max_size=4
)
OUT = st.sets(st.integers(0, ENTRIES - 1), max_size=2)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(reviews=REVIEWS, jury=JURY, out=OUT)
def test_applied_and_reversed_is_as_before(
    reviews: Any, jury: Any, out: Any, everybody_in_the_final: Track, lock_order: LockOrder
) -> None:
    track = everybody_in_the_final
    lock_order.around = 1
    if not (reviews or jury or out):
        return
    with clock.frozen_at(appeals.LATER), transaction.atomic():
        standings, result = lines(track), places(track)
        applied = appeals.apply(_drafted(track, reviews, jury, out))
        _sound(track)
        back = domain.reverse_changes(actor=ACTOR, change_set=applied, reason="Undo.")
        appeals.apply(back)
        _sound(track)
        assert lines(track) == standings
        assert places(track) == result
        transaction.set_rollback(True)


@pytest.fixture
def everybody_in_the_final(tmp_path: Path) -> Track:
    """Six entries, all of them finalists: no change leaves a finalist without a score."""
    with clock.frozen_at(appeals.LATER):
        return appeals.ended(folder=tmp_path, entries=ENTRIES, finalists=ENTRIES)


def _drafted(track: Track, reviews: Any, jury: Any, out: Any) -> ChangeSet:
    made = appeals.change_set(of=track)
    entries = list(track.entries.order_by("pk"))
    jurors = [juror.user for juror in track.jurors.select_related("user").order_by("pk")]
    for (entry, which), scores in reviews.items():
        counting = counting_reviews(round=round_of(track=track), entry=entries[entry])
        domain.add_change(
            actor=ACTOR,
            change_set=made,
            kind=ChangeKind.STRIKE if scores is None else ChangeKind.CORRECT,
            entry=entries[entry],
            alias=counting[which].alias,
            scores=scores,
        )
    for (entry, which), points in jury.items():
        domain.add_change(
            actor=ACTOR,
            change_set=made,
            kind=ChangeKind.JURY,
            entry=entries[entry],
            juror=jurors[which],
            points_milli=points,
        )
    for entry in out:
        domain.add_change(
            actor=ACTOR, change_set=made, kind=ChangeKind.DISQUALIFY, entry=entries[entry]
        )
    return made


def _sound(track: Track) -> None:
    """What is published follows from its inputs, and every pool balances to nothing."""
    snapshot = round_of(track=track).snapshots.get(published=True)
    assert verify_standings(snapshot=snapshot) == []
    result = published_result(track=track)
    assert result is not None
    assert verify_result(result=result).faults == ()
    assert [balance_of(pool=pool) for pool in PrizePool.objects.filter(track=track)] == [0]
