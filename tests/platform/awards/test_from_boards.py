"""Machine scores from a leaderboard's snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.awards.domain.boards import import_from_board
from concours.platform.awards.models import MachineScore
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.evaluations.models import Evaluator
from concours.platform.leaderboards.models import Board
from tests.factories.boards import Field, field


@pytest.fixture
def scored(db: None, tmp_path: Path) -> tuple[Field, Board]:
    """A board of two entries with 87.5 and 12 right sums."""
    made = field(tmp_path)
    made.score(made.enter("First"), 87.5)
    made.score(made.enter("Second"), 12)
    made.track.weight_machine = 50
    made.track.save()
    return made, made.board()


def declare(board: Board, points: Any) -> Board:
    manifest = {**board.evaluator.manifest, "points": points}
    Evaluator.objects.filter(pk=board.evaluator_id).update(manifest=manifest)
    return Board.objects.get(pk=board.pk)


def stored() -> list[tuple[str, int]]:
    rows = MachineScore.objects.order_by("entry_id")
    return list(rows.values_list("entry__title", "points_milli"))


def test_a_snapshot_becomes_machine_scores_with_its_digest(scored: tuple[Field, Board]) -> None:
    made, board = scored
    with clock.frozen_at(made.moment):
        scores = import_from_board(actor=made.staff, board=board)
    assert stored() == [("First", 87_500), ("Second", 12_000)]
    snapshot = board.live
    assert snapshot is not None
    assert {score.digest for score in scores} == {snapshot.digest}
    assert f"snapshot {snapshot.number}, adding 1" in scores[0].source
    snapshot.refresh_from_db()
    assert snapshot.pinned


def test_values_become_points_as_the_manifest_declares(scored: tuple[Field, Board]) -> None:
    made, board = scored
    board = declare(board, {"column": "right", "zero": 0, "hundred": 50})
    with clock.frozen_at(made.moment):
        import_from_board(actor=made.staff, board=board)
    assert stored() == [("First", 100_000), ("Second", 24_000)]


def test_without_a_usable_scale_nothing_is_recorded(scored: tuple[Field, Board]) -> None:
    made, board = scored
    board = declare(board, {"column": "speed", "zero": 0, "hundred": 50})
    with pytest.raises(Refused, match="hundred points"):
        import_from_board(actor=made.staff, board=board)
    assert stored() == []


def test_an_empty_board_gives_no_scores(scored: tuple[Field, Board]) -> None:
    made, _board = scored
    with pytest.raises(Refused, match="no score"):
        import_from_board(actor=made.staff, board=made.board(split="ranking"))


def test_organisers_alone_take_a_board(scored: tuple[Field, Board]) -> None:
    made, board = scored
    captain = made.captain(made.track.entries.get(title="First"))
    with pytest.raises(NotPermitted):
        import_from_board(actor=captain, board=board)
    page = f"/seasons/{made.track.season.slug}/tracks/{made.track.slug}/result/desk/"
    with clock.frozen_at(made.moment):
        client = Client()
        client.force_login(captain)
        assert client.post(f"{page}machine/practice/").status_code == 404
        assert stored() == []
        client.force_login(made.staff)
        assert "Take as machine scores" in client.get(page).content.decode()
        assert client.post(f"{page}machine/practice/").status_code == 302
        assert client.post(f"{page}machine/final/").status_code == 404
    assert stored() == [("First", 87_500), ("Second", 12_000)]
