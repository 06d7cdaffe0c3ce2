"""`concours drive play`: a scenario on its map, to a trace and a page that replays it."""

from __future__ import annotations

import json as encoding
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from concours.cli.console import console, errors, give_up
from concours.cli.drive.playing import (
    EndOption,
    LikeOption,
    MapsOption,
    SeedOption,
    StepOption,
    facts,
    open_world,
    pairs,
    playable,
)
from concours.cli.drive.shared import JsonOption

if TYPE_CHECKING:
    from concours.driving.world import Trace, World

ENDS = {
    "storyboard": "the storyboard ended",
    "time": "the engine's end of time",
    "outside": "left off",
}


def play(
    file: Annotated[Path, typer.Argument(help="An OpenSCENARIO file.")],
    trace: Annotated[
        Path | None, typer.Option(help="Write every entity's motion to this .csv or .parquet.")
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(help="Write moves of the storyboard, collisions, lights to a .csv."),
    ] = None,
    view: Annotated[
        Path | None, typer.Option(help="Write one HTML page that replays the run.")
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="NAME=VALUE in place of the scenario's own."),
    ] = None,
    maps: MapsOption = None,
    seed: SeedOption = 0,
    step: StepOption = 0.01,
    every: Annotated[float, typer.Option(help="Seconds between two rows of the trace.")] = 0.05,
    end: EndOption = 300.0,
    like: LikeOption = "esmini",
    json: JsonOption = False,
) -> None:
    """Play a scenario; exit 1 where something in it could not be played."""
    given = pairs(parameter or [])
    with playable():
        world = open_world(
            file, parameters=given, maps=maps or [], seed=seed,
            step=step, control=every, end=end, like=like,
        )  # fmt: skip
        found = _run(world, end, quiet=json)
        for target in (trace, events, view):
            if target is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
        _write(world, found, trace=trace, events=events, view=view)
    if json:
        typer.echo(encoding.dumps(facts(found), indent=1))
    else:
        _say(found, [target for target in (trace, events, view) if target is not None])
    if found.notes:
        raise typer.Exit(1)


def _run(world: World, end: float, *, quiet: bool) -> Trace:
    """To the end, with a bar by the time played where it takes long enough to be seen."""
    columns = (TextColumn("playing"), BarColumn(), TextColumn("{task.completed:.0f} s"))
    with Progress(
        *columns, TimeElapsedColumn(), console=errors, transient=True, disable=quiet,
        refresh_per_second=3,
    ) as bar:  # fmt: skip
        task = bar.add_task("playing", total=end)
        for number, frame in enumerate(world.run()):
            if number % 100 == 0:
                bar.update(task, completed=frame.time)
    found = world.trace
    if found is None:
        give_up("nothing was recorded")
    return found


def _write(
    world: World, found: Trace, *, trace: Path | None, events: Path | None, view: Path | None
) -> None:
    from concours.driving.world.writing import write_csv, write_events, write_parquet

    if trace is not None:
        if trace.suffix.lower() not in (".csv", ".parquet"):
            give_up(f"--trace writes .csv or .parquet, not {escape(trace.name)}")
        write = write_parquet if trace.suffix.lower() == ".parquet" else write_csv
        write(found, trace)
    if events is not None:
        write_events(found, events)
    if view is not None:
        from concours.driving.viewing import html

        view.write_text(html(found, world.network), encoding="utf-8")


def _say(found: Trace, written: list[Path]) -> None:
    """What happened, in a few lines."""
    seconds = float(found.times[-1]) if len(found.times) else 0.0
    console.print(
        f"[bold]{escape(found.name)}[/]  {seconds:.2f} s, {len(found.actors)} entities, "
        f"{len(found.record)} moves of the storyboard; {ENDS.get(found.end, found.end)}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    for touch in found.touches:
        names = f"{found.actors[touch.first].name} and {found.actors[touch.second].name}"
        console.print(f"[red]{touch.time:8.2f} s  collision of {escape(names)}[/]", highlight=False)
    if found.end == "time":
        for one in found.unfired:
            words = f"the {one.which} trigger of {one.path or 'the storyboard'} never fired"
            console.print(f"[yellow]{escape(str(one.place))}: {escape(words)}[/]", highlight=False,
                          soft_wrap=True)  # fmt: skip
    for note in found.notes:
        console.print(f"[yellow]{escape(note)}[/]", highlight=False, soft_wrap=True)
    for path in written:
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
