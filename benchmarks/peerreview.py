"""Time, memory and quality of the peer-review engine: prints tables.

python benchmarks/peerreview.py [--largest 100000] [--runs 3]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from concours.peerreview import (
    AssignmentProblem,
    assign,
    borda,
    check_assignment,
    consensus,
    select,
    simulate,
)


def median_seconds(runs: int, work: Callable[[int], object]) -> float:
    """Median wall time of `work(run)`."""
    taken = []
    for run in range(runs):
        start = time.perf_counter()
        work(run)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def peak_mib() -> float:
    """Most memory this process has held so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def times(sizes: list[int], runs: int) -> Table:
    """Seconds of each step at each size, 8 reviews an entry, organisations of 40, 4 parts."""
    table = Table(
        "entries", "assign s", "broken", "consensus s", "select s", "peak MiB", title="Time"
    )
    for n in track(sizes, description="timing"):
        group = np.arange(n) // 40 if n > 400 else np.full(n, -1)
        problem = AssignmentProblem(
            n_entries=n,
            reviewer_entry=np.arange(n),
            reviews_per_entry=8,
            reviewer_groups=group,
            entry_groups=group,
            parts=4,
        )
        drawn = assign(problem, seed=b"bench")
        broken = len(check_assignment(problem, drawn.pairs, part=drawn.part))
        quality = np.random.Generator(np.random.Philox(1)).normal(size=n)
        reviews = simulate.reviews_for(
            drawn.pairs, quality, bias_sd=1, noise_sd=1, seed=b"bench", n_reviewers=n
        )
        seconds = [
            median_seconds(runs, lambda run, p=problem: assign(p, seed=bytes([run]))),
            median_seconds(runs, lambda run, r=reviews: consensus(r, seed=bytes([run]))),
            median_seconds(
                runs,
                lambda run, r=reviews, part=drawn.part, n=n: select(
                    r, size=n // 4, part=part, seed=bytes([run]), reviewer_entry=np.arange(n)
                ),
            ),
        ]
        shown = [f"{s:.3f}" for s in seconds]
        table.add_row(f"{n:,}", shown[0], str(broken), *shown[1:], f"{peak_mib():.0f}")
    return table


def quality(worlds: int) -> Table:
    """Recall of the true top tenth and coverage, n = 1,000, m = 8, bias and noise of sd 1."""
    rows: dict[str, list[float]] = {"random-effects": [], "mean": [], "borda": []}
    covered = []
    for i in track(range(worlds), description="recall"):
        world = simulate.gaussian_world(1_000, 8, seed=bytes([i]))
        rank = np.argsort(np.argsort(-world.quality)) + 1
        found = consensus(world.reviews, seed=bytes([i]), draws=400)
        mean = np.bincount(world.reviews.entry, weights=world.reviews.score, minlength=1_000)
        orders = {
            "random-effects": found.order,
            "mean": np.argsort(-mean),
            "borda": np.argsort(-borda(world.reviews)),
        }
        for name, order in orders.items():
            rows[name].append(float(np.mean(rank[order[:100]] <= 100)))
        covered.append(float(np.mean((found.rank_low <= rank) & (rank <= found.rank_high))))
    table = Table("method", "recall", "± se", "95% intervals cover", title="Top tenth of 1,000")
    for name, recall in rows.items():
        error = statistics.stdev(recall) / len(recall) ** 0.5
        cover = f"{statistics.mean(covered):.3f}" if name == "random-effects" else ""
        table.add_row(name, f"{statistics.mean(recall):.3f}", f"{error:.3f}", cover)
    return table


def small_tracks() -> Table:
    """Recall of the truly best, coverage and length of whiskers, in tracks of usual sizes."""
    table = Table(
        "entries", "reviews", "wanted", "worlds", "best ranks", "dollar partition", "borda",
        "cover", "whisker", title="Recall of the truly best, selection in 4 parts",
    )  # fmt: skip
    for n, k, wanted, worlds in ((40, 5, 10, 60), (200, 5, 20, 40), (1_000, 8, 100, 20)):
        found = [_small_world(n, k, wanted, seed=bytes([i])) for i in range(worlds)]
        ranks, parts, plain, cover, length = zip(*found, strict=True)
        table.add_row(
            f"{n:,}", str(k), str(wanted), str(worlds),
            *(_mean_and_error(values) for values in (ranks, parts, plain)),
            f"{statistics.mean(cover):.3f}", f"{statistics.mean(length):.1f}",
        )  # fmt: skip
    return table


def _small_world(n: int, k: int, wanted: int, *, seed: bytes) -> tuple[float, ...]:
    """One world's recall by rank, Exact Dollar Partition and Borda; coverage; mean whisker."""
    world = simulate.gaussian_world(n, k, seed=seed, parts=4)
    rank = np.argsort(np.argsort(-world.quality)) + 1
    judged = consensus(world.reviews, seed=seed, draws=400)
    chosen = select(
        world.reviews,
        size=wanted,
        part=world.assignment.part,
        seed=seed,
        reviewer_entry=np.arange(n),
    )
    by_borda = np.argsort(-borda(world.reviews), kind="stable")[:wanted]
    return (
        float(np.mean(rank[judged.order[:wanted]] <= wanted)),
        float(np.mean(rank[chosen.selected] <= wanted)),
        float(np.mean(rank[by_borda] <= wanted)),
        float(np.mean((judged.rank_low <= rank) & (rank <= judged.rank_high))),
        float(np.mean(judged.rank_high - judged.rank_low + 1)),
    )


def _mean_and_error(values: Sequence[float]) -> str:
    return f"{statistics.mean(values):.3f} ± {statistics.stdev(values) / len(values) ** 0.5:.3f}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--worlds", type=int, default=20)
    options = parser.parse_args()
    sizes = [n for n in (40, 100, 1_000, 10_000, 100_000, 1_000_000) if n <= options.largest]
    console = Console()
    console.print(times(sizes, options.runs))
    console.print(quality(options.worlds))
    console.print(small_tracks())


if __name__ == "__main__":
    main()
