"""`concours drive compose`: sealed test scenarios from a secret seed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from concours.cli.console import console, give_up
from concours.cli.drive.run import drivable

LEAST = 16
"""Characters of a seed that nobody guesses."""


def compose(
    folder: Annotated[Path, typer.Argument(help="Where scenarios and their maps are written.")],
    seed_file: Annotated[
        Path,
        typer.Option(
            "--seed-file", help="A file with the secret seed; the same seed, the same scenarios."
        ),
    ],
    count: Annotated[int, typer.Option(min=1, max=100, help="How many scenarios.")] = 10,
) -> None:
    """Compose scenarios of two to four events each, no two alike, that nobody has seen.

    The seed is read from a file, so that it is in no history of commands and no list of processes.
    """
    with drivable():
        from concours.driving.challenge import compose as composed
        from concours.driving.challenge import write_drafts

        secret = seed_file.read_text(encoding="utf-8").strip()
        if len(secret) < LEAST:
            give_up(f"{escape(str(seed_file))}: a seed is {LEAST} characters or more")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            give_up(f"{escape(str(folder))} is there already: give another folder")
        drafts = composed(number_of(secret), count=count)
        for path in write_drafts(drafts, folder):
            console.print(str(path), markup=False, highlight=False, soft_wrap=True)


def number_of(secret: str) -> int:
    """The whole secret as a number: SHA-256 of it."""
    return int(hashlib.sha256(b"concours.drive.compose/1\0" + secret.encode()).hexdigest(), 16)
