"""Time, memory and quality of consensus: prints tables.

python benchmarks/peerreview_consensus.py [--largest 1000000] [--runs 3] [--worlds 20]
    [--only times|quality|small|coarse|choix|students]

Every timed run is a fresh process: its peak is the most memory that process ever held, with the
interpreter, the libraries and the input arrays.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy.stats import spearmanr

from concours.peerreview import AGGREGATORS, ReviewSet, consensus, simulate
from concours.peerreview.aggregation import choice

PER_ENTRY = 8
PLAIN = ("random-effects", "robust", "plackett-luce", "bradley-terry", "z-scores", "borda", "mean")


# --- worlds ----------------------------------------------------------------------------------


def ring(n: int, seed: int) -> np.ndarray:
    """(n, PER_ENTRY) whom each of n reviewers reviews: a random circulant."""
    rng = np.random.Generator(np.random.Philox(seed))
    place = rng.permutation(n).astype(np.int32)
    offsets = rng.permutation((n - 1) // 2)[:PER_ENTRY] + 1
    met = np.empty((n, PER_ENTRY), dtype=np.int64)
    for column, offset in enumerate(offsets.tolist()):
        met[place, column] = np.roll(place, -offset)
    return met


def scored_world(n: int, seed: int) -> tuple[dict[str, Any], np.ndarray]:
    """Arguments of a ReviewSet in random order of lines, bias and noise of sd 1; true quality."""
    met = ring(n, seed)
    rng = np.random.Generator(np.random.Philox([seed, 1]))
    quality, bias = rng.normal(size=n), rng.normal(size=n)
    score = rng.normal(size=met.shape)
    score += quality[met]
    score += bias[:, None]
    order = rng.permutation(met.size)
    who = np.repeat(np.arange(n), PER_ENTRY)[order]
    rows = {"reviewer": who, "entry": met.ravel()[order], "score": score.ravel()[order]}
    return {"n_entries": n, "n_reviewers": n} | rows, quality


def ranked_world(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, PER_ENTRY) rankings with normal noise of sd 1, best first; true quality."""
    met = ring(n, seed)
    rng = np.random.Generator(np.random.Philox([seed, 2]))
    quality = rng.normal(size=n)
    utility = quality[met] + rng.normal(size=met.shape)
    return np.take_along_axis(met, np.argsort(-utility, axis=1), axis=1), quality


def true_rank(quality: np.ndarray) -> np.ndarray:
    rank = np.empty(len(quality), dtype=np.int64)
    rank[np.argsort(-quality)] = np.arange(1, len(quality) + 1)
    return rank


# --- one timed run, in a process of its own --------------------------------------------------


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(method: str, n: int, seed: int) -> dict[str, Any]:
    """Seconds from arrays to result, ReviewSet included, after the kernels are loaded."""
    build: Callable[[], ReviewSet]
    warm, _ = scored_world(3_000, 0)  # enough that the loops of large sets are loaded
    consensus(ReviewSet(**warm), method=method, draws=100)
    if method == "plackett-luce":
        matrix, quality = ranked_world(n, seed)

        def build() -> ReviewSet:
            return ReviewSet.from_rankings(matrix, n_entries=n)
    else:
        arrays, quality = scored_world(n, seed)

        def build() -> ReviewSet:
            return ReviewSet(**arrays)

    before, wall, cpu = peak_mib(), time.perf_counter(), time.process_time()
    reviews = build()
    built = time.perf_counter()
    found = consensus(reviews, method=method, top=n // 10)
    done, used = time.perf_counter(), time.process_time() - cpu
    rank = true_rank(quality)
    return {
        "set": built - wall, "seconds": done - wall, "cpu": used, "before": before,
        "peak": peak_mib(), "converged": found.converged, "turnover": found.expected_turnover,
        "cover": float(np.mean((found.rank_low <= rank) & (rank <= found.rank_high))),
        "recall": float(np.mean(rank[found.order[: n // 10]] <= n // 10)),
    }  # fmt: skip


def in_fresh_process(method: str, n: int, seed: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", method, str(n), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def times(sizes: list[int], runs: int) -> Table:
    table = Table(
        "method", "entries", "reviews", "build s", "total s", "CPU s", "arrays MiB", "peak MiB",
        "converged", "cover", "recall", "turnover",
        title=f"Consensus with 95% rank intervals, {PER_ENTRY} reviews an entry; medians of {runs}",
    )  # fmt: skip
    for method in ("random-effects", "plackett-luce"):
        for n in track(sizes, description=method):
            found = [in_fresh_process(method, n, seed) for seed in range(runs)]
            middle = {key: statistics.median(f[key] for f in found) for key in found[0]}
            table.add_row(
                method, f"{n:,}", f"{n * PER_ENTRY:,}", f"{middle['set']:.2f}",
                f"{middle['seconds']:.2f}", f"{middle['cpu']:.2f}", f"{middle['before']:.0f}",
                f"{middle['peak']:.0f}", str(all(f["converged"] for f in found)),
                f"{middle['cover']:.3f}", f"{middle['recall']:.3f}", f"{middle['turnover']:.3f}",
            )  # fmt: skip
    return table


# --- quality ---------------------------------------------------------------------------------


def judged(table: Table, label: list[str], worlds: list[Any], method: str, top: int) -> None:
    """Add a row: recall of the true top, what the method expected, coverage of its intervals."""
    recall, said, cover, spent = [], [], [], []
    for reviews, quality in worlds:
        start = time.process_time()
        found = consensus(reviews, method=method, top=top, draws=400)
        spent.append(time.process_time() - start)
        rank = true_rank(quality)
        recall.append(float(np.mean(rank[found.order[:top]] <= top)))
        said.append(found.expected_recall or float("nan"))
        cover.append(float(np.mean((found.rank_low <= rank) & (rank <= found.rank_high))))
    error = statistics.stdev(recall) / len(recall) ** 0.5
    table.add_row(
        *label, f"{statistics.mean(recall):.3f} ± {error:.3f}", f"{statistics.mean(said):.3f}",
        f"{statistics.mean(cover):.3f}", f"{statistics.median(spent):.3f}",
    )  # fmt: skip


def quality(worlds: int) -> Table:
    table = Table(
        "method", "recall", "recall expected", "95% cover", "CPU s",
        title=f"True top tenth of 1,000, 8 reviews, bias and noise of sd 1, {worlds} seeds",
    )  # fmt: skip
    made = [simulate.gaussian_world(1_000, 8, seed=bytes([i])) for i in range(worlds)]
    for method in track(PLAIN, description="quality"):
        judged(table, [method], [(w.reviews, w.quality) for w in made], method, 100)
    return table


def small(worlds: int) -> Table:
    table = Table(
        "entries", "reviews", "method", "recall", "recall expected", "95% cover", "CPU s",
        title="Top tenth at other sizes",
    )  # fmt: skip
    shapes = ((40, 5, 4 * worlds), (200, 5, 2 * worlds), (200, 8, worlds), (10_000, 8, 3))
    for n, k, count in track(shapes, description="sizes"):
        made = [simulate.gaussian_world(n, k, seed=bytes([i])) for i in range(count)]
        for method in ("random-effects", "robust", "plackett-luce", "mean"):
            known = [(w.reviews, w.quality) for w in made]
            judged(table, [f"{n:,}", str(k), method], known, method, n // 10)
    return table


def coarse(worlds: int) -> Table:
    table = Table(
        "scores", "method", "recall", "recall expected", "95% cover", "CPU s",
        title="Coarse rubrics and odd scores: top tenth of 1,000, 8 reviews",
    )  # fmt: skip
    made = [simulate.gaussian_world(1_000, 8, seed=bytes([i])) for i in range(worlds)]
    rng = np.random.Generator(np.random.Philox(7))
    kinds: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "1..5": lambda s: np.clip(np.rint(s + 3), 1, 5),
        "1..5, ceiling": lambda s: np.clip(np.rint(s + 4), 1, 5),
        "yes or no": lambda s: (s > 0).astype(float),
        "3% odd": lambda s: np.where(rng.random(len(s)) < 0.03, s + 8 * rng.normal(size=len(s)), s),
    }
    for name, change in kinds.items():
        known = [(_changed(w.reviews, change), w.quality) for w in made]
        ordinal = ["ordinal"] if name != "3% odd" else []
        for method in ("random-effects", "robust", "plackett-luce", *ordinal, "mean"):
            judged(table, [name, method], known, method, 100)
    return table


def _changed(reviews: ReviewSet, change: Callable[[np.ndarray], np.ndarray]) -> ReviewSet:
    return ReviewSet(
        n_entries=reviews.n_entries,
        n_reviewers=reviews.n_reviewers,
        reviewer=reviews.reviewer,
        entry=reviews.entry,
        score=change(reviews.score),
    )


# --- peers and third-party data --------------------------------------------------------------


def beside_choix(sizes: list[int], runs: int) -> Table:
    import choix

    table = Table(
        "entries", "choix s", "ours s", "times", "choix CPU s", "ours CPU s", "Spearman",
        title="I-LSR of choix and Plackett-Luce here, gamma prior of shape 1 (alpha = 1 / n)",
    )  # fmt: skip
    ours(ranked_world(600, 9)[0], 600)
    for n in track(sizes, description="choix"):
        matrix, _ = ranked_world(n, 3)
        rows, mine, theirs = matrix.tolist(), [], []
        for _ in range(runs):
            start, cpu = time.perf_counter(), time.process_time()
            theta = ours(matrix, n)
            mine.append((time.perf_counter() - start, time.process_time() - cpu))
        for _ in range(runs if n < 5_000 else 1):
            start, cpu = time.perf_counter(), time.process_time()
            known = choix.ilsr_rankings(n, rows, alpha=1 / n)
            theirs.append((time.perf_counter() - start, time.process_time() - cpu))
        wall, used = (statistics.median(t[c] for t in mine) for c in (0, 1))
        wall_c, used_c = (statistics.median(t[c] for t in theirs) for c in (0, 1))
        table.add_row(
            f"{n:,}", f"{wall_c:.2f}", f"{wall:.4f}", f"{wall_c / wall:.0f}", f"{used_c:.2f}",
            f"{used:.4f}", f"{spearmanr(known, theta).statistic:.6f}",
        )  # fmt: skip
    return table


def ours(matrix: np.ndarray, n: int) -> np.ndarray:
    votes = choice.ballots(ReviewSet.from_rankings(matrix, n_entries=n))
    return choice.fit(votes, choice.Prior("gamma", 1.0)).theta


def students() -> Table | None:
    shared = Path(os.environ.get("CONCOURS_SHARED", Path(__file__).parents[1].parent / "shared"))
    path = shared / "data" / "peerreview" / "data_n_1000_k_6.csv"
    if not path.exists():
        Console().print(f"third-party rankings are absent: {path}")
        return None
    with path.open(newline="") as file:
        rows = [[int(x) - 1 for x in row] for row in csv.reader(file)]
    reviews = ReviewSet.from_rankings(rows, n_entries=1_000)
    table = Table(
        "method", "Spearman", "recall of top tenth", "expected", "95% cover",
        title="1,000 students rank 6 peers each (third-party, simulated by its authors)",
    )  # fmt: skip
    rank = np.arange(1, 1_001)
    for method in (m for m in AGGREGATORS if m != "ordinal"):
        found = consensus(reviews, method=method, top=100)
        cover = float(np.mean((found.rank_low <= rank) & (rank <= found.rank_high)))
        table.add_row(
            method, f"{spearmanr(found.estimate, -rank).statistic:.4f}",
            f"{np.mean(rank[found.order[:100]] <= 100):.3f}", f"{found.expected_recall:.3f}",
            f"{cover:.3f}",
        )  # fmt: skip
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--only", default="")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        method, n, seed = options.one
        print(json.dumps(timed(method, int(n), int(seed))))
        return
    sizes = [n for n in (1_000, 10_000, 100_000, 1_000_000) if n <= options.largest]
    peers = [n for n in (1_000, 5_000) if n <= options.largest]
    parts: dict[str, Callable[[], Table | None]] = {
        "times": lambda: times(sizes, options.runs),
        "quality": lambda: quality(options.worlds),
        "small": lambda: small(options.worlds),
        "coarse": lambda: coarse(options.worlds),
        "choix": lambda: beside_choix(peers, options.runs),
        "students": students,
    }
    console = Console(width=max(Console().width, 140))
    for name, part in parts.items():
        if options.only in ("", name):
            table = part()
            if table is not None:
                console.print(table)


if __name__ == "__main__":
    main()
