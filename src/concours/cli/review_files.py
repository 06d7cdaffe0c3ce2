"""What `concours review` reads, writes and prints around the engine."""

from __future__ import annotations

import csv
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from scipy.stats import kendalltau, spearmanr

from concours.cli.console import console, errors, give_up
from concours.peerreview import (
    AssignmentProblem,
    AssignmentResult,
    BadInput,
    ConsensusResult,
    PeerReviewError,
    SelectionResult,
    borda,
)
from concours.peerreview.files import (
    NamedReviews,
    Roster,
    lines,
    read_rankings,
    read_reviews,
    table,
)
from concours.peerreview.keyed import FloatArray, IntArray

PARAMETERS = ("reviews_per_entry", "parts", "load_min", "load_max", "allow_mutual")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the engine's refusals into one line and exit code 2."""
    try:
        yield
    except PeerReviewError as error:
        give_up(escape(str(error)))
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}"))


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """A moving line with the time while one long step runs."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        bar.add_task(words, total=None)
        yield


def seed_bytes(text: str | None, *, new: bool) -> bytes:
    """The seed of --seed or --new-seed."""
    if new:
        if text:
            raise BadInput("--seed and --new-seed: give one")
        return secrets.token_bytes(32)
    if not text:
        raise BadInput("no seed: give --seed in hexadecimal (or --new-seed to draw one)")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadInput(f"seed {text!r} is not hexadecimal") from None


def load_result(path: Path) -> dict[str, Any]:
    """The result.json of an assignment."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{path}: not a result of assign ({error})") from error
    if not isinstance(value, dict):
        raise BadInput(f"{path}: not a result of assign")
    return value


def parameters(stated: dict[str, Any], path: Path | None) -> dict[str, Any]:
    """The stated parameters of the problem."""
    try:
        return {name: stated["parameters"][name] for name in PARAMETERS}
    except (KeyError, TypeError) as error:
        raise BadInput(f"{path}: no parameters ({error})") from error


def as_result(stated: dict[str, Any], roster: Roster, path: Path | None) -> AssignmentResult:
    """The stated result in numbers of the roster."""
    who = {name: i for i, name in enumerate(roster.reviewers)}
    what = {name: i for i, name in enumerate(roster.entries)}
    try:
        pairs = [(who[r], what[e]) for r, e in stated["pairs"]]
        return AssignmentResult(
            pairs=np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2),
            part=np.array([stated["part"][name] for name in roster.entries], dtype=np.int64),
            method=stated["method"],
            route=stated["route"],
            engine_version=stated["engine"],
            inputs_digest=stated["inputs_digest"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path}: unknown or missing: {error}") from error


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


def read_either(path: Path, *, rankings: bool, entries: Path | None) -> NamedReviews:
    """Reviews or rankings, with all entries where their file is given."""
    ids = None if entries is None else [row["id"] for _, row in table(entries, ["id"])]
    found = (read_rankings if rankings else read_reviews)(path, entries=ids)
    if not found.entries:
        raise BadInput(f"{path}: no reviews")
    return found


def true_places(named: NamedReviews, *, by_id: str | None, file: Path | None) -> IntArray | None:
    """(n,) true place of each entry, or None where no truth is given."""
    if by_id is not None and by_id != "by-id":
        raise BadInput(f"--truth {by_id}: only 'by-id'; for a list use --truth-file")
    if file is not None:
        place = {cells[0]: i for i, (_, cells) in enumerate(lines(file))}
        absent = [name for name in named.entries if name not in place]
        if absent:
            raise BadInput(f"{file}: entry {absent[0]!r} is missing")
        return np.array([place[name] for name in named.entries], dtype=np.int64)
    if by_id is None:
        return None
    try:
        return np.array([int(name) for name in named.entries], dtype=np.int64)
    except ValueError as error:
        raise BadInput(f"--truth by-id: an id is not a whole number ({error})") from error


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


def parts_and_owners(
    named: NamedReviews, assignment: Path | None, *, parts: int, seed: bytes
) -> tuple[IntArray, IntArray]:
    """(n,) parts and (R,) reviewers' entries: of an assignment, or dealt by the seed."""
    number = {name: i for i, name in enumerate(named.entries)}
    if assignment is None:
        owner = np.array([number.get(r, -1) for r in named.reviewers], dtype=np.int64)
        deal = AssignmentProblem(
            n_entries=len(number), reviewer_entry=owner, reviews_per_entry=1, parts=parts
        )
        return deal.deal_parts(seed), owner
    stated = load_result(assignment)
    try:
        part = np.array([stated["part"][name] for name in named.entries], dtype=np.int64)
        mine = [stated["reviewer_entry"][name] for name in named.reviewers]
    except (KeyError, TypeError) as error:
        raise BadInput(f"{assignment}: unknown or missing: {error}") from error
    return part, np.array([number.get(name, -1) for name in mine], dtype=np.int64)


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
