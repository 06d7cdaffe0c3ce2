"""`concours season`: seasons as data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from concours.cli.console import console, errors
from concours.cli.platform import require_platform

app = typer.Typer(no_args_is_help=True)

FolderArgument = Annotated[Path, typer.Argument(help="The folder with season.toml.")]


@app.command()
def check(folder: FolderArgument) -> None:
    """Look at a season's folder, without a database; exit 1 and name every fault."""
    require_platform()
    from concours.platform.seasons.check import check_folder

    found = check_folder(folder)
    for fault in found:
        errors.print(f"[bold red]fault:[/] {escape(str(fault))}", highlight=False, soft_wrap=True)
    if found:
        errors.print(f"{len(found)} {'fault' if len(found) == 1 else 'faults'}; nothing to load.")
        raise typer.Exit(1)
    console.print(f"{folder}: a season that can be loaded", soft_wrap=True, markup=False)
