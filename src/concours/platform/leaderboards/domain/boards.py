"""What organisers do with a board: make it, open it, freeze it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.evaluations.domain import active_evaluator
from concours.platform.leaderboards.document import rules_from, rules_json
from concours.platform.leaderboards.domain.refreshing import rebuild, settle_freeze
from concours.platform.leaderboards.domain.storing import note
from concours.platform.leaderboards.enums import Cause, Visibility
from concours.platform.leaderboards.manifest import rules_in
from concours.platform.leaderboards.models import Board
from concours.platform.leaderboards.ranking import Rules


@transaction.atomic
def create_board(
    *,
    actor: Any,
    track: Any,
    split: str,
    visibility: Visibility = Visibility.PUBLIC,
    rule: str = "",
) -> Board:
    """Make the board of a split, with the runs that are there already.

    Columns, sort and ties come from the manifest of the track's active evaluator; `rule` (best,
    last or selected) overrides the manifest's. Raises Refused without an evaluator or such a split,
    for a second board, for a manifest without a column to sort by, and for a public board whose
    order would tell sealed values.
    """
    track = lock(track)
    require(actor, "leaderboards.run_boards", track)
    evaluator = active_evaluator(track=track)
    if evaluator is None or evaluator.split(split) is None:
        raise Refused("no-such-split", _("The track's evaluator has no cases of this kind."))
    try:
        rules = rules_in(evaluator.manifest, rule=rule)
    except ValueError:
        raise Refused(
            "no-columns", _("The evaluator's manifest names no column to sort by.")
        ) from None
    if visibility == Visibility.PUBLIC:
        _require_open_order(rules)
    try:
        with transaction.atomic():
            board = Board.objects.create(
                track=track,
                split=split,
                evaluator=evaluator,
                visibility=visibility,
                rules=rules_json(rules),
                salt=secrets.token_hex(16),
                created_at=clock.now(),
            )
    except IntegrityError:
        raise Refused("board-exists", _("This board is there already.")) from None
    # The record's head is locked last: whoever holds it waits for nobody.
    rebuild(board, cause=Cause.CREATED)
    note(
        actor=actor,
        verb="board.created",
        board=board,
        visibility=str(visibility),
        evaluator=evaluator.code,
        rule=rules.rule,
        ties=rules.ties,
        sort=list(rules.sort),
    )
    return board


@transaction.atomic
def open_board(*, actor: Any, board: Board) -> Board:
    """Show a sealed board to everyone; its sealed columns stay sealed.

    Raises Refused for one that is public, and while its order would tell sealed values.
    """
    board = lock(board)
    require(actor, "leaderboards.run_boards", board)
    if board.public:
        raise Refused("open-already", _("This board is public already."))
    if not board.columns_open:
        _require_open_order(rules_from(board.rules))
    board.visibility = Visibility.PUBLIC
    board.save(update_fields=["visibility"])
    note(actor=actor, verb="board.opened", board=board)
    return board


@transaction.atomic
def open_columns(*, actor: Any, board: Board) -> Board:
    """Show the board's sealed columns to whoever sees the board. Raises Refused a second time."""
    board = lock(board)
    require(actor, "leaderboards.run_boards", board)
    if board.columns_open:
        raise Refused("open-already", _("The sealed columns are open already."))
    board.columns_open = True
    board.save(update_fields=["columns_open"])
    note(actor=actor, verb="board.columns-opened", board=board)
    return board


@transaction.atomic
def freeze(*, actor: Any, board: Board, at: datetime | None = None) -> Board:
    """From `at` (now by default) on, all but staff see the board as it is then.

    Raises Refused for a board that is frozen, and for a moment that has passed: what everyone has
    seen cannot be unseen.
    """
    board = lock(board)
    require(actor, "leaderboards.run_boards", board)
    now = clock.now()
    if board.frozen_at(now):
        raise Refused("frozen-already", _("This board is frozen. Take the freeze back first."))
    if at is not None and at < now:
        raise Refused("moment-passed", _("Choose a moment to come."))
    board.freeze_at = at or now
    board.save(update_fields=["freeze_at"])
    settle_freeze(board)
    note(actor=actor, verb="board.frozen", board=board, at=board.freeze_at.isoformat())
    return board


@transaction.atomic
def unfreeze(*, actor: Any, board: Board) -> Board:
    """Take a freeze back, planned or past: everyone sees the board live again."""
    board = lock(board)
    require(actor, "leaderboards.run_boards", board)
    if board.freeze_at is None:
        raise Refused("not-frozen", _("This board is not frozen."))
    board.freeze_at = board.frozen = None
    board.save(update_fields=["freeze_at", "frozen"])
    note(actor=actor, verb="board.unfrozen", board=board)
    return board


def _require_open_order(rules: Rules) -> None:
    if any(not rules.by_name[name].public for name in rules.sort):
        raise Refused(
            "sort-is-sealed",
            _("The board is sorted by a sealed column: its order would tell the values."),
        )
