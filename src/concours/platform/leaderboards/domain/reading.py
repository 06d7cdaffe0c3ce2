"""Boards as readers see them: snapshots, never computed in a request."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from concours.platform.core import clock
from concours.platform.core.access import permitted
from concours.platform.leaderboards.document import Index, index_from, lines_in, rules_from
from concours.platform.leaderboards.domain.storing import load_blocks
from concours.platform.leaderboards.models import Board, Locator, Snapshot
from concours.platform.leaderboards.ranking import Key, Line, Placed, Rules
from concours.platform.leaderboards.rules import visible_boards, visible_columns

AT_ONCE = 20
"""Blocks read at once while a whole board is written out."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """Lines of a snapshot that follow each other. `after` is the position before the first."""

    placed: list[Placed]
    after: int
    count: int

    @property
    def next(self) -> int | None:
        """The position after which the next window begins; None at the end."""
        end = self.after + len(self.placed)
        return end if end < self.count else None


def snapshot_shown(*, user: Any, board: Board) -> Snapshot | None:
    """The snapshot that `user`, who may see the board, sees: the live one, or what is frozen."""
    if permitted(user, "leaderboards.view_live", board):
        return board.live
    if board.frozen_id is not None:
        return board.frozen
    # Between the moment and its snapshot, the newest from before it.
    earlier = board.snapshots.filter(taken_at__lt=board.freeze_at).exclude(index="")
    return earlier.order_by("-number").first()


def boards_of(*, user: Any, track: Any) -> list[Board]:
    """The track's boards that `user` may see."""
    return list(visible_boards(user).filter(track=track))


class Shown:
    """A board as one reader sees it. Nothing is read before it is asked for."""

    def __init__(self, *, user: Any, board: Board) -> None:
        self.user, self.board = user, board
        self.snapshot = snapshot_shown(user=user, board=board)
        self._blocks: dict[str, list[Line]] = {}

    @property
    def frozen(self) -> bool:
        """Whether the reader sees a board that stands still."""
        moment = clock.now()
        return self.board.frozen_at(moment) and not permitted(
            self.user, "leaderboards.view_live", self.board
        )

    @cached_property
    def rules(self) -> Rules:
        return rules_from(self.snapshot.rules if self.snapshot else self.board.rules)

    @cached_property
    def index(self) -> Index:
        return index_from(self.snapshot.index if self.snapshot else "[]")

    @cached_property
    def columns(self) -> list[dict[str, Any]]:
        """The columns that the reader may read, in the manifest's order."""
        rules = self.snapshot.rules if self.snapshot else self.board.rules
        return visible_columns(self.user, self.board, rules["columns"])

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(column["name"] for column in self.columns)

    @property
    def sees_all(self) -> bool:
        """Whether no column is left out: then the digest can be computed from what is shown."""
        return len(self.columns) == len(self.rules.columns)

    @property
    def count(self) -> int:
        return self.index.count

    def window(self, *, after: int = 0, size: int = 50) -> Window:
        """The `size` lines after position `after`; reads the one or two blocks that hold them."""
        start, stop = min(after, self.count), min(after + size, self.count)
        if start >= stop:
            return Window(placed=[], after=start, count=self.count)
        first, last = self.index.block_at(start), self.index.block_at(stop - 1)
        self._load(range(first, last + 1))
        lines = [line for number in range(first, last + 1) for line in self._lines(number)]
        offset = start - self.index.starts[first]
        return Window(
            placed=list(self._placed(lines[offset : offset + stop - start], start)),
            after=start,
            count=self.count,
        )

    def every(self) -> Iterator[Placed]:
        """All lines in order, some blocks at a time."""
        position = 0
        for number in range(len(self.index.digests)):
            if number % AT_ONCE == 0:
                self._blocks.clear()
                self._load(range(number, min(number + AT_ONCE, len(self.index.digests))))
            lines = self._lines(number)
            yield from self._placed(lines, position)
            position += len(lines)

    def of_entries(self, entry_ids: Collection[int]) -> list[Placed]:
        """The lines of those entries, in order of the board."""
        held = self._frozen_is_shown
        if self.snapshot is None:
            return []
        rows = Locator.objects.filter(board=self.board, frozen=held, entry_id__in=list(entry_ids))
        keys = sorted(tuple(json.loads(key)) for key in rows.values_list("key", flat=True))
        found = [self._line_at(key) for key in keys]
        return [placed for placed in found if placed is not None]

    @property
    def _frozen_is_shown(self) -> bool:
        return self.snapshot is not None and self.snapshot.pk == self.board.frozen_id

    def _line_at(self, key: Key) -> Placed | None:
        position = self._position_of(key)
        if position is None:
            return None
        number = self.index.block_at(position - 1)
        line = self._lines(number)[position - 1 - self.index.starts[number]]
        return next(self._placed([line], position - 1))

    def _position_of(self, key: Key) -> int | None:
        """Where a line is; None where the locator is ahead of the snapshot that is read."""
        if not self.index.digests:
            return None
        number = self.index.block_for(key)
        self._load([number])
        for offset, line in enumerate(self._lines(number), start=1):
            if line.key == key:
                return self.index.starts[number] + offset
        return None

    def _load(self, numbers: Sequence[int] | range) -> None:
        wanted = [self.index.digests[number] for number in numbers]
        missing = [digest for digest in wanted if digest not in self._blocks]
        if missing:
            for digest, text in load_blocks(self.board, missing).items():
                self._blocks[digest] = lines_in(text, self.rules)

    def _lines(self, number: int) -> list[Line]:
        return self._blocks[self.index.digests[number]]

    @cached_property
    def _apart(self) -> dict[str, int]:
        """The position of each baseline that is on the board, by its entry's code."""
        codes = dict(self.board.track.entries.filter(baseline=True).values_list("pk", "code"))
        if not codes:
            return {}
        rows = Locator.objects.filter(
            board=self.board, frozen=self._frozen_is_shown, entry__in=list(codes)
        )
        found = {}
        for entry, key in rows.values_list("entry", "key"):
            position = self._position_of(tuple(json.loads(key)))
            if position is not None:
                found[codes[entry]] = position
        return found

    def _placed(self, lines: Sequence[Line], start: int) -> Iterator[Placed]:
        """The lines with their places, of which baselines take none."""
        apart = self._apart
        for one in self._with_all(lines, start):
            if not apart:
                yield one
            elif one.line.run.entry in apart:
                yield replace(one, place=0, tied=False)
            else:
                before = sum(position < one.place for position in apart.values())
                tied = one.tied and self._competing(one.line.merit) > 1
                yield replace(one, place=one.place - before, tied=tied)

    def _competing(self, merit: Key) -> int:
        """How many lines of that merit compete, counted up to two."""
        found, position = 0, self._place_of(merit)
        while position <= self.count and found < 2:
            number = self.index.block_at(position - 1)
            self._load([number])
            line = self._lines(number)[position - 1 - self.index.starts[number]]
            if line.merit != merit:
                break
            found += line.run.entry not in self._apart
            position += 1
        return found

    def _with_all(self, lines: Sequence[Line], start: int) -> Iterator[Placed]:
        """The lines with the places that they had if baselines took some."""
        place, merit = 0, None
        for offset, line in enumerate(lines):
            position = start + offset + 1
            if line.merit != merit:
                merit = line.merit
                place = self._place_of(merit) if offset == 0 else position
            following = lines[offset + 1].merit if offset + 1 < len(lines) else None
            tied = place < position or following == merit
            if following is None and not tied:
                tied = self._follows(position, merit)
            yield Placed(position=position, place=place, tied=tied, line=line)

    def _place_of(self, merit: Key) -> int:
        """The position of the first line of that merit."""
        number = self.index.block_of_merit(merit)
        while number < len(self.index.digests):
            self._load([number])
            for offset, line in enumerate(self._lines(number)):
                if line.merit >= merit:
                    return self.index.starts[number] + offset + 1
            number += 1
        return self.count

    def _follows(self, position: int, merit: Key) -> bool:
        """Whether the line after that position has the same merit."""
        if position >= self.count:
            return False
        number = self.index.block_at(position)
        self._load([number])
        line = self._lines(number)[position - self.index.starts[number]]
        return line.merit == merit
