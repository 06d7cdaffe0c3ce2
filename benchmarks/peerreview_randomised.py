"""Randomised and perturbed assignment: quality against randomness, time, memory; prints tables.

python benchmarks/peerreview_randomised.py [--runs 3] [--only quality|sizes]

The data sets are third-party and looked for in ../shared. Every timed run is a process of its own:
its peak is the most memory that process ever held, with the interpreter and the libraries.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from concours.peerreview import AssignmentProblem, Similarity, assign

SHARED = Path(os.environ.get("CONCOURS_SHARED", Path(__file__).parents[1].parent / "shared"))
LOADS = {"preflib1": 6, "preflib2": 7, "aamas2016": 12}
SHARE = 0.95
"""Expected quality that both methods are brought to, as a share of the optimum without a cap."""
STEPS = 10
MEASURES = ("average_max_probability", "support", "entropy", "l2_norm")


def published(name: str) -> AssignmentProblem | None:
    """A data set of Xu et al. (NeurIPS 2023), or None where it is absent."""
    path = SHARED / "data" / "peerreview" / f"{name}.in"
    if not path.exists():
        Console().print(f"third-party similarities are absent: {path}")
        return None
    with path.open() as lines:
        papers, reviewers = map(int, next(lines).split())
        values = np.loadtxt(lines).reshape(papers, reviewers)
    return AssignmentProblem(
        n_entries=papers,
        reviewer_entry=np.full(reviewers, -1),
        reviews_per_entry=3,
        load_min=0,
        load_max=LOADS[name],
        similarity=Similarity.dense(values.T),
    )


def dense(n: int) -> AssignmentProblem:
    """n reviewers and entries of 20 topics, 5 reviews, cap 1/2."""
    g = np.random.Generator(np.random.Philox(0))
    mine, theirs = g.dirichlet(np.full(20, 0.2), n), g.dirichlet(np.full(20, 0.2), n)
    return AssignmentProblem(
        n_entries=n,
        reviewer_entry=np.full(n, -1),
        reviews_per_entry=5,
        load_min=0,
        load_max=6,
        similarity=Similarity.dense(mine @ theirs.T),
        max_probability=0.5,
    )


# --- one timed run, in a process of its own --------------------------------------------------


def problem_named(name: str) -> AssignmentProblem | None:
    return dense(int(name)) if name.isdigit() else published(name)


def timed(name: str, method: str, cap: float, strength: float) -> dict[str, float]:
    problem = problem_named(name)
    if problem is None:
        raise SystemExit(1)
    problem = dataclasses.replace(problem, max_probability=cap, perturbation=strength)
    assign(dense(20), seed=b"warm", method=method)  # the kernels are loaded
    start = time.process_time()
    facts = assign(problem, seed=b"bench", method=method).facts
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return facts | {"cpu": used, "peak": peak}


def in_fresh_processes(
    runs: int, name: str, method: str, cap: float, strength: float
) -> dict[str, float]:
    """Facts with the median of CPU seconds and of the peaks, MiB."""
    words = ["--one", name, method, repr(cap), repr(strength)]
    command = [sys.executable, __file__, *words]
    found = []
    for _ in range(runs):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    return {key: statistics.median(one[key] for one in found) for key in found[0]}


# --- tables ----------------------------------------------------------------------------------


def brought_to_share(change: Callable[[float], AssignmentProblem], method: str) -> float:
    """The number in 0 .. 1, by bisection, at which the share of the optimum is about SHARE.

    A cap raises the share, a strength lowers it.
    """
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        share = assign(change(middle), seed=b"bench", method=method).facts["share"]
        above = share > SHARE
        low, high = (low, middle) if above == (method == "randomised") else (middle, high)
    return (low + high) / 2


def quality(runs: int) -> Table:
    table = Table(
        "data", "method", "cap", "strength", "share", "mean max", "support", "entropy", "L2",
        "gap", "CPU s", "peak MiB",
        title=f"Both brought to {SHARE:.0%} of the optimum; medians of {runs}",
    )  # fmt: skip
    for name in LOADS:
        problem = published(name)
        if problem is None:
            continue
        for method, cap, strength in _settings(problem):
            found = in_fresh_processes(runs, name, method, cap, strength)
            table.add_row(
                name, method, f"{cap:.4f}", f"{strength:.4f}" if method == "perturbed" else "",
                f"{found['share']:.5f}", f"{found[MEASURES[0]]:.4f}",
                *(f"{found[m]:,.0f}" for m in MEASURES[1:3]), f"{found['l2_norm']:.3f}",
                f"{found['gap']:.1e}" if "gap" in found else "",
                f"{found['cpu']:.2f}", f"{found['peak']:.0f}",
            )  # fmt: skip
    return table


def _settings(problem: AssignmentProblem) -> list[tuple[str, float, float]]:
    """The cap alone; the strength with the same cap raised by a tenth; the strength alone."""
    change = dataclasses.replace

    def capped(cap: float) -> AssignmentProblem:
        return change(problem, max_probability=round(max(cap, 0.2) * 1024) / 1024)

    cap = capped(brought_to_share(capped, "randomised")).max_probability
    rows = [("randomised", cap, 0.0)]
    for one in (cap, min(round(cap * 1.1 * 1024) / 1024, 1.0), 1.0):
        limited = change(problem, max_probability=one)
        strength = brought_to_share(lambda s, p=limited: change(p, perturbation=s), "perturbed")
        rows.append(("perturbed", one, strength))
    return rows


def sizes(runs: int) -> Table:
    table = Table(
        "reviewers x entries", "method", "strength", "share", "support", "entropy", "gap",
        "CPU s", "peak MiB", title=f"Dense matrices, 5 reviews, cap 1/2; medians of {runs}",
    )  # fmt: skip
    for n in (300, 1_000, 2_000):
        for method, strength in (("randomised", 0.0), ("perturbed", 0.05), ("perturbed", 0.5)):
            found = in_fresh_processes(runs, str(n), method, 0.5, strength)
            table.add_row(
                f"{n:,} x {n:,}", method, f"{strength}" if method == "perturbed" else "",
                f"{found['share']:.4f}", f"{found['support']:,.0f}", f"{found['entropy']:,.0f}",
                f"{found['gap']:.1e}" if "gap" in found else "",
                f"{found['cpu']:.2f}", f"{found['peak']:.0f}",
            )  # fmt: skip
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        name, method, cap, strength = options.one
        print(json.dumps(timed(name, method, float(cap), float(strength))))
        return
    console = Console(width=max(Console().width, 140))
    for name, part in {"quality": quality, "sizes": sizes}.items():
        if options.only in ("", name):
            console.print(part(options.runs))


if __name__ == "__main__":
    main()
