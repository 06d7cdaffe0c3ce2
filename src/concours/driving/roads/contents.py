"""What a map holds: its arrays, its texts, its roads by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.driving.roads import tables as t
from concours.driving.roads.tables import Cells, IntArray, Tables

Arrays = Mapping[str, npt.NDArray[Any]]


class UnknownRoad(KeyError):
    """There is no such road or lane."""

    def __str__(self) -> str:
        return str(self.args[0])


class MapContents:
    """The arrays of one map and the roads in them, by id and by index (the order of the file).

    Attributes:
        arrays: every array by name, read-only; `tables` and `cells` are those that kernels read.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.arrays: dict[str, npt.NDArray[Any]] = dict(arrays)
        for array in self.arrays.values():
            array.flags.writeable = False
        self.tables = Tables(*(self.arrays[name] for name in Tables._fields))
        self.cells = Cells(*(self.arrays[name] for name in Cells._fields))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The strings that arrays name by number."""
        whole, ends = self.arrays["text_bytes"].tobytes(), self.arrays["text_ends"].tolist()
        return tuple(whole[a:b].decode("utf-8", "replace") for a, b in pairwise(ends))

    @cached_property
    def road_ids(self) -> tuple[str, ...]:
        """Ids of the roads, in the order of the file."""
        return tuple(self.texts[number] for number in self.tables.roads[:, t.ROAD_ID].tolist())

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {road: index for index, road in enumerate(self.road_ids)}

    @property
    def version(self) -> str:
        """The OpenDRIVE version of the header, "" where there is none."""
        return self.texts[int(self.arrays["about"][0])]

    @property
    def name(self) -> str:
        """The map's name by its header."""
        return self.texts[int(self.arrays["about"][1])]

    @property
    def geo_reference(self) -> str:
        """The projection, as the file says it; "" where it does not."""
        return self.texts[int(self.arrays["about"][2])]

    @property
    def offset(self) -> tuple[float, float, float, float]:
        """x, y, z (m) and heading (rad) of the map's origin in the plane of `geo_reference`."""
        x, y, z, heading = self.arrays["offset"].tolist()
        return x, y, z, heading

    def index(self, road: str) -> int:
        """The index of a road. Raises UnknownRoad."""
        try:
            return self._indices[road]
        except KeyError:
            raise UnknownRoad(f"there is no road {road!r}") from None

    def indices(self, roads: Iterable[str]) -> IntArray:
        """The indices of roads, -1 for those that are not there."""
        return np.array([self._indices.get(road, -1) for road in roads], dtype=np.int64)

    def length(self, road: str) -> float:
        """The road's length."""
        return float(self.tables.lengths[self.index(road)])

    def left_hand(self, road: str) -> bool:
        """Whether traffic keeps to the left there."""
        return bool(self.tables.roads[self.index(road), t.LEFT_HAND])

    def junction(self, road: str) -> str:
        """The junction that the road is part of, "" where it is of none."""
        number = int(self.tables.roads[self.index(road), t.JUNCTION])
        return "" if number < 0 else self.texts[self.arrays["junctions"][number, 0]]

    def bounds(self) -> tuple[float, float, float, float]:
        """(x low, y low, x high, y high) of a box around all roads, some metres wide of them."""
        x, y, size, nx, ny = self.cells.grid.tolist()
        return x, y, x + nx * size, y + ny * size
