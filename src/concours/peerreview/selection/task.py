"""What a method of selection is given: reviews as lists, one a reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray, Keyed

SmallArray = npt.NDArray[np.int32]
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, eq=False, kw_only=True)
class SelectionTask:
    """m reviews of n entries by R reviewers in P parts; read-only arrays.

    Attributes:
        start: (R + 1,) int64; the reviews of reviewer r are start[r] .. start[r + 1] - 1.
        entry: (m,) int32 entry of each review.
        score: (m,) float64, higher is better within a reviewer's list.
        part: (n,) int32 part of each entry, 0 .. P - 1.
        owner: (R,) int32 the entry each reviewer belongs to, -1 = independent.
        size: number to select, 1 .. n.
        seed: keys the coins.
        tie_order: (n,) who goes first among equals, lower first; None = a keyed coin.
        load: reviews that the busiest team was given to do; None = those it did.
        agreement: chance that two reviewers order two entries alike, above 1/2 .. 1.
        beside: (n,) what is known of the entries beside the reviews, higher is better, NaN =
            nothing, which is below all; None where nothing is.
        beside_weight: its share of what decides, 0 .. 1.
    """

    start: IntArray
    entry: SmallArray
    score: FloatArray
    part: SmallArray
    owner: SmallArray
    size: int
    seed: bytes
    tie_order: IntArray | None = None
    load: int | None = None
    agreement: float = 1.0
    beside: FloatArray | None = None
    beside_weight: float = 0.0

    @property
    def n(self) -> int:
        """Number of entries."""
        return len(self.part)

    @cached_property
    def part_sizes(self) -> IntArray:
        """(P,) entries of each part."""
        return np.bincount(self.part)

    @cached_property
    def owner_part(self) -> SmallArray:
        """(R,) part of each reviewer, -1 = none."""
        inside = self.part[np.maximum(self.owner, 0)]
        return int32(np.where(self.owner >= 0, inside, -1))

    def require_parts(self, method: str) -> None:
        """Raises BadInput unless there are two parts or more, none of them empty."""
        if len(self.part_sizes) < 2:
            raise BadInput(f"{method}: at least two parts, got one: deal the entries to parts")
        empty = np.flatnonzero(self.part_sizes == 0)
        if empty.size:
            raise BadInput(
                f"{method}: at least two parts, none of them empty; part {empty[0]} has no entry"
            )

    def require_reviews_alone(self, method: str) -> None:
        """Raises BadInput where something else than reviews is to count."""
        if self.beside is not None:
            raise BadInput(
                f"{method}: counts reviews alone; leave out what is known beside them, or use "
                "exact-dollar-partition"
            )

    def require_no_own(self, method: str) -> None:
        """Raises BadInput naming a review of the reviewer's own entry."""
        owner = np.repeat(self.owner, np.diff(self.start))
        own = np.flatnonzero(owner == self.entry)
        if own.size:
            at = int(own[0])
            reviewer = int(np.searchsorted(self.start, at, side="right")) - 1
            raise BadInput(
                f"review {at}: reviewer {reviewer} reviews the own entry {self.entry[at]}, which "
                f"{method} does not allow: leave it out"
            )

    @cached_property
    def precedence(self) -> npt.NDArray[np.integer]:
        """(n,) who goes first among equals, lower first."""
        if self.tie_order is not None:
            return self.tie_order
        return Keyed(self.seed, "select/ties").words(self.n)

    def places(self, score: FloatArray, part: npt.NDArray[np.integer]) -> IntArray:
        """(n,) 1, 2, ... within each part, highest score first. O(n log n)."""
        return placed(np.rint(score * 1e12).astype(np.int64), part, self.precedence)


def read_only(array: npt.NDArray[T]) -> npt.NDArray[T]:
    """The array as a read-only one in one piece, so that each kernel is compiled once."""
    array = np.ascontiguousarray(array)
    if array.flags.writeable:
        array = array.view()
        array.flags.writeable = False
    return array


def int32(values: npt.NDArray[np.integer]) -> SmallArray:
    """`values` as a read-only array of int32."""
    return read_only(values.astype(np.int32))


def placed(
    level: IntArray, part: npt.NDArray[np.integer], precedence: npt.NDArray[np.integer]
) -> IntArray:
    """(n,) 1, 2, ... within each part, highest `level` first, equals by `precedence`."""
    order = np.argsort(precedence)
    sorted_ones = precedence[order]
    if bool(np.any(sorted_ones[1:] == sorted_ones[:-1])):
        order = np.argsort(precedence, kind="stable")  # slower, the same on every machine
    order = order[np.argsort(-level[order], kind="stable")]
    sizes = np.bincount(part)
    if len(sizes) > 1:
        order = order[np.argsort(part[order], kind="stable")]
    start = np.repeat(np.cumsum(sizes) - sizes, sizes)
    place = np.empty(len(level), dtype=np.int64)
    place[order] = np.arange(len(level)) - start + 1
    return place
