"""Partial rankings, given as rows of entries, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from concours.peerreview.assignment.problem import integers
from concours.peerreview.keyed import FloatArray, IntArray


def flattened(rankings: Sequence[Any] | npt.NDArray[Any]) -> tuple[IntArray, IntArray, IntArray]:
    """(entries of all rows, (R,) lengths, group): equal groups within a row tie."""
    if isinstance(rankings, np.ndarray) and rankings.ndim == 2:
        entry = integers(rankings, "rankings").ravel()
        lengths = np.full(len(rankings), rankings.shape[1], dtype=np.int64)
        return entry, lengths, np.arange(len(entry))
    rows = list(rankings)
    lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
    try:
        flat = np.array(list(chain.from_iterable(rows)))
    except (TypeError, ValueError):  # lists within
        return _tied(rows)
    if flat.ndim != 1 or flat.dtype.kind == "O":
        return _tied(rows)
    if flat.dtype.kind not in "iu":
        for i, row in enumerate(rows):  # name the row
            integers(row, f"rankings[{i}]")
    return integers(flat, "rankings"), lengths, np.arange(len(flat))


def _tied(rows: list[Any]) -> tuple[IntArray, IntArray, IntArray]:
    entry: list[Any] = []
    group: list[int] = []
    lengths = []
    for row in rows:
        before = len(entry)
        for label, item in enumerate(row):
            alike = list(item) if isinstance(item, list | tuple | set | frozenset) else [item]
            entry += alike
            group += [label] * len(alike)
        lengths.append(len(entry) - before)
    counts = np.array(lengths, dtype=np.int64)
    row_of = np.repeat(np.arange(len(rows)), counts)
    labels = np.array(group, dtype=np.int64)
    new = np.r_[True, (np.diff(row_of) != 0) | (np.diff(labels) != 0)][: len(labels)]
    return integers(entry, "rankings"), counts, np.cumsum(new) - 1


def blom(lengths: IntArray, group: IntArray) -> FloatArray:
    """Normal scores of places in lists of these lengths; a group has its mean place."""
    first = np.cumsum(lengths) - lengths
    place = np.arange(len(group), dtype=np.float64) - np.repeat(first, lengths) + 1
    if len(group) and int(group[-1]) + 1 < len(group):
        size = np.bincount(group)
        place = (np.bincount(group, weights=place) / size)[group]
    length = np.repeat(lengths, lengths)
    # Places are whole or half: one table over (length, place) in place of m inversions.
    shift = np.round(2 * place).astype(np.int64)
    widest = int(lengths.max(initial=0))
    if widest > 64:
        return np.asarray(ndtri((length - place + 0.625) / (length + 0.25)))
    half = np.arange(2 * widest + 1) / 2
    size = np.arange(widest + 1)[:, None]
    with np.errstate(invalid="ignore"):
        table = ndtri((size - half + 0.625) / (size + 0.25))
    return np.asarray(table[length, shift])
