"""`concours drive new-agent`: a folder with an agent that runs, to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from concours.cli.console import console, give_up
from concours.cli.drive.shared import roads

NEEDED = ("follow.py", "locating.py", "steering.py", "way.py")


def new_agent(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist, or is empty.")],
) -> None:
    """Write an agent that follows its way; make it better than that."""
    roads()
    from concours.driving.baselines import baseline

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        give_up(f"{escape(str(folder))} is there already: give another folder")
    source = baseline("follow").parent
    folder.mkdir(parents=True, exist_ok=True)
    for name in NEEDED:
        target = folder / ("agent.py" if name == "follow.py" else name)
        target.write_bytes((source / name).read_bytes())
    agent = folder / "agent.py"
    console.print(f"{agent}\ntry it:  concours drive run {agent} --report {folder}/report.html",
                  markup=False, highlight=False, soft_wrap=True)  # fmt: skip
