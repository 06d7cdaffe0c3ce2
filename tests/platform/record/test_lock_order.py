"""What watches the order of locks notices one in the wrong order."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from concours.platform.core.locking import lock
from concours.platform.record import domain as record
from tests.factories import competitions as make
from tests.lock_order import LockOrder


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite locks the whole database at once"
)
def test_a_row_locked_after_the_head_is_noticed(lock_order: LockOrder) -> None:
    track = make.track()
    with transaction.atomic():
        lock(track)
        record.append(actor=make.ACTOR, verb="trial.done", subject=track)
        lock(track)
    assert lock_order.wrong == []

    with transaction.atomic():
        record.append(actor=make.ACTOR, verb="trial.done", subject=track)
        lock(track.season)

    assert lock_order.wrong == [("competitions_season", "a test")]
    lock_order.wrong.clear()
