"""`concours review`: the peer-review engine on files."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from concours import peerreview as engine
from concours.cli import review_files as work
from concours.cli import review_report as report
from concours.cli.console import console, errors
from concours.cli.review_files import refusals, waiting
from concours.peerreview.files import Roster, read_roster

app = typer.Typer(no_args_is_help=True)

SeedOption = Annotated[str | None, typer.Option(help="Seed in hexadecimal.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, nothing else.")]
RankingsOption = Annotated[
    bool,
    typer.Option("--rankings", help="REVIEWS has no header; line i is reviewer i's ranking."),
]
ReviewsArgument = Annotated[Path, typer.Argument(help="CSV: reviewer, entry, score.")]


@app.command()
def assign(
    entries: Annotated[Path, typer.Argument(help="CSV: id[, team, organisation].")],
    reviewers: Annotated[
        Path | None, typer.Argument(help="CSV: id, entry[, organisation]. Default: the entries.")
    ] = None,
    conflicts: Annotated[Path | None, typer.Option(help="CSV: reviewer, entry.")] = None,
    seed: SeedOption = None,
    new_seed: Annotated[bool, typer.Option(help="Draw a seed and print it.")] = False,
    k: Annotated[int, typer.Option("-k", "--reviews", help="Reviews an entry gets.")] = 5,
    parts: Annotated[int, typer.Option(help="Parts that never review themselves.")] = 1,
    load_min: Annotated[int | None, typer.Option(help="Least reviews of a reviewer.")] = None,
    load_max: Annotated[int | None, typer.Option(help="Most reviews of a reviewer.")] = None,
    allow_mutual: Annotated[bool, typer.Option(help="Allow A and B to review each other.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for assignments.csv and result.json.")] = Path(),
    verify: Annotated[
        Path | None, typer.Option(help="Check this result.json against the inputs.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Assign reviewers to entries, or verify an assignment; exit 1 where it does not hold."""
    with refusals():
        roster = read_roster(entries, reviewers=reviewers, conflicts=conflicts)
        stated = work.load_result(verify) if verify is not None else None
        chosen = {
            "reviews_per_entry": k,
            "parts": parts,
            "load_min": load_min,
            "load_max": load_max,
            "allow_mutual": allow_mutual,
        }
        problem = engine.AssignmentProblem(
            n_entries=len(roster.entries),
            reviewer_entry=roster.reviewer_entry,
            conflicts=roster.conflicts,
            reviewer_groups=roster.reviewer_groups,
            entry_groups=roster.entry_groups,
            **(chosen if stated is None else work.parameters(stated, verify)),
        )
        if stated is not None and verify is not None:
            _verify(problem, roster, stated, path=verify, seed=seed, as_json=as_json)
            return
        key = work.seed_bytes(seed, new=new_seed)
        start = time.perf_counter()
        with waiting("assigning"):
            result = engine.assign(problem, seed=key)
        taken = time.perf_counter() - start
        summary = report.save_assignment(out, problem, roster, result, key, chosen)
        if as_json:
            typer.echo(json.dumps(summary))
        else:
            report.print_assignment(summary, taken, out, show_seed=new_seed)


def _verify(
    problem: engine.AssignmentProblem,
    roster: Roster,
    stated: dict[str, Any],
    *,
    path: Path,
    seed: str | None,
    as_json: bool,
) -> None:
    key = work.seed_bytes(seed or stated.get("seed", ""), new=False)
    result = work.as_result(stated, roster, path)
    with waiting("verifying"):
        faults = engine.verify_assignment(problem, result, seed=key)
    for fault in faults:
        errors.print(f"{fault.code}: {fault.message}", markup=False, soft_wrap=True)
    if as_json:
        typer.echo(json.dumps({"holds": not faults, "faults": [f.code for f in faults]}))
    elif not faults:
        console.print(f"The assignment holds: {len(result.pairs)} reviews.")
    if faults:
        raise typer.Exit(1)


@app.command()
def consensus(
    reviews: ReviewsArgument,
    rankings: RankingsOption = False,
    entries: Annotated[Path | None, typer.Option(help="CSV with id: all entries.")] = None,
    level: Annotated[float, typer.Option(help="Coverage of the intervals.")] = 0.95,
    top: Annotated[int | None, typer.Option(help="Chance to be among the best TOP.")] = None,
    seed: Annotated[str, typer.Option(help="Seed in hexadecimal, for ties and draws.")] = "",
    draws: Annotated[int, typer.Option(help="Posterior draws.")] = 1_000,
    truth: Annotated[
        str | None, typer.Option(help="'by-id': the ids, as numbers, are the true order.")
    ] = None,
    truth_file: Annotated[Path | None, typer.Option(help="Ids, best first, one a line.")] = None,
    out: Annotated[Path, typer.Option(help="Where to write.")] = Path("standings.csv"),
    show: Annotated[int, typer.Option(help="Lines of the table printed.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Standings from reviews, with rank intervals and reviewers' calibration."""
    with refusals():
        named = work.read_either(reviews, rankings=rankings, entries=entries)
        order = work.true_places(named, by_id=truth, file=truth_file)
        key = work.seed_bytes(seed, new=False) if seed else b""
        with waiting("finding the consensus"):
            result = engine.consensus(named.reviews, level=level, seed=key, draws=draws, top=top)
        report.write_standings(out, named, result)
        facts = report.consensus_facts(named, result, order)
        if as_json:
            typer.echo(json.dumps(facts))
        else:
            report.print_standings(named, result, facts, show=show)
            console.print(f"{out}", soft_wrap=True)


@app.command()
def select(
    reviews: ReviewsArgument,
    size: Annotated[int, typer.Option(help="How many to select, exactly.")],
    seed: Annotated[str, typer.Option(help="Seed in hexadecimal.")],
    rankings: RankingsOption = False,
    entries: Annotated[Path | None, typer.Option(help="CSV with id: all entries.")] = None,
    assignment: Annotated[
        Path | None, typer.Option(help="result.json of assign: parts and reviewers' entries.")
    ] = None,
    parts: Annotated[int, typer.Option(help="Parts to deal to without --assignment.")] = 4,
    method: Annotated[str, typer.Option(help="Name of the method.")] = "exact-dollar-partition",
    out: Annotated[Path, typer.Option(help="Where to write.")] = Path("selection.csv"),
    as_json: JsonOption = False,
) -> None:
    """Select entries so that nobody gains by a false report.

    Without --assignment a reviewer's own entry is the one of the same id.
    """
    with refusals():
        named = work.read_either(reviews, rankings=rankings, entries=entries)
        key = work.seed_bytes(seed, new=False)
        named, part, owner = work.parts_and_owners(named, assignment, parts=parts, seed=key)
        result = engine.select(
            named.reviews, size=size, part=part, seed=key, reviewer_entry=owner, method=method
        )
        report.write_selection(out, named, result)
        chosen = [named.entries[e] for e in result.selected]
        if as_json:
            facts = {"method": result.method, "impartial": result.impartial, "selected": chosen}
            typer.echo(json.dumps(facts))
            return
        table = Table("part", "entries", "share", "quota", "seats", title=f"{size} selected")
        for p, seats in enumerate(result.seats):
            count = int((result.part == p).sum())
            numbers = (f"{result.share[p]:.4f}", f"{result.quota[p]:.3f}", str(seats))
            table.add_row(str(p), str(count), *numbers)
        console.print(table)
        console.print(f"{out}", soft_wrap=True)
