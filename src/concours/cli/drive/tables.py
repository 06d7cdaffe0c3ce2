"""Tables that the commands on agents print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from concours.driving.results import Driven
    from concours.driving.scoring import Score

ENDS = {
    "arrived": "[green]arrived[/]",
    "time limit": "[yellow]too late[/]",
    "storyboard": "[yellow]scenario over[/]",
    "fault": "[red]agent failed[/]",
}
SHOWN = 120
"""Characters of a reason, where the window is wide enough."""


def results_table(driven: Sequence[Driven], preset: str) -> Table:
    """A row a scenario: how it ended, its score, where most points went; the mean below."""
    from concours.driving.results.manifest import totals

    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    for name in ("scenario", "end"):
        table.add_column(name, no_wrap=True)
    for name in ("s", "score"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("lost most by", ratio=1, no_wrap=True, overflow="ellipsis")
    for one in driven:
        found = one.scores[preset]
        seconds = float(one.drive.run.trace.times[-1])
        table.add_row(
            escape(one.name), ENDS[str(one.drive.end)], f"{seconds:.1f}", f"{found.value:.1f}",
            escape(why(found)),
        )  # fmt: skip
    mean = totals([one.scores for one in driven]).get(preset)
    if mean is not None and len(driven) > 1:
        table.add_section()
        words = f"95 % interval {mean['low']:.1f} to {mean['high']:.1f}, {escape(preset)}"
        table.add_row("[bold]mean[/]", "", "", f"[bold]{mean['mean']:.1f}[/]", words)
    return table


def why(score: Score) -> str:
    """The greatest loss in words, "" where nothing was lost."""
    from concours.driving.agents import gist

    if score.fault:
        return gist(score.fault)[:SHOWN]
    if not score.losses:
        return ""
    worst = max(score.losses, key=lambda loss: loss.points)
    return f"{worst.points:.1f}  {worst.words}"[:SHOWN]
