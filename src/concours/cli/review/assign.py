"""`concours review assign` and `verify`: who reviews whom, and whether it is so."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from concours import peerreview as engine
from concours.cli.console import console, errors
from concours.cli.review import assigned
from concours.cli.review import problem as given
from concours.cli.review.problem import Inputs, by_name, problem_of, read_inputs, with_ids
from concours.cli.review.reading import load_result
from concours.cli.review.shared import JsonOption, as_json, refusals, seed_bytes, waiting
from concours.peerreview import AssignmentProblem, BadInput, InfeasibleAssignment
from concours.peerreview.files import Roster

METHODS = ", ".join(engine.ASSIGNERS)


def assign(
    entries: given.EntriesArgument = None,
    reviewers: given.ReviewersArgument = None,
    conflicts: given.ConflictsOption = None,
    groups: given.GroupsOption = None,
    loads: given.LoadsOption = None,
    similarity: given.SimilarityOption = None,
    entry_vectors: given.EntryVectorsOption = None,
    reviewer_vectors: given.ReviewerVectorsOption = None,
    seed: Annotated[str | None, typer.Option(help="Seed in hexadecimal.")] = None,
    new_seed: Annotated[bool, typer.Option(help="Draw a seed and print it.")] = False,
    k: Annotated[int, typer.Option("-k", "--reviews", help="Reviews an entry gets.")] = 5,
    method: Annotated[
        str | None,
        typer.Option(help=f"{METHODS}. Default: total with similarity, else balanced."),
    ] = None,
    parts: Annotated[int, typer.Option(help="Parts that never review themselves.")] = 1,
    load_min: Annotated[int | None, typer.Option(help="Least reviews of a reviewer.")] = None,
    load_max: Annotated[int | None, typer.Option(help="Most reviews of a reviewer.")] = None,
    allow_mutual: Annotated[bool, typer.Option(help="Allow A and B to review each other.")] = False,
    cycles_up_to: Annotated[
        int, typer.Option(help="No cycle of so many entries: 3 bans A to B to C to A too.")
    ] = 2,
    cliques_of: Annotated[
        int, typer.Option(help="No so many entries that all review one another; 0: no ban.")
    ] = 0,
    max_per_team: Annotated[
        int | None, typer.Option(help="Most reviewers of an entry from one team.")
    ] = None,
    max_per_group: Annotated[
        int | None, typer.Option(help="Most reviewers of an entry from one group.")
    ] = None,
    max_probability: Annotated[
        float, typer.Option(help="Largest chance of any pair, for methods that draw.")
    ] = 1.0,
    perturbation: Annotated[
        float, typer.Option(help="Method perturbed: how wide chances are spread, 0 to 1.")
    ] = 0.5,
    perturbation_shape: Annotated[
        str, typer.Option(help="Method perturbed: quadratic or exponential.")
    ] = "quadratic",
    out: Annotated[
        Path, typer.Option(help="Folder for assignments.csv and result.json, or a table's name.")
    ] = Path(),
    check: Annotated[
        Path | None, typer.Option("--verify", help="As `verify` with this result.json.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Assign reviewers to entries: the same inputs and seed give the same pairs anywhere."""
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
    chosen = {
        "reviews_per_entry": k,
        "parts": parts,
        "load_min": load_min,
        "load_max": load_max,
        "allow_mutual": allow_mutual,
        "cycles_up_to": cycles_up_to,
        "cliques_of": cliques_of,
        "max_per_team": max_per_team,
        "max_per_group": max_per_group,
        "max_probability": max_probability,
        "perturbation": perturbation,
        "perturbation_shape": perturbation_shape,
    }
    with refusals():
        if check is not None:
            _verify(check, inputs, seed=seed, json=json)
            return
        roster, found = read_inputs(inputs)
        problem = problem_of(roster, found, chosen)
        key = seed_bytes(seed, new=new_seed)
        start = time.perf_counter()
        result = _assigned(problem, roster, key, method or _usual(problem))
        taken = time.perf_counter() - start
        summary = assigned.save(out, problem, roster, result, key, chosen)
        if json:
            typer.echo(as_json(summary))
        else:
            assigned.say(summary, taken, out, show_seed=new_seed)


def verify(
    result: Annotated[Path, typer.Argument(help="The result.json of assign.")],
    entries: given.EntriesArgument = None,
    reviewers: given.ReviewersArgument = None,
    conflicts: given.ConflictsOption = None,
    groups: given.GroupsOption = None,
    loads: given.LoadsOption = None,
    similarity: given.SimilarityOption = None,
    entry_vectors: given.EntryVectorsOption = None,
    reviewer_vectors: given.ReviewerVectorsOption = None,
    seed: Annotated[str | None, typer.Option(help="Seed; default: the stated one.")] = None,
    json: JsonOption = False,
) -> None:
    """Compute an assignment again from its inputs and seed, and say what differs.

    Exit 1 where it does not hold.
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
        _verify(result, inputs, seed=seed, json=json)


def _usual(problem: AssignmentProblem) -> str:
    usual = "total" if problem.similarity is not None else "balanced"
    return usual if usual in engine.ASSIGNERS else "balanced"


def _assigned(
    problem: AssignmentProblem, roster: Roster, seed: bytes, method: str
) -> engine.AssignmentResult:
    try:
        with waiting("assigning"):
            return engine.assign(problem, seed=seed, method=method)
    except InfeasibleAssignment as error:
        raise by_name(error, roster) from error


def _verify(path: Path, inputs: Inputs, *, seed: str | None, json: bool) -> None:
    stated = load_result(path)
    roster, found = read_inputs(inputs)
    problem = problem_of(roster, found, assigned.parameters(stated, path))
    result = assigned.as_result(stated, roster, path)
    if result.method not in engine.ASSIGNERS:
        raise BadInput(f"{path}: no method {result.method!r}: {METHODS}")
    key = seed_bytes(seed or stated.get("seed", ""))
    try:
        with waiting("computing it again"):
            faults = engine.verify_assignment(problem, result, seed=key)
            differ = any(fault.code == "pairs-differ" for fault in faults)
            again = engine.assign(problem, seed=key, method=result.method) if differ else result
    except InfeasibleAssignment as error:
        raise by_name(error, roster) from error
    moved = assigned.differences(result, again, roster)
    for fault in faults:
        words = with_ids(fault.message, roster, reviewer=fault.reviewer, entry=fault.entry)
        errors.print(f"{fault.code}: {words}", markup=False, highlight=False, soft_wrap=True)
    if json:
        facts: dict[str, Any] = {"holds": not faults, "faults": [f.code for f in faults]}
        typer.echo(as_json(facts | moved))
    elif faults:
        assigned.say_differences(moved)
    else:
        console.print(
            f"The assignment holds: {len(result.pairs):,} reviews, each as inputs and seed give."
        )
    if faults:
        raise typer.Exit(1)
