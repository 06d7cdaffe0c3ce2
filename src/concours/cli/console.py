"""What all commands share: the console, and how a command gives up."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

console = Console()
errors = Console(stderr=True)


def give_up(message: str, *, code: int = 2) -> NoReturn:
    """Say in one line what is wrong and how to mend it, and leave."""
    errors.print(f"[bold red]error:[/] {message}", highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def shown(text: object) -> str:
    """What a stranger wrote, in one line for a terminal: no mark-up, no control characters."""
    return escape(
        "".join(
            one if one.isprintable() else one.encode("unicode_escape").decode("ascii")
            for one in str(text)
        )
    )


def progress_bar() -> Progress:
    """A bar with counts and times, for anything that takes longer than a second."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=errors,
        refresh_per_second=3,  # drawing bars must not cost what they measure
    )
