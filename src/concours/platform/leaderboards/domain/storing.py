"""Snapshots into the database and out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models

from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.leaderboards.document import (
    VERSION,
    Block,
    Index,
    blocks,
    canonical,
    index_from,
    index_of,
    index_text,
    lines_in,
    rules_from,
    rules_json,
    snapshot_digest,
)
from concours.platform.leaderboards.domain.runs import Ranking
from concours.platform.leaderboards.enums import Cause
from concours.platform.leaderboards.models import Board, Locator, Snapshot, StoredBlock
from concours.platform.leaderboards.ranking import Line, Rules
from concours.platform.record import domain as record

BOARDS = System("leaderboards")
BATCH = 1_000
KEPT = 20
"""So many of the newest snapshots keep their content, beside the pinned ones."""
SLACK = 20
"""So many more may pile up before the oldest are let go."""


def load_blocks(board: Board, digests: Sequence[str]) -> dict[str, str]:
    """The texts of those blocks."""
    rows = StoredBlock.objects.filter(board=board, digest__in=list(digests))
    return dict(rows.values_list("digest", "text"))


def keep_blocks(board: Board, cut: Iterable[Block]) -> None:
    rows = [StoredBlock(board=board, digest=block.digest, text=block.text) for block in cut]
    StoredBlock.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)


def keep_ranking(board: Board, found: Ranking, *, frozen: bool = False) -> Index:
    """Store all blocks and locators of a ranking anew; O(n)."""
    cut = list(blocks(found.lines))
    keep_blocks(board, cut)
    Locator.objects.filter(board=board, frozen=frozen).delete()
    Locator.objects.bulk_create(
        (
            Locator(
                board=board,
                frozen=frozen,
                entry_id=found.entry_ids[line.run.entry],
                key=canonical(list(line.key)),
            )
            for line in found.lines
        ),
        batch_size=BATCH,
    )
    return index_of(cut)


def take(
    *,
    board: Board,
    index: Index,
    rules: Rules,
    layers: Sequence[str],
    cause: Cause,
    through: datetime | None = None,
    actor: Any = BOARDS,
) -> Snapshot:
    """Store a snapshot of that content under the next number, with its event. Board locked."""
    latest = board.snapshots.aggregate(latest=models.Max("number"))["latest"] or 0
    pinned = cause != Cause.SCORES
    snapshot = Snapshot.objects.create(
        board=board,
        number=latest + 1,
        cause=cause,
        engine=VERSION,
        rules=rules_json(rules),
        layers=list(layers),
        through=through,
        count=index.count,
        index=index_text(index),
        digest=snapshot_digest(board=board.code, salt=board.salt, rules=rules, index=index),
        pinned=pinned,
        taken_at=clock.now(),
    )
    note(
        actor=actor,
        verb="board.snapshot",
        board=board,
        number=snapshot.number,
        cause=str(cause),
        count=snapshot.count,
        digest=snapshot.digest,
    )
    return snapshot


def note(*, actor: Any, verb: str, board: Board, **data: Any) -> None:
    """Append an event of the board; `data` never holds a value of a score."""
    record.append(
        actor=actor,
        verb=verb,
        subject=board,
        season=board.track.season.slug,
        data={"track": board.track.slug, "split": board.split, **data},
    )


def pin(snapshot: Snapshot) -> None:
    """Keep its content for good."""
    if not snapshot.pinned:
        snapshot.pinned = True
        snapshot.save(update_fields=["pinned"])


def lines_of(snapshot: Snapshot) -> list[Line]:
    """All lines of a snapshot in order; O(n). Raises ValueError where its content is not kept."""
    if not snapshot.kept:
        raise ValueError("the content of this snapshot is no longer kept")
    rules, index = rules_from(snapshot.rules), index_from(snapshot.index)
    texts: Mapping[str, str] = {}
    found: list[Line] = []
    for start in range(0, len(index.digests), 100):
        wanted = index.digests[start : start + 100]
        texts = load_blocks(snapshot.board, wanted)
        for digest in wanted:
            found += lines_in(texts[digest], rules)
    return found


def let_go(board: Board) -> int:
    """Drop the content of old snapshots that nothing names, and blocks without a snapshot; how
    many snapshots. Their numbers and digests stay. Board locked."""
    loose = board.snapshots.filter(pinned=False).exclude(index="").order_by("-number")
    old = list(loose.values_list("pk", flat=True)[KEPT:])
    if len(old) <= SLACK:
        return 0
    board.snapshots.filter(pk__in=[pk for pk in old if pk != board.live_id]).update(index="")
    wanted: set[str] = set()
    for text in board.snapshots.exclude(index="").values_list("index", flat=True):
        wanted.update(index_from(text).digests)
    stored = dict(board.blocks.values_list("digest", "pk"))
    gone = [pk for digest, pk in stored.items() if digest not in wanted]
    for start in range(0, len(gone), BATCH):
        StoredBlock.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    return len(old)
