"""`concours drive new-agent`: a folder with an agent that runs, to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from concours.cli.console import console, give_up
from concours.cli.drive.shared import roads


def new_agent(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist, or is empty.")],
    like: Annotated[
        str, typer.Option(help="Which baseline it begins as: still, follow or careful.")
    ] = "follow",
) -> None:
    """Write an agent that drives as a baseline does; make it better than that."""
    roads()
    from concours.driving.baselines import NAMES, kit

    if like not in NAMES:
        give_up(f"there is no baseline {escape(like)!r}: take one of {', '.join(NAMES)}")

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        give_up(f"{escape(str(folder))} is there already: give another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in kit(like).items():
        (folder / name).write_bytes(content)
    agent = folder / "agent.py"
    console.print(f"{agent}\ntry it:  concours drive run {agent} --report {folder}/report.html",
                  markup=False, highlight=False, soft_wrap=True)  # fmt: skip
