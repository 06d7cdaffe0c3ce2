"""`concours`: one command, one file a group, loaded when it is asked for."""

from __future__ import annotations

import typer

from concours.cli.lazy import on_demand

# Importing the engine costs a second; `concours serve` should not pay for `concours review`.
COMMANDS = {
    "serve": "concours.cli.serve:serve",
    "worker": "concours.cli.serve:worker",
    "migrate": "concours.cli.serve:migrate",
    "backup": "concours.cli.backup:backup",
    "restore": "concours.cli.backup:restore",
    "operator": "concours.cli.operator:operator",
    "demo": "concours.cli.demo:demo",
    "evaluate": "concours.cli.evaluate:evaluate",
    "doctor": "concours.cli.doctor:doctor",
}
GROUPS = {
    "season": ("concours.cli.season:app", "Seasons as data: load, check, export."),
    "project": ("concours.cli.project:app", "The register of projects: import, list, show."),
    "review": ("concours.cli.review:app", "The peer-review engine on files."),
    "drive": ("concours.cli.drive:app", "The driving engine on files: maps and scenarios."),
    "criteria": ("concours.cli.criteria:app", "Whether a project is ready for a stage."),
    "box": ("concours.cli.box:app", "The box for strangers' programs: try it, see what there is."),
    "vote": ("concours.cli.vote:app", "Votes counted again from the record, and charters."),
    "donation": ("concours.cli.donation:app", "What the record proves about donations."),
    "credential": ("concours.cli.credential:app", "Signed credentials: verify, show; the key."),
    "record": ("concours.cli.record:app", "The hash-chained record: verify, export."),
}

app = typer.Typer(
    cls=on_demand(COMMANDS, GROUPS),
    name="concours",
    help="Runs open-source competitions in the open. Every verdict can be computed again.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def main() -> None:
    """Runs open-source competitions in the open. Every verdict can be computed again."""
