"""What of a map is used, what is not, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.markup import escape
from rich.table import Table

from concours.cli.console import console
from concours.cli.drive.shared import roads

if TYPE_CHECKING:
    from concours.driving.roads import Finding
    from concours.driving.roads.summary import Summary

STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}


class MapReport(NamedTuple):
    """One map: what was found, and its figures unless it could not be read."""

    path: Path
    findings: list[Finding]
    summary: Summary | None

    def bad(self, *, strict: bool) -> bool:
        """Whether an error was found, or with `strict` a warning."""
        kinds = {"error", "warning"} if strict else {"error"}
        return any(finding.severity in kinds for finding in self.findings)

    def say(self, *, show: int) -> None:
        """Print it, with up to `show` findings."""
        _say(self.path, self.findings, self.summary, show=show)

    def as_json(self) -> dict[str, Any]:
        """Everything of it."""
        return _as_json(self.path, self.findings, self.summary)


def check_map(path: Path) -> MapReport:
    """Look at one map."""
    findings = roads().check(path)
    return MapReport(path, findings, _summary(path))


def _summary(path: Path) -> Summary | None:
    """The map in figures; None where it could not be read."""
    from concours.driving.roads.summary import summarise

    engine = roads()
    try:
        return summarise(engine.load(path))
    except engine.BadMap:
        return None


def _say(path: Path, findings: list[Finding], summary: Summary | None, *, show: int) -> None:
    console.print(f"[bold]{escape(str(path))}[/]  {_verdict(findings)}", soft_wrap=True)
    if summary is not None:
        console.print(_used(summary))
    if findings and show:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("", "line", "times", "element", "what"):
            right = name in ("line", "times")
            table.add_column(name, justify="right" if right else "left", overflow="fold")
        rank = list(STYLES)
        in_order = sorted(findings, key=lambda one: rank.index(one.severity))
        for one in in_order[:show]:
            style = STYLES[one.severity]
            line = str(one.line) if one.line else ""
            cells = (line, str(one.count), escape(one.element), escape(one.message))
            table.add_row(f"[{style}]{one.severity}[/]", *cells)
        console.print(table)
    if len(findings) > show:
        console.print(f"... and {len(findings) - show} more (--show)")
    console.print()


def _verdict(findings: list[Finding]) -> str:
    counts = {kind: sum(one.severity == kind for one in findings) for kind in STYLES}
    if not findings:
        return "[green]nothing to say[/]"
    words = {"error": "errors", "warning": "warnings", "info": "kinds of content not used"}
    said = [f"[{STYLES[kind]}]{n} {words[kind]}[/]" for kind, n in counts.items() if n]
    return ", ".join(said)


def _used(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    kinds = sorted(summary.lane_types.items(), key=lambda item: -item[1])
    lanes = ", ".join(f"{kind} {length / 1000:.2f} km" for kind, length in kinds)
    rows = {
        "version": summary.version or "not said",
        "roads": f"{summary.roads}, {summary.length / 1000:.2f} km; {summary.climbing} climb, "
        f"{summary.tilted} tilted, {summary.left_hand} with traffic on the left",
        "lanes": f"{summary.lanes} in {summary.sections} sections: {lanes}",
        "junctions": str(summary.junctions),
        "signals": f"{summary.signals}, {summary.lights} of them lights; "
        f"{summary.controllers} controllers",
        "objects": str(summary.objects),
    }
    for name, value in rows.items():
        table.add_row(f"[dim]{name}[/]", value)
    return table


def _as_json(path: Path, findings: list[Finding], summary: Summary | None) -> dict[str, Any]:
    return {
        "file": str(path),
        "used": None if summary is None else asdict(summary),
        "findings": [asdict(finding) for finding in findings],
    }
