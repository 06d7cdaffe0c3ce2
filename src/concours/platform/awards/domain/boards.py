"""Machine scores from a leaderboard's snapshot."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from concours.platform.awards.domain.machine import import_machine_scores
from concours.platform.awards.models import MachineScore
from concours.platform.core.access import require
from concours.platform.leaderboards.domain import machine_points


@transaction.atomic
def import_from_board(*, actor: Any, board: Any) -> list[MachineScore]:
    """Note the board's live snapshot as the machine scores of its track's entries: all or none.

    Values become points as the evaluator's manifest declares. The source names board, snapshot and
    evaluator; the digest is the snapshot's. Raises Refused without a scale or a score, and as of
    `import_machine_scores`.
    """
    require(actor, "awards.import_machine_scores", board.track)
    found = machine_points(board=board)
    return import_machine_scores(
        actor=actor,
        track=board.track,
        scores=found.points,
        source=found.source,
        digest=found.digest,
    )
