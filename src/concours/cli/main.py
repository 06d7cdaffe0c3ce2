"""`concours`: one command, one file a group, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

# Importing the engine costs a second; `concours serve` should not pay for `concours review`.
COMMANDS = {
    "serve": "concours.cli.serve:serve",
    "worker": "concours.cli.serve:worker",
    "migrate": "concours.cli.serve:migrate",
    "operator": "concours.cli.operator:operator",
    "demo": "concours.cli.demo:demo",
    "doctor": "concours.cli.doctor:doctor",
}
GROUPS = {
    "season": ("concours.cli.season:app", "Seasons as data: load, check, export."),
    "review": ("concours.cli.review:app", "The peer-review engine on files."),
    "record": ("concours.cli.record:app", "The hash-chained record: verify, export."),
}


class OnDemand(TyperGroup):
    """Finds a command's module by its name."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in COMMANDS:
            single = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
            single.command(name=cmd_name)(_named(COMMANDS[cmd_name]))
            return typer.main.get_command(single)
        if cmd_name in GROUPS:
            target, text = GROUPS[cmd_name]
            found = _named(target)
            found._add_completion = False
            group = typer.main.get_command(found)
            group.name, group.help = cmd_name, text
            return group
        return None


def _named(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


app = typer.Typer(
    cls=OnDemand,
    name="concours",
    help="Runs open-source competitions in the open. Every verdict can be computed again.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def main() -> None:
    """Runs open-source competitions in the open. Every verdict can be computed again."""
