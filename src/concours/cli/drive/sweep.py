"""`concours drive sweep`: every variation of a scenario, in parallel processes."""

from __future__ import annotations

import csv
import json as encoding
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console, give_up, progress_bar
from concours.cli.drive.playing import (
    EndOption,
    LikeOption,
    MapsOption,
    SeedOption,
    StepOption,
    facts,
    open_world,
    playable,
)
from concours.cli.drive.shared import JsonOption

MOST = 100_000
"""Variations that are played without --first."""
AHEAD = 4
"""Runs a process that are handed out before the first has come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run."""

    index: int
    scenario: Path
    parameters: Mapping[str, str]
    maps: tuple[Path, ...]
    seed: int
    step: float
    end: float
    like: str


def run_one(task: Task) -> dict[str, Any]:
    """Play one variation; what it cannot do is its own row, not the sweep's end."""
    try:
        world = open_world(
            task.scenario, parameters=task.parameters, maps=task.maps, seed=task.seed,
            step=task.step, control=0.05, end=task.end, like=task.like,
        )  # fmt: skip
        trace = world.play()
    except (ValueError, OSError) as error:
        return {"run": task.index, "end": "error", "error": str(error)}
    found = facts(trace) if trace is not None else {"end": "error"}
    return {"run": task.index, **found}


def sweep(
    file: Annotated[
        Path, typer.Argument(help="A parameter value distribution (OpenSCENARIO 1.1 and later).")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Write a row a run to this .csv or .json lines (.jsonl).")
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(help="Draw distances, collisions and ends of the runs to this .svg."),
    ] = None,
    processes: Annotated[
        int, typer.Option("--processes", "-j", min=1, help="Runs at a time.")
    ] = os.cpu_count() or 1,
    first: Annotated[int | None, typer.Option(min=1, help="Only so many variations.")] = None,
    maps: MapsOption = None,
    seed: SeedOption = 0,
    step: StepOption = 0.01,
    end: EndOption = 300.0,
    like: LikeOption = "esmini",
    json: JsonOption = False,
) -> None:
    """Play all variations; exit 1 where one of them could not be played.

    A run depends on its number and the seed alone, not on the processes.
    """
    if out is not None and out.suffix.lower() not in (".csv", ".jsonl"):
        give_up(f"--out writes .csv or .jsonl, not {escape(out.name)}")
    if plot is not None:
        _check_plot(plot)
    with playable():
        from concours.driving.scenarios import variations

        varied = variations(file, seed=seed)
        if first is None and len(varied) > MOST:
            give_up(f"{len(varied):,} variations: say how many with --first")
        chosen = list(islice(varied, first))
        tasks = [
            Task(
                index=one.index, scenario=varied.scenario, parameters=one.parameters,
                maps=tuple(maps or ()), seed=seed, step=step, end=end, like=like,
            )
            for one in chosen
        ]  # fmt: skip
        rows = _played(tasks, processes, quiet=json)
    named = [
        {"run": row["run"], **task.parameters, **{k: v for k, v in row.items() if k != "run"}}
        for task, row in zip(tasks, rows, strict=True)
    ]
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        _write(named, out)
    if plot is not None:
        from concours.cli.drive.sweep_plot import draw

        with playable():
            draw(plot, rows, [task.parameters for task in tasks])
    if json:
        typer.echo(encoding.dumps(named, indent=1))
    else:
        _say(named, [path for path in (out, plot) if path is not None])
    if any(row["end"] == "error" for row in rows):
        raise typer.Exit(1)


def _check_plot(plot: Path) -> None:
    """Refuse before the work what could not be drawn after it."""
    if plot.suffix.lower() != ".svg":
        give_up(f"--plot writes .svg, not {escape(plot.name)}")
    if find_spec("matplotlib") is None:
        give_up(escape("plots need matplotlib: pip install 'concours[reports]'"))


def _played(tasks: list[Task], processes: int, *, quiet: bool) -> list[dict[str, Any]]:
    """The rows in the order of the tasks; a few tasks are handed out ahead, so memory is bounded.

    Processes are spawned, not forked: forking a process that has threads is undefined.
    """
    done: dict[int, dict[str, Any]] = {}
    bar = progress_bar()
    bar.disable = quiet
    with bar, ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        count = bar.add_task("playing", total=len(tasks))
        waiting: set[Future[dict[str, Any]]] = set()
        left: Iterator[Task] = iter(tasks)
        waiting |= {pool.submit(run_one, task) for task in islice(left, processes * AHEAD)}
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                row = future.result()
                done[row["run"]] = row
                bar.advance(count)
            waiting |= {pool.submit(run_one, task) for task in islice(left, len(finished))}
    return [done[task.index] for task in tasks]


def _write(rows: list[dict[str, Any]], out: Path) -> None:
    if out.suffix.lower() == ".jsonl":
        out.write_text("".join(encoding.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: Any) -> Any:
    """Lists as their length: the details are in the JSON."""
    return len(value) if isinstance(value, list) else value


def _say(rows: list[dict[str, Any]], written: list[Path]) -> None:
    ends = Counter(str(row["end"]) for row in rows)
    touched = sum(1 for row in rows if row.get("collisions"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("runs", "by storyboard", "by time", "errors", "with a collision"):
        table.add_column(name, justify="right")
    table.add_row(
        str(len(rows)), str(ends["storyboard"]), str(ends["time"]), str(ends["error"]), str(touched)
    )
    console.print(table)
    shown = 0
    for row in rows:
        if row["end"] == "error" and shown < 5:
            shown += 1
            words = f"run {row['run']}: {row.get('error', '')}"
            console.print(f"[yellow]{escape(words)}[/]", highlight=False, soft_wrap=True)
    for path in written:
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
