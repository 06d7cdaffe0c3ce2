"""An assignment as files and words."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from concours.cli.console import console
from concours.cli.review.shared import as_json, say_paths
from concours.peerreview import AssignmentProblem, AssignmentResult, BadInput
from concours.peerreview.files import Roster, is_table, write_table
from concours.peerreview.files.write import Column, replacing
from concours.peerreview.keyed import FloatArray

LATER = {
    "cycles_up_to": 2,
    "cliques_of": 0,
    "max_per_team": None,
    "max_per_group": None,
    "max_probability": 1.0,
    "perturbation": 0.5,
    "perturbation_shape": "quadratic",
}
"""Parameters that older results do not state, with what they were."""
PARAMETERS = ("reviews_per_entry", "parts", "load_min", "load_max", "allow_mutual")
SHOWN = 5


def save(
    out: Path,
    problem: AssignmentProblem,
    roster: Roster,
    result: AssignmentResult,
    seed: bytes,
    chosen: dict[str, Any],
) -> dict[str, Any]:
    """Write the pairs and result.json; returns the summary without the long lists."""
    reviewer, entry = result.pairs.T.tolist() if len(result.pairs) else ([], [])
    pairs = [(roster.reviewers[r], roster.entries[e]) for r, e in zip(reviewer, entry, strict=True)]
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
        "facts": result.facts,
        "drawn": result.marginals is not None,
        "parameters": chosen,
    }
    table: dict[str, Column] = {"reviewer": [r for r, _ in pairs], "entry": [e for _, e in pairs]}
    if problem.similarity is not None:
        units = problem.similarity.units(result.pairs[:, 0], result.pairs[:, 1])
        table["similarity"] = (units / 1_000_000).tolist()
    paths = paths_of(out, drawn=result.marginals is not None)
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    write_table(paths[0], table)
    if result.marginals is not None:
        write_table(paths[2], _marginals(result.marginals, roster))
    owners = zip(roster.reviewers, roster.reviewer_entry.tolist(), strict=True)
    long = {
        "part": dict(zip(roster.entries, result.part.tolist(), strict=True)),
        "reviewer_entry": {r: roster.entries[e] if e >= 0 else None for r, e in owners},
        "pairs": pairs,
    }
    with replacing(paths[1]) as file:
        file.write(as_json(summary, indent=1).removesuffix("\n}"))
        for name, value in long.items():  # one line each: they are long
            file.write(f',\n "{name}": {json.dumps(value, ensure_ascii=False)}')
        file.write("\n}\n")
    return summary


def paths_of(out: Path, *, drawn: bool = False) -> list[Path]:
    """The table of pairs, result.json and, of a method that draws, the probabilities."""
    first = out if is_table(out) else out / "assignments.csv"
    ending = "".join(first.suffixes[-2:]) if first.suffix == ".gz" else first.suffix
    more = [first.with_name(f"probabilities{ending}")] if drawn else []
    return [first, first.with_name("result.json"), *more]


def _marginals(marginals: FloatArray, roster: Roster) -> dict[str, Column]:
    """Probability of each pair that the method could have drawn."""
    reviewer, entry = marginals[:, :2].astype(np.int64).T.tolist()
    return {
        "reviewer": [roster.reviewers[r] for r in reviewer],
        "entry": [roster.entries[e] for e in entry],
        "probability": marginals[:, 2],
    }


def say(summary: dict[str, Any], taken: float, out: Path, *, show_seed: bool) -> None:
    """Say what was assigned, and the seed with its commitment where it is new."""
    low, high = summary["loads"]
    each = str(low) if low == high else f"{low} to {high}"
    console.print(
        f"{summary['reviews']:,} reviews of {summary['entries']:,} entries by "
        f"{summary['reviewers']:,} reviewers, {each} each, in {taken:.2f} s "
        f"({summary['method']}: {summary['route']})"
    )
    for name, value in summary["facts"].items():
        number = f"{value:,.6f}".rstrip("0").rstrip(".")
        console.print(f"{name:<13} {number}", highlight=False)
    if show_seed:
        console.print(f"seed          {summary['seed']}", soft_wrap=True)
    console.print(f"commitment    {summary['commitment']}  SHA-256 of the seed", soft_wrap=True)
    console.print(f"inputs        {summary['inputs_digest']}", soft_wrap=True)
    say_paths(paths_of(out, drawn=summary["drawn"]))


def parameters(stated: dict[str, Any], path: Path) -> dict[str, Any]:
    """The stated parameters of the problem."""
    try:
        known = {name: stated["parameters"][name] for name in PARAMETERS}
        return known | {
            name: stated["parameters"].get(name, value) for name, value in LATER.items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise BadInput(f"{path}: no parameters ({error})") from error


def as_result(stated: dict[str, Any], roster: Roster, path: Path) -> AssignmentResult:
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


def differences(
    stated: AssignmentResult, again: AssignmentResult, roster: Roster
) -> dict[str, list[tuple[str, str]]]:
    """Pairs by id that only the stated, and only the computed assignment has."""
    mine = {(r, e) for r, e in stated.pairs.tolist()}
    true = {(r, e) for r, e in again.pairs.tolist()}
    return {
        name: [(roster.reviewers[r], roster.entries[e]) for r, e in sorted(only)]
        for name, only in (("only_stated", mine - true), ("only_computed", true - mine))
    }


def say_differences(moved: dict[str, list[tuple[str, str]]]) -> None:
    """Name the first pairs that differ."""
    for name, words in (
        ("only_stated", "stated, not computed"),
        ("only_computed", "computed, not stated"),
    ):
        pairs = moved[name]
        if pairs:
            shown = ", ".join(f"{r} on {e}" for r, e in pairs[:SHOWN])
            more = f" and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
            console.print(f"{words}: {shown}{more}", markup=False, soft_wrap=True)
