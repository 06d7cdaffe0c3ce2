"""Standings without one's own reviews, and what staged changes would do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console
from concours.cli.review.reading import with_reviewers
from concours.peerreview import BadInput, Change, ConsensusResult, ImpartialRanks, WhatIf
from concours.peerreview.files import NamedReviews, where
from concours.peerreview.files.columns import finite
from concours.peerreview.files.table import rows
from concours.peerreview.files.write import Column


def read_changes(path: Path, named: NamedReviews) -> tuple[NamedReviews, list[Change]]:
    """Changes (reviewer, entry, score or None) of a table; an empty score removes a review.

    New reviewers are added to the reviews.
    """
    found: list[tuple[str, str, float | None]] = []
    met: dict[tuple[str, str], int] = {}
    known = set(named.entries)
    for number, row in rows(path, ["reviewer", "entry", "score"]):
        place, pair = where(path, number), (row["reviewer"], row["entry"])
        if not row["reviewer"]:
            raise BadInput(f"{place}: reviewer is empty")
        if row["entry"] not in known:
            raise BadInput(f"{place}: no entry {row['entry']!r}")
        if pair in met:
            raise BadInput(f"{place}: same reviewer and entry as in line {met[pair]}")
        met[pair] = number
        score = finite(place, "score", row["score"]) if row["score"] else None
        found.append((*pair, score))
    everyone = with_reviewers(named, [reviewer for reviewer, _, _ in found])
    who = {name: i for i, name in enumerate(everyone.reviewers)}
    what = {name: i for i, name in enumerate(everyone.entries)}
    return everyone, [(who[reviewer], what[entry], score) for reviewer, entry, score in found]


def moves_of(named: NamedReviews, found: WhatIf) -> dict[str, Column]:
    """One row an entry whose rank differs, the greatest move first."""
    moved = found.moved
    columns: dict[str, Column] = {
        "entry": [named.entries[e] for e in moved.tolist()],
        "rank_before": found.before.rank[moved],
        "rank_after": found.after.rank[moved],
    }
    for name, result in (("before", found.before), ("after", found.after)):
        if result.top_probability is not None:
            columns[f"top_{result.top}_{name}"] = result.top_probability[moved]
    return columns


def say_moves(named: NamedReviews, found: WhatIf, *, show: int) -> None:
    """Who moves by the changes."""
    moved = found.moved
    count = len(moved)
    console.print(f"The changes move {count:,} of {len(named.entries):,} entries.")
    if not count or not show:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("entry", overflow="fold")
    for name in ("before", "after"):
        table.add_column(name, justify="right")
    for e in moved[:show].tolist():
        ranks = (str(found.before.rank[e]), str(found.after.rank[e]))
        table.add_row(escape(named.entries[e]), *ranks)
    console.print(table)


def own_left_out(ranks: ImpartialRanks, result: ConsensusResult) -> dict[str, Column]:
    """Columns of the standings: each entry as a fit without its own reviewers sees it."""
    order = result.order
    return {
        "own_left_out_rank": ranks.rank[order],
        "own_left_out_low": ranks.rank_low[order],
        "own_left_out_high": ranks.rank_high[order],
        "own_left_out_estimate": ranks.estimate[order],
    }


def say_own_left_out(ranks: ImpartialRanks, result: ConsensusResult) -> None:
    """How far one's own reviews move one's own rank."""
    change = np.abs(ranks.rank - result.rank)
    console.print(
        f"Without the reviews by one's own reviewers ({ranks.folds} fits) the own rank differs by "
        f"{change.mean():.1f} places on average, {int(change.max())} at most."
    )
    if not ranks.converged:
        console.print("[red]Not every one of these fits converged.")
