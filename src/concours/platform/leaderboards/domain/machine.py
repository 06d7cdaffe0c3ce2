"""A snapshot as machine scores, for the app that computes results."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import EntryState
from concours.platform.core.errors import Refused
from concours.platform.leaderboards.document import rules_from
from concours.platform.leaderboards.domain.storing import lines_of, pin
from concours.platform.leaderboards.models import Board, Snapshot
from concours.platform.leaderboards.points import Scale, scale_of


@dataclass(frozen=True, kw_only=True)
class MachinePoints:
    """Points in thousandths by entry's code, with what they come from and its digest."""

    points: list[tuple[str, int]]
    source: str
    digest: str


def scale_for(*, board: Board) -> Scale:
    """How the board's values become points. Raises Refused where nothing says so."""
    try:
        scale = scale_of(board.evaluator.manifest, rules_from(board.rules))
    except ValueError:
        scale = None
    if scale is None:
        raise Refused(
            "no-points",
            _("The evaluator's manifest does not say what is worth a hundred points."),
        )
    return scale


def machine_points(*, board: Board) -> MachinePoints:
    """The live snapshot's scores of entries that are still in; the snapshot is kept for good.

    Raises Refused where there is no scale, and for a board without a line.
    """
    scale = scale_for(board=board)
    snapshot: Snapshot | None = board.live
    if snapshot is None or snapshot.count == 0:
        raise Refused("empty", _("There is no score on this board yet."))
    entered = set(
        board.track.entries.filter(state=EntryState.ENTERED).values_list("code", flat=True)
    )
    pin(snapshot)
    return MachinePoints(
        points=[
            (line.run.entry, scale.points_milli(line.run.values))
            for line in lines_of(snapshot)
            if line.run.entry in entered
        ],
        source=f"{board.split} board, snapshot {snapshot.number}, {board.evaluator.name} "
        f"{board.evaluator.version}, {snapshot.engine}",
        digest=snapshot.digest,
    )
