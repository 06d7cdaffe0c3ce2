"""`concours review select`: who is selected, so that nobody gains by a false report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.markup import escape
from rich.table import Table

from concours import peerreview as engine
from concours.cli.console import console
from concours.cli.review import reading
from concours.cli.review.shared import (
    JsonOption,
    ShowOption,
    as_json,
    default_of,
    percent,
    refusals,
    say_paths,
    seed_bytes,
    waiting,
    write_outputs,
)
from concours.peerreview import ConsensusResult, SelectionResult
from concours.peerreview.files import NamedReviews
from concours.peerreview.files.write import Column
from concours.peerreview.selection import ExpectedRecall, expected_recall

METHODS = ", ".join(engine.SELECTORS)


def select(
    reviews: reading.ReviewsArgument,
    size: Annotated[int, typer.Option(help="How many to select.")],
    seed: Annotated[str, typer.Option(help="Seed in hexadecimal.")],
    rankings: reading.RankingsOption = False,
    comparisons: reading.ComparisonsOption = False,
    entries: reading.EntriesOption = None,
    assignment: Annotated[
        Path | None, typer.Option(help="result.json of assign: parts and reviewers' entries.")
    ] = None,
    parts: Annotated[int, typer.Option(help="Parts to deal to without --assignment.")] = 4,
    method: Annotated[str, typer.Option(help=f"{METHODS}.")] = default_of(engine.select, "method"),
    load: Annotated[
        int | None, typer.Option(help="For credible-subset: reviews the busiest team was given.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Table to write; or a folder, then also the facts.")
    ] = Path("selection.csv"),
    show: ShowOption = 10,
    json: JsonOption = False,
) -> None:
    """Select entries so that nobody gains by a false report.

    Without --assignment a reviewer's own entry is the one of the same id.
    """
    with refusals():
        key = seed_bytes(seed)
        named = reading.read_any(
            reviews, entries=entries, rankings=rankings, comparisons=comparisons
        )
        named, part, owner = reading.parts_and_owners(named, assignment, parts=parts, seed=key)
        with waiting("selecting"):
            result = engine.select(
                named.reviews,
                size=size,
                part=part,
                seed=key,
                reviewer_entry=owner,
                method=method,
                load=load,
            )
        with waiting("estimating the noise"):
            noise = engine.consensus(named.reviews, top=size, seed=key)
            expected = expected_recall(
                named.reviews,
                size=size,
                part=part,
                reviewer_entry=owner,
                seed=key,
                method=method,
            )
        facts = _facts(named, result, noise, expected, size)
        paths = write_outputs(
            out, {"selection": _table(named, result)}, facts, first="selection", about="select.json"
        )
        if json:
            typer.echo(as_json(facts))
        else:
            _say(named, result, size, show)
            _say_noise(result, noise, expected, size)
            say_paths(paths)


def _order(result: SelectionResult) -> list[int]:
    """Selected entries first, then by chance and place."""
    order = np.lexsort((result.place, -result.probability, -result.chosen.astype(int)))
    return [int(e) for e in order]


def _table(named: NamedReviews, result: SelectionResult) -> dict[str, Column]:
    order, reasons = _order(result), result.reasons(digits=15)
    columns: dict[str, Column] = {
        "entry": [named.entries[e] for e in order],
        "selected": result.chosen[order].astype(int),
    }
    return columns | {name: [reasons[e][name] for e in order] for name in reasons[0]}


def _facts(
    named: NamedReviews,
    result: SelectionResult,
    noise: ConsensusResult,
    expected: ExpectedRecall,
    size: int,
) -> dict[str, Any]:
    return {
        "method": result.method,
        "impartial": result.impartial,
        "size": size,
        "selected": [named.entries[e] for e in result.selected.tolist()],
        "parts": len(result.seats),
        "seats": result.seats,
        "expected_turnover": noise.expected_turnover,
        "expected_recall": expected.recall,
        "expected_recall_error": expected.error,
        "agreement": expected.agreement,
    }


def _say(named: NamedReviews, result: SelectionResult, size: int, show: int) -> None:
    count = len(result.selected)
    asked = "" if count == size else f" ({size} were asked for: the size is so in expectation)"
    console.print(f"{count} of {len(named.entries)} selected by {result.method}{asked}")
    head = Table(box=None, pad_edge=False, header_style="bold")
    head.add_column("selected", overflow="fold")
    for name in ("part", "place", "score", "chance"):
        head.add_column(name, justify="right")
    head.add_column("why")
    for e in _order(result)[: min(show, count)]:
        reason = result.reason(e)
        head.add_row(
            escape(named.entries[e]),
            str(result.part[e]),
            str(result.place[e]),
            f"{result.score[e]:.3f}",
            f"{result.probability[e]:.2f}",
            str(reason["code"]),
        )
    if show and count:
        console.print(head)
    if len(result.seats) > 1:
        _say_parts(result)


def _say_noise(
    result: SelectionResult, noise: ConsensusResult, expected: ExpectedRecall, size: int
) -> None:
    if not result.impartial:
        console.print(f"[yellow]{result.method} is not impartial: a false report can help.")
    console.print(
        f"To be expected: {percent(expected.recall)} of the truly best {size:,} are among them "
        f"(two reviewers order two entries alike {percent(expected.agreement)} of the time)."
    )
    if noise.expected_turnover is not None:
        console.print(
            f"Another panel of reviewers would change about {percent(noise.expected_turnover)} of "
            f"a list of the first {size:,} by rank."
        )


def _say_parts(result: SelectionResult) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("part", "entries", "share", "quota", "seats"):
        table.add_column(name, justify="right")
    sizes = np.bincount(result.part, minlength=len(result.seats))
    for p, seats in enumerate(result.seats.tolist()):
        numbers = (f"{result.share[p]:.4f}", f"{result.quota[p]:.3f}", str(seats))
        table.add_row(str(p), str(sizes[p]), *numbers)
    console.print(table)
