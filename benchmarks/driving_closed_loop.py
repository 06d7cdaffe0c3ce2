"""The closed loop: steps a second without an agent's own time, and whole batches of scenarios.

python benchmarks/driving_closed_loop.py [--agent careful] [--steps 4000] [--runs 3]

Prints (1) control steps (0.05 s, five steps of the world) a second for an ego among ten others on a
straight road, by what it senses; (2) CPU and wall seconds for the 28 training scenarios with an
agent in processes of their own, one after another, with and without a lidar, and to verify them.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table
from tests.driving.closedloop.test_asking import late, reach, stop
from tests.factories.algorithms import Scripted
from tests.factories.moves import on_lane
from tests.factories.worlds import ahead, build, car, opened, straight

from concours.driving.agents import AgentSpec
from concours.driving.baselines import baseline
from concours.driving.closedloop.loop import Setting, drive
from concours.driving.results import bundle_of, verify
from concours.driving.results.batch import Job, drive_all

SHIPPED = Path(__file__).parents[1] / "seasons" / "open-atom-2022" / "driving" / "scenarios"
NAVIGATION = [
    {"type": "sensor.other.gnss", "id": "gps"},
    {"type": "sensor.other.imu", "id": "imu"},
    {"type": "sensor.speedometer", "id": "speed"},
]
OBJECTS = [{"type": "sensor.object_list", "id": "objects"}]
LIDAR = [{"type": "sensor.lidar.ray_cast", "id": "lidar", "z": 2.0}]
SUITES: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "GNSS, IMU, speedometer": NAVIGATION,
    "and the object list": NAVIGATION + OBJECTS,
    "and a 64-channel lidar at 10 Hz": NAVIGATION + OBJECTS + LIDAR,
}
WITH_LIDAR = """
import sys
sys.path.insert(0, {folder!r})
from {name} import {kind} as Base


class Agent(Base):
    def sensors(self):
        mount = {{"x": 0.0, "y": 0.0, "z": 2.0, "roll": 0.0, "pitch": 0.0, "yaw": 0.0}}
        return super().sensors() + [{{"type": "sensor.lidar.ray_cast", "id": "lidar", **mount}}]


def get_entry_point():
    return "Agent"
"""


def speeds(steps: int, runs: int) -> Table:
    """Control steps a second by suite; the algorithm holds one control."""
    table = Table("senses", "steps/s", title="ego among ten others, CPU time of one thread")
    names = [f"Other{number}" for number in range(10)]
    with tempfile.TemporaryDirectory() as folder:
        begun = [ahead("Ego", 20, 0)]
        begun += [ahead(n, 60 + 40 * k, 8, lane=-1 - k % 2) for k, n in enumerate(names)]
        where = straight(5000)
        world = build(
            Path(folder), *begun, where=where, cars=[car("Ego"), *map(car, names)],
            stop=stop(reach(on_lane("1", -1, 4900)), late(steps * 0.05)),
        )  # fmt: skip
        for name, suite in SUITES.items():
            taken = []
            for _ in range(runs + 1):
                algorithm = Scripted(sensors=suite)
                started = time.process_time()
                drive(
                    world.scenario, algorithm, network=opened(where),
                    setting=Setting(track="objects"),
                )  # fmt: skip
                taken.append(len(algorithm.told) / (time.process_time() - started))
            table.add_row(name, f"{statistics.median(taken[1:]):,.0f}")
    return table


def batches(agent: str, runs: int) -> Table:
    """The training scenarios, one after another."""
    table = Table("28 training scenarios", "wall s", title=f"agent {agent}, one worker")
    files = sorted(SHIPPED.glob("*.xosc"))
    with tempfile.TemporaryDirectory() as folder:
        kind = agent.capitalize()
        source = baseline(agent)
        lidar = Path(folder) / "with_lidar.py"
        for path in source.parent.glob("*.py"):
            (Path(folder) / path.name).write_bytes(path.read_bytes())
        lidar.write_text(WITH_LIDAR.format(folder=folder, name=agent, kind=kind))
        for words, path in (("as it is", source), ("and a 64-channel lidar at 10 Hz", lidar)):
            taken = []
            for _ in track(range(runs), description=words):
                jobs = [
                    Job(
                        name=file.stem, scenario=file, agent=AgentSpec(path=path),
                        setting=Setting(track="objects"),
                    )
                    for file in files
                ]  # fmt: skip
                started = time.monotonic()
                driven = drive_all(jobs)
                taken.append(time.monotonic() - started)
            table.add_row(words, f"{statistics.median(taken):.1f}")
        bundle = bundle_of(driven, agent={"name": agent})
        started = time.monotonic()
        held = not verify(bundle)
        table.add_row(f"verify ({'holds' if held else 'DOES NOT HOLD'})",
                      f"{time.monotonic() - started:.1f}")  # fmt: skip
    return table


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agent", default="careful")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    console = Console()
    console.print(speeds(options.steps, options.runs))
    console.print(batches(options.agent, options.runs))


if __name__ == "__main__":
    main()
