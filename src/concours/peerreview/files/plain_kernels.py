"""Loops over the bytes of plain CSV: cells, ids, numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray, WordArray

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int32]

COMMA, LINE_FEED, RETURN, QUOTE = 44, 10, 13, 34
ZERO, NINE, POINT, PLUS, MINUS = 48, 57, 46, 43, 45
DIGITS = 18  # so many always fit in 64 bits
EXACT = 1 << 53  # whole numbers up to here, and powers of ten up to 1e22, are exact doubles
LOWER = 0xFFFFFFFF
UPPER = 0xFFFFFFFF00000000
POWERS: FloatArray = np.array([10.0**power for power in range(23)])


@kernel
def cell_end(data: Bytes, at: int) -> tuple[int, int, int]:
    """(first byte, byte after the last, where the next cell or line begins); -1 = not plain.

    A cell in quotation marks is plain if it holds neither a mark nor a line end.
    """
    if data[at] == QUOTE:
        begin = at + 1
        end = begin
        while data[end] != QUOTE:
            if data[end] == LINE_FEED or data[end] == RETURN:
                return begin, -1, -1
            end += 1
        after = end + 1
    else:
        begin = at
        end = begin
        while data[end] != COMMA and data[end] != LINE_FEED and data[end] != RETURN:
            end += 1
        after = end
    if data[after] == RETURN:
        after += 1
        if data[after] != LINE_FEED:
            return begin, -1, -1
    if data[after] != COMMA and data[after] != LINE_FEED:
        return begin, -1, -1
    return begin, end, after


@kernel
def find_cells(data: Bytes, slot: IntArray, begin: Places, end: Places) -> int:
    """Bounds of the wanted cells of each line that is not empty; the number of lines, or -1.

    data (bytes,) ends with a line feed; slot (columns,) the row of `begin` and `end` that takes
    a column's cells, -1 = not wanted; -1 for a line of another number of cells, or not plain.
    """
    row, column, at = 0, 0, 0
    while at < data.size:
        if column == 0 and data[at] == LINE_FEED:
            at += 1
            continue
        if column == 0 and data[at] == RETURN and data[at + 1] == LINE_FEED:
            at += 2
            continue
        first, last, after = cell_end(data, at)
        if last < 0 or column == slot.size:
            return -1
        if slot[column] >= 0:
            begin[slot[column], row] = first
            end[slot[column], row] = last
        column += 1
        if data[after] == LINE_FEED:
            if column != slot.size:
                return -1
            row += 1
            column = 0
        at = after + 1
    return row


@kernel
def look_up(
    data: Bytes,
    begin: Places,
    end: Places,
    seats: IntArray,
    hashes: WordArray,
    start: IntArray,
    pool: Bytes,
    count: int,
    code: Places,
) -> int:
    """Number the ids of a column: known ones by the table, new ones as they come.

    seats (2**b,) by hash: the upper half of the hash and the number of the id, -1 = free;
    hashes (ids,); start (ids + 1,) where each id begins in `pool`, which ends each with a line
    feed. Returns the number of ids known then, or -1 for an empty cell.
    """
    for row in range(begin.size):
        first, length = begin[row], end[row] - begin[row]
        if length == 0:
            return -1
        mixed = np.uint64(14695981039346656037)
        for i in range(length):
            mixed = (mixed ^ np.uint64(data[first + i])) * np.uint64(1099511628211)
        mixed ^= mixed >> np.uint64(29)
        at = free_or_tagged(seats, mixed, np.int64(mixed & np.uint64(seats.size - 1)))
        while seats[at] >= 0 or seats[at] < -1:
            number = seats[at] & LOWER
            if alike(data, first, length, pool, start[number], start[number + 1] - 1):
                break
            at = free_or_tagged(seats, mixed, (at + 1) & (seats.size - 1))
        if seats[at] == -1:
            seats[at] = tagged(mixed, count)
            hashes[count] = mixed
            stop = start[count] + length
            pool[start[count] : stop] = data[first : first + length]
            pool[stop] = LINE_FEED
            start[count + 1] = stop + 1
            count += 1
        code[row] = seats[at] & LOWER
    return count


@kernel
def tagged(hash_: np.uint64, number: int) -> np.int64:
    """What a seat holds."""
    return np.int64(hash_ & np.uint64(UPPER)) | np.int64(number)


@kernel
def free_or_tagged(seats: IntArray, hash_: np.uint64, at: np.int64) -> np.int64:
    """The first seat from `at` on that is free or has this hash's tag."""
    wanted = np.int64(hash_ & np.uint64(UPPER))
    while seats[at] != -1 and (seats[at] & ~LOWER) != wanted:
        at = (at + 1) & (seats.size - 1)
    return at


@kernel
def alike(data: Bytes, first: int, length: int, pool: Bytes, begin: int, end: int) -> bool:
    """Whether the cell is the id in the pool."""
    if end - begin != length:
        return False
    for i in range(length):  # noqa: SIM110  (a generator does not compile)
        if data[first + i] != pool[begin + i]:
            return False
    return True


@kernel
def seat(hashes: WordArray, count: int, seats: IntArray) -> None:
    """Seat the first `count` ids in an empty table."""
    for number in range(count):
        at = np.int64(hashes[number] & np.uint64(seats.size - 1))
        while seats[at] != -1:
            at = (at + 1) & (seats.size - 1)
        seats[at] = tagged(hashes[number], number)


@kernel
def words_of(pool: Bytes, start: IntArray, words: WordArray) -> None:
    """Fill words (w, ids): bytes of each id, eight a word, zeros after its end.

    Ids in the order of their words are in the order of their code points.
    """
    for number in range(words.shape[1]):
        for i in range(start[number + 1] - 1 - start[number]):
            byte = np.uint64(pool[start[number] + i])
            words[i >> 3, number] |= byte << np.uint64(56 - 8 * (i & 7))


@kernel
def in_order(pool: Bytes, start: IntArray, order: IntArray, out: Bytes) -> None:
    """Write the ids to `out` in another order, each ended by a line feed."""
    at = 0
    for number in order:
        for i in range(start[number], start[number + 1]):
            out[at] = pool[i]
            at += 1


@kernel
def parse_number(data: Bytes, first: int, last: int, powers: FloatArray) -> float:
    """The decimal number in data[first:last], correctly rounded; NaN where that takes more care."""
    at = first
    negative = at < last and data[at] == MINUS
    if at < last and (data[at] == MINUS or data[at] == PLUS):
        at += 1
    mantissa, digits, decimals, pointed = 0, 0, 0, False
    while at < last:
        byte = data[at]
        if ZERO <= byte <= NINE:
            mantissa = mantissa * 10 + (byte - ZERO)
            digits += 1
            decimals += pointed
        elif byte == POINT and not pointed:
            pointed = True
        else:
            return np.nan
        if digits > DIGITS:
            return np.nan
        at += 1
    if digits == 0 or mantissa > EXACT:
        return np.nan
    value = float(mantissa / powers[decimals])
    return -value if negative else value


@kernel
def parse_numbers(
    data: Bytes, begin: Places, end: Places, powers: FloatArray, out: FloatArray
) -> int:
    """Fill `out` (rows,); returns how many cells are NaN: they need more care."""
    odd = 0
    for row in range(begin.size):
        out[row] = parse_number(data, begin[row], end[row], powers)
        odd += np.isnan(out[row])
    return odd
