"""`concours drive verify`: compute a result again from its control logs, without the agent."""

from __future__ import annotations

import json as encoding
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from concours.cli.console import console, give_up, progress_bar
from concours.cli.drive.shared import JsonOption, roads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from concours.driving.results import Bundle, Difference


def verify(
    result: Annotated[Path, typer.Argument(help="A result that `concours drive run` wrote.")],
    folder: Annotated[
        list[Path] | None,
        typer.Option("--folder", help="Where sealed scenarios and maps lie."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Exit 0 where every trace and score comes out the same, 1 where one does not."""
    bundle = opened(result)
    found = _verified(bundle, folder or [], quiet=json)
    if json:
        rows = [{"run": one.run, "what": one.what, "words": one.words} for one in found]
        typer.echo(encoding.dumps({"holds": not found, "differences": rows}, indent=1))
    else:
        _say(bundle, found)
    if found:
        raise typer.Exit(1)


def opened(path: Path) -> Bundle:
    """A result, or one line and exit code 2."""
    roads()
    from concours.driving.results import MOST_BYTES, BadBundle, require_shape, unpack

    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            give_up(f"{escape(str(path))}: the file is larger than any result")
        bundle = unpack(data)
        require_shape(bundle.manifest)
    except BadBundle as error:
        give_up(f"{escape(str(path))}: {escape(str(error))}")
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}"))
    return bundle


def _verified(bundle: Bundle, folders: list[Path], *, quiet: bool) -> list[Difference]:
    from concours.driving.results import BadBundle
    from concours.driving.results import verify as compare

    bar = progress_bar()
    bar.disable = quiet
    try:
        with bar:
            task = bar.add_task("driving again", total=len(bundle.controls))
            return compare(bundle, folders=folders, watch=lambda _: bar.advance(task))
    except BadBundle as error:
        give_up(escape(str(error)))


def _say(bundle: Bundle, found: list[Difference]) -> None:
    count = len(bundle.controls)
    if not found:
        console.print(f"[green]holds:[/] {count} drives come out the same, trace and score")
        for facts in dict.fromkeys(_under(run["setting"]) for run in bundle.manifest["runs"]):
            console.print(escape(facts), highlight=False, soft_wrap=True)
        return
    for one in found:
        where = escape(one.run) if one.run else "the result"
        console.print(
            f"[red]{where}[/]: {escape(one.what)}: {escape(one.words)}",
            highlight=False, soft_wrap=True,
        )  # fmt: skip


def _under(setting: Mapping[str, Any]) -> str:
    """Under what a run was driven: what its numbers may be compared with."""
    from concours.driving.vehicle import PRESETS

    digest = setting["vehicle_digest"]
    known = [name for name, vehicle in PRESETS.items() if vehicle.digest() == digest]
    vehicle = known[0] if known else f"a vehicle of its own ({digest[:12]})"
    return f"driven with {vehicle}, track {setting['track']}, seed {setting['seed']}"
