"""What the commands of `concours review` read for the engine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from concours.cli.review.shared import waiting
from concours.peerreview import AssignmentProblem, BadInput, ReviewSet
from concours.peerreview.files import (
    NamedReviews,
    lines,
    read_comparisons,
    read_rankings,
    read_reviews,
    table,
)
from concours.peerreview.files.table import rows
from concours.peerreview.keyed import IntArray

ReviewsArgument = Annotated[
    Path,
    typer.Argument(help="Table: reviewer, entry, score (CSV, JSON, JSON Lines, Parquet)."),
]
RankingsOption = Annotated[
    bool,
    typer.Option("--rankings", help="REVIEWS has no header; line i is reviewer i's ranking."),
]
ComparisonsOption = Annotated[
    bool, typer.Option("--comparisons", help="REVIEWS is a table: winner, loser[, reviewer].")
]
AbstentionsOption = Annotated[
    bool, typer.Option("--abstentions", help="An empty score means: cannot judge.")
]
AssignmentOption = Annotated[
    Path | None, typer.Option(help="result.json of assign: reviewers' entries.")
]
OwnersOption = Annotated[
    Path | None, typer.Option(help="Table: id, entry. Default: a reviewer's entry has its id.")
]
EntriesOption = Annotated[Path | None, typer.Option(help="Table with id: all entries.")]


def read_any(
    path: Path,
    *,
    entries: Path | None,
    rankings: bool = False,
    comparisons: bool = False,
    abstentions: bool = False,
) -> NamedReviews:
    """Reviews, rankings or comparisons, with all entries where their file is given."""
    if rankings + comparisons + abstentions > 1:
        raise BadInput("--rankings, --comparisons, --abstentions: one at most")
    ids = None if entries is None else [row["id"] for _, row in table(entries, ["id"])]
    with waiting(f"reading {path.name}") as tell:
        if rankings:
            found = read_rankings(path, entries=ids)
        elif comparisons:
            found = read_comparisons(path, entries=ids)
        else:
            found = read_reviews(path, entries=ids, abstentions=abstentions, progress=tell)
    if not found.entries:
        raise BadInput(f"{path}: no reviews")
    return found


def load_result(path: Path) -> dict[str, Any]:
    """The result.json of an assignment."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{path}: not a result of assign ({error})") from error
    if not isinstance(value, dict):
        raise BadInput(f"{path}: not a result of assign")
    return value


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


def parts_and_owners(
    named: NamedReviews, assignment: Path | None, *, parts: int, seed: bytes
) -> tuple[NamedReviews, IntArray, IntArray]:
    """(reviews, (n,) parts, (R,) reviewers' entries): of an assignment, or dealt by the seed.

    Reviewers who owe reviews and gave none are added: silence must not change the votes' weight.
    """
    number = {name: i for i, name in enumerate(named.entries)}
    if assignment is None:
        everyone = with_reviewers(named, named.entries)
        owner = np.array([number.get(r, -1) for r in everyone.reviewers], dtype=np.int64)
        deal = AssignmentProblem(
            n_entries=len(number), reviewer_entry=owner, reviews_per_entry=1, parts=parts
        )
        return everyone, deal.deal_parts(seed), owner
    stated = load_result(assignment)
    try:
        everyone = with_reviewers(named, stated["reviewer_entry"])
        part = np.array([stated["part"][name] for name in named.entries], dtype=np.int64)
        mine = [stated["reviewer_entry"][name] for name in everyone.reviewers]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{assignment}: unknown or missing: {error}") from error
    return everyone, part, np.array([number.get(name, -1) for name in mine], dtype=np.int64)


def with_reviewers(named: NamedReviews, ids: Iterable[str]) -> NamedReviews:
    """The same reviews with reviewers `ids` added where they are not yet among the reviewers."""
    who = sorted({*named.reviewers, *ids})
    if who == named.reviewers:
        return named
    number = {name: i for i, name in enumerate(who)}
    new = np.array([number[name] for name in named.reviewers], dtype=np.int64)
    given = named.reviews
    if given.n_lists != given.n_reviewers:
        raise BadInput("comparisons by reviewers who are not all known: give scores or rankings")
    reviews = ReviewSet(
        n_entries=given.n_entries,
        n_reviewers=len(who),
        reviewer=new[given.reviewer],
        entry=given.entry,
        score=given.score,
        ranked=given.ranked,
        abstentions=np.stack([new[given.abstentions[:, 0]], given.abstentions[:, 1]], axis=1),
    )
    return NamedReviews(reviews=reviews, entries=named.entries, reviewers=who)


def owners_of(named: NamedReviews, *, assignment: Path | None, reviewers: Path | None) -> IntArray:
    """(R,) the entry of each reviewer, -1 = independent."""
    if assignment is not None and reviewers is not None:
        raise BadInput("--assignment and --reviewers: give one")
    if assignment is not None:
        stated = load_result(assignment).get("reviewer_entry")
        if not isinstance(stated, dict):
            raise BadInput(f"{assignment}: no reviewer_entry: not a result of assign")
        source, own = str(assignment), {str(name): entry or "" for name, entry in stated.items()}
    elif reviewers is not None:
        source = str(reviewers)
        own = {row["id"]: row["entry"] for _, row in rows(reviewers, ["id", "entry"])}
    else:
        source, own = "", {name: name for name in named.reviewers}
    absent = [name for name in named.reviewers if name not in own]
    if absent:
        raise BadInput(f"{source}: reviewer {absent[0]!r} is missing")
    number = {name: i for i, name in enumerate(named.entries)}
    return np.array([number.get(own[name], -1) for name in named.reviewers], dtype=np.int64)
