"""The fast route: plain CSV read by machine code, block by block.

Whatever is not plain (odd quotation marks, faults of any kind) is left to the careful reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np
import numpy.typing as npt

from concours.peerreview.files import plain_kernels as kernels
from concours.peerreview.files.numbering import CodeArray, Ids, numbered
from concours.peerreview.files.plain_kernels import Bytes, Places
from concours.peerreview.files.text import LONGEST_LINE, FilePath, Progress, binary
from concours.peerreview.keyed import FloatArray, IntArray

BLOCK = 8 * 1024 * 1024
T = TypeVar("T", bound=np.generic)
LONGEST_SORTED = 64  # bytes of an id that are sorted as words
FIRST_NOT_ASCII = 0x80  # such a byte may be of a space that is not ASCII
MARK = b"\xef\xbb\xbf"
Found = tuple[dict[str, Ids], dict[str, FloatArray], int]


class _NotPlain(Exception):
    """The careful reader must judge this text."""


class _Coder:
    """Ids of a column, numbered as they come: a hash table with its ids in one row of bytes."""

    def __init__(self) -> None:
        self.count = 0
        self._seats = np.full(1 << 16, -1, dtype=np.int64)
        self._hashes = np.zeros(0, dtype=np.uint64)
        self._start = np.zeros(1, dtype=np.int64)
        self._pool = np.zeros(0, dtype=np.uint8)
        self._codes: list[CodeArray] = []

    def add(self, data: Bytes, begin: Places, end: Places) -> None:
        """Number the cells of one block."""
        most = self.count + len(begin)
        self._hashes = _grown(self._hashes, most)
        self._start = _grown(self._start, most + 1)
        self._pool = _grown(self._pool, int(self._start[self.count]) + len(data))
        if 2 * most > len(self._seats):
            self._seats = np.full(1 << (2 * most - 1).bit_length(), -1, dtype=np.int64)
            kernels.seat(self._hashes, self.count, self._seats)
        code = np.empty(len(begin), dtype=np.int32)
        self.count = kernels.look_up(
            *(data, begin, end, self._seats, self._hashes, self._start, self._pool),
            *(self.count, code),
        )
        if self.count < 0:
            raise _NotPlain
        self._codes.append(code)

    def ids(self) -> Ids:
        """The column; the coder is used up."""
        self._seats = self._hashes = np.zeros(0, dtype=np.int64)
        start = self._start[: self.count + 1]
        code = np.concatenate([np.zeros(0, dtype=np.int32), *self._codes])
        self._codes.clear()
        length = int(np.diff(start).max(initial=0))
        if length > LONGEST_SORTED or self._may_need_strip(start):
            return numbered(code, self._names(start, np.arange(self.count)))
        words = np.zeros((-(-length // 8), self.count), dtype=np.uint64)
        kernels.words_of(self._pool, start, words)
        order = np.lexsort(words[::-1]) if len(words) else np.zeros(0, dtype=np.int64)
        rank = np.empty(self.count, dtype=np.int32)
        rank[order] = np.arange(self.count, dtype=np.int32)
        return Ids(code=rank[code], names=self._names(start, order))

    def _names(self, start: IntArray, order: IntArray) -> list[str]:
        out = np.empty(int(start[-1]), dtype=np.uint8)
        kernels.in_order(self._pool, start, order, out)
        return out.tobytes().decode().split("\n")[:-1]

    def _may_need_strip(self, start: IntArray) -> bool:
        edges = np.concatenate([self._pool[start[:-1]], self._pool[start[1:] - 2]])
        return bool(((edges <= ord(" ")) | (edges >= FIRST_NOT_ASCII)).any())


def read_plain(
    path: FilePath,
    ids: Sequence[str],
    numbers: Sequence[str],
    *,
    gaps: bool = False,
    progress: Progress | None = None,
) -> Found | None:
    """(ids by column, values by column, rows); None where the careful reader must judge.

    With `gaps` an empty cell of a number is NaN.
    """
    coders = {name: _Coder() for name in ids}
    values: dict[str, list[FloatArray]] = {name: [np.zeros(0)] for name in numbers}
    length = 0
    try:
        with binary(path) as file:
            slot, done, whole = np.zeros(0, dtype=np.int64), 0, Path(path).stat().st_size
            for block in _blocks(file):
                done += len(block)
                if not slot.size:
                    slot, block = _header(block, [*ids, *numbers])
                length += _take(block, slot, coders, values, gaps=gaps)
                if progress is not None:
                    progress(min(done, whole), whole)
    except _NotPlain:
        return None
    if not slot.size:
        return None
    columns = {name: coder.ids() for name, coder in coders.items()}
    if any("" in column.names for column in columns.values()):
        return None
    return columns, {name: np.concatenate(v) for name, v in values.items()}, length


def _take(
    block: bytes,
    slot: IntArray,
    coders: dict[str, _Coder],
    values: dict[str, list[FloatArray]],
    *,
    gaps: bool,
) -> int:
    """Add the cells of a block; the number of its rows."""
    data = np.frombuffer(block, dtype=np.uint8)
    begin, end = _cells(data, slot, block.count(b"\n"))
    for i, coder in enumerate(coders.values()):
        coder.add(data, begin[i], end[i])
    for i, parts in enumerate(values.values(), start=len(coders)):
        parts.append(_floats(data, begin[i], end[i], gaps=gaps))
    return int(begin.shape[1])


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Whole lines of valid text; a line is not cut, so that no character is."""
    rest = file.read(len(MARK))
    if rest == MARK:
        rest = b""
    while more := file.read(BLOCK):
        head, found, tail = more.rpartition(b"\n")
        if not found:
            rest += more
            if len(rest) > LONGEST_LINE:
                raise _NotPlain
            continue
        yield _valid(rest + head + b"\n")
        rest = tail
    if rest:
        yield _valid(rest + b"\n")


def _valid(block: bytes) -> bytes:
    if b"\0" in block:
        raise _NotPlain
    if not block.isascii():
        try:
            block.decode("utf-8")
        except UnicodeDecodeError:
            raise _NotPlain from None
    return block


def _header(block: bytes, wanted: Sequence[str]) -> tuple[IntArray, bytes]:
    """((columns,) see find_cells, the lines after the header)."""
    line, _, after = block.partition(b"\n")
    names = [_name(cell) for cell in line.decode().removesuffix("\r").split(",")]
    if len(set(names)) != len(names) or not set(wanted) <= set(names):
        raise _NotPlain
    place = {name: i for i, name in enumerate(wanted)}
    return np.array([place.get(name, -1) for name in names], dtype=np.int64), after


def _name(cell: str) -> str:
    marks = cell.count('"')
    quoted = marks == 2 and len(cell) > 1 and cell[0] == cell[-1] == '"'
    if "\r" in cell or (marks and not quoted):
        raise _NotPlain
    return (cell[1:-1] if quoted else cell).strip()


def _cells(data: Bytes, slot: IntArray, most: int) -> tuple[Places, Places]:
    wanted = int(slot.max()) + 1
    begin, end = np.empty((2, wanted, most), dtype=np.int32)
    rows = kernels.find_cells(data, slot, begin, end)
    if rows < 0:
        raise _NotPlain
    return begin[:, :rows], end[:, :rows]


def _floats(data: Bytes, begin: Places, end: Places, *, gaps: bool) -> FloatArray:
    out = np.empty(len(begin))
    if kernels.parse_numbers(data, begin, end, kernels.POWERS, out):
        odd = np.isnan(out) & ~((begin == end) & gaps)
        for row in np.flatnonzero(odd).tolist():
            out[row] = _float(data[begin[row] : end[row]].tobytes())
    return out


def _float(cell: bytes) -> float:
    try:
        value = float(cell.decode())
    except ValueError:
        raise _NotPlain from None
    if not np.isfinite(value) or b"_" in cell:
        raise _NotPlain
    return value


def _grown(array: npt.NDArray[T], needed: int) -> npt.NDArray[T]:
    """At least `needed` long, at least doubled where it grows."""
    if needed <= len(array):
        return array
    more = np.zeros(max(needed, 2 * len(array)), dtype=array.dtype)
    more[: len(array)] = array
    return more
