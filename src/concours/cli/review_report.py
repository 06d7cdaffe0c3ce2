"""What `concours review` writes and prints."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.markup import escape
from rich.table import Table
from scipy.stats import kendalltau, spearmanr

from concours.cli.console import console
from concours.peerreview import (
    AssignmentProblem,
    AssignmentResult,
    ConsensusResult,
    SelectionResult,
    borda,
)
from concours.peerreview.files import (
    NamedReviews,
    Roster,
)
from concours.peerreview.keyed import FloatArray, IntArray


def save_assignment(
    folder: Path,
    problem: AssignmentProblem,
    roster: Roster,
    result: AssignmentResult,
    seed: bytes,
    chosen: dict[str, Any],
) -> dict[str, Any]:
    """Write assignments.csv and result.json; returns the summary without the long lists."""
    pairs = [(roster.reviewers[r], roster.entries[e]) for r, e in result.pairs.tolist()]
    loads = np.bincount(result.pairs[:, 0], minlength=problem.n_reviewers)
    summary: dict[str, Any] = {
        "engine": result.engine_version,
        "method": result.method,
        "route": result.route,
        "seed": seed.hex(),
        "commitment": hashlib.sha256(seed).hexdigest(),
        "inputs_digest": result.inputs_digest,
        "pairs_digest": result.pairs_digest,
        "entries": problem.n_entries,
        "reviewers": problem.n_reviewers,
        "reviews": len(pairs),
        "loads": [int(loads.min()), int(loads.max())],
        "parameters": chosen,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "assignments.csv", ["reviewer", "entry"], pairs)
    owners = zip(roster.reviewers, roster.reviewer_entry.tolist(), strict=True)
    long = {
        "part": dict(zip(roster.entries, result.part.tolist(), strict=True)),
        "reviewer_entry": {r: roster.entries[e] if e >= 0 else None for r, e in owners},
        "pairs": pairs,
    }
    text = json.dumps(summary | long, ensure_ascii=False, indent=1) + "\n"
    (folder / "result.json").write_text(text, encoding="utf-8")
    return summary


def print_assignment(
    summary: dict[str, Any], taken: float, folder: Path, *, show_seed: bool
) -> None:
    """Say what was assigned, and the seed with its commitment where it is new."""
    low, high = summary["loads"]
    console.print(
        f"{summary['reviews']} reviews of {summary['entries']} entries by "
        f"{summary['reviewers']} reviewers, {low} to {high} each, in {taken:.2f} s "
        f"({summary['route']})"
    )
    if show_seed:
        console.print(f"seed        {summary['seed']}", soft_wrap=True)
    console.print(f"commitment  {summary['commitment']}  SHA-256 of the seed", soft_wrap=True)
    console.print(f"inputs      {summary['inputs_digest']}", soft_wrap=True)
    console.print(f"{folder / 'assignments.csv'}, {folder / 'result.json'}", soft_wrap=True)


def consensus_facts(
    named: NamedReviews, result: ConsensusResult, truth: IntArray | None
) -> dict[str, Any]:
    """Numbers about the fit, and agreement with the truth beside plain Borda's."""
    parts = result.components
    variance = {k: None if np.isnan(v) else v for k, v in result.variance.items()}
    facts: dict[str, Any] = {
        "method": result.method,
        "entries": len(named.entries),
        "reviews": len(named.reviews),
        "without_review": int(np.sum(result.n_reviews == 0)),
        "variance": variance,
        "reliability": result.reliability,
        "converged": result.converged,
        "components": [len(p) for p in parts],
        "level": result.level,
    }
    if truth is not None:
        facts["agreement"] = {
            result.method: _agreement(result.estimate, truth),
            "borda": _agreement(borda(named.reviews), truth),
        }
    return facts


def _agreement(values: FloatArray, truth: IntArray) -> dict[str, float]:
    return {
        "spearman": float(spearmanr(-values, truth).statistic),
        "kendall": float(kendalltau(-values, truth).statistic),
    }


def print_standings(
    named: NamedReviews, result: ConsensusResult, facts: dict[str, Any], *, show: int
) -> None:
    """The best entries, how far to trust them, and agreement with a known truth."""
    percent = f"{100 * result.level:g}%"
    head = Table("rank", "entry", "estimate", "± se", f"rank, {percent}", "reviews")
    for e in result.order[:show]:
        head.add_row(
            str(result.rank[e]),
            escape(named.entries[e]),
            f"{result.estimate[e]:.3f}",
            f"{result.standard_error[e]:.3f}",
            f"{result.rank_low[e]} to {result.rank_high[e]}",
            str(result.n_reviews[e]),
        )
    console.print(head)
    console.print(
        f"{facts['reviews']} reviews of {facts['entries']} entries; "
        f"reliability {result.reliability:.2f}"
    )
    if len(facts["components"]) > 1:
        sizes = ", ".join(map(str, facts["components"][:5]))
        console.print(
            f"[yellow]The reviews fall into {len(facts['components'])} parts ({sizes} entries "
            "...) that share no reviewer: ranks between them lean on the prior alone."
        )
    if facts["without_review"]:
        console.print(f"[yellow]{facts['without_review']} entries have no review.")
    if not result.converged:
        console.print("[red]The fit did not converge.")
    if "agreement" in facts:
        beside = Table("agreement with the truth", "Spearman", "Kendall")
        for name, values in facts["agreement"].items():
            beside.add_row(name, f"{values['spearman']:.4f}", f"{values['kendall']:.4f}")
        console.print(beside)


def write_standings(path: Path, named: NamedReviews, result: ConsensusResult) -> None:
    """One line an entry, best first."""
    header = ["rank", "entry", "estimate", "standard_error", "rank_low", "rank_high"]
    header += ["reviews", "component"]
    chance = result.top_probability
    if chance is not None:
        header.append(f"top_{result.top}")
    write_csv(path, header, _standing_rows(named, result))


def _standing_rows(named: NamedReviews, result: ConsensusResult) -> Iterator[list[object]]:
    for e in result.order.tolist():
        row: list[object] = [int(result.rank[e]), named.entries[e]]
        row += [f"{result.estimate[e]:.6g}", f"{result.standard_error[e]:.6g}"]
        row += [int(result.rank_low[e]), int(result.rank_high[e])]
        row += [int(result.n_reviews[e]), int(result.component[e])]
        if result.top_probability is not None:
            row.append(f"{result.top_probability[e]:.4f}")
        yield row


def write_selection(path: Path, named: NamedReviews, result: SelectionResult) -> None:
    """One line an entry with the reason, selected ones first."""
    order = np.lexsort((result.place, -result.probability, -result.chosen))
    header = ["entry", "selected", *result.reason(0)]
    rows = (
        [named.entries[e], int(result.chosen[e]), *result.reason(e).values()]
        for e in order.tolist()
    )
    write_csv(path, header, rows)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write through a file beside, so that a broken run leaves no half file."""
    partial = path.with_name(path.name + ".part")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    partial.replace(path)
