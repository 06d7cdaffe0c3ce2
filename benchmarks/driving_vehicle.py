"""What a step of the vehicle costs, and how near it is to measured speeds: prints tables.

python benchmarks/driving_vehicle.py [--runs 5] [--steps 1000000] [--generations 40]

Speeds of third parties (not shipped) from CONCOURS_SHARED, ../shared by default; without them only
the cost is measured. Left out: the drive is fitted again to the other files, from plain numbers,
and asked for the one it has not seen; --generations 0 leaves that out. Kernels loaded before the
clock starts; process time of one thread.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from concours.driving.vehicle import (
    DirectControl,
    VehicleControl,
    VehicleParameters,
    initial_state,
    layout,
    preset,
)
from concours.driving.vehicle.fitting import SpeedTrace, fit, predict, rmse
from concours.driving.vehicle.kernels import drive
from concours.driving.vehicle.presets import PLAIN

SHARED = Path(os.environ.get("CONCOURS_SHARED", "../shared")) / "data" / "driving" / "vehicle"
THROTTLES = (0.4, 0.6, 0.8, 1.0)
STEP = 0.05
GENTLE = 400
"""Samples of the gentlest throttle that are compared: after them the road is not level."""


def measured(throttle: float) -> SpeedTrace:
    """One file: a constant throttle to the greatest speed, then the full brake."""
    table = np.genfromtxt(SHARED / f"throttle_{throttle}.csv", delimiter=",", names=True)
    speed = table["speed_kmh"] / 3.6
    if throttle == THROTTLES[0]:
        speed = speed[:GENTLE]
    trace = SpeedTrace.throttle_then_brake(speed, throttle=throttle, step=STEP, settled=10)
    if throttle == THROTTLES[0]:  # this part has no brake in it
        return SpeedTrace(
            step=STEP,
            throttle=np.full(GENTLE - 1, throttle),
            brake=np.zeros(GENTLE - 1),
            speed=trace.speed,
            settled=trace.settled,
        )
    return trace


def near(console: Console, generations: int) -> None:
    """Errors of speed of the preset, and of vehicles fitted without the file asked for."""
    traces = {throttle: measured(throttle) for throttle in THROTTLES}
    chosen = preset("carla-lincoln-mkz")
    table = Table("throttle", "samples", "RMSE km/h", "greatest km/h", "left out km/h")
    for throttle, trace in traces.items():
        errors = 3.6 * np.abs(predict(chosen, trace)[:, layout.SPEED] - trace.speed)
        left = "-"
        if generations:
            others = [other for key, other in traces.items() if key != throttle]
            found = fit(others, start=PLAIN, seed=1, generations=generations)
            left = f"{3.6 * rmse(found, trace):.2f}"
        name, size = f"{throttle:.1f}", str(len(errors))
        worst = f"{np.max(errors[trace.settled :]):.1f}"
        table.add_row(name, size, f"{3.6 * rmse(chosen, trace):.2f}", worst, left)
    console.print(table)


def cost(console: Console, steps: int, runs: int, parameters: VehicleParameters) -> None:
    """Nanoseconds of a step of 0.01 s, by the kind of control."""
    table = Table("control", "ns a step")
    kinds = {
        "pedals": VehicleControl(throttle=0.6, steer=0.02).row(),
        "direct": DirectControl(0.0, 0.02).row(),
    }
    array, out = parameters.array(), np.empty((1, layout.STATE))
    for name, row in kinds.items():
        times = []
        for _ in range(runs):
            state = initial_state(parameters, speed=12.0)
            drive(array, state, row[None], 0.0, 1.0, 1, 0.01, out)
            began = time.process_time()
            drive(array, state, row[None], 0.0, 1.0, steps, 0.01, out)
            times.append((time.process_time() - began) / steps * 1e9)
        table.add_row(name, f"{statistics.median(times):.0f}")
    console.print(table)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--generations", type=int, default=40)
    arguments = parser.parse_args()
    console = Console()
    cost(console, arguments.steps, arguments.runs, preset("carla-lincoln-mkz"))
    if SHARED.is_dir():
        near(console, arguments.generations)


if __name__ == "__main__":
    main()
