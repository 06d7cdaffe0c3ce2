from __future__ import annotations

from pathlib import Path

import pytest

from concours.platform.record import domain as record
from concours.platform.review import domain
from concours.platform.review.models import Standing
from tests.factories import review as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("entries", "parts"), [(8, 1), (20, 4)])
def test_a_round_runs_from_plan_to_publication_and_holds(
    tmp_path: Path, entries: int, parts: int
) -> None:
    snapshot = make.published(entries=entries, folder=tmp_path)

    assert snapshot.round.parts == parts
    assert domain.verify_assignment(round=snapshot.round) == []
    assert domain.verify_standings(snapshot=snapshot) == []
    assert Standing.objects.filter(snapshot=snapshot, finalist=True).count() == 3
    assert record.verify().holds
