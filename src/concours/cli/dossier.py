"""What `concours project dossier` does: no database is asked."""

from __future__ import annotations

from pathlib import Path

import typer

from concours.cli.console import console, errors, give_up, shown
from concours.cli.exports import verified_events
from concours.platform.handover.checking import MOST_BYTES, Read, Verdict, check, read_file
from concours.platform.handover.document import BadDossier


def check_file(file: Path, record: Path | None) -> None:
    """Print what holds, what does not and what could not be looked at; exit 1 for a fault."""
    try:
        with file.open("rb") as opened:
            found = read_file(opened.read(MOST_BYTES + 1))
    except OSError as error:
        give_up(shown(f"{file}: {error.strerror}"))
    except BadDossier as error:
        give_up(shown(f"{file}: {error}"), code=1)
    verdict = check(found) if record is None else _held_against(found, record)
    state = "[green]holds[/]" if verdict.holds else "[bold red]does not hold[/]"
    parts = found.parts
    console.print(
        f"{shown(parts['season'])}/{shown(parts['track'])} {shown(parts['entry'])} {state}",
        highlight=False,
    )
    console.print(f"  digest {found.digest}", highlight=False, soft_wrap=True)
    for one in verdict.held:
        console.print(f"  holds: {one}", highlight=False, soft_wrap=True)
    for one in verdict.unknown:
        console.print(f"  not looked at: {shown(one)}", highlight=False, soft_wrap=True)
    for one in verdict.faults:
        errors.print(f"  {shown(one)}", highlight=False)
    if not verdict.holds:
        raise typer.Exit(1)


def _held_against(found: Read, record: Path) -> Verdict:
    with verified_events(record) as events:
        return check(found, events)
