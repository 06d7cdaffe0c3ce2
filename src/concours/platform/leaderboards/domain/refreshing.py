"""Keeping boards up to date: what changed is noted, and taken into a snapshot at most once a
second."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.core.locking import lock
from concours.platform.evaluations.domain import place_of
from concours.platform.leaderboards.document import (
    Index,
    canonical,
    changed,
    index_from,
    rules_from,
    snapshot_digest,
)
from concours.platform.leaderboards.domain.runs import layers_of, ranking
from concours.platform.leaderboards.domain.storing import (
    BOARDS,
    keep_blocks,
    keep_ranking,
    let_go,
    load_blocks,
    take,
)
from concours.platform.leaderboards.enums import Cause
from concours.platform.leaderboards.models import Board, Change, Locator, Snapshot

log = logging.getLogger(__name__)
PERIOD = timedelta(seconds=1)
"""A board has at most one snapshot of new scores in this time."""
MANY = 2_000
"""From so many changed entries on, computing all anew is quicker."""


def run_finished(evaluation_id: int) -> None:
    """What evaluations call after a run has ended."""
    place = place_of(evaluation_id=evaluation_id)
    if place is None or place.reevaluation:
        return
    board = Board.objects.filter(track_id=place.track_id, split=place.split).first()
    if board is None:
        return
    note_change(board=board, entry_id=place.entry_id)
    if _is_due(board):
        refresh(board=board)


def note_change(*, board: Board, entry_id: int | None = None) -> None:
    """Note that an entry's line, or without one the whole board, is to be computed again."""
    Change.objects.create(board=board, entry_id=entry_id)


def refresh_due() -> int:
    """Bring the boards up to date that something is noted of; how many. For the worker to call
    every second: one query where nothing is due."""
    waiting = Exists(Change.objects.filter(board=OuterRef("pk")))
    to_freeze = Q(freeze_at__lte=clock.now(), frozen__isnull=True)
    done = 0
    for board in Board.objects.filter(Q(waiting) | to_freeze).select_related("live"):
        if _is_due(board):
            try:
                done += refresh(board=board) is not None
            except Exception:
                log.exception("the board %s could not be brought up to date", board.code)
    return done


def note_withdrawn() -> int:
    """Note the entries that are out and still stand on a board; how many. For every minute."""
    rows = Locator.objects.filter(frozen=False).exclude(entry__state=EntryState.ENTERED)
    found = list(rows.values_list("board_id", "entry_id")[:MANY])
    Change.objects.bulk_create(Change(board_id=board, entry_id=entry) for board, entry in found)
    return len(found)


@transaction.atomic
def refresh(*, board: Board) -> Snapshot | None:
    """Take what is noted of the board into a new snapshot; None where nothing came of it.

    Reads and writes what changed: a few blocks, whatever the board's size.
    """
    board = lock(board)
    settle_freeze(board)
    noted = list(Change.objects.filter(board=board).values_list("pk", "entry_id"))
    if not noted:
        return None
    entries = {entry for _, entry in noted if entry is not None}
    if any(entry is None for _, entry in noted) or len(entries) > MANY:
        made = rebuild(board, cause=Cause.REBUILT)
    else:
        made = _take_in(board, entries)
    _forget(pk for pk, _ in noted)
    let_go(board)
    return made


def rebuild(board: Board, *, cause: Cause, actor: Any = BOARDS) -> Snapshot | None:
    """Compute the whole board anew; None where it is as it was. Board locked. O(n log n)."""
    layers = layers_of(board)
    rules = rules_from(board.rules)
    index = keep_ranking(board, ranking(board=board, rules=rules, layers=layers))
    return _make_live(board, index, cause=cause, actor=actor)


def settle_freeze(board: Board) -> None:
    """Take the snapshot that stays, once the moment has come. Board locked.

    Runs that ended from the moment on do not count, however late this is done.
    """
    if board.frozen_id is not None or not board.frozen_at(clock.now()):
        return
    rules = rules_from(board.rules)
    layers = layers_of(board)
    found = ranking(board=board, rules=rules, layers=layers, through=board.freeze_at)
    board.frozen = take(
        board=board,
        index=keep_ranking(board, found, frozen=True),
        rules=rules,
        layers=[layer.code for layer in layers],
        cause=Cause.FREEZE,
        through=board.freeze_at,
    )
    board.save(update_fields=["frozen"])


def after_commit(board: Board) -> None:
    """Bring the board up to date once the running transaction is stored."""
    transaction.on_commit(partial(refresh, board=board))


def _take_in(board: Board, entries: set[int]) -> Snapshot | None:
    rules = rules_from(board.rules)
    found = ranking(board=board, rules=rules, entry_ids=entries)
    rows = Locator.objects.filter(board=board, frozen=False, entry__in=entries)
    before = {row.entry_id: row for row in rows}
    out = [tuple(json.loads(row.key)) for row in before.values()]
    index, fresh = changed(
        _index(board), load=partial(load_blocks, board), rules=rules, out=out, into=found.lines
    )
    keep_blocks(board, fresh)
    after = {found.entry_ids[line.run.entry]: canonical(list(line.key)) for line in found.lines}
    _relocate(board, before, after)
    return _make_live(board, index, cause=Cause.SCORES)


def _relocate(board: Board, before: dict[int, Locator], after: dict[int, str]) -> None:
    gone = [row.pk for entry, row in before.items() if entry not in after]
    Locator.objects.filter(pk__in=gone).delete()
    moved = []
    for entry, key in after.items():
        if entry in before and before[entry].key != key:
            before[entry].key = key
            moved.append(before[entry])
    Locator.objects.bulk_update(moved, ["key"], batch_size=200)
    Locator.objects.bulk_create(
        Locator(board=board, entry_id=entry, key=key)
        for entry, key in after.items()
        if entry not in before
    )


def _make_live(board: Board, index: Index, *, cause: Cause, actor: Any = BOARDS) -> Snapshot | None:
    rules = rules_from(board.rules)
    digest = snapshot_digest(board=board.code, salt=board.salt, rules=rules, index=index)
    if board.live is not None and board.live.digest == digest and cause != Cause.APPLIED:
        return None
    layers = [layer.code for layer in layers_of(board)]
    board.live = take(
        board=board, index=index, rules=rules, layers=layers, cause=cause, actor=actor
    )
    board.save(update_fields=["live"])
    return board.live


def _index(board: Board) -> Index:
    if board.live is None:
        return Index(digests=(), counts=(), firsts=())
    return index_from(board.live.index)


def _is_due(board: Board) -> bool:
    """Whether the last snapshot is a second old; a clock that was turned back makes it due."""
    if board.live is None:
        return True
    return not timedelta() <= clock.now() - board.live.taken_at < PERIOD


def _forget(pks: Iterable[int]) -> None:
    held = list(pks)
    for start in range(0, len(held), 500):
        Change.objects.filter(pk__in=held[start : start + 500]).delete()
