"""Sensors: what one reading costs, by the number of boxes, and the ground of a map.

python benchmarks/driving_sensors.py [--data ../shared/data/driving]

CPU milliseconds of one thread, medians of 40 readings after one that does not count. Boxes are
cars within 60 m of the ego. On a plane, and on a town's map where third-party maps are there.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from concours.driving import roads
from concours.driving.sensors import (
    Ego,
    Others,
    SensedScene,
    SensorSuite,
    Surroundings,
    Tag,
    Terrain,
    Weather,
    flat,
    parse_sensors,
    terrain_of,
)
from concours.driving.sensors import terrain as terrains

BOXES = (0, 10, 40, 200)
LIST = (
    ("lidar, 64 channels, 30,016 rays", "sensor.lidar.ray_cast", {"z": 2.0}),
    (
        "lidar, 64 channels, 60,032 rays",
        "sensor.lidar.ray_cast",
        {"z": 2.0, "points_per_second": 600_000},
    ),
    ("radar, 75 rays", "sensor.other.radar", {"z": 1.0}),
    ("rgb camera, 800 x 600", "sensor.camera.rgb", {"x": 1.0, "z": 1.6}),
    ("semantic camera, 800 x 600", "sensor.camera.semantic_segmentation", {"x": 1.0, "z": 1.6}),
    ("depth camera, 800 x 600", "sensor.camera.depth", {"x": 1.0, "z": 1.6}),
    ("bird's-eye raster, 256 x 256", "sensor.birdseye", {}),
    ("object list", "sensor.object_list", {}),
    ("GNSS", "sensor.other.gnss", {}),
    ("IMU", "sensor.other.imu", {}),
    ("speedometer", "sensor.speedometer", {}),
)
MAPS = ("towns/Town01", "esmini/xodr/curves_elevation")
console = Console()


def median(work: Callable[[int], object], times: int = 40) -> float:
    """CPU milliseconds of this thread, by the number of the call."""
    work(0)
    taken = []
    for number in range(times):
        start = time.thread_time()
        work(20 * number)  # a frame at which every sensor is due
        taken.append(time.thread_time() - start)
    return 1000.0 * statistics.median(taken)


def scene(count: int, ego: Ego) -> SensedScene:
    """Cars all around, none nearer than 5 m."""
    rng = np.random.default_rng(1)
    angle, away = rng.uniform(-np.pi, np.pi, count), rng.uniform(5.0, 60.0, count)
    poses = np.zeros((count, 6))
    poses[:, 0] = ego.place[0] + away * np.cos(angle)
    poses[:, 1] = ego.place[1] + away * np.sin(angle)
    poses[:, 2], poses[:, 3] = ego.place[2] + 0.75, rng.uniform(-np.pi, np.pi, count)
    others = Others(
        ids=np.arange(count),
        kinds=np.full(count, int(Tag.CAR)),
        poses=poses,
        sizes=np.tile((4.5, 1.8, 1.5), (count, 1)),
        velocities=rng.normal(0.0, 5.0, (count, 3)),
    )
    return SensedScene(ego=ego, others=others, weather=Weather(rain=2.0, visual_range=500.0))


def readings(title: str, terrain: Terrain, ego: Ego) -> None:
    """One row a sensor, one column a number of boxes."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    made.add_column("ms a reading")
    for count in BOXES:
        made.add_column(f"{count} boxes", justify="right")
    scenes = [scene(count, ego) for count in BOXES]
    for name, kind, values in LIST:
        specs = parse_sensors([{"type": kind, "id": "it", **values}], track="objects")
        suite = SensorSuite(specs, surroundings=Surroundings(terrain=terrain), seed=1)
        taken = (median(partial(suite.read, what)) for what in scenes)
        made.add_row(name, *(f"{each:.3f}" for each in taken))
    console.print(made)


def main() -> None:
    """On a plane, then on maps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/driving"))
    arguments = parser.parse_args()
    readings("On a plane", flat(), Ego(place=np.zeros(3), heading=0.3))
    for name in MAPS if arguments.data.is_dir() else ():
        network = roads.load(arguments.data / f"{name}.xodr", cache=False)
        terrain = terrain_of(network)
        start = time.thread_time()
        terrains.draw(network)
        seconds = time.thread_time() - start
        pose = network.lane_pose(network.road_ids[0], -1, 20.0)
        ego = Ego(place=np.array(pose[:3]), heading=pose.heading, pitch=pose.pitch, roll=pose.roll)
        cells = terrain.lower.codes.size / 1e6
        readings(f"On {Path(name).name}: {cells:.1f} M cells in {seconds:.2f} s", terrain, ego)


if __name__ == "__main__":
    main()
