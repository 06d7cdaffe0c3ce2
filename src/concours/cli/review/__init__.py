"""`concours review`: the peer-review engine on files, one file a command."""

from __future__ import annotations

import typer

from concours.cli.lazy import on_demand

COMMANDS = {
    "assign": "concours.cli.review.assign:assign",
    "verify": "concours.cli.review.assign:verify",
    "repair": "concours.cli.review.repair:repair",
    "consensus": "concours.cli.review.consensus:consensus",
    "select": "concours.cli.review.select:select",
    "screen": "concours.cli.review.screen:screen",
    "simulate": "concours.cli.review.simulate:simulate",
    "recommend": "concours.cli.review.recommend:recommend",
}

app = typer.Typer(
    cls=on_demand(COMMANDS), no_args_is_help=True, pretty_exceptions_show_locals=False
)


@app.callback()
def main() -> None:
    """The peer-review engine on files."""
