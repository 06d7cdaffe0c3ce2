"""`concours drive`: the driving engine on files, one file a command."""

from __future__ import annotations

import typer

from concours.cli.lazy import on_demand

COMMANDS = {
    "check": "concours.cli.drive.check:check",
    "compose": "concours.cli.drive.compose:compose",
    "maps": "concours.cli.drive.maps:maps",
    "new-agent": "concours.cli.drive.new_agent:new_agent",
    "play": "concours.cli.drive.play:play",
    "report": "concours.cli.drive.report:report",
    "run": "concours.cli.drive.run:run",
    "score": "concours.cli.drive.score:score",
    "sweep": "concours.cli.drive.sweep:sweep",
    "verify": "concours.cli.drive.verify:verify",
}

app = typer.Typer(
    cls=on_demand(COMMANDS), no_args_is_help=True, pretty_exceptions_show_locals=False
)


@app.callback()
def main() -> None:
    """The driving engine on files."""
