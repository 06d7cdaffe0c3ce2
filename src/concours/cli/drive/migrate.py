"""`concours drive migrate`: a dataflow written for an old dora, made to run on version 1."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from concours.cli.console import give_up


def migrate(
    graph: Annotated[Path, typer.Argument(help="A graph of dora nodes, as YAML.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the new graph here; else it is shown.")
    ] = None,
    sources: Annotated[
        bool,
        typer.Option("--sources", help="Write the graph's Python files anew, where they lie."),
    ] = False,
) -> None:
    """Make an old graph new and tell each change by its line; exit 1 where something is left.

    What is marked with ! has to be done by hand.
    """
    from concours.driving.dataflow.graph import BadGraph
    from concours.driving.dataflow.migrating import migrate as made_new

    try:
        done = made_new(graph.read_text("utf-8"))
    except (BadGraph, UnicodeDecodeError) as error:
        give_up(escape(f"{graph}: {error}"))
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}"))
    left = _tell(str(graph), done.changes)
    for name in done.sources:
        left |= _source(graph.parent / name, write=sources)
    if out is None:
        typer.echo(done.text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(done.text, "utf-8")
    if left:
        raise typer.Exit(1)


def _source(file: Path, *, write: bool) -> bool:
    """Tell of one Python file; whether something is left to do."""
    from concours.driving.dataflow.sources import migrate_source

    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        _line(str(file), 1, "this file cannot be read", mark="!")
        return True
    done = migrate_source(text)
    if write and done.text != text:
        file.write_text(done.text, "utf-8")
    left = _tell(str(file), done.changes)
    return left or (not write and done.text != text)


def _tell(name: str, changes: object) -> bool:
    from concours.driving.dataflow.migrating import Change

    left = False
    for one in changes if isinstance(changes, tuple) else ():
        if isinstance(one, Change):
            _line(name, one.line, one.what, mark=" " if one.done else "!")
            left |= not one.done
    return left


def _line(name: str, line: int, what: str, *, mark: str) -> None:
    typer.echo(f"{mark} {name}:{line}: {what}", err=True)
