"""Steps a second of the environments, beside those of highway-env: prints a table.

python benchmarks/driving_gym.py [--runs 3] [--seconds 8]

A step is one simulated second everywhere. The scene is a straight motorway with as many vehicles,
as dense, at the speeds of highway-env; all but the ego follow IDM and MOBIL in both. The ego keeps
its lane and speed ("IDLE" there, no acceleration and no steering here). Resets count; ours go round
ten motorways that were made before the clock starts, as kernels were loaded. Process time of one
thread; the environments take turns within a run, and the median over runs is told.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import gymnasium
import numpy as np
from rich.console import Console
from rich.table import Table

from concours.driving.gym import DrivingEnv, DrivingVectorEnv, Highway, Terms

AIM = 50
"""Times the rate of highway-v0."""
IDLE = 1
MANY = 16
VARIETY = 10
REFERENCE = "highway-v0"
Step = Callable[[], int]
"""Makes a step of one or of many environments, resets where that is due; how many steps."""


class Entry(NamedTuple):
    """A row of the table."""

    name: str
    vehicles: int
    rate: float
    step: Step


def theirs(name: str) -> Entry:
    """An environment of highway-env with its own settings."""
    import highway_env  # noqa: F401  registers the names

    env: Any = gymnasium.make(name).unwrapped
    env.reset(seed=0)

    def step() -> int:
        _, _, terminated, truncated, _ = env.step(IDLE)
        if terminated or truncated:
            env.reset()
        return 1

    return Entry(name, env.config["vehicles_count"], env.config["simulation_frequency"], step)


def motorways(vehicles: int, lanes: int) -> Highway:
    """Ten, all made."""
    scenes = Highway(lanes=lanes, vehicles=vehicles, variety=VARIETY)
    for seed in range(10 * VARIETY):
        scenes(seed)
    return scenes


def single(vehicles: int, lanes: int, inner: float) -> Entry:
    """One of ours."""
    env = DrivingEnv(motorways(vehicles, lanes), terms=Terms(seconds=1.0, step=inner, others=5))
    env.reset(seed=0)
    still = np.zeros(2)

    def step() -> int:
        _, _, terminated, truncated, _ = env.step(still)
        if terminated or truncated:
            env.reset()
        return 1

    return Entry("concours, one", vehicles, 1.0 / inner, step)


def many(vehicles: int, lanes: int, inner: float) -> Entry:
    """A vector of ours; a step of it in which an environment is reset is none of that one."""
    env = DrivingVectorEnv(
        MANY,
        motorways(vehicles, lanes),
        terms=Terms(seconds=1.0, step=inner, others=5),
    )
    env.reset(seed=0)
    still = np.zeros((MANY, 2))

    def step() -> int:
        _, _, _, _, infos = env.step(still)
        return int((infos["seconds"] > 0.0).sum())

    return Entry(f"concours, {MANY} at once", vehicles, 1.0 / inner, step)


def rate(step: Step, seconds: float) -> float:
    """Environment steps a second of process time."""
    begun, made = time.process_time(), 0
    while True:
        made += step()
        gone = time.process_time() - begun
        if gone >= seconds:
            return made / gone


def measured(entries: list[Entry], runs: int, seconds: float) -> list[float]:
    """The median rate of each."""
    for entry in entries:
        entry.step()
    rates = [[rate(entry.step, seconds) for entry in entries] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*rates, strict=True)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="gymnasium")
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    entries = [
        theirs(REFERENCE),
        *(make(50, 4, inner) for make in (single, many) for inner in (0.01, 0.025)),
        theirs("highway-fast-v0"),
        single(20, 3, 0.025),
    ]
    rates = measured(entries, options.runs, options.seconds)
    table = Table(
        "environment", "vehicles", "simulation", "steps a second", f"times {REFERENCE}",
        title=f"One simulated second a step; aim: {AIM} times {REFERENCE} with 50 vehicles",
    )  # fmt: skip
    for entry, found in zip(entries, rates, strict=True):
        times = f"{found / rates[0]:,.0f}"
        table.add_row(
            entry.name, str(entry.vehicles), f"{entry.rate:.0f} Hz", f"{found:,.1f}", times
        )
    console = Console(width=max(Console().width, 120))
    console.print(f"load before: {os.getloadavg()}; {os.cpu_count()} processors")
    console.print(table)


if __name__ == "__main__":
    main()
