"""Every lane centre on which two independent readers agree, to 1 cm and 1 mrad."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from concours.driving import roads
from tests.driving.roads.shared import DATA, map_file, needs_data

NAMES = sorted(path.stem for path in DATA.glob("golden/lanes/*.csv"))


@needs_data
@pytest.mark.parametrize("name", NAMES)
def test_lane_centres(name: str) -> None:
    with (DATA / "golden" / "lanes" / f"{name}.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["two_readers_agree"] == "yes"]
    network = roads.load(map_file(name), cache=False)
    lanes = [(row["road"], int(row["lane"]), float(row["s"])) for row in rows]

    poses = [network.lane_pose(*lane) for lane in lanes]

    for pose, lane, row in zip(poses, lanes, rows, strict=True):
        heading = pose.heading + (math.pi if network.direction(*lane) < 0 else 0.0)
        apart = math.dist(pose[:3], [float(row[key]) for key in "xyz"])
        bent = abs(math.remainder(heading - float(row["heading"]), 2 * math.pi))
        assert apart <= 0.01, (lane, pose, row)
        assert bent <= 0.001, (lane, pose, row)


@needs_data
@pytest.mark.parametrize("name", NAMES)
def test_lane_centres_are_found_again(name: str) -> None:
    """With all hints, locating a lane's centre gives the lane back: road, lane, s, offset."""
    with (DATA / "golden" / "lanes" / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    network = roads.load(map_file(name), cache=False)
    for row in rows:
        road, lane, s = row["road"], int(row["lane"]), float(row["s"])
        if network.lane_width(road, lane, s) < 0.05:
            continue
        pose = network.lane_pose(road, lane, s)
        heading = pose.heading + (math.pi if network.direction(road, lane, s) < 0 else 0.0)

        found = network.locate(pose.x, pose.y, pose.z, heading, route=[road])

        assert found is not None
        assert (found.road, found.lane) == (road, lane), row
        assert found.s == pytest.approx(s, abs=1e-4)
        assert found.offset == pytest.approx(0.0, abs=1e-6)
        assert found.outside == 0.0


@needs_data
def test_single_and_batched_queries_are_the_same_bits() -> None:
    network = roads.load(map_file("fabriksgatan"), cache=False)
    stations = np.linspace(0, network.length("0"), 37)

    batch = network.lane_poses(network.index("0"), -1, stations, 0.25)
    single = [network.lane_pose("0", -1, s, 0.25) for s in stations]

    assert [tuple(column) for column in np.array(batch).T] == [tuple(pose) for pose in single]
