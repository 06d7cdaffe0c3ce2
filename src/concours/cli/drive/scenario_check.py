"""`concours drive check`: what is wrong, odd or not supported in scenario files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

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
    table: Annotated[bool, typer.Option(help="Show which elements are used.")] = True,
) -> None:
    """Say what is wrong, odd or not supported; leave with 1 if a file cannot be played."""
    given = dict(_pair(text) for text in parameter or ())
    playable = True
    for number, path in enumerate(files):
        if number:
            console.print()
        playable &= check_scenario(path, parameters=given, maps=maps or (), table=table).playable
    if not playable:
        raise typer.Exit(1)


def check_scenario(
    path: Path,
    *,
    parameters: dict[str, str] | None = None,
    maps: Sequence[Path] = (),
    table: bool = True,
) -> Checked:
    """Check one file and print what was found."""
    checked = examine(path, parameters=parameters, maps=maps)
    console.print(f"[bold]{escape(str(path))}[/]: {_verdict(checked)}", highlight=False)
    for finding in checked.findings:
        console.print(_line(finding), highlight=False, soft_wrap=True)
    if table and checked.uses:
        console.print(_table(checked))
    return checked


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
