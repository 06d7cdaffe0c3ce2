"""Reading the scene for a frame."""

from __future__ import annotations

import math

from concours.driving.jit import kernel
from concours.driving.roads.kernels.surface import across_of, lane_at
from concours.driving.roads.tables import LANE_ID, Tables
from concours.driving.world.kernels.gaps import side_of
from concours.driving.world.kernels.ways import middle_of
from concours.driving.world.layout import (
    ACCELERATION,
    HEADING,
    IN_SCENE,
    PITCH,
    ROAD,
    ROLL,
    SECTION,
    SPEED,
    FloatArray,
    S,
    Scene,
    X,
    Y,
    Z,
)

COLUMNS = (X, Y, Z, HEADING, PITCH, ROLL, SPEED, ACCELERATION)
ROAD_COLUMN, LANE_COLUMN, S_COLUMN, OFFSET_COLUMN = range(8, 12)


@kernel
def read_rows(tables: Tables, scene: Scene, out: FloatArray) -> None:
    """Write (n, 12) by trace.FIELDS of those in the scene; the lane is the one under the entity."""
    for n in range(len(out)):
        if not scene.i[n, IN_SCENE]:
            continue
        for k in range(8):
            out[n, k] = scene.f[n, COLUMNS[k]]
        road = scene.i[n, ROAD]
        out[n, ROAD_COLUMN] = road
        if road < 0:
            out[n, LANE_COLUMN], out[n, S_COLUMN], out[n, OFFSET_COLUMN] = 0.0, math.nan, math.nan
            continue
        section, s = scene.i[n, SECTION], scene.f[n, S]
        t = side_of(tables, scene, n)
        lane = lane_at(across_of(tables), road, section, s, t)
        middle, _ = middle_of(tables, road, section, lane, s)
        out[n, LANE_COLUMN] = tables.lanes[lane, LANE_ID]
        out[n, S_COLUMN], out[n, OFFSET_COLUMN] = s, t - middle
