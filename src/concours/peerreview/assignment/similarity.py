"""How well reviewers fit entries: a matrix, its nonzero cells, or vectors of expertise.

Values become whole units of 1e-6, so that sums are exact and the same on every machine. Vectors are
rounded to a fixed point first for the same reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from concours.peerreview.errors import BadInput
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray

UNIT = 1e-6
"""One unit of similarity; optima are optima of similarities rounded to it."""
LARGEST = 1_000.0
"""Largest magnitude of a similarity."""
VECTOR_STEP = 2.0**-15
"""Vectors are rounded to whole multiples of this."""
LARGEST_VECTOR = 32.0

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Similarity:
    """Make one by `dense`, `sparse` or `vectors`; higher is better, negative values may be given.

    Attributes:
        kind: which of the three.
        shape: (R, n).
        cells: (R, n) int64 units, for "dense".
        rows: the stated cells in CSR form with int64 units, columns ascending, for "sparse"; a cell
            not stated is 0 units and may still be assigned.
        reviewer_vectors, entry_vectors: (R, d) and (n, d) int32 multiples of VECTOR_STEP, for
            "vectors"; similarity is the dot product.
    """

    kind: Literal["dense", "sparse", "vectors"]
    shape: tuple[int, int]
    cells: IntArray | None = None
    rows: sparse.csr_array | None = None
    reviewer_vectors: npt.NDArray[np.int32] | None = None
    entry_vectors: npt.NDArray[np.int32] | None = None

    @classmethod
    def dense(cls, values: npt.ArrayLike) -> Similarity:
        """From (R, n) numbers within +-1000. Raises BadInput naming a cell that is not finite."""
        array = np.asarray(values, dtype=np.float64)
        if array.ndim != 2:
            raise BadInput(f"similarity: (reviewers, entries) expected, got shape {array.shape}")
        _refuse_odd(array, "similarity", LARGEST)
        return cls(kind="dense", shape=_shape(array), cells=_units(array))

    @classmethod
    def sparse(
        cls,
        reviewer: npt.ArrayLike,
        entry: npt.ArrayLike,
        values: npt.ArrayLike,
        *,
        shape: tuple[int, int],
    ) -> Similarity:
        """From p cells (reviewer, entry, value), each stated once; O(p log p)."""
        who, what = np.asarray(reviewer, dtype=np.int64), np.asarray(entry, dtype=np.int64)
        array = np.asarray(values, dtype=np.float64)
        if not who.shape == what.shape == array.shape or array.ndim != 1:
            raise BadInput("similarity: three rows of one length expected")
        for name, row, bound in (("reviewer", who, shape[0]), ("entry", what, shape[1])):
            out = np.flatnonzero((row < 0) | (row >= bound))
            if out.size:
                raise BadInput(f"similarity {name}[{out[0]}]: {row[out[0]]} not in 0..{bound - 1}")
        _refuse_odd(array, "similarity", LARGEST)
        order = np.argsort(who * shape[1] + what, kind="stable")
        key = (who * shape[1] + what)[order]
        twice = np.flatnonzero(key[1:] == key[:-1])
        if twice.size:
            at = order[twice[0] + 1]
            raise BadInput(f"similarity[{at}]: reviewer {who[at]}, entry {what[at]} stated twice")
        start = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=shape[0]))])
        rows = sparse.csr_array((_units(array)[order], what[order], start), shape=shape)
        return cls(kind="sparse", shape=shape, rows=rows)

    @classmethod
    def vectors(cls, reviewer: npt.ArrayLike, entry: npt.ArrayLike) -> Similarity:
        """From expertise (R, d) and topics (n, d): the similarity of a pair is the dot product."""
        mine, theirs = (np.asarray(v, dtype=np.float64) for v in (reviewer, entry))
        if mine.ndim != 2 or theirs.ndim != 2 or mine.shape[1] != theirs.shape[1]:
            raise BadInput(f"vectors: (R, d) and (n, d) expected, not {mine.shape}, {theirs.shape}")
        _refuse_odd(mine, "reviewer vectors", LARGEST_VECTOR)
        _refuse_odd(theirs, "entry vectors", LARGEST_VECTOR)
        return cls(
            kind="vectors",
            shape=(len(mine), len(theirs)),
            reviewer_vectors=np.rint(mine / VECTOR_STEP).astype(np.int32),
            entry_vectors=np.rint(theirs / VECTOR_STEP).astype(np.int32),
        )

    def units(self, reviewer: IntArray, entry: IntArray) -> IntArray:
        """Similarity of pairs (the arguments broadcast) in units of 1e-6, exact."""
        reviewer, entry = np.broadcast_arrays(reviewer, entry)
        if self.cells is not None:
            return np.asarray(self.cells[reviewer, entry], dtype=np.int64)
        if self.rows is not None:
            return _stated(self.rows, reviewer, entry)
        mine, theirs = self.reviewer_vectors, self.entry_vectors
        if mine is None or theirs is None:
            raise BadInput("similarity: neither cells nor rows nor vectors")
        units = np.empty(reviewer.shape, dtype=np.int64)
        _products(mine, theirs, reviewer.ravel(), entry.ravel(), units.ravel())
        return units

    def total(self, pairs: IntArray) -> float:
        """Sum over (m, 2) pairs, exact to the unit."""
        return int(self.units(pairs[:, 0], pairs[:, 1]).sum()) * UNIT

    def digest(self) -> str:
        """SHA-256 (hex) of kind, shape and values."""
        whole = sha256(f"{self.kind} {self.shape}".encode())
        arrays = [self.cells, self.reviewer_vectors, self.entry_vectors]
        if self.rows is not None:
            arrays += [self.rows.indptr, self.rows.indices, self.rows.data]
        for array in arrays:
            if array is not None:
                whole.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
        return whole.hexdigest()


def dot_units(total: IntArray) -> IntArray:
    """Units of 1e-6 from sums of products of fixed-point numbers: (total * 1e6) >> 30, rounded.

    Split in two so that nothing overflows: |total| < 2**53.
    """
    scale = 1 << 30
    whole, rest = np.divmod(total, scale)
    return np.asarray(whole * 1_000_000 + (rest * 1_000_000 + scale // 2) // scale, dtype=np.int64)


@kernel
def _products(
    mine: npt.NDArray[np.int32],
    theirs: npt.NDArray[np.int32],
    reviewer: IntArray,
    entry: IntArray,
    units: IntArray,
) -> None:
    """As `dot_units` of the products of pairs."""
    for i in range(len(units)):
        total = np.int64(0)
        for d in range(mine.shape[1]):
            total += np.int64(mine[reviewer[i], d]) * np.int64(theirs[entry[i], d])
        whole, rest = total >> 30, total & ((1 << 30) - 1)
        units[i] = whole * 1_000_000 + ((rest * 1_000_000 + (1 << 29)) >> 30)


def _units(values: Matrix) -> IntArray:
    return np.rint(values / UNIT).astype(np.int64)


def _shape(array: Matrix) -> tuple[int, int]:
    return int(array.shape[0]), int(array.shape[1])


def _refuse_odd(values: FloatArray, name: str, largest: float) -> None:
    with np.errstate(invalid="ignore"):
        odd = ~(np.abs(values) <= largest)
    if odd.any():
        at = tuple(int(i) for i in np.argwhere(odd)[0])
        where = ", ".join(map(str, at))
        raise BadInput(f"{name}[{where}]: {values[at]} is not a number within +-{largest:g}")


def _stated(rows: sparse.csr_array, reviewer: IntArray, entry: IntArray) -> IntArray:
    n = rows.shape[1]
    row = np.repeat(np.arange(rows.shape[0], dtype=np.int64), np.diff(rows.indptr))
    keys = row * n + rows.indices
    wanted = reviewer.astype(np.int64) * n + entry
    if not keys.size:
        return np.zeros(wanted.shape, dtype=np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return np.where(keys[at] == wanted, rows.data[at], 0).astype(np.int64)
