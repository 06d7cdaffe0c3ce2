"""`concours drive check`: what is wrong, odd or not supported in scenario files."""

from __future__ import annotations

import json as encoding
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console
from concours.driving.scenarios import Checked, Finding, Severity, examine

COLOURS = {
    Severity.ERROR: "bold red",
    Severity.UNSUPPORTED: "yellow",
    Severity.WARNING: "yellow",
    Severity.NOTE: "dim",
}


def check(
    files: Annotated[list[Path], typer.Argument(help="Scenarios, catalogs or distributions.")],
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="NAME=VALUE in place of the file's own."),
    ] = None,
    maps: Annotated[
        list[Path] | None, typer.Option(help="A folder of maps that scenarios name.")
    ] = None,
    strict: Annotated[
        bool, typer.Option(help="Exit 1 for warnings and for what is not supported too.")
    ] = False,
    table: Annotated[bool, typer.Option(help="Show which elements are used.")] = True,
    json: Annotated[bool, typer.Option(help="Print JSON.")] = False,
) -> None:
    """Say what is wrong, odd or not supported; exit 1 where a file cannot be used."""
    given = dict(_pair(text) for text in parameter or ())
    reports = []
    for path in files:
        checked = examine(path, parameters=given, maps=maps or ())
        reports.append((path, checked))
        if not json:
            say(path, checked, table=table)
    if json:
        typer.echo(encoding.dumps([_as_json(*report) for report in reports], indent=1))
    bad = set(Severity) - {Severity.NOTE} if strict else {Severity.ERROR}
    if any(finding.severity in bad for _, checked in reports for finding in checked.findings):
        raise typer.Exit(1)


def check_scenario(path: Path, *, maps: Sequence[Path] = (), table: bool = True) -> Checked:
    """Check one file and print what was found."""
    checked = examine(path, maps=maps)
    say(path, checked, table=table)
    return checked


def say(path: Path, checked: Checked, *, table: bool) -> None:
    """Print what was found in one file."""
    console.print(
        f"[bold]{escape(str(path))}[/]  {_verdict(checked)}", highlight=False, soft_wrap=True
    )
    for finding in checked.findings:
        console.print(_line(finding), highlight=False, soft_wrap=True)
    if table and checked.uses:
        console.print(_table(checked))


def _as_json(path: Path, checked: Checked) -> dict[str, Any]:
    return {
        "file": str(path),
        "kind": checked.kind,
        "playable": checked.playable,
        "findings": [asdict(finding) for finding in checked.findings],
        "uses": [asdict(use) for use in checked.uses],
    }


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE")
    return name.strip(), value


def _verdict(checked: Checked) -> str:
    kind = checked.kind or "file"
    if not checked.playable:
        return f"[bold red]this {kind} cannot be used[/]"
    left = sum(finding.severity is Severity.UNSUPPORTED for finding in checked.findings)
    if left:
        return f"a {kind}, used without {left} part(s) that are not supported"
    return f"[green]a {kind} that can be used[/]"


def _line(finding: Finding) -> str:
    colour = COLOURS[finding.severity]
    where = escape(f"{finding.file}:{finding.line}")
    element = f" <{escape(finding.element)}>" if finding.element else ""
    return f"  [{colour}]{finding.severity}[/] {where}{element} {escape(finding.message)}"


def _table(checked: Checked) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("element")
    table.add_column("times", justify="right")
    table.add_column("kind", style="dim")
    table.add_column("what becomes of it")
    for use in checked.uses:
        style = "yellow" if use.by == "not supported" else None
        table.add_row(escape(use.element), str(use.count), use.group, str(use.by), style=style)
    return table
