"""`concours review recommend`: which method of selection, and how many parts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from concours.cli.console import console
from concours.cli.review.shared import (
    JsonOption,
    as_json,
    default_of,
    hexadecimal,
    refusals,
    waiting,
)
from concours.peerreview.selection import recommend as run


def recommend(
    entries: Annotated[int, typer.Option(help="Entries, each with one reviewer.")],
    size: Annotated[int, typer.Option(help="How many to select.")],
    k: Annotated[int, typer.Option("-k", "--reviews", help="Reviews an entry gets.")] = 5,
    exact_size: Annotated[
        bool, typer.Option("--exact-size", help="Only methods that select exactly so many.")
    ] = False,
    agreement: Annotated[
        float, typer.Option(help="How often two reviewers order two entries alike, above 0.5.")
    ] = default_of(run, "agreement"),
    allow_mutual: Annotated[bool, typer.Option(help="Allow A and B to review each other.")] = False,
    worlds: Annotated[int, typer.Option(help="Simulated contests.")] = default_of(run, "worlds"),
    seed: Annotated[str | None, typer.Option(help="Seed in hexadecimal.")] = None,
    json: JsonOption = False,
) -> None:
    """Recommend a method of selection and its parts, by simulation, before a season."""
    with refusals():
        key = default_of(run, "seed") if seed is None else hexadecimal(seed)
        with waiting("simulating"):
            found = run(
                entries=entries,
                reviews_per_entry=k,
                size=size,
                exact_size=exact_size,
                agreement=agreement,
                allow_mutual=allow_mutual,
                worlds=worlds,
                seed=key,
            )
        if json:
            typer.echo(as_json(asdict(found)))
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("method")
        for name in ("parts", "recall", "± se", "selected"):
            table.add_column(name, justify="right")
        for one in found.candidates:
            table.add_row(
                one.method,
                str(one.parts) if one.parts > 1 else "-",
                f"{one.expected.recall:.3f}",
                f"{one.expected.error:.3f}",
                f"{one.expected.selected:.1f}",
            )
        console.print(table)
        parts = f" with {found.parts} parts" if found.parts > 1 else ""
        console.print(f"[bold]{found.method}{parts}[/]: {found.sentence}", highlight=False)
