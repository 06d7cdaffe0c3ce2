"""Commands that are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


def on_demand(
    commands: Mapping[str, str], groups: Mapping[str, tuple[str, str]] | None = None
) -> type[TyperGroup]:
    """A group that finds a command's module by its name.

    commands: name -> "module:function"; groups: name -> ("module:app", help).
    """
    known = dict(groups or {})

    class OnDemand(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return [*commands, *known]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name in commands:
                single = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
                single.command(name=cmd_name)(named(commands[cmd_name]))
                return typer.main.get_command(single)
            if cmd_name in known:
                target, text = known[cmd_name]
                found = named(target)
                found._add_completion = False
                group = typer.main.get_command(found)
                group.name, group.help = cmd_name, text
                return group
            return None

    return OnDemand


def named(target: str) -> Any:
    """The object "module:name"."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
