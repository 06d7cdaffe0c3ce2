"""A board's content as blocks of lines under one digest.

Lines in order are cut into blocks after every line whose entry's code has a checksum that ends in
seven zero bits: 128 lines on average. So where a block ends depends on its content alone, never on
the history of the board, and a new score changes one or two blocks: all others are the same, have
the same digest and are stored once for all snapshots.

A block's digest is the SHA-256 of the canonical JSON of its lines. A snapshot's digest is the
SHA-256 of the canonical JSON of its header: the rules, the digests and sizes of the blocks, and the
board's salt. Without the salt nobody can try values that are sealed.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from itertools import accumulate
from typing import Any

from concours.platform.leaderboards.ranking import Column, Key, Line, Rules, Run, key_of

VERSION = "boards/1"
_CUT = 127
_FIELDS = tuple(field.name for field in fields(Run))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that follow each other, as they are stored."""

    digest: str
    text: str
    count: int
    first: Key


@dataclass(frozen=True, kw_only=True)
class Index:
    """Which blocks a snapshot has, in order: the digest, the size and the first key of each."""

    digests: tuple[str, ...]
    counts: tuple[int, ...]
    firsts: tuple[Key, ...]

    @cached_property
    def starts(self) -> list[int]:
        """How many lines come before each block; the last number is all of them."""
        return [0, *accumulate(self.counts)]

    @property
    def count(self) -> int:
        return self.starts[-1]

    def block_at(self, offset: int) -> int:
        """The number of the block that holds the line at `offset` (0 .. count - 1)."""
        return bisect_right(self.starts, offset) - 1

    def block_for(self, key: Key) -> int:
        """The number of the block in which `key` is or would be."""
        return max(0, bisect_right(self.firsts, key) - 1)

    def block_of_merit(self, merit: Key) -> int:
        """The number of the first block that may hold a line of that merit or a worse one."""
        return max(0, bisect_left(self.firsts, merit) - 1)


def canonical(value: Any) -> str:
    """The one JSON text of `value`. Raises ValueError for NaN and infinities."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def ends_block(entry: str) -> bool:
    """Whether a block ends after the line of the entry with that code."""
    return zlib.crc32(entry.encode()) & _CUT == 0


def blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """The lines, which are in order, cut into blocks; O(n)."""
    held: list[Line] = []
    for line in lines:
        held.append(line)
        if ends_block(line.run.entry):
            yield block_of(held)
            held = []
    if held:
        yield block_of(held)


def block_of(lines: Sequence[Line]) -> Block:
    text = canonical([as_json(line.run) for line in lines])
    return Block(digest=digest_of(text), text=text, count=len(lines), first=lines[0].key)


def lines_in(text: str, rules: Rules) -> list[Line]:
    """The lines of a stored block. Raises ValueError for what is no block under these rules."""
    found = []
    for item in json.loads(text):
        run = from_json(item)
        found.append(Line(key=key_of(run, rules), run=run))
    return found


def as_json(run: Run) -> dict[str, Any]:
    """A run as blocks and exports hold it, each number as a float: 1 and 1.0 are written alike."""
    return {
        "entry": run.entry,
        "submission": run.submission,
        "submitted_at": run.submitted_at,
        "evaluation": run.evaluation,
        "evaluator": run.evaluator,
        "values": {name: float(value) for name, value in run.values.items()},
        "intervals": {
            name: [float(low), float(high)] for name, (low, high) in run.intervals.items()
        },
        "finished_at": run.finished_at,
    }


def from_json(item: dict[str, Any]) -> Run:
    """The inverse of `as_json`; what an export has besides is left out. Raises ValueError or
    KeyError for anything else."""
    intervals = {name: (float(low), float(high)) for name, (low, high) in item["intervals"].items()}
    return Run(**{**{name: item[name] for name in _FIELDS}, "intervals": intervals})


def index_of(cut: Iterable[Block]) -> Index:
    held = list(cut)
    return Index(
        digests=tuple(block.digest for block in held),
        counts=tuple(block.count for block in held),
        firsts=tuple(block.first for block in held),
    )


def index_text(index: Index) -> str:
    rows = zip(index.digests, index.counts, index.firsts, strict=True)
    return canonical([[digest, count, list(first)] for digest, count, first in rows])


def index_from(text: str) -> Index:
    rows = json.loads(text)
    return Index(
        digests=tuple(row[0] for row in rows),
        counts=tuple(row[1] for row in rows),
        firsts=tuple(tuple(row[2]) for row in rows),
    )


def rules_json(rules: Rules) -> dict[str, Any]:
    return {
        "columns": [asdict(column) for column in rules.columns],
        "sort": list(rules.sort),
        "ties": rules.ties,
        "rule": rules.rule,
    }


def rules_from(data: dict[str, Any]) -> Rules:
    return Rules(
        columns=tuple(Column(**column) for column in data["columns"]),
        sort=tuple(data["sort"]),
        ties=data["ties"],
        rule=data["rule"],
    )


def snapshot_digest(*, board: str, salt: str, rules: Rules, index: Index) -> str:
    """The digest of a whole snapshot. `board` is the board's public code."""
    header = {
        "board": board,
        "engine": VERSION,
        "salt": salt,
        "rules": rules_json(rules),
        "blocks": [list(pair) for pair in zip(index.digests, index.counts, strict=True)],
    }
    return digest_of(canonical(header))


Load = Callable[[Sequence[str]], Mapping[str, str]]
"""Maps the digests of blocks to their texts."""


def changed(
    index: Index, *, load: Load, rules: Rules, out: Iterable[Key], into: Iterable[Line]
) -> tuple[Index, list[Block]]:
    """The index after the lines at the keys `out` are taken away and `into` put in, with the
    blocks that were cut anew.

    Only blocks that a line leaves or enters are read, and those after them until an end falls where
    one was before. The result is the same as if all lines had been cut from the start.
    """
    return _Change(
        index, load, rules, frozenset(out), sorted(into, key=lambda line: line.key)
    ).made()


class _Change:
    def __init__(
        self, index: Index, load: Load, rules: Rules, out: frozenset[Key], into: list[Line]
    ) -> None:
        self.index, self.rules, self.out, self.into = index, rules, out, into
        self.rows: list[tuple[str, int, Key]] = []
        self.fresh: list[Block] = []
        touched = {index.block_for(key) for key in (*out, *(line.key for line in into))}
        self.touched = sorted(touched)
        ahead = sorted(touched | {number + 1 for number in touched})
        self.load = load
        self.texts = dict(load([index.digests[n] for n in ahead if n < len(index.digests)]))

    def made(self) -> tuple[Index, list[Block]]:
        done = 0
        for number in self.touched:
            if number >= done:
                self._keep(done, number)
                done = self._cut_from(number)
        self._keep(done, len(self.index.digests))
        digests, counts, firsts = zip(*self.rows, strict=True) if self.rows else ((), (), ())
        return Index(digests=digests, counts=counts, firsts=firsts), self.fresh

    def _keep(self, start: int, stop: int) -> None:
        index = self.index
        self.rows += zip(
            index.digests[start:stop],
            index.counts[start:stop],
            index.firsts[start:stop],
            strict=True,
        )

    def _cut_from(self, number: int) -> int:
        """Cut the lines from that block on anew; the number of the next block that stays."""
        held = self._lines(number)
        number += 1
        while number < len(self.index.digests) and held and not ends_block(held[-1].run.entry):
            held += self._lines(number)
            number += 1
        for block in blocks(held):
            self.fresh.append(block)
            self.rows.append((block.digest, block.count, block.first))
        return number

    def _lines(self, number: int) -> list[Line]:
        """The lines that now belong where that block was."""
        index = self.index
        held: list[Line] = []
        if number < len(index.digests):
            digest = index.digests[number]
            if digest not in self.texts:
                self.texts.update(self.load([digest]))
            held = [
                line
                for line in lines_in(self.texts[digest], self.rules)
                if line.key not in self.out
            ]
        held += [line for line in self.into if index.block_for(line.key) == number]
        return sorted(held, key=lambda line: line.key)
