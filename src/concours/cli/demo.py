"""`concours demo`: a season played by a simulated crowd."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID
from rich.table import Table

from concours.cli.console import console, give_up, progress_bar
from concours.cli.paths import shipped_seasons
from concours.cli.platform import awake


class Bar:
    """Shows the stages of the demo, one bar each."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        self._task = self._progress.add_task(name, total=total)

    def step(self, count: int = 1) -> None:
        if self._task is not None:
            self._progress.advance(self._task, count)


def demo(
    teams: Annotated[int, typer.Option(min=24, help="Simulated teams, over two tracks.")] = 40,
    seed: Annotated[int, typer.Option(help="Same seed, same crowd, same standings.")] = 1,
    season: Annotated[
        Path | None, typer.Option(help="Folder of the season to play.", exists=True)
    ] = None,
    slug: Annotated[
        str | None, typer.Option(help="Short name of the played season (must be new).")
    ] = None,
) -> None:
    """Play a whole season with a simulated crowd whose true qualities are hidden and known."""
    started = time.perf_counter()
    folder = season or shipped_seasons() / "open-atom-2022"
    with awake(via="demo"):
        from concours.platform.core.errors import Refused
        from concours.platform.demo import report
        from concours.platform.demo.play import play

        name = slug or report.free_slug(f"demo-{teams}-{seed}")
        try:
            with progress_bar() as progress:
                played = play(
                    folder=folder, slug=name, teams=teams, seed=seed, progress=Bar(progress)
                )
        except Refused as refused:
            give_up(str(refused))
        table = Table(title=f"{teams} teams, seed {seed}: what the standings found")
        for heading in (
            "track",
            "entries",
            "Spearman",
            "Kendall",
            "finalists",
            "recall",
            "covered",
        ):
            table.add_column(heading, justify="left" if heading == "track" else "right")
        for item in played:
            found = item.finding
            table.add_row(
                str(item.track),
                str(found.entries),
                f"{found.spearman:.3f}",
                f"{found.kendall:.3f}",
                str(found.finalists),
                f"{found.recall:.0%}",
                f"{found.covered:.0%}",
            )
        console.print(table)
        console.print(
            "Spearman and Kendall: rank correlation of the standings with the hidden truth. "
            "Recall: share of the truly best among the finalists. Covered: entries whose true "
            "rank lies within their 95% interval."
        )
        for line in report.where_to_look(played):
            console.print(line, soft_wrap=True)
    console.print(f"Played in {time.perf_counter() - started:.1f} s")
