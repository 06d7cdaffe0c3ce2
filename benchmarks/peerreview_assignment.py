"""Time, memory and quality of assignments of up to some ten thousand entries: prints tables.

python benchmarks/peerreview_assignment.py [--runs 3] [--largest 10000]
    [--only dense|sparse|capped|growth|peers]

Every timed run is a fresh process, kernels loaded before the clock starts; its peak is the most
memory that process ever held. CPU is of all threads, user and system.
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
from collections.abc import Callable
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy import sparse
from scipy.optimize import linear_sum_assignment, linprog

from concours.peerreview import AssignmentProblem, Similarity, assign, check_assignment
from concours.peerreview.assignment import flow
from concours.peerreview.assignment.flow import max_total

# --- worlds ----------------------------------------------------------------------------------


def generator(*seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(list(seed)))


def unit_vectors(n: int, d: int, seed: int) -> np.ndarray:
    rows = generator(seed, 7).normal(size=(n, d))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def matrix(kind: str, n: int, seed: int) -> np.ndarray:
    """(n, n) similarities."""
    g = generator(seed, 1)
    if kind == "uniform":
        return g.random((n, n))
    if kind == "symmetric":
        half = g.random((n, n))
        return (half + half.T) / 2
    if kind == "0 to 5, symmetric":
        half = np.triu(g.integers(0, 6, (n, n))).astype(float)
        return half + half.T
    if kind == "vectors, d = 16":
        rows = unit_vectors(n, 16, seed)
        return rows @ rows.T
    if kind == "20 topics":
        topic = g.integers(0, 20, n)
        return (topic[:, None] == topic) + 0.2 * g.random((n, n))
    raise ValueError(kind)


KINDS = ("uniform", "symmetric", "0 to 5, symmetric", "vectors, d = 16", "20 topics")


def problem_of(n: int, k: int, similarity: Similarity, **more: Any) -> AssignmentProblem:
    return AssignmentProblem(
        n_entries=n,
        reviewer_entry=np.arange(n),
        reviews_per_entry=k,
        similarity=similarity,
        **more,
    )


def stated(n: int, each: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`each` random partners of every reviewer, uniform similarities."""
    g = generator(seed, 2)
    entry = np.concatenate([g.choice(n - 1, each, replace=False) for _ in range(n)])
    reviewer = np.repeat(np.arange(n), each)
    return reviewer, entry + (entry >= reviewer), g.random(n * each)


def make(job: dict[str, Any], seed: int) -> AssignmentProblem:
    n, k = job["n"], job["k"]
    more = {"max_probability": job["cap"]} if "cap" in job else {}
    if "each" in job:
        reviewer, entry, worth = stated(n, job["each"], seed)
        similarity = Similarity.sparse(reviewer, entry, worth, shape=(n, n))
    else:
        similarity = Similarity.dense(matrix(job["kind"], n, seed))
    return problem_of(n, k, similarity, allow_mutual=job["mutual"], **more)


# --- one timed run, in a process of its own --------------------------------------------------


def measured(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return found, spent | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def one(job: dict[str, Any], seed: int) -> dict[str, Any]:
    """Seconds from the problem to the pairs, after a small run has loaded the kernels."""
    if job["what"] != "assign":
        return beside(job, seed)
    small = job | {"n": max(2 * job.get("each", 0) + 50, 100)}
    assign(make(small, 99), seed=b"warm", method=job["method"])
    if "each" in job:  # and those of large flows
        assign(make(job | {"n": max(120_000 // job["each"], small["n"])}, 99), seed=b"warm",
               method=job["method"])  # fmt: skip
    problem = make(job, seed)
    found, spent = measured(lambda: assign(problem, seed=b"bench", method=job["method"]))
    broken = len(check_assignment(problem, found.pairs, part=found.part))
    return spent | {"broken": broken} | {k: float(v) for k, v in found.facts.items()}


def in_fresh_process(job: dict[str, Any], seed: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", json.dumps(job), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def middle(job: dict[str, Any], runs: int) -> dict[str, float]:
    found = [in_fresh_process(job, seed) for seed in range(runs)]
    return {key: statistics.median(f[key] for f in found) for key in found[0]}


def spent_row(found: dict[str, float]) -> list[str]:
    return [f"{found['wall']:.2f}", f"{found['cpu']:.2f}", f"{found['peak']:,.0f}"]


# --- tables ----------------------------------------------------------------------------------

SPENT = ("wall s", "CPU s", "peak MiB")


def table_of(title: str, *names: str, columns: tuple[str, ...]) -> Table:
    table = Table(*names, title=title)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def quality_row(found: dict[str, float]) -> list[str]:
    share = found["total"] / found["unconstrained"]
    return [
        f"{found['gap']:.2e}",
        f"{share:.4f}",
        str(int(found["rounds"])),
        str(int(found["broken"])),
    ]


QUALITY = ("gap", "of unconstrained", "flows", "broken")


def dense(runs: int, largest: int) -> Table:
    n = min(1_000, largest)
    title = f"{n:,} entries, 5 reviews, a whole matrix, no mutual pairs; medians of {runs}"
    table = table_of(title, "matrix", columns=SPENT + QUALITY)
    for kind in track(KINDS, "dense", transient=True):
        job = {"what": "assign", "method": "total", "n": n, "k": 5, "kind": kind, "mutual": False}
        found = middle(job, runs)
        table.add_row(kind, *spent_row(found), *quality_row(found))
    return table


def sparse_ones(runs: int, largest: int) -> Table:
    n = min(10_000, largest)
    title = f"{n:,} entries, random candidates, uniform similarities; medians of {runs}"
    table = table_of(title, "reviews", "candidates", "mutual pairs", columns=SPENT + QUALITY)
    for k, each, mutual in track(((5, 50, True), (5, 50, False), (10, 100, False)), "sparse",
                                 transient=True):  # fmt: skip
        job = {"what": "assign", "method": "total", "n": n, "k": k, "each": each, "mutual": mutual}
        found = middle(job, runs)
        words = "allowed" if mutual else "banned"
        table.add_row(str(k), str(each), words, *spent_row(found), *quality_row(found))
    return table


def capped(runs: int, largest: int) -> Table:
    table = table_of(
        f"Randomised under a cap, 5 reviews, uniform matrix; medians of {runs}",
        "entries", "cap", columns=(*SPENT, "expected share", "broken"),
    )  # fmt: skip
    sizes = [n for n in (300, 1_000) if n <= largest]
    for n, cap in track([(n, c) for n in sizes for c in (0.2, 0.5)], "capped", transient=True):
        job = {"what": "assign", "method": "randomised", "n": n, "k": 5, "kind": "uniform",
               "mutual": True, "cap": cap}  # fmt: skip
        found = middle(job, runs)
        share = f"{found['share']:.4f}" if "share" in found else ""
        table.add_row(f"{n:,}", str(cap), *spent_row(found), share, str(int(found["broken"])))
    return table


def growth(runs: int, largest: int) -> Table:
    title = f"Growth: 5 reviews, 50 candidates, mutual pairs allowed; medians of {runs}"
    table = table_of(title, "entries", columns=(*SPENT, "CPU µs a candidate"))
    sizes = [n for n in (2_500, 5_000, 10_000, 20_000, 40_000) if n <= 4 * largest]
    for n in track(sizes, "growth", transient=True):
        job = {"what": "assign", "method": "total", "n": n, "k": 5, "each": 50, "mutual": True}
        found = middle(job, runs)
        table.add_row(f"{n:,}", *spent_row(found), f"{1e6 * found['cpu'] / (50 * n):.2f}")
    return table


# --- others beside ---------------------------------------------------------------------------


def beside(job: dict[str, Any], seed: int) -> dict[str, Any]:
    """One optimum of the same numbers by another road."""
    n, k = job["n"], job["k"]
    if job["what"] == "slots":
        cells = matrix("uniform", n, seed)
        np.fill_diagonal(cells, -1)
        whole = np.repeat(np.repeat(cells, k, axis=0), k, axis=1)
        found, spent = measured(lambda: linear_sum_assignment(whole, maximize=True))
        return spent | {"total": float(whole[found].sum())}
    reviewer, entry, worth = stated(n, job["each"], seed)
    units = np.rint(worth * 1e6).astype(np.int64)
    need = np.full(n, k)
    if job["what"] == "highs":
        one, place = np.ones(len(units)), np.arange(len(units))
        rows = sparse.csr_array(
            (np.tile(one, 2), (np.concatenate([entry, n + reviewer]), np.tile(place, 2)))
        )
        found, spent = measured(
            lambda: linprog(
                -units, A_eq=rows, b_eq=np.full(2 * n, k), bounds=(0, 1), method="highs"
            )
        )
        return spent | {"total": -float(found.fun) / 1e6}
    flow.LARGE = 0 if job["what"] == "prices" else len(units) + 1
    loads = {"need": need, "low": need, "high": need}
    max_total(reviewer[:500], entry[:500], units[:500], need=need * 0, low=need * 0,
              high=need, prices=True)  # fmt: skip
    arcs = reviewer, entry, units
    found, spent = measured(lambda: max_total(*arcs, **loads, prices=True))
    return spent | {"total": float(found.total) / 1e6}


def peers(runs: int, largest: int) -> Table:
    table = table_of(
        f"The same optimum by other roads; medians of {runs}",
        "what", "entries", "candidates", columns=(*SPENT, "total"),
    )  # fmt: skip
    names = {
        "prices": "prices, then OR-tools on what is open (as here)",
        "flow": "OR-tools on all arcs, then Bellman-Ford",
        "highs": "SciPy HiGHS, linear programme",
    }
    n = min(10_000, largest)
    for what, size, runs_here in (("prices", n, runs), ("flow", n, runs), ("prices", n // 5, runs),
                                  ("flow", n // 5, runs), ("highs", n // 5, 1)):  # fmt: skip
        found = middle({"what": what, "n": size, "k": 5, "each": 50}, runs_here)
        table.add_row(names[what], f"{size:,}", "50", *spent_row(found), f"{found['total']:.6f}")
    found = middle({"what": "slots", "n": 400, "k": 5}, runs)
    table.add_row(
        "SciPy linear_sum_assignment, 5 copies of each (a pair may repeat)",
        "400", "all", *spent_row(found), f"{found['total']:.6f}",
    )  # fmt: skip
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(json.loads(options.one[0]), int(options.one[1]))))
        return
    parts: dict[str, Callable[[int, int], Table]] = {
        "dense": dense, "sparse": sparse_ones, "capped": capped, "growth": growth, "peers": peers,
    }  # fmt: skip
    console = Console(width=max(Console().width, 140))
    for name, part in parts.items():
        if options.only in ("", name):
            load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
            console.print(f"load before: {load}; {os.cpu_count()} processors")
            console.print(part(options.runs, options.largest))


if __name__ == "__main__":
    main()
