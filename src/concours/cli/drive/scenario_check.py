"""What is wrong, odd or not supported in a scenario file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

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


class ScenarioReport(NamedTuple):
    """One scenario, catalog or distribution, and what was found in it."""

    path: Path
    checked: Checked

    def bad(self, *, strict: bool) -> bool:
        """Whether it cannot be used, or with `strict` whether anything but a note was found."""
        kinds = set(Severity) - {Severity.NOTE} if strict else {Severity.ERROR}
        return any(finding.severity in kinds for finding in self.checked.findings)

    def say(self, *, table: bool) -> None:
        """Print it, with the elements that are used."""
        say(self.path, self.checked, table=table)

    def as_json(self) -> dict[str, Any]:
        """Everything of it."""
        return _as_json(self.path, self.checked)


def check_scenario(
    path: Path, *, parameters: Sequence[str] = (), maps: Sequence[Path] = ()
) -> ScenarioReport:
    """Look at one file; `parameters` are NAME=VALUE."""
    given = dict(_pair(text) for text in parameters)
    return ScenarioReport(path, examine(path, parameters=given, maps=maps))


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
