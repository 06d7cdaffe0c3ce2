"""`concours doctor`: what this machine and these settings can do, with the mend for each fault."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from concours.cli.console import console
from concours.cli.platform import wake

MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "fault": "[bold red]fault[/]"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check machine and settings; exit 1 where something would not work."""
    wake()
    from concours.platform import health

    findings = health.examine()
    if as_json:
        print(json.dumps([vars(finding) for finding in findings], indent=2))
    else:
        table = Table(box=None, pad_edge=False)
        for heading in ("what", "", "found", "mend"):
            table.add_column(heading, overflow="fold")
        for finding in findings:
            table.add_row(finding.what, MARKS[finding.state], finding.found, finding.mend)
        console.print(table)
    if any(finding.state == "fault" for finding in findings):
        raise typer.Exit(1)
