"""A snapshot as machine scores, for the app that computes results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import EntryState
from concours.platform.core.errors import Refused
from concours.platform.evaluations.domain import active_evaluator
from concours.platform.evaluations.enums import Split
from concours.platform.leaderboards.document import rules_from
from concours.platform.leaderboards.domain.runs import apart_of
from concours.platform.leaderboards.domain.storing import lines_of, pin
from concours.platform.leaderboards.models import Board, Snapshot
from concours.platform.leaderboards.points import Scale, scale_of
from concours.platform.leaderboards.ranking import places


@dataclass(frozen=True, kw_only=True)
class MachinePoints:
    """Points in thousandths by entry's code, with what they come from and its digest."""

    points: list[tuple[str, int]]
    source: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class MachineOrder:
    """Places of entries on a board by code, equals sharing one, and the snapshot they come from.

    No value of a column is here: only who stands before whom.
    """

    places: dict[str, int]
    snapshot: int
    digest: str
    source: str


def machine_counts(*, track: Any) -> bool:
    """Whether a machine has a part in the choice of the track's finalists.

    Not where it has no weight, nor where the track's evaluator has no ranking cases, so that the
    machine's scores come from elsewhere.
    """
    evaluator = active_evaluator(track=track)
    return bool(
        track.weight_machine
        and evaluator is not None
        and evaluator.split(Split.RANKING) is not None
    )


def machine_order(*, track: Any, snapshot: int | None = None) -> MachineOrder | None:
    """The order of the track's ranking board, kept for good; None unless `machine_counts`.

    `snapshot` is the number of one that was pinned before; without it the live one. Raises Refused
    while there is no board or no score on it.
    """
    if snapshot is not None:
        rows = Snapshot.objects.filter(board__track=track, board__split=Split.RANKING)
        return _order_of(rows.select_related("board__evaluator").get(number=snapshot))
    if not machine_counts(track=track):
        return None
    boards = Board.objects.filter(track=track, split=Split.RANKING, live__count__gt=0)
    board = boards.select_related("live__board__evaluator").first()
    if board is None or board.live is None:
        raise Refused(
            "no-machine-order",
            _(
                "The machine counts in this track, and its ranking board has no score yet. Make "
                "the board, and have the entries evaluated on the ranking cases."
            ),
        )
    pin(board.live)
    return _order_of(board.live)


def _order_of(snapshot: Snapshot) -> MachineOrder:
    apart = apart_of(track=snapshot.board.track)
    placed = places(lines_of(snapshot), apart=apart)
    return MachineOrder(
        places={one.line.run.entry: one.place for one in placed if one.place},
        snapshot=snapshot.number,
        digest=snapshot.digest,
        source=source_of(snapshot),
    )


def source_of(snapshot: Snapshot) -> str:
    """Which board, snapshot and evaluator something comes from, in one line."""
    board = snapshot.board
    return (
        f"{board.split} board, snapshot {snapshot.number}, {board.evaluator.name} "
        f"{board.evaluator.version}, {snapshot.engine}"
    )


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
    """The live snapshot's scores of entries that still compete; the snapshot is kept for good.

    Raises Refused where there is no scale, and for a board without a line.
    """
    scale = scale_for(board=board)
    snapshot: Snapshot | None = board.live
    if snapshot is None or snapshot.count == 0:
        raise Refused("empty", _("There is no score on this board yet."))
    entered = set(
        board.track.entries.filter(state=EntryState.ENTERED, baseline=False).values_list(
            "code", flat=True
        )
    )
    pin(snapshot)
    return MachinePoints(
        points=[
            (line.run.entry, scale.points_milli(line.run.values))
            for line in lines_of(snapshot)
            if line.run.entry in entered
        ],
        source=source_of(snapshot),
        digest=snapshot.digest,
    )
