"""Places and entities as an entity finds them along its lane and in the lanes beside it."""

from __future__ import annotations

from concours.driving.roads import RoadNetwork
from concours.driving.roads import tables as t
from concours.driving.world import layout as at
from concours.driving.world.kernels.along import followed, traced
from concours.driving.world.kernels.gaps import FAR
from concours.driving.world.places import NoPlace
from concours.driving.world.stage import Stage


def moved(stage: Stage, row: int, lane_id: int, ds: float) -> tuple[int, int, float, int]:
    """(road, lane id, s, way) after ds metres along a lane beside an entity, as it looks.

    Raises NoPlace where the road ends before that.
    """
    lane, s, way, left = followed(stage.tables, stage.scene, row, _lane(stage, row, lane_id), ds)
    if left > 0:
        raise NoPlace(f"the road ends {left:.1f} m before the place")
    section = stage.tables.lanes[lane, t.LANE_SECTION]
    road = int(stage.tables.sections[section, t.SECTION_ROAD])
    return road, int(stage.tables.lanes[lane, t.LANE_ID]), s, way


def neighbour(network: RoadNetwork, lanes: int, *, road: int, lane: int, s: float, way: int) -> int:
    """The id of the lane so many to the left of a lane for who looks that way. Raises NoPlace."""
    wanted, step = lane, way if lanes > 0 else -way
    for _ in range(abs(lanes)):
        wanted += 2 * step if wanted + step == 0 else step
    if wanted not in network.lanes(network.road_ids[road], s):
        raise NoPlace(f"there is no lane {wanted} on road {network.road_ids[road]!r}")
    return wanted


def lanes_to(
    stage: Stage, row: int, other: int, lane_ids: tuple[int, int]
) -> tuple[int, float, bool] | None:
    """How another stands to an entity along the lanes; None where none leads from it there.

    lane_ids: of the lanes in which the two are. Returns how many lanes the other is to the left,
    metres that it is ahead, and whether it looks the same way.
    """
    scene, tables = stage.scene, stage.tables
    own, theirs = _lane(stage, row, lane_ids[0]), _lane(stage, other, lane_ids[1])
    to = int(tables.lanes[theirs, t.LANE_SECTION])
    for sense in (1, -1):
        lane, way, gone, aside = traced(tables, scene, row, own, to, sense, FAR)
        if lane >= 0:
            entry = float(tables.section_s[to, 0 if way * sense > 0 else 1])
            ahead = sense * gone + (float(scene.f[other, at.S]) - entry) * way
            lanes = _lanes_apart(int(tables.lanes[lane, t.LANE_ID]), lane_ids[1], way)
            return lanes + aside, ahead, way == scene.i[other, at.WAY]
    return None


def _lane(stage: Stage, row: int, lane_id: int) -> int:
    """The row of a lane of the road, and at the station, that an entity is on."""
    network = stage.network
    if network is None:
        raise NoPlace("lanes need a map, and there is none")
    name = network.road_ids[int(stage.scene.i[row, at.ROAD])]
    return network.lane_row(name, lane_id, float(stage.scene.f[row, at.S]))


def _lanes_apart(own: int, other: int, way: int) -> int:
    """How many lanes to the left the other is; the centre lane does not count."""
    lanes = other - own
    if own * other < 0:
        lanes -= 1 if lanes > 0 else -1
    return lanes * way
