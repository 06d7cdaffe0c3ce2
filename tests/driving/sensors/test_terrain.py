"""The ground in a grid: what the network says of the same places, bridges, bounds."""

from __future__ import annotations

import numpy as np
import pytest

from concours.driving import roads
from concours.driving.roads import RoadNetwork
from concours.driving.sensors import terrain_of
from concours.driving.sensors.terrain import CELLS, Surface, Terrain
from tests.driving.roads.maps import bridge, fork, hilly
from tests.driving.roads.shared import map_file, needs_data
from tests.factories.driving import geometry, road, xodr
from tests.factories.sensing import LIDAR, read, scene


def cells(terrain: Terrain, x: object, y: object) -> tuple[np.ndarray, np.ndarray]:
    """Codes and heights of the cells that points are in."""
    left, bottom, per_metre, _ = terrain.lower.frame
    i = ((np.asarray(x) - left) * per_metre).astype(int)
    j = ((np.asarray(y) - bottom) * per_metre).astype(int)
    return terrain.lower.codes[i, j], terrain.lower.heights[i, j]


def lane_middles(network: RoadNetwork, kind: str) -> tuple[np.ndarray, ...]:
    """x, y, z along the middles of all lanes of a type, 0.5 m beside them."""
    found = []
    for name in network.road_ids:
        for s in np.arange(1.0, network.length(name) - 1.0, 5.0).tolist():
            for number in network.lanes(name, s, {kind}):
                if network.lane_width(name, number, s) > 1.5:
                    found.append(network.lane_pose(name, number, s, 0.4)[:3])
    return tuple(np.array(found).T)


@pytest.mark.parametrize("data", [fork(), hilly()])
def test_lanes_are_drawn_where_the_network_has_them(data: bytes) -> None:
    network = roads.loads(data)
    x, y, z = lane_middles(network, "driving")

    codes, heights = cells(terrain_of(network), x, y)

    assert (codes >= Surface.ROAD).all()
    assert heights == pytest.approx(z, abs=0.04)


@needs_data
@pytest.mark.parametrize("name", ["Town01", "multi_intersections", "curves_elevation"])
def test_maps_of_others_are_drawn_where_they_are(name: str) -> None:
    network = roads.load(map_file(name), cache=False)
    x, y, z = lane_middles(network, "driving")

    codes, heights = cells(terrain_of(network), x, y)

    assert len(x) > 100
    assert (codes >= Surface.ROAD).mean() > 0.995
    assert np.percentile(np.abs(heights - z), 99) < 0.06


def test_there_are_no_holes_in_a_bend() -> None:
    bend = geometry('<arc curvature="0.08"/>', length=60)
    network = roads.loads(xodr(road(length=60, plan=bend)))
    s, across = (each.ravel() for each in np.mgrid[1:59:400j, -3.3:3.3:60j])
    poses = network.road_poses(0, s, across)

    codes, _ = cells(terrain_of(network), poses.x, poses.y)

    assert (codes == Surface.ROAD).all()


def test_a_bridge_is_road_from_above_and_no_ceiling_from_below() -> None:
    terrain = terrain_of(roads.loads(bridge()))
    low = read(LIDAR, scene(place=(40.0, 0.0, 0.0)), terrain=terrain, z=1.8)
    high = read(LIDAR, scene(place=(50.0, 0.0, 6.0)), terrain=terrain, z=1.8)

    under = low[(np.abs(low[:, 0] - 10) < 2) & (np.abs(low[:, 1]) < 2)]
    above = high[np.hypot(high[:, 0], high[:, 1]) < 3.2]
    assert len(terrain.bridges) > 0
    assert under[:, 2] == pytest.approx(-1.8, abs=0.1)
    assert above[:, 2] == pytest.approx(-1.8, abs=0.1)


def test_a_stop_line_is_drawn() -> None:
    network = roads.loads(fork())
    (line,) = network.stop_lines("1")
    pose = network.lane_pose("1", -1, line.s)

    codes, _ = cells(terrain_of(network), [pose.x], [pose.y])

    assert codes.tolist() == [Surface.WHITE]


def test_the_ground_of_a_network_is_made_once() -> None:
    network = roads.loads(fork())

    assert terrain_of(network) is terrain_of(network)


def test_a_huge_map_gets_larger_cells() -> None:
    network = roads.loads(
        xodr(
            road("1"),
            road("2", plan=geometry("<line/>", x=20_000, y=20_000)),
        )
    )

    terrain = terrain_of(network)

    assert terrain.lower.codes.size < 1.01 * CELLS
    assert (terrain.lower.codes == Surface.ROAD).any()
