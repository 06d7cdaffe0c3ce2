"""Screening and simulation: false alarms, power, time and memory.

python benchmarks/peerreview_screening.py [--worlds 40] [--largest 100000] [--study 200]

Prints (1) the share of honest reviewers flagged at level .01, by each test run alone and by all
tests together, which share that level; (2) the share of bad reviewers flagged, 5% of all, at 10
reviews an entry; (3) time and peak memory by size, medians of 3, each in a fresh process; (4) the
time of a study.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from concours.peerreview.screening import DETECTORS, screen
from concours.peerreview.simulation import GaussianWorlds, MallowsWorlds, Season, play, study
from concours.peerreview.simulation.worlds import Worlds

N, LEVEL, BAD = 120, 0.01, 0.05
SCORED = ("against-the-rest", "down-scoring", "favours", "group", "all-alike", "haste")
WORLDS: dict[str, Worlds] = {
    "Gaussian": GaussianWorlds(),
    "Gaussian, noise differs": GaussianWorlds(noise_spread=0.5),
    "Gaussian, scale differs": GaussianWorlds(scale_spread=0.4),
    "Gaussian, 1 to 5 in steps of 1": GaussianWorlds(step=1, low=1, high=5, centre=3.5),
    "Mallows, phi .5": MallowsWorlds(phi=0.5),
    "Mallows, phi .9": MallowsWorlds(phi=0.9),
}
BEHAVIOURS = ("reversed", "lazy-constant", "lazy-random", "strategic")


def season(world: Worlds, number: int, *, k: int, bad: str | None = None) -> Season:
    """World `number`, with 5% of the reviewers bad where asked."""
    shares = {} if bad is None else {bad: BAD}
    seed = b"bench/" + number.to_bytes(4, "little")
    return play(entries=N, reviews_per_entry=k, worlds=world, behaviours=shares, seed=seed)


def flagged(played: Season, tests: tuple[str, ...]) -> np.ndarray:
    """(n,) whether any of these tests flags the reviewer at level .01 in all."""
    report = screen(
        played.reviews,
        seed=b"bench",
        reviewer_entry=played.scene.owner,
        seconds=played.seconds,
        level=LEVEL,
        detectors=tests,
    )
    return np.isin(np.arange(N), report.flagged_reviewers)


def percent(shares: list[float]) -> str:
    """Mean and standard error in percent."""
    error = float(np.std(shares, ddof=1)) / len(shares) ** 0.5
    return f"{100 * float(np.mean(shares)):.2f} ± {100 * error:.2f}"


def false_alarms(worlds: int) -> Table:
    """Honest reviewers flagged, in percent."""
    table = Table(title=f"Honest reviewers flagged at level 1% (%), {worlds} worlds of {N}")
    for column in ("world", "k", *SCORED, "all together"):
        table.add_column(column, justify="left" if column == "world" else "right")
    for name, world in track(WORLDS.items(), "false alarms", transient=True):
        for k in (5, 8, 10):
            played = [season(world, i, k=k) for i in range(worlds)]
            asked = [*((test,) for test in SCORED), SCORED]
            table.add_row(
                name,
                str(k),
                *(percent([float(flagged(s, tests).mean()) for s in played]) for tests in asked),
            )
    return table


def power(worlds: int) -> Table:
    """Bad reviewers flagged by all tests together, in percent."""
    table = Table(title=f"Bad reviewers flagged at level 1% (%), 5% of {N} bad, {worlds} worlds")
    for column in ("world", "k", *BEHAVIOURS):
        table.add_column(column, justify="left" if column == "world" else "right")
    for name, world in track(WORLDS.items(), "power", transient=True):
        for k in (5, 8, 10):
            shares = []
            for bad in BEHAVIOURS:
                played = [season(world, i, k=k, bad=bad) for i in range(worlds)]
                hits = [float(flagged(s, SCORED)[s.who(bad)].mean()) for s in played]
                shares.append(percent(hits))
            table.add_row(name, str(k), *shares)
    return table


def one_size(n: int, bad: float) -> None:
    """Screen n reviewers with 8 reviews each and print times and memory as JSON."""
    tiny = play(entries=40, reviews_per_entry=8, seed=b"warm")
    screen(tiny.reviews, seed=b"w", reviewer_entry=tiny.scene.owner, seconds=tiny.seconds)
    made = play(entries=n, reviews_per_entry=8, seed=b"size", behaviours={"reversed": bad})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu, wall = time.process_time(), time.perf_counter()
    report = screen(made.reviews, seed=b"s", reviewer_entry=made.scene.owner, seconds=made.seconds)
    found = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "before": before / 1024,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "flags": len(report.flags),
    }
    print(json.dumps(found))


def sizes(largest: int) -> Table:
    """Time and memory by size."""
    table = Table(title="One screening, 8 reviews a reviewer: medians of 3, fresh processes")
    for column in ("reviewers", "reversed", "CPU s", "wall s", "MB before", "MB peak", "flags"):
        table.add_column(column, justify="right")
    for n in (1_000, 10_000, 100_000, 1_000_000):
        for bad in (0.0, 0.05):
            if n > largest:
                continue
            runs = []
            for _ in range(3):
                command = [sys.executable, __file__, "--size", str(n), "--bad", str(bad)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                runs.append(json.loads(done.stdout))
            middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            table.add_row(
                f"{n:,}",
                f"{bad:.0%}",
                f"{middle['cpu']:.2f}",
                f"{middle['wall']:.2f}",
                f"{middle['before']:,.0f}",
                f"{middle['peak']:,.0f}",
                f"{middle['flags']:,.0f}",
            )
    return table


def a_study(worlds: int) -> Table:
    """Time of a study and what it says."""
    cpu = time.process_time()
    found = study(
        entries=N,
        seed=b"bench",
        reviews_per_entry=(3, 5, 8),
        parts=(4,),
        methods=("random-effects", "mean", "z-scores"),
        selection=("exact-dollar-partition",),
        worlds=worlds,
        behaviours={"reversed": 0.05},
    )
    seconds = time.process_time() - cpu
    table = Table(
        title=f"A study of {N} entries, 3 k, 4 methods, {worlds} worlds: {seconds:.1f} s of CPU"
    )
    for column in ("k", "method", "recall", "Spearman", "coverage", "places gained"):
        table.add_column(column, justify="left" if column == "method" else "right")
    for row in found.rows:
        table.add_row(
            str(row.reviews_per_entry),
            row.method,
            f"{row.recall:.3f} ± {row.recall_se:.3f}",
            f"{row.spearman:.3f}",
            f"{row.coverage:.3f}",
            f"{row.places:.2f} ± {row.places_se:.2f}",
        )
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--study", type=int, default=200)
    parser.add_argument("--size", type=int)
    parser.add_argument("--bad", type=float, default=0.0)
    asked = parser.parse_args()
    if asked.size is not None:
        one_size(asked.size, asked.bad)
        return
    console = Console()
    console.print(f"Tests: {', '.join(DETECTORS)}")
    console.print(false_alarms(asked.worlds))
    console.print(power(asked.worlds))
    console.print(sizes(asked.largest))
    console.print(a_study(asked.study))


if __name__ == "__main__":
    main()
