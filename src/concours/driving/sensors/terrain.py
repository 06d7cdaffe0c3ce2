"""The ground around a map's roads: heights and surfaces in a grid, made once a network."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from concours.driving.roads import RoadNetwork
from concours.driving.roads import tables as t
from concours.driving.roads.kinds import LANE_TYPES, MARK_TYPES
from concours.driving.roads.shapes import CLASSES
from concours.driving.sensors.kernels.ground import Ground
from concours.driving.sensors.kernels.splat import (
    CLEARANCE,
    DASHED,
    SKIPPED,
    SOLID,
    Layers,
    splat_lanes,
    splat_marks,
)
from concours.driving.sensors.tags import Tag

FloatArray = npt.NDArray[np.float64]

CELL = 0.25
"""Metres of a cell's side, where the map is not too large."""
CELLS = 6_000_000
"""Of a grid at most; cells are larger on larger maps."""
MARGIN = 20.0
"""Metres of terrain around the roads."""
COARSE = 8
"""Cells of one block, for what need not be exact: heights beside the roads, slopes."""
BRIDGE_POINTS = 2000
"""Cells of bridges at most by which a storey is chosen."""


class Surface(IntEnum):
    """What a cell is; where lanes overlap the greater one is seen."""

    TERRAIN = 0
    VERGE = 1
    WALK = 2
    RAIL = 3
    PARK = 4
    BIKE = 5
    ROAD = 6
    WHITE = 7
    YELLOW = 8


TAGS = {
    Surface.TERRAIN: Tag.TERRAIN,
    Surface.VERGE: Tag.TERRAIN,
    Surface.WALK: Tag.SIDEWALK,
    Surface.RAIL: Tag.RAIL_TRACK,
    Surface.PARK: Tag.GROUND,
    Surface.BIKE: Tag.ROAD,
    Surface.ROAD: Tag.ROAD,
    Surface.WHITE: Tag.ROAD_LINE,
    Surface.YELLOW: Tag.ROAD_LINE,
}
_BY_CLASS = {
    "verge": Surface.VERGE,
    "walk": Surface.WALK,
    "rail": Surface.RAIL,
    "park": Surface.PARK,
    "bike": Surface.BIKE,
    "driving": Surface.ROAD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terrain:
    """The ground, with and without its bridges.

    Attributes:
        lower: as it is under bridges. upper: as it is on them; the same where there are none.
        bridges: (n, 3) x, y of places on bridges, and the height half-way up to them.
    """

    lower: Ground
    upper: Ground
    bridges: FloatArray

    def seen_from(self, place: FloatArray) -> Ground:
        """The storey that a sensor at `place` (3,) sees: by the bridge nearest to it."""
        if len(self.bridges) == 0:
            return self.lower
        away = (self.bridges[:, 0] - place[0]) ** 2 + (self.bridges[:, 1] - place[1]) ** 2
        above = place[2] > self.bridges[int(np.argmin(away)), 2]
        return self.upper if above else self.lower


def flat(height: float = 0.0, surface: Surface = Surface.TERRAIN) -> Terrain:
    """A plane without roads; every surface but terrain reaches 2 km to each side."""
    heights = np.full((2, 2), height, dtype=np.float32)
    codes = np.full((2, 2), surface, dtype=np.uint8)
    ground = _ground(heights, codes, np.array([-2000.0, -2000.0, 1 / 2000.0, 0.0]))
    return Terrain(lower=ground, upper=ground, bridges=np.zeros((0, 3)))


_MADE: weakref.WeakKeyDictionary[RoadNetwork, Terrain] = weakref.WeakKeyDictionary()


def terrain_of(network: RoadNetwork) -> Terrain:
    """The ground of a map, kept as long as the network is.

    Complexity: linear in the lanes' area, about a microsecond a cell of 0.25 m; at most 60 MB.
    """
    if network not in _MADE:
        _MADE[network] = draw(network)
    return _MADE[network]


def draw(network: RoadNetwork) -> Terrain:
    """The ground of a map, anew."""
    layers = _layers(network)
    by_class = [_BY_CLASS[CLASSES.get(name, "verge")] for name in LANE_TYPES]
    splat_lanes(network.tables, np.array(by_class, dtype=np.int64), layers)
    _close_holes(layers)
    splat_marks(network.tables, _marks(network), layers)
    _draw_stop_lines(network, layers)
    decks = ~np.isnan(layers.heights[1])
    lower = _finished(layers.heights[0], layers.codes[0], layers.frame)
    if not decks.any():
        return Terrain(lower=lower, upper=lower, bridges=np.zeros((0, 3)))
    upper = _finished(
        np.where(decks, layers.heights[1], layers.heights[0]),
        np.where(decks, layers.codes[1], layers.codes[0]),
        layers.frame,
    )
    return Terrain(lower=lower, upper=upper, bridges=_bridges(layers, decks))


def _layers(network: RoadNetwork) -> Layers:
    """Empty storeys over the map's box; whole blocks."""
    x0, y0, x1, y1 = network.bounds()
    width, height = x1 - x0 + 2 * MARGIN, y1 - y0 + 2 * MARGIN
    size = max(CELL, math.sqrt(width * height / CELLS))
    nx, ny = (COARSE * math.ceil(side / size / COARSE) for side in (width, height))
    return Layers(
        heights=np.full((2, nx, ny), np.nan, dtype=np.float32),
        codes=np.zeros((2, nx, ny), dtype=np.uint8),
        frame=np.array([x0 - MARGIN, y0 - MARGIN, 1.0 / size, 0.0]),
    )


def _marks(network: RoadNetwork) -> FloatArray:
    """Marks as `splat_marks` reads them, row by row those of the network."""
    records = network.arrays["marks"]
    rows = np.zeros((len(records), 5))
    rows[:, 0], rows[:, 1] = records[:, 0], math.inf
    for first, last in network.tables.lanes[:, t.MARKS : t.MARKS + 2].tolist():
        rows[first : max(last - 1, first), 1] = records[first + 1 : last, 0]
    for row, (_, kind, color, width, _) in zip(rows, records.tolist(), strict=True):
        name = MARK_TYPES[int(kind)]
        size = min(width, 0.5) if width > 0 else 0.12
        row[2] = 2.0 * size if " " in name else size
        row[3] = DASHED if name.startswith(("broken", "botts")) else SOLID
        if name in ("none", "grass", "curb"):
            row[3] = SKIPPED
        yellow = "yellow" in network.texts[int(color)]
        row[4] = Surface.YELLOW if yellow else Surface.WHITE
    return rows


def _draw_stop_lines(network: RoadNetwork, layers: Layers) -> None:
    """Lines of 0.4 m across the lanes that stop."""
    x0, y0, per_metre, _ = layers.frame.tolist()
    step = 0.7 / per_metre
    for road in network.road_ids:
        for line in network.stop_lines(road):
            for lane in line.lanes:
                low, high = sorted(network.lane_borders(road, lane, line.s))
                along = line.s + np.arange(-0.2, 0.21, min(step, 0.2))
                s, across = np.meshgrid(along, np.arange(low, high, step))
                poses = network.road_poses(network.index(road), s.ravel(), across.ravel())
                i = ((poses.x - x0) * per_metre).astype(np.int64)
                j = ((poses.y - y0) * per_metre).astype(np.int64)
                storey = (poses.z > layers.heights[0, i, j] + CLEARANCE).astype(np.int64)
                layers.codes[storey, i, j] = Surface.WHITE


def _close_holes(layers: Layers) -> None:
    """Cells that no point fell in, between two that some did: on the outside of bends."""
    heights, codes = layers.heights[0], layers.codes[0]
    for along, before, after in (
        (np.s_[1:-1, :], np.s_[:-2, :], np.s_[2:, :]),
        (np.s_[:, 1:-1], np.s_[:, :-2], np.s_[:, 2:]),
    ):
        between = np.isnan(heights[along])
        between &= np.abs(heights[before] - heights[after]) < CLEARANCE
        heights[along] = np.where(between, heights[before], heights[along])
        codes[along] = np.where(between, codes[before], codes[along])


def _finished(
    heights: npt.NDArray[np.float32], codes: npt.NDArray[np.uint8], frame: FloatArray
) -> Ground:
    """Beside the roads the ground is as high as the nearest road."""
    nx, ny = heights.shape
    blocks = heights.reshape(nx // COARSE, COARSE, ny // COARSE, COARSE)
    coarse = np.fmin.reduce(np.fmin.reduce(blocks, axis=3), axis=1)
    empty = np.isnan(coarse)
    if empty.all():
        coarse[:] = 0.0
    elif empty.any():
        nearest = ndimage.distance_transform_edt(empty, return_distances=False, return_indices=True)
        coarse = coarse[tuple(nearest)]
    beside = np.repeat(np.repeat(coarse, COARSE, axis=0), COARSE, axis=1)
    whole = np.where(np.isnan(heights), beside, heights)
    slope = _slope(coarse, COARSE / float(frame[2]))
    return _ground(whole, codes.copy(), np.array([*frame[:3].tolist(), slope]))


def _slope(coarse: npt.NDArray[np.float32], metres: float) -> float:
    """The slope that all but a few blocks keep under; kerbs and cliffs are not slopes."""
    if float(np.ptp(coarse)) < 1e-3 or min(coarse.shape) < 2:
        return 0.0
    steps = (np.abs(np.diff(coarse, axis=axis)).ravel() for axis in (0, 1))
    return min(float(np.percentile(np.concatenate(list(steps)), 99.0)) / metres + 0.01, 0.5)


def _bridges(layers: Layers, decks: npt.NDArray[np.bool_]) -> FloatArray:
    i, j = np.nonzero(decks)
    chosen = slice(None, None, max(1, math.ceil(len(i) / BRIDGE_POINTS)))
    i, j = i[chosen], j[chosen]
    x0, y0, per_metre, _ = layers.frame.tolist()
    middle = 0.5 * (layers.heights[0, i, j] + layers.heights[1, i, j])
    return np.stack([x0 + (i + 0.5) / per_metre, y0 + (j + 0.5) / per_metre, middle], axis=1)


def _ground(
    heights: npt.NDArray[np.float32], codes: npt.NDArray[np.uint8], frame: FloatArray
) -> Ground:
    for array in (heights, codes, frame):
        array.flags.writeable = False
    return Ground(heights, codes, frame)
