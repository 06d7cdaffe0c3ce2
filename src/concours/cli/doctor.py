"""`concours doctor`: what this machine and these settings can do, with the mend for each fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from concours.cli.console import console
from concours.cli.platform import wake

if TYPE_CHECKING:
    from concours.platform.health import Finding

MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "fault": "[bold red]fault[/]"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check machine and settings; exit 1 where something would not work."""
    wake()
    from concours.platform import health

    findings = [*health.examine(), _isolation(), *_cluster()]
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


def _cluster() -> list[Finding]:
    """The cluster on which cases are run, where one is named."""
    from concours.evaluation.executors import choosing
    from concours.platform.health import Finding

    if not choosing.cluster():
        return []
    if fault := choosing.cluster_fault():
        mend = f"start it (ray start --head), or unset {choosing.ADDRESS}"
        return [Finding("Ray cluster", "fault", f"{fault}; runs wait", mend)]
    return [Finding("Ray cluster", "ok", choosing.cluster())]


def _isolation() -> Finding:
    """What shuts driving agents in; without a layer they run, and their results say so."""
    from concours.driving.agents import AgentFailed
    from concours.driving.agents.probing import layers
    from concours.platform.health import Finding

    what = "isolation of agents"
    mend = "Linux 6.12 or later, with Landlock and user namespaces allowed"
    try:
        found = layers()
    except (AgentFailed, OSError) as error:
        return Finding(what, "warning", f"no agent can be started: {error}", mend)
    missing = {name: told for name, told in found.items() if told.startswith("missing")}
    if missing:
        return Finding(what, "warning", "; ".join(f"{n} {t}" for n, t in missing.items()), mend)
    return Finding(what, "ok", ", ".join(found))
