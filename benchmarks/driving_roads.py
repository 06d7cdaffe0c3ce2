"""Roads: opening maps, placing and locating, agreement with two independent readers.

python benchmarks/driving_roads.py [--points 200000] [--data ../shared/data/driving]

Times are CPU seconds of one thread, medians of 5, on third-party maps (skipped where they are not
there). Points are drawn along the lanes that are driven on, by length, 0.3 m beside their middles.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from concours.driving import roads
from concours.driving.roads import tables as t
from concours.driving.roads.kinds import DRIVABLE, LANE_CODES
from concours.driving.roads.summary import summarise

MAPS = ("towns/Town01", "towns/Town02", "towns/Town05-2019", "esmini/xodr/multi_intersections")
COLD = """
import time
start = time.thread_time()
from concours.driving import roads
imported = time.thread_time()
network = roads.load({path!r}, {cache!r})
pose = network.lane_pose(network.road_ids[0], -1, 1.0)
network.road_pose(network.road_ids[0], 1.0)
network.locate(pose.x, pose.y, pose.z, pose.heading)
print(imported - start, time.thread_time() - imported)
"""
console = Console()


def median(work: Callable[[], object], times: int = 5) -> float:
    """CPU seconds of this thread, the median of some runs after one that does not count."""
    work()
    taken = []
    for _ in range(times):
        start = time.thread_time()
        work()
        taken.append(time.thread_time() - start)
    return statistics.median(taken)


def table(title: str, *columns: str) -> Table:
    """An empty table; all columns but the first are numbers."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number else "left")
    return made


def opening(data: Path) -> None:
    """Compiling a map, and mapping its compiled form from disk."""
    made = table("Opening a map", "map", "kB", "roads", "lane km", "compile, s", "from cache, ms")
    with tempfile.TemporaryDirectory() as cache:
        for name in MAPS:
            path = data / f"{name}.xodr"
            network = roads.load(path, cache)
            fresh = median(partial(roads.load, path, cache=False), 3)
            kept = median(partial(roads.load, path, cache))
            about = summarise(network)
            cells = (f"{path.stat().st_size / 1000:.0f}", str(about.roads))
            times = (f"{about.drivable / 1000:.1f}", f"{fresh:.2f}", f"{1000 * kept:.1f}")
            made.add_row(path.stem, *cells, *times)
    console.print(made)


def cold(data: Path) -> None:
    """A fresh process, with and without compiled kernels on disk."""
    made = table("First answers of a process", "kernels", "import, s", "open and ask, s")
    with tempfile.TemporaryDirectory() as folder:
        code = COLD.format(path=str(data / "towns/Town01.xodr"), cache=f"{folder}/maps")
        environment = {**os.environ, "NUMBA_CACHE_DIR": f"{folder}/kernels"}
        for words in ("compiled now", "from disk"):
            run = [sys.executable, "-c", code]
            done = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
            imported, asked = (float(one) for one in done.stdout.split())
            made.add_row(words, f"{imported:.2f}", f"{asked:.2f}")
    console.print(made)


def along_lanes(network: roads.RoadNetwork, count: int) -> Mapping[str, np.ndarray]:
    """Points on driven lanes, by length: road, lane, s, offset, travel direction."""
    rng = np.random.default_rng(1)
    lanes = network.tables.lanes
    codes = [LANE_CODES[kind] for kind in DRIVABLE]
    rows = np.flatnonzero(np.isin(lanes[:, t.LANE_TYPE], codes) & (lanes[:, t.LANE_ID] != 0))
    spans = network.tables.section_s[lanes[rows, t.LANE_SECTION]]
    length = spans[:, 1] - spans[:, 0]
    pick = rng.choice(len(rows), count, p=length / length.sum())
    return {
        "road": network.tables.sections[lanes[rows[pick], t.LANE_SECTION], t.SECTION_ROAD],
        "lane": lanes[rows[pick], t.LANE_ID],
        "s": spans[pick, 0] + rng.random(count) * length[pick],
        "offset": rng.normal(0.0, 0.3, count),
        "direction": lanes[rows[pick], t.DIRECTION],
    }


def asking(data: Path, count: int) -> None:
    """Poses and nearest lanes, in batches and alone."""
    made = table(
        f"Queries, microseconds each, {count:,} points in a batch",
        *("map", "pose", "nearest x y", "x y z", "x y z heading", "same lane, %", "alone"),
    )
    for name in MAPS:
        network = roads.load(data / f"{name}.xodr", cache=False)
        at = along_lanes(network, count)
        where = (at["road"], at["lane"], at["s"], at["offset"])
        pose = network.lane_poses(*where)
        course = pose.heading + np.where(at["direction"] < 0, math.pi, 0.0)
        hints = ((), (pose.z,), (pose.z, course))
        times = [
            median(partial(network.locate_many, pose.x, pose.y, *hint)) / count for hint in hints
        ]
        placing = median(partial(network.lane_poses, *where)) / count
        found = network.locate_many(pose.x, pose.y, pose.z, course)
        same = np.mean((found.road == at["road"]) & (found.lane == at["lane"]))
        alone = median(partial(one_by_one, network, float(pose.x[0]), float(pose.y[0]))) / 500
        cells = [f"{1e6 * one:.2f}" for one in (placing, *times)]
        made.add_row(Path(name).name, *cells, f"{100 * same:.1f}", f"{1e6 * alone:.0f}")
    console.print(made)


def one_by_one(network: roads.RoadNetwork, x: float, y: float) -> None:
    """The same point 500 times, as a caller without arrays asks."""
    for _ in range(500):
        network.locate(x, y)


def agreement(data: Path) -> None:
    """Lane centres of golden/lanes on which two independent readers agree."""
    made = table(
        "Lane centres by two readers", *("map", "points", "worst, mm", "worst, mrad", "missed")
    )
    total = missed = 0
    for path in sorted((data / "golden" / "lanes").glob("*.csv")):
        with path.open() as file:
            rows = [row for row in csv.DictReader(file) if row["two_readers_agree"] == "yes"]
        folder = "towns" if path.stem.startswith("Town") else "esmini/xodr"
        network = roads.load(data / folder / f"{path.stem}.xodr", cache=False)
        apart, bent = [], []
        for row in rows:
            lane = (row["road"], int(row["lane"]), float(row["s"]))
            pose = network.lane_pose(*lane)
            course = pose.heading + (math.pi if network.direction(*lane) < 0 else 0.0)
            apart.append(math.dist(pose[:3], [float(row[key]) for key in "xyz"]))
            bent.append(abs(math.remainder(course - float(row["heading"]), 2 * math.pi)))
        off = sum(a > 0.01 or b > 0.001 for a, b in zip(apart, bent, strict=True))
        total, missed = total + len(rows), missed + off
        worst = (f"{1000 * max(apart):.1f}", f"{1000 * max(bent):.2f}")
        made.add_row(path.stem, str(len(rows)), *worst, str(off))
    made.add_row("all", str(total), "", "", str(missed))
    console.print(made)


def main() -> None:
    """Every table, or a word where the maps are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200_000)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/driving"))
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        console.print(f"no maps in {arguments.data}: nothing measured")
        return
    opening(arguments.data)
    cold(arguments.data)
    asking(arguments.data, arguments.points)
    agreement(arguments.data)


if __name__ == "__main__":
    main()
