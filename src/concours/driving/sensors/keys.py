"""A sensor's randomness: by (seed, type and id of the sensor, frame), whatever else is read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.driving import keyed
from concours.driving.sensors.kernels.noise import fill_normals, fill_rows, fill_uniforms

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_WORD = 2**64 - 1


class Key:
    """The noise of one sensor of one run."""

    def __init__(self, *, seed: int, type: str, id: str) -> None:  # noqa: A002
        self._base = keyed.word(seed, f"sensor {type} {id}", 0)

    def at(self, frame: int) -> np.uint64:
        """The key of a frame: splitmix64's finisher over base and frame.

        A frame's counters go on from its key, so keys of neighbouring frames must lie apart.
        """
        z = (self._base ^ (frame * 0xD1342543DE82EF95)) & _WORD
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _WORD
        return np.uint64(z ^ (z >> 31))

    def normals(self, frame: int, count: int, *, first: int = 0) -> FloatArray:
        """(count,) numbers of mean 0 and standard deviation 1, by the counters from `first` on.

        Frame -1 stands for what is drawn once a run. Each counter of a frame is used once.
        """
        out = np.empty(count)
        fill_normals(self.at(frame), first, out)
        return out

    def uniforms(self, frame: int, count: int, *, first: int = 0) -> FloatArray:
        """(count,) numbers from 0 to below 1."""
        out = np.empty(count)
        fill_uniforms(self.at(frame), first, out)
        return out

    def rows(self, frame: int, first: IntArray, count: int) -> FloatArray:
        """(n, count) numbers as by `normals`, row by row from first (n,) on."""
        out = np.empty((len(first), count))
        fill_rows(self.at(frame), first, out)
        return out
