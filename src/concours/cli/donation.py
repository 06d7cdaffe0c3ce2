"""`concours donation`: what the record proves about donations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from concours.cli.console import console, errors, give_up, shown
from concours.cli.exports import verified_events
from concours.platform.donations.checking import Checked, check_donations

app = typer.Typer(no_args_is_help=True)


@app.callback()
def donation() -> None:
    """What the record proves about donations."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="An export of the record, as JSON lines.")],
    code: Annotated[str, typer.Option(help="Only the donation with this code.")] = "",
) -> None:
    """Check that all who signed a donation signed the same version, each in their right.

    Exit 1 where the chain or a donation does not hold, or none is there.
    """
    found = _read(file)
    if code:
        found = [one for one in found if one.code == code]
    if not found:
        give_up("The record has no such completed donation.")
    for one in found:
        state = "[green]holds[/]" if one.holds else "[bold red]does not hold[/]"
        console.print(f"{shown(one.project)} ({shown(one.code)}) {state}", highlight=False)
        console.print(f"  digest {shown(one.digest)}", highlight=False, soft_wrap=True)
        seats = shown(", ".join(one.seats))
        console.print(f"  signed by {seats}", highlight=False, soft_wrap=True)
        for fault in one.faults:
            errors.print(f"  {shown(fault)}", highlight=False)
    if not all(one.holds for one in found):
        raise typer.Exit(1)


def _read(file: Path) -> list[Checked]:
    with verified_events(file) as events:
        return check_donations(events)
