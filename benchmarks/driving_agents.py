"""Agents: what starting one costs, and a round trip with each load of readings.

python benchmarks/driving_agents.py [--steps 2000]

The agent looks at one number of each array and answers at once: what is measured is the way there
and back. Wall time of one caller, medians and 99th percentiles over the steps; the in-process row
is the same agent called directly.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from concours.driving.agents import AgentProcess, AgentSpec, InProcessAgent, wire

AGENT = """
class Agent:
    def sensors(self):
        return [{"type": "sensor.speedometer", "id": "speed"}]

    def run_step(self, input_data, timestamp):
        arrays = [value for _, value in input_data.values() if hasattr(value, "flat")]
        seen = sum(float(value.flat[0]) for value in arrays)
        return {"throttle": min(1.0, seen)}
"""
MAP_AGENT = """
import carla

class Agent:
    def sensors(self):
        return [{"type": "sensor.opendrive_map", "id": "map", "reading_frequency": 1}]

    def run_step(self, input_data, timestamp):
        town = carla.Map("town", input_data["map"][1]["opendrive"])
        return {"throttle": town.get_waypoint(carla.Location()).lane_width / 10}
"""
ROAD = """<OpenDRIVE><header revMajor="1" revMinor="7"/><road id="1" length="60" junction="-1">
<planView><geometry s="0" x="0" y="0" hdg="0" length="60"><line/></geometry></planView><lanes>
<laneSection s="0"><center><lane id="0" type="none"/></center><right><lane id="-1" type="driving">
<width sOffset="0" a="3" b="0" c="0" d="0"/></lane></right></laneSection></lanes></road></OpenDRIVE>
"""
console = Console()


def loads() -> dict[str, wire.Readings]:
    """Readings of the usual suites."""
    lidar = np.ones((30_000, 4), np.float32)
    camera = np.ones((600, 800, 4), np.uint8)
    plain = {
        "gps": (0, np.ones(3)),
        "imu": (0, np.ones(7)),
        "speed": (0, {"speed": 1.0}),
    }
    return {
        "nothing": {},
        "GNSS, IMU, speedometer": plain,
        "and lidar, 30,000 points (480 kB)": {**plain, "lidar": (0, lidar)},
        "and lidar and camera 800 x 600 (2.4 MB)": {
            **plain,
            "lidar": (0, lidar),
            "camera": (0, camera),
        },
        "and lidar and four cameras (8.2 MB)": {
            **plain,
            "lidar": (0, lidar),
            **{f"camera {i}": (0, camera) for i in range(4)},
        },
    }


def times(agent: AgentProcess | InProcessAgent, readings: wire.Readings, steps: int) -> list[float]:
    """Seconds of each round trip, sorted."""
    taken = []
    for i in range(steps):
        start = time.perf_counter()
        agent.step(frame=i, timestamp=0.05 * i, readings=readings)
        taken.append(time.perf_counter() - start)
    return sorted(taken)


def round_trips(spec: AgentSpec, steps: int) -> Table:
    """In a process and without."""
    made = Table(title="A step, milliseconds", title_justify="left", box=None, pad_edge=False)
    made.add_column("readings")
    for column in ("median", "99 %", "in process, median"):
        made.add_column(column, justify="right")
    for name, readings in loads().items():
        with AgentProcess(spec) as process, InProcessAgent(spec) as trusted:
            process.start()
            trusted.start()
            apart, bare = times(process, readings, steps), times(trusted, readings, steps)
        cells = (statistics.median(apart), apart[int(0.99 * steps)], statistics.median(bare))
        made.add_row(name, *(f"{1000 * one:.3f}" for one in cells))
    return made


def starts(spec: AgentSpec, with_map: AgentSpec) -> Table:
    """From nothing to the first answer; medians of five, the first one not counted."""
    made = Table(title="A start, seconds", title_justify="left", box=None, pad_edge=False)
    for column in ("agent", "until sensors()", "first step", "stop", "CPU of the agent"):
        made.add_column(column, justify="right" if made.columns else "left")
    town = {"map": (0, {"opendrive": ROAD})}
    for name, one, readings in (("plain", spec, {}), ("opens a map", with_map, town)):
        rows = []
        for _ in range(6):
            marks = [time.perf_counter()]
            with AgentProcess(one) as process:
                process.start()
                marks.append(time.perf_counter())
                process.step(frame=0, timestamp=0.0, readings=readings)
                marks.append(time.perf_counter())
                process.stop()
                marks.append(time.perf_counter())
            rows.append([*np.diff(marks), process.usage.cpu_seconds])
        made.add_row(name, *(f"{value:.2f}" for value in np.median(rows[1:], axis=0)))
    return made


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plain, with_map = Path(folder, "plain.py"), Path(folder, "opens.py")
        plain.write_text(AGENT)
        with_map.write_text(MAP_AGENT)
        console.print(round_trips(AgentSpec(path=plain), given.steps))
        console.print(starts(AgentSpec(path=plain), AgentSpec(path=with_map)))


if __name__ == "__main__":
    main()
