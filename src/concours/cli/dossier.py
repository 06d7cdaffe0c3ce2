"""What `concours project dossier` does: no database is asked."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.markup import escape

from concours.cli.console import console, errors, give_up
from concours.cli.exports import verified_events
from concours.platform.handover.checking import Read, Verdict, check, read_file
from concours.platform.handover.document import BadDossier


def check_file(file: Path, record: Path | None) -> None:
    """Print what holds, what does not and what could not be looked at; exit 1 for a fault."""
    try:
        found = read_file(file.read_bytes())
    except OSError as error:
        give_up(escape(f"{file}: {error.strerror}"))
    except BadDossier as error:
        give_up(escape(f"{file}: {error}"), code=1)
    verdict = check(found) if record is None else _held_against(found, record)
    state = "[green]holds[/]" if verdict.holds else "[bold red]does not hold[/]"
    parts = found.parts
    console.print(
        f"{escape(parts['season'])}/{escape(parts['track'])} {escape(parts['entry'])} {state}",
        highlight=False,
    )
    console.print(f"  digest {found.digest}", highlight=False, soft_wrap=True)
    for one in verdict.held:
        console.print(f"  holds: {one}", highlight=False, soft_wrap=True)
    for one in verdict.unknown:
        console.print(f"  not looked at: {one}", highlight=False, soft_wrap=True)
    for one in verdict.faults:
        errors.print(f"  {escape(one)}", highlight=False)
    if not verdict.holds:
        raise typer.Exit(1)


def _held_against(found: Read, record: Path) -> Verdict:
    with verified_events(record) as events:
        return check(found, events)
