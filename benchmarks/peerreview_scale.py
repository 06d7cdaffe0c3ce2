"""Time, memory and quality of assignments of 100,000 and 1,000,000 entries: prints a table.

python benchmarks/peerreview_scale.py [--sizes 100000,1000000] [--methods total,total-fast,balanced]
    [--runs 3] [--worlds "no structure"]

8 reviews an entry, one reviewer an entry, no mutual pairs. `total` and `total-fast` fit vectors of
expertise of 16 dimensions; `balanced` has organisations of 40 entries instead, none of which
reviews its own. Every run is a fresh process (a million entries: one run), kernels loaded before
the clock starts. CPU is of all threads, user and system; the peak is the most memory the process
ever held. Recall is the share of an entry's best reviewers among its candidates, closeness their
mean similarity over that of the best, both on a sample; the gap elsewhere is an upper estimate, on
a sample, of what pairs that are no candidates could add.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from concours.peerreview import AssignmentProblem, Similarity, assign, check_assignment

K, DEPTH = 8, 16
MILLION = 1_000_000
WORLDS = ("no structure", "200 topics")


def vectors(n: int, world: str, seed: int) -> np.ndarray:
    """(n, DEPTH) of length 1: of no structure, or around 200 topics."""
    g = np.random.Generator(np.random.Philox(seed))
    rows = g.normal(size=(n, DEPTH))
    if world == "200 topics":
        rows = g.normal(size=(200, DEPTH))[g.integers(0, 200, n)] + 0.5 * rows
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def problem_of(n: int, method: str, world: str, seed: int) -> AssignmentProblem:
    more: dict[str, Any] = {}
    if method == "balanced":
        group = np.arange(n) // 40
        more = {"reviewer_groups": group, "entry_groups": group}
    else:
        rows = vectors(n, world, seed)
        more = {"similarity": Similarity.vectors(rows, rows)}
    return AssignmentProblem(n_entries=n, reviewer_entry=np.arange(n), reviews_per_entry=K, **more)


def one(n: int, method: str, world: str, seed: int) -> dict[str, float]:
    """Seconds from the problem to the checked pairs."""
    for size in (3_000, 25_000):  # the second loads the kernels of large instances
        small = problem_of(size, method, world, 99)
        drawn = assign(small, seed=b"warm", method=method)
        check_assignment(small, drawn.pairs, part=drawn.part)
    problem = problem_of(n, method, world, seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter(), time.process_time()
    found = assign(problem, seed=b"bench", method=method)
    assigned, used = time.perf_counter(), time.process_time()
    broken = len(check_assignment(problem, found.pairs, part=found.part))
    return {
        "wall": assigned - wall, "cpu": used - cpu, "check": time.perf_counter() - assigned,
        "before": before, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "broken": broken,
    } | {key: float(value) for key, value in found.facts.items()}  # fmt: skip


def in_fresh_process(n: int, method: str, world: str, seed: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", str(n), method, world, str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def table_of(sizes: list[int], methods: list[str], worlds: list[str], runs: int) -> Table:
    table = Table("entries", "vectors", "method", title=f"{K} reviews an entry, no mutual pairs")
    for name in ("wall s", "CPU s", "check s", "before MiB", "peak MiB",
                 "broken",
                 "mean similarity", "candidates", "recall", "closeness",
                 "gap elsewhere"):  # fmt: skip
        table.add_column(name, justify="right")
    jobs = [(n, w, m) for n in sizes for w in worlds for m in methods if m != "balanced"]
    jobs += [(n, "none", "balanced") for n in sizes if "balanced" in methods]
    for n, world, method in track(jobs, "assigning", transient=True):
        seeds = range(1 if n >= MILLION and method != "balanced" else runs)
        found = [in_fresh_process(n, method, world, seed) for seed in seeds]
        m = {key: statistics.median(f[key] for f in found) for key in found[0]}
        row = [f"{m['wall']:.2f}", f"{m['cpu']:.2f}", f"{m['check']:.2f}", f"{m['before']:,.0f}",
               f"{m['peak']:,.0f}", str(int(m["broken"]))]  # fmt: skip
        if "total" in m:
            row += [f"{m['total'] / (n * K):.4f}", f"{m['candidates'] / n:.1f}"]
            row += [f"{m[key]:.3f}" for key in ("recall", "closeness", "gap_elsewhere")]
        table.add_row(f"{n:,}", world, method, *row)
    return table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--methods", default="total,total-fast,balanced")
    parser.add_argument("--worlds", default=",".join(WORLDS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        n, method, world, seed = options.one
        print(json.dumps(one(int(n), method, world, int(seed))))
        return
    console = Console(width=max(Console().width, 160))
    console.print(f"load before: {os.getloadavg()}; {os.cpu_count()} processors")
    sizes = [int(n) for n in options.sizes.split(",")]
    chosen = options.methods.split(","), options.worlds.split(",")
    console.print(table_of(sizes, *chosen, options.runs))
    console.print(f"load after: {os.getloadavg()}")


if __name__ == "__main__":
    main()
