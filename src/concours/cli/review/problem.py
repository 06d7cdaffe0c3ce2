"""The assignment problem of a command line: roster, similarity, limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from concours.peerreview import AssignmentProblem, BadInput, InfeasibleAssignment, Similarity
from concours.peerreview.files import (
    Roster,
    read_in,
    read_roster,
    read_similarity,
    read_vectors,
)
from concours.peerreview.files.text import kind
from concours.peerreview.keyed import FloatArray, IntArray

EntriesArgument = Annotated[
    Path | None, typer.Argument(help="Table: id[, team, organisation, mentor].")
]
ReviewersArgument = Annotated[
    Path | None,
    typer.Argument(help="Table: id, entry[, organisation, mentor]. Default: the entries."),
]
ConflictsOption = Annotated[Path | None, typer.Option(help="Table: reviewer, entry.")]
GroupsOption = Annotated[Path | None, typer.Option(help="Table: group, reviewer or entry or both.")]
LoadsOption = Annotated[Path | None, typer.Option(help="Table: reviewer, min or max or both.")]
SimilarityOption = Annotated[
    Path | None,
    typer.Option(help="Table: reviewer, entry, similarity; or a matrix; or a .in file alone."),
]
EntryVectorsOption = Annotated[Path | None, typer.Option(help="Table: id, then dimensions.")]
ReviewerVectorsOption = Annotated[
    Path | None, typer.Option(help="Table: id, then dimensions. Default: of the own entry.")
]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Files behind an assignment."""

    entries: Path | None
    reviewers: Path | None
    conflicts: Path | None
    groups: Path | None
    loads: Path | None
    similarity: Path | None
    entry_vectors: Path | None
    reviewer_vectors: Path | None


def read_inputs(inputs: Inputs) -> tuple[Roster, Similarity | None]:
    """The roster and how well reviewers fit entries."""
    if inputs.similarity is not None and kind(inputs.similarity) == "in":
        return _from_in(inputs.similarity, inputs)
    if inputs.entries is None:
        raise BadInput("ENTRIES: a table with the column id is needed")
    roster = read_roster(
        inputs.entries,
        reviewers=inputs.reviewers,
        conflicts=inputs.conflicts,
        groups=inputs.groups,
        loads=inputs.loads,
    )
    if inputs.entry_vectors is not None or inputs.reviewer_vectors is not None:
        if inputs.similarity is not None:
            raise BadInput("--similarity and vectors: give one of them")
        return roster, _by_vectors(roster, inputs)
    if inputs.similarity is None:
        return roster, None
    found = read_similarity(inputs.similarity, reviewers=roster.reviewers, entries=roster.entries)
    return roster, found


def problem_of(
    roster: Roster, similarity: Similarity | None, chosen: dict[str, Any]
) -> AssignmentProblem:
    """The problem with the chosen parameters; loads of a file of loads come first."""
    low, high = _loads(roster, chosen)
    grouped = roster.reviewer_groups.shape[1] > 0
    return AssignmentProblem(
        n_entries=len(roster.entries),
        reviewer_entry=roster.reviewer_entry,
        conflicts=roster.conflicts,
        reviewer_groups=roster.reviewer_groups if grouped else None,
        entry_groups=roster.entry_groups if grouped else None,
        similarity=similarity,
        **chosen | {"load_min": low, "load_max": high},
    )


def by_name(error: InfeasibleAssignment, roster: Roster) -> BadInput:
    """The refusal with ids in the place of numbers."""
    words = with_ids(
        str(error),
        roster,
        reviewer=error.details.get("reviewer"),
        entry=error.details.get("entry"),
    )
    return BadInput(words)


def with_ids(
    words: str, roster: Roster, *, reviewer: int | None = None, entry: int | None = None
) -> str:
    """A sentence of the engine with ids in the place of these numbers."""
    for what, number, names in (
        ("reviewer", reviewer, roster.reviewers),
        ("entry", entry, roster.entries),
    ):
        if number is not None:
            named = f"{what} {names[number]!r}"
            words = re.sub(rf"\b{what} {number}\b", lambda _: named, words)  # noqa: B023
    return words


def _loads(
    roster: Roster, chosen: dict[str, Any]
) -> tuple[IntArray | int | None, IntArray | int | None]:
    low, high = chosen["load_min"], chosen["load_max"]
    if roster.load_min is None or roster.load_max is None:
        return low, high
    free = np.flatnonzero(roster.load_max < 0)
    if free.size and high is None:
        name = roster.reviewers[int(free[0])]
        raise BadInput(f"--loads: reviewer {name!r} has no max: state it, or give --load-max")
    least = np.where(roster.load_min < 0, 0 if low is None else low, roster.load_min)
    most = np.where(roster.load_max < 0, high or 0, roster.load_max)
    over = np.flatnonzero(least > most)
    if over.size:
        at = int(over[0])
        raise BadInput(
            f"--loads: reviewer {roster.reviewers[at]!r} must do {least[at]} reviews and may do "
            f"{most[at]}: state both min and max"
        )
    return least, most


def _from_in(path: Path, inputs: Inputs) -> tuple[Roster, Similarity]:
    """A matrix without ids: every reviewer is independent."""
    if inputs != Inputs(**{**dict.fromkeys(vars(inputs)), "similarity": path}):
        raise BadInput(f"{path}: a .in file has no ids, so that no other table can go with it")
    found = read_in(path)
    n, reviewers = len(found.entries), len(found.reviewers)
    roster = Roster(
        entries=found.entries,
        reviewers=found.reviewers,
        reviewer_entry=np.full(reviewers, -1, dtype=np.int64),
        reviewer_groups=np.zeros((reviewers, 0), dtype=np.int64),
        entry_groups=np.zeros((n, 0), dtype=np.int64),
        conflicts=np.zeros((0, 2), dtype=np.int64),
    )
    return roster, found.similarity


def _by_vectors(roster: Roster, inputs: Inputs) -> Similarity:
    if inputs.entry_vectors is None:
        raise BadInput("--reviewer-vectors: give --entry-vectors too")
    theirs = read_vectors(inputs.entry_vectors, ids=roster.entries, what="entry")
    return Similarity.vectors(_reviewer_vectors(roster, inputs, theirs), theirs)


def _reviewer_vectors(roster: Roster, inputs: Inputs, theirs: FloatArray) -> FloatArray:
    if inputs.reviewer_vectors is not None:
        return read_vectors(inputs.reviewer_vectors, ids=roster.reviewers, what="reviewer")
    alone = np.flatnonzero(roster.reviewer_entry < 0)
    if alone.size:
        name = roster.reviewers[int(alone[0])]
        raise BadInput(f"reviewer {name!r} has no entry to take a vector of: --reviewer-vectors")
    return np.asarray(theirs[roster.reviewer_entry], dtype=np.float64)
