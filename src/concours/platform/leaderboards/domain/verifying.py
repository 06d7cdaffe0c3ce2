"""Computing a snapshot again from the stored runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from concours.platform.evaluations.domain import scored
from concours.platform.leaderboards.document import (
    VERSION,
    blocks,
    digest_of,
    index_from,
    index_of,
    lines_in,
    rules_from,
    snapshot_digest,
)
from concours.platform.leaderboards.domain.runs import ranking, run_of
from concours.platform.leaderboards.domain.storing import lines_of, load_blocks
from concours.platform.leaderboards.models import Reevaluation, Snapshot
from concours.platform.leaderboards.ranking import Line

MOST = 20
"""So many faults are named."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What does not hold, in words. `complete` where the whole board was computed again from all
    runs; an older snapshot is compared with the runs that it names alone."""

    faults: tuple[str, ...]
    complete: bool

    @property
    def holds(self) -> bool:
        return not self.faults


def verify_snapshot(*, snapshot: Snapshot) -> Verification:
    """Check digests, every line against its stored run, the order, and for the live and the frozen
    snapshot the whole computation. O(n log n) in the runs."""
    board = snapshot.board
    whole = snapshot.pk in (board.live_id, board.frozen_id) and not board.changes.exists()
    if not snapshot.kept:
        return Verification(faults=("the content is no longer kept",), complete=False)
    if snapshot.engine != VERSION:
        return Verification(faults=(f"made by engine {snapshot.engine}",), complete=False)
    faults = list(_stored_faults(snapshot))
    if not faults:
        lines = lines_of(snapshot)
        faults += _run_faults(snapshot, lines)
        if whole:
            faults += _whole_faults(snapshot, lines)
    return Verification(faults=tuple(faults[:MOST]), complete=whole)


def _stored_faults(snapshot: Snapshot) -> Iterator[str]:
    board, rules = snapshot.board, rules_from(snapshot.rules)
    index = index_from(snapshot.index)
    digest = snapshot_digest(board=board.code, salt=board.salt, rules=rules, index=index)
    if digest != snapshot.digest:
        yield "the header does not match the snapshot's digest"
    if index.count != snapshot.count:
        yield f"{snapshot.count} lines are told, {index.count} indexed"
    for number, wanted in enumerate(index.digests):
        text = load_blocks(board, [wanted]).get(wanted)
        if text is None:
            yield f"block {number} is missing"
        elif digest_of(text) != wanted:
            yield f"block {number} does not match its digest"
        elif len(lines_in(text, rules)) != index.counts[number]:
            yield f"block {number} has another number of lines"


def _run_faults(snapshot: Snapshot, lines: list[Line]) -> Iterator[str]:
    board = snapshot.board
    stored: dict[str, Any] = {
        one.evaluation_code: run_of(one)
        for one in scored(
            track=board.track,
            split=board.split,
            reevaluations=snapshot.layers,
            with_cases=False,
        )
    }
    for line in lines:
        if stored.get(line.run.evaluation) != line.run:
            yield f"the line of {line.run.entry} is not what run {line.run.evaluation} says"
    if [line.key for line in lines] != sorted(line.key for line in lines):
        yield "the lines are not in order"


def _whole_faults(snapshot: Snapshot, lines: list[Line]) -> Iterator[str]:
    by_code = {layer.code: layer for layer in Reevaluation.objects.filter(code__in=snapshot.layers)}
    rules = rules_from(snapshot.rules)
    computed = ranking(
        board=snapshot.board,
        rules=rules,
        layers=[by_code[code] for code in snapshot.layers],
        through=snapshot.through,
        # Whoever left after the snapshot stays in it.
        also={line.run.entry for line in lines},
    ).lines
    index = index_of(blocks(computed))
    digest = snapshot_digest(
        board=snapshot.board.code, salt=snapshot.board.salt, rules=rules, index=index
    )
    if digest == snapshot.digest:
        return
    yield "the stored runs lead to another board"
    here = {line.run.entry: line for line in lines}
    for line in computed:
        if here.get(line.run.entry) != line:
            yield f"the line of {line.run.entry} is computed otherwise"
