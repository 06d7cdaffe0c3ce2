"""`concours review repair`: an assignment after a reviewer leaves or a conflict is declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from concours.cli.console import console
from concours.cli.review import assigned
from concours.cli.review import problem as given
from concours.cli.review.problem import Inputs, by_name, problem_of, read_inputs
from concours.cli.review.reading import load_result
from concours.cli.review.shared import (
    JsonOption,
    as_json,
    refusals,
    say_paths,
    seed_bytes,
    waiting,
)
from concours.peerreview import BadInput, InfeasibleAssignment
from concours.peerreview.assignment.mend import Mended, mend
from concours.peerreview.files import Roster, table, where
from concours.peerreview.files.table import rows
from concours.peerreview.keyed import IntArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Change:
    """What happened, in numbers of the roster; `names` are those of the emergency reviewers."""

    gone: IntArray
    late: IntArray
    done: IntArray
    emergency: IntArray
    names: list[str]


def repair(
    result: Annotated[Path, typer.Argument(help="The result.json to repair.")],
    entries: given.EntriesArgument = None,
    reviewers: given.ReviewersArgument = None,
    gone: Annotated[
        list[str] | None, typer.Option(help="Id of a reviewer who leaves; may be repeated.")
    ] = None,
    late: Annotated[
        Path | None, typer.Option(help="Table of conflicts declared late: reviewer, entry.")
    ] = None,
    done: Annotated[
        Path | None, typer.Option(help="Table of reviews already written: reviewer, entry.")
    ] = None,
    emergency: Annotated[
        Path | None, typer.Option(help="Table of new reviewers: id, entry (empty: independent).")
    ] = None,
    conflicts: given.ConflictsOption = None,
    groups: given.GroupsOption = None,
    loads: given.LoadsOption = None,
    similarity: given.SimilarityOption = None,
    entry_vectors: given.EntryVectorsOption = None,
    reviewer_vectors: given.ReviewerVectorsOption = None,
    seed: Annotated[str | None, typer.Option(help="Seed; default: the stated one.")] = None,
    out: Annotated[
        Path, typer.Option(help="Folder for assignments.csv and result.json, or a table's name.")
    ] = Path("repaired"),
    json: JsonOption = False,
) -> None:
    """Change as few pairs as can be so that every constraint holds again.

    The tables are those of `assign`; parameters and seed are those of RESULT.
    """
    inputs = Inputs(
        entries=entries,
        reviewers=reviewers,
        conflicts=conflicts,
        groups=groups,
        loads=loads,
        similarity=similarity,
        entry_vectors=entry_vectors,
        reviewer_vectors=reviewer_vectors,
    )
    with refusals():
        stated = load_result(result)
        roster, fit = read_inputs(inputs)
        problem = problem_of(roster, fit, assigned.parameters(stated, result))
        before = assigned.as_result(stated, roster, result)
        change = _change(roster, gone or [], late=late, done=done, emergency=emergency)
        key = seed_bytes(seed or stated.get("seed", ""))
        try:
            with waiting("repairing"):
                mended = mend(
                    problem,
                    before,
                    seed=key,
                    gone=change.gone,
                    conflicts=change.late,
                    done=change.done,
                    emergency=change.emergency,
                )
        except InfeasibleAssignment as error:
            raise by_name(error, roster) from error
        now = replace(
            roster,
            reviewers=[*roster.reviewers, *change.names],
            reviewer_entry=mended.problem.reviewer_entry,
        )
        summary = assigned.save(
            out, mended.problem, now, mended.result, key, assigned.parameters(stated, result)
        )
        facts = summary | {"changes": _changes(mended, now)}
        if json:
            typer.echo(as_json(facts))
        else:
            _say(mended, facts)
            say_paths(assigned.paths_of(out))


def _change(
    roster: Roster,
    gone: Sequence[str],
    *,
    late: Path | None,
    done: Path | None,
    emergency: Path | None,
) -> Change:
    number = {name: i for i, name in enumerate(roster.reviewers)}
    for name in gone:
        if name not in number:
            raise BadInput(f"--gone: no reviewer {name!r}")
    names, owner = _emergency(emergency, roster)
    return Change(
        gone=np.array(sorted({number[name] for name in gone}), dtype=np.int64),
        late=_pairs(late, roster),
        done=_pairs(done, roster),
        emergency=owner,
        names=names,
    )


def _pairs(path: Path | None, roster: Roster) -> IntArray:
    if path is None:
        return np.zeros((0, 2), dtype=np.int64)
    known = {
        "reviewer": {name: i for i, name in enumerate(roster.reviewers)},
        "entry": {name: i for i, name in enumerate(roster.entries)},
    }
    found = []
    for line, row in table(path, ["reviewer", "entry"]):
        for kind, numbers in known.items():
            if row[kind] not in numbers:
                raise BadInput(f"{where(path, line)}: no {kind} {row[kind]!r}")
        found.append((known["reviewer"][row["reviewer"]], known["entry"][row["entry"]]))
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _emergency(path: Path | None, roster: Roster) -> tuple[list[str], IntArray]:
    """Ids and entries of new reviewers, by id."""
    if path is None:
        return [], np.zeros(0, dtype=np.int64)
    number = {name: i for i, name in enumerate(roster.entries)}
    found: dict[str, int] = {}
    for line, row in rows(path, ["id", "entry"]):
        place = where(path, line)
        if not row["id"]:
            raise BadInput(f"{place}: id is empty")
        if row["id"] in found or row["id"] in roster.reviewers:
            raise BadInput(f"{place}: reviewer {row['id']!r} is there already")
        if row["entry"] and row["entry"] not in number:
            raise BadInput(f"{place}: no entry {row['entry']!r}")
        found[row["id"]] = number.get(row["entry"], -1)
    names = sorted(found)
    return names, np.array([found[name] for name in names], dtype=np.int64)


def _changes(mended: Mended, roster: Roster) -> dict[str, list[tuple[str, str]]]:
    return {
        word: [(roster.reviewers[r], roster.entries[e]) for r, e in pairs.tolist()]
        for word, pairs in (("removed", mended.removed), ("added", mended.added))
    }


def _say(mended: Mended, facts: dict[str, dict[str, list[tuple[str, str]]]]) -> None:
    proof = "no fewer can change" if mended.smallest else "fewer might do"
    console.print(
        f"{len(mended.removed)} pairs removed, {len(mended.added)} added ({proof})",
        highlight=False,
    )
    for word, pairs in facts["changes"].items():
        for reviewer, entry in pairs:
            console.print(f"{word:<8} {reviewer} on {entry}", markup=False, highlight=False)
    if mended.widened:
        console.print(f"[yellow]Bounds of loads had to be widened by {mended.widened}.")
