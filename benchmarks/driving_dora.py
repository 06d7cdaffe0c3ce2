"""Dataflows: steps a second of one node, with each load of readings, and runs that must agree.

python benchmarks/driving_dora.py [--steps 2000] [--runs 0]

The node answers each tick at once: what is measured is the way from the engine into the box,
through dora to the node, and back. Wall time of one caller, medians and 99th percentiles over the
steps after the first. --runs: so many drives of the baseline `follow` as a dataflow, beside one in
process; each must give the same trace.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from concours.driving.agents import AgentSpec, wire
from concours.driving.baselines import baseline
from concours.driving.dataflow import DoraAgent
from concours.driving.results import trace_digest
from concours.driving.results.batch import Job, drive_one

NODE = """
from array import array
import pyarrow as pa
from dora import Node
node = Node()
numbers = pa.Array.from_buffers(pa.float64(), 3, [None, pa.py_buffer(array("d", (0.5, 0.0, 0.0)))])
for event in node:
    if event["type"] == "INPUT" and event["id"] == "tick":
        node.send_output("control", numbers, event["metadata"])
"""
SENSORS = [
    {"type": "sensor.speedometer", "id": "speed"},
    {"type": "sensor.lidar.ray_cast", "id": "lidar"},
    {"type": "sensor.camera.rgb", "id": "camera"},
    {"type": "sensor.camera.rgb", "id": "large"},
]
SCENARIO = (
    Path(__file__).parents[1] / "seasons" / "open-atom-2022" / "driving" / "scenarios"
) / "train12.xosc"
console = Console()


def graph_in(folder: Path) -> Path:
    """One node beside the world."""
    names = ["tick", *(str(one["id"]) for one in SENSORS)]
    env = {"CONCOURS_SENSORS": json.dumps(SENSORS)}
    world = {
        "id": "concours", "path": "dynamic", "env": env, "outputs": names,
        "inputs": {"control": "pilot/control"},
    }  # fmt: skip
    inputs = {name: f"concours/{name}" for name in names}
    pilot = {"id": "pilot", "path": "pilot.py", "inputs": inputs, "outputs": ["control"]}
    (folder / "pilot.py").write_text(NODE)
    file = folder / "graph.yml"
    file.write_text(json.dumps({"nodes": [world, pilot]}))
    return file


def loads() -> dict[str, wire.Readings]:
    """Readings of growing size."""
    speed = {"speed": (0, {"speed": 1.0})}
    lidar = {**speed, "lidar": (0, np.ones((30_000, 4), np.float32))}
    camera = {**lidar, "camera": (0, np.ones((600, 800, 4), np.uint8))}
    return {
        "nothing": {},
        "speedometer": speed,
        "and lidar, 30,000 points (480 kB)": lidar,
        "and camera 800 x 600 (2.4 MB)": camera,
        "one array of 8 MB": {"large": (0, np.ones(8 * 2**20, np.uint8))},
    }


def steps_of(steps: int) -> Table:
    """Round trips with each load."""
    table = Table("readings", "median ms", "99% ms", "steps/s", title="one node")
    with tempfile.TemporaryDirectory() as folder:
        spec = AgentSpec(path=graph_in(Path(folder)))
        with DoraAgent(spec) as agent:
            start = time.perf_counter()
            agent.start()
            frame = 0
            agent.step(frame=frame, timestamp=0.0, readings={})
            console.print(f"ready after {time.perf_counter() - start:.1f} s")
            for name, readings in loads().items():
                count = steps if len(readings) < 2 and "large" not in readings else steps // 10
                taken = []
                for _ in range(count):
                    frame += 1
                    start = time.perf_counter()
                    agent.step(frame=frame, timestamp=0.05 * frame, readings=readings)
                    taken.append(1e3 * (time.perf_counter() - start))
                taken.sort()
                table.add_row(
                    name, f"{statistics.median(taken):.2f}",
                    f"{taken[int(0.99 * count)]:.2f}", f"{1e3 * count / sum(taken):.0f}",
                )  # fmt: skip
            agent.stop()
    return table


def agreeing(runs: int) -> str:
    """How many drives of the dataflow gave the trace of the agent in process."""
    digests = [
        trace_digest(
            drive_one(
                Job(name=name, scenario=SCENARIO, agent=AgentSpec(path=baseline(name)))
            ).drive.run.trace
        )
        for name in ("follow", *["dora-follow"] * runs)
    ]
    return f"{digests.count(digests[0]) - 1} of {runs} drives of dora-follow as follow in process"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=0)
    asked = parser.parse_args()
    console.print(steps_of(asked.steps))
    if asked.runs:
        console.print(agreeing(asked.runs))


if __name__ == "__main__":
    main()
