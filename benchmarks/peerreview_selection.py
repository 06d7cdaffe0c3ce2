"""Impartial selection: the published table again, time and memory, recall at usual sizes.

python benchmarks/peerreview_selection.py [--largest 1000000] [--draws 10000] [--worlds 400]

Prints (1) recall by method beside the figures of PeerNomination's authors (their result files), in
the same experiment: 120 agents numbered by true rank, 4 parts dealt at random, lists dealt round
the other parts, each reviewer's order drawn from Mallows' model with phi .5, PeerNomination's slack
set for the size in expectation; (2) CPU time and memory by size, medians of 3; (3) recall at usual
sizes with uneven loads and normal errors.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from concours.peerreview.assignment import AssignmentProblem, assign
from concours.peerreview.keyed import Keyed
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.selection import expected_recall, select, select_batch
from concours.peerreview.simulation.mallows import mallows_rankings

N, PARTS, PHI = 120, 4, 0.5
METHODS = (
    "borda",
    "peer-nomination",
    "exact-dollar-partition",
    "partition",
    "dollar-partition-raffle",
    "credible-subset",
)
PUBLISHED = {
    (20, 8): (0.8615, 0.8288, 0.8114, 0.8046, 0.7587, 0.6138),
    (25, 8): (0.8766, 0.8494, 0.8332, 0.8222, 0.7843, 0.6534),
    (30, 5): (0.8544, 0.7982, 0.8191, 0.8136, 0.7831, 0.7243),
    (30, 8): (0.8874, 0.8680, 0.8511, 0.8406, 0.8085, 0.6770),
    (30, 15): (0.9051, 0.9071, 0.8666, 0.8515, 0.8217, 0.5883),
}
PUBLISHED_DRAWS = 1_000
BY_LOT = 2_000  # draws where equals go by lot
Ints = npt.NDArray[np.int64]


class Contest(NamedTuple):
    """One draw: (R, m) lists best first and (n,) parts; agents are numbered by true rank."""

    lists: Ints
    part: Ints


def contest(m: int, *, seed: bytes) -> Contest:
    """Agents dealt to parts at random; those of a part go round the others, entry by entry."""
    order = Keyed(seed, "bench/deal").permutation(N)
    size = N // PARTS
    part = np.empty(N, dtype=np.int64)
    part[order] = np.arange(N) // size
    place = np.empty(N, dtype=np.int64)
    place[order] = np.arange(N) % size
    turn = (place[:, None] * m + np.arange(m)) % (PARTS - 1)
    target = (part[:, None] + 1 + turn) % PARTS
    taken = np.empty((N, m), dtype=np.int64)
    for p in range(PARTS):
        taken[target == p] = np.arange(np.count_nonzero(target == p))
    lists = order[target * size + taken % size]
    rank = np.argsort(mallows_rankings(N, N, phi=PHI, seed=seed), axis=1)
    seen = np.argsort(np.take_along_axis(rank, lists, axis=1), axis=1)
    return Contest(np.take_along_axis(lists, seen, axis=1), part)


@lru_cache(maxsize=1)
def contests(m: int, seeds: tuple[bytes, ...]) -> Contest:
    """One contest a seed, stacked."""
    drawn = [contest(m, seed=seed) for seed in seeds]
    return Contest(np.array([d.lists for d in drawn]), np.array([d.part for d in drawn]))


def authors_ties(lists: Ints, *, normalised: bool) -> Ints:
    """(n,) the order among equals of the authors' code: by agent, which is the true rank.

    Where scores are normalised their sums of floats differ in the last bit, and that goes first.
    """
    m = lists.shape[1]
    scores = np.zeros((N, N))
    np.put_along_axis(scores.T, lists, np.arange(m, 0, -1.0)[None, :], axis=1)
    if not normalised:
        return np.arange(N)
    order = np.lexsort((np.arange(N), -(scores / scores.sum(axis=0)).sum(axis=1)))
    rank = np.empty(N, dtype=np.int64)
    rank[order] = np.arange(N)
    return rank


def recalls(k: int, m: int, draws: int, *, authors: bool) -> dict[str, npt.NDArray[np.float64]]:
    """Recall of the true best k by method, one figure a draw."""
    seeds = [b"table" + bytes([k, m]) + i.to_bytes(4, "big") for i in range(draws)]
    lists, parts = contests(m, tuple(seeds))
    found = {}
    for method in METHODS:
        dollar = "dollar" in method
        ties = np.array([authors_ties(d, normalised=dollar) for d in lists]) if authors else None
        chosen = select_batch(
            entry=lists, n_entries=N, size=k, part=parts, reviewer_entry=np.arange(N), seeds=seeds,
            method=method, tie_order=ties,
        )  # fmt: skip
        found[method] = chosen[:, :k].sum(axis=1) / k
        if method == "peer-nomination":
            found["size"] = chosen.sum(axis=1)
    return found


def published(draws: int) -> Table:
    """Ours (z) published, in the authors' convention for equals; ours with equals by lot below."""
    table = Table(
        "k", "m", "PN's size", *METHODS, "credible as coded",
        title=f"Recall of the true best k, n = 120, {draws:,} draws: ours / published, z",
        caption="The authors' code breaks ties by the agents' number, which is their true rank: "
        "worth up to .025. Second lines: ties by lot, as by default. z is the difference in "
        "standard errors of both. 'As coded': their credible subset compares pairs with numbers, "
        "so that nobody beyond the best k is ever credible.",
    )  # fmt: skip
    for (k, m), row in track(PUBLISHED.items(), description="published"):
        ours = recalls(k, m, draws, authors=True)
        lot = recalls(k, m, min(draws, BY_LOT), authors=False)
        cells = [_cell(ours[name], figure) for name, figure in zip(METHODS, row, strict=True)]
        plain, chance = ours["borda"], k / (k + m)
        spread = math.sqrt(chance * (plain**2).mean() - (chance * plain.mean()) ** 2)
        coded = _compared(float(chance * plain.mean()), row[-1], spread, draws)
        size = ours["size"]
        table.add_row(str(k), str(m), f"{size.mean():.1f} +- {size.std():.1f}", *cells, coded)
        table.add_row("", "", "", *(f"{lot[name].mean():.4f}" for name in METHODS), "")
    return table


def _cell(recall: npt.NDArray[np.float64], figure: float) -> str:
    return _compared(float(recall.mean()), figure, float(recall.std(ddof=1)), len(recall))


def _compared(mean: float, figure: float, spread: float, draws: int) -> str:
    error = spread * math.sqrt(1 / draws + 1 / PUBLISHED_DRAWS)
    z = (mean - figure) / error
    style = "red" if abs(z) > 2 else "green"
    return f"{mean:.4f} / {figure:.4f} [{style}]{z:+.1f}[/]"


def ring(n: int, m: int) -> tuple[Ints, Ints]:
    """((n, m) lists, (n,) parts): a shuffled ring, parts dealt along it, lists outside them."""
    order = Keyed(b"ring", "bench").permutation(n)
    steps = [step for step in range(1, 2 * m + 2) if step % PARTS][:m]
    lists = np.empty((n, m), dtype=np.int32)
    lists[order] = order[(np.arange(n)[:, None] + np.array(steps)) % n]
    part = np.empty(n, dtype=np.int32)
    part[order] = np.arange(n) % PARTS
    return lists, part


def scored(lists: Ints, seed: bytes) -> npt.NDArray[np.float64]:
    """Scores of `lists` with quality and error of sd 1."""
    quality = Keyed(seed, "bench/quality").normals(len(lists))
    return quality[lists] + Keyed(seed, "bench/error").normals(lists.size).reshape(lists.shape)


def one_size(n: int, runs: int) -> None:
    """Prints as JSON the CPU seconds of each method at one size, and memory: run as a process."""
    lists, part = ring(n, 8)
    reviewer, scores = np.repeat(np.arange(n, dtype=np.int32), 8), scored(lists, b"size").ravel()
    facts: dict[str, float] = {}
    for _ in range(2):  # the first loads compiled code
        started = time.process_time()
        reviews = ReviewSet(
            n_entries=n, n_reviewers=n, reviewer=reviewer, entry=lists.ravel(), score=scores
        )
        facts["reviews"] = time.process_time() - started
    del reviewer, scores
    facts["before"] = _peak()
    del lists
    for method in METHODS:
        taken = []
        for run in range(runs + 1):
            started = time.process_time()
            select(
                reviews, size=n // 4, part=part, seed=bytes([run]), reviewer_entry=np.arange(n),
                method=method,
            )  # fmt: skip
            taken.append(time.process_time() - started)
        facts[method] = statistics.median(taken[1:])  # the first loads compiled code
    facts["peak"] = _peak()
    print(json.dumps(facts))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def times(largest: int, runs: int) -> Table:
    """CPU milliseconds a contest by method and size."""
    names = ("ReviewSet ms", *(f"{name} ms" for name in METHODS), "MiB before", "peak MiB")
    table = Table(
        "n",
        *names,
        title="CPU time (one thread), memory: 8 reviews an entry, n / 4 wanted",
    )
    batch = _batch_times(runs)
    table.add_row("120, in a batch", "", *(f"{batch[name] * 1e3:.2f}" for name in METHODS), "", "")
    for n in track([n for n in (120, 10_000, 1_000_000) if n <= largest], description="timing"):
        command = [sys.executable, __file__, "--one-size", str(n), "--runs", str(runs)]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        facts = json.loads(found)
        table.add_row(
            f"{n:,}", f"{facts['reviews'] * 1e3:.1f}",
            *(f"{facts[name] * 1e3:.2f}" for name in METHODS),
            f"{facts['before']:.0f}", f"{facts['peak']:.0f}",
        )  # fmt: skip
    return table


def _batch_times(runs: int, contests: int = 200) -> dict[str, float]:
    lists, part = ring(N, 8)
    seeds = [i.to_bytes(4, "big") for i in range(contests)]
    scores = np.array([scored(lists, seed) for seed in seeds])
    entry = np.broadcast_to(lists, scores.shape)
    found = {}
    for method in METHODS:
        taken = []
        for _ in range(runs + 1):
            started = time.process_time()
            select_batch(
                entry=entry, score=scores, n_entries=N, size=30, part=part,
                reviewer_entry=np.arange(N), seeds=seeds, method=method,
            )  # fmt: skip
            taken.append((time.process_time() - started) / contests)
        found[method] = statistics.median(taken[1:])
    return found


def uneven(n: int, m: int, parts: int) -> tuple[ReviewSet, Ints]:
    """A drawn assignment of which a fifth of the reviews is missing, one reviewer in 20 silent."""
    drawn = assign(
        AssignmentProblem(
            n_entries=n, reviewer_entry=np.arange(n), reviews_per_entry=m, parts=parts
        ),
        seed=b"uneven",
    )
    silent = Keyed(b"uneven", "bench/silent").uniforms(n) < 0.05
    missing = Keyed(b"uneven", "bench/missing").uniforms(len(drawn.pairs)) < 0.2
    pairs = drawn.pairs[~missing & ~silent[drawn.pairs[:, 0]]]
    reviews = ReviewSet(
        n_entries=n, n_reviewers=n, reviewer=pairs[:, 0], entry=pairs[:, 1],
        score=np.zeros(len(pairs)),
    )  # fmt: skip
    return reviews, drawn.part


def usual(worlds: int) -> Table:
    """Recall by method where loads are uneven; two reviewers agree on 2 of 3 pairs."""
    table = Table(
        "n", "m", "k", "parts", *METHODS, "PN's size",
        title="Recall +- standard error, normal errors as large as quality, a fifth of the reviews "
        "missing, one reviewer in 20 silent",
    )  # fmt: skip
    plans = [(40, 5, 10, 2), (40, 5, 10, 4), (120, 8, 30, 2), (120, 8, 30, 4), (1_000, 8, 100, 4)]
    for n, m, k, parts in track(plans, description="usual sizes"):
        reviews, part = uneven(n, m, parts)
        found = [
            expected_recall(
                reviews, size=k, part=part, reviewer_entry=np.arange(n), seed=b"usual",
                method=method, agreement=2 / 3, worlds=worlds,
            )
            for method in METHODS
        ]  # fmt: skip
        cells = [f"{r.recall:.3f} +- {r.error:.3f}" for r in found]
        size = found[METHODS.index("peer-nomination")].selected
        table.add_row(f"{n:,}", str(m), str(k), str(parts), *cells, f"{size:.1f}")
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one-size", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_size:
        one_size(options.one_size, options.runs)
        return
    console = Console()
    console.print(times(options.largest, options.runs))
    console.print(published(options.draws))
    console.print(usual(options.worlds))


if __name__ == "__main__":
    main()
