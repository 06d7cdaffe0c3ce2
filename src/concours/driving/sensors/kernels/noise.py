"""Noise as a function of a key and a counter: no stream, no state.

The mixing step is splitmix64's (Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014). What is called normal is the sum of four uniform numbers, scaled to a
standard deviation of 1: bell-shaped, never beyond 2 sqrt(3) = 3.46, and the same on all machines.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from concours.driving.jit import inner, kernel

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
BY_30, BY_27, BY_31 = np.uint64(30), np.uint64(27), np.uint64(31)
BY_11, BY_16, BY_32, BY_48 = np.uint64(11), np.uint64(16), np.uint64(32), np.uint64(48)
LOW = np.uint64(0xFFFF)
MEAN, SCALE = 2.0 * 65535.0, math.sqrt(3.0) / 65536.0
TO_UNIT = 2.0**-53


@inner
def mixed(key: np.uint64, index: np.uint64) -> np.uint64:
    """64 bits by a key and a counter."""
    z = key + (index + np.uint64(1)) * GOLDEN
    z = (z ^ (z >> BY_30)) * FIRST
    z = (z ^ (z >> BY_27)) * SECOND
    return z ^ (z >> BY_31)


@inner
def uniform_of(word: np.uint64) -> float:
    """A number from 0 to below 1 by the upper 53 bits."""
    return float(word >> BY_11) * TO_UNIT


@inner
def normal_of(word: np.uint64) -> float:
    """A number of mean 0 and standard deviation 1, by the sum of four parts of 16 bits."""
    total = (word & LOW) + ((word >> BY_16) & LOW) + ((word >> BY_32) & LOW) + (word >> BY_48)
    return (float(total) - MEAN) * SCALE


@kernel
def fill_normals(key: np.uint64, first: int, out: FloatArray) -> None:
    """Write (n,) normal numbers by the counters from `first` (>= 0) on."""
    for i in range(len(out)):
        out[i] = normal_of(mixed(key, np.uint64(first + i)))


@kernel
def fill_uniforms(key: np.uint64, first: int, out: FloatArray) -> None:
    """Write (n,) uniform numbers by the counters from `first` (>= 0) on."""
    for i in range(len(out)):
        out[i] = uniform_of(mixed(key, np.uint64(first + i)))


@kernel
def fill_rows(key: np.uint64, first: IntArray, out: FloatArray) -> None:
    """Write (n, m) normal numbers, those of row i by the counters from first[i] on."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = normal_of(mixed(key, np.uint64(first[i] + j)))
