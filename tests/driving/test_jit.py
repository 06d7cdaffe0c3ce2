"""Parts of kernels: what a kernel computes with them, and what they do with arrays lent to it."""

from __future__ import annotations

import math
import sys

import numpy as np

from concours.driving.jit import inner, kernel


@inner
def _share(part: float, whole: float) -> float:
    return part / whole


@inner
def _scaled(values: np.ndarray, row: int, whole: float) -> float:
    total = 0.0
    for column in range(values.shape[1]):
        values[row, column] = _share(values[row, column], whole)
        total += values[row, column]
    return total


@kernel
def _scale(values: np.ndarray, whole: float) -> float:
    total = 0.0
    for row in range(len(values)):
        total += _scaled(values, row, whole)
    return total


@kernel
def _halve(values: np.ndarray) -> float:
    return _scaled(values, 0, 2.0)


def test_kernels_run_parts_of_parts_and_share_them() -> None:
    values = np.arange(6.0).reshape(2, 3)

    assert (_scale(values, 2.0), _halve(values)) == (7.5, 0.75)
    assert values.tolist() == [[0.0, 0.25, 0.5], [1.5, 2.0, 2.5]]


def test_a_part_divides_by_zero_as_arrays_do() -> None:
    assert _scale(np.ones((1, 1)), 0.0) == math.inf
    assert math.isnan(_scale(np.zeros((1, 1)), 0.0))


def test_lent_arrays_are_neither_kept_nor_let_go() -> None:
    values = np.ones((2, 2))
    before = sys.getrefcount(values)

    for _ in range(10):
        _scale(values, 1.0)

    assert sys.getrefcount(values) == before
