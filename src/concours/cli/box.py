"""`concours box`: run a command as a stranger's program is run, and see what this machine has."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from concours import box
from concours.cli.console import console, errors, give_up

app = typer.Typer(no_args_is_help=True)
MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "fault": "[bold red]fault[/]"}
ENDED = 124
FAULT = 125
MEBIBYTE = 2**20


@app.command("try")
def attempt(
    command: Annotated[list[str], typer.Argument(help="After --: the command and its words.")],
    image: Annotated[
        Path | None, typer.Option(help="An OCI or docker image archive to run in.")
    ] = None,
    mount: Annotated[
        list[str] | None, typer.Option(help="SOURCE:TARGET, to be read in the box. Repeatable.")
    ] = None,
    collect: Annotated[
        Path | None, typer.Option(help="An empty folder for the files it leaves in /scratch.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="Wall time.")] = 600.0,
    cpu: Annotated[int, typer.Option(help="CPU time in seconds.")] = 600,
    memory: Annotated[int, typer.Option(help="MiB of memory.")] = 2048,
    processes: Annotated[int, typer.Option(help="Processes and threads.")] = 64,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Run a command in the box and say how it ended.

    Exits as the command does; with 124 where a limit or a signal ended it, with 125 where the box
    is at fault or there is none.
    """
    order = box.Order(
        argv=command,
        image=image,
        mounts=[_mount(text) for text in mount or ()],
        limits=box.Limits(
            wall_seconds=seconds, cpu_seconds=cpu, memory=memory * MEBIBYTE, processes=processes
        ),
    )
    try:
        outcome = box.run(order, collect=collect)
    except box.BadOrder as error:
        give_up(str(error))
    except box.BoxMissing as error:
        give_up(str(error), code=FAULT)
    if as_json:
        print(_as_json(outcome))
    else:
        _show(outcome)
    if outcome.ending is box.Ending.EXITED:
        raise typer.Exit(outcome.exit_code or 0)
    raise typer.Exit(FAULT if outcome.ending is box.Ending.BOX_FAULT else ENDED)


@app.command()
def layers(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What this machine has to shut programs in; exit 1 where they would be refused."""
    found = box.examine()
    if as_json:
        print(json.dumps([asdict(layer) for layer in found], indent=2))
    else:
        table = Table(box=None, pad_edge=False)
        for heading in ("layer", "", "found", "mend"):
            table.add_column(heading, overflow="fold")
        for layer in found:
            table.add_row(layer.name, MARKS[layer.state], layer.found, layer.mend)
        console.print(table)
    if any(layer.state == "fault" for layer in found):
        raise typer.Exit(1)


def _mount(text: str) -> box.Mount:
    source, colon, target = text.rpartition(":")
    if not colon or not target.startswith("/"):
        give_up(f"--mount {text}: write SOURCE:TARGET, the target beginning with /")
    return box.Mount(source=Path(source), target=target)


def _show(outcome: box.Outcome) -> None:
    for stream, data in ((sys.stdout, outcome.stdout), (sys.stderr, outcome.stderr)):
        stream.flush()
        stream.buffer.write(data)
        stream.flush()
    usage = outcome.usage
    errors.print(
        f"[bold]{outcome.ending}[/]: {outcome.reason}\n"
        f"{usage.wall_seconds:.2f} s of wall time, {usage.cpu_seconds:.2f} s of CPU time,"
        f" {usage.peak_bytes / MEBIBYTE:.1f} MiB of memory,"
        f" {usage.written_bytes / MEBIBYTE:.1f} MiB in /scratch",
        highlight=False,
        soft_wrap=True,
    )
    for name, what in outcome.layers.items():
        errors.print(f"  {name}: {what}", highlight=False, soft_wrap=True, markup=False)


def _as_json(outcome: box.Outcome) -> str:
    told = asdict(outcome)
    for stream in ("stdout", "stderr"):
        told[stream] = told[stream].decode(errors="replace")
    return json.dumps(told, indent=2, default=dict)
