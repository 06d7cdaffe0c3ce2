"""`concours drive maps`: maps in figures, and as a picture."""

from __future__ import annotations

import json as encoding
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console, errors, give_up
from concours.cli.drive.shared import CacheOption, JsonOption, files_in, refusals, roads

if TYPE_CHECKING:
    from concours.driving.roads.summary import Summary


def maps(
    paths: Annotated[list[Path], typer.Argument(help="OpenDRIVE files, or folders of them.")],
    picture: Annotated[
        Path | None, typer.Option(help="Draw the map (one only) to this SVG file.")
    ] = None,
    cache: CacheOption = True,
    json: JsonOption = False,
) -> None:
    """List maps with lengths, lanes, signals and bounds. Files that are no maps are named."""
    with refusals():
        found = files_in(paths, ".xodr")
        if picture is not None:
            if len(found) != 1:
                give_up(f"--picture draws one map, and there are {len(found)}")
            _draw(found[0], picture, cache=cache)
        listed = [(path, _summary(path, cache=cache)) for path in found]
    good = [(path, summary) for path, summary in listed if summary is not None]
    if json:
        facts = [{"file": str(path), **asdict(summary)} for path, summary in good]
        typer.echo(encoding.dumps(facts, indent=1))
    elif good:
        console.print(_table(good))
        if picture is not None:
            console.print(str(picture), markup=False, highlight=False, soft_wrap=True)
    if len(good) < len(listed):
        raise typer.Exit(1)


def _summary(path: Path, *, cache: bool) -> Summary | None:
    from concours.driving.roads.summary import summarise

    engine = roads()
    try:
        return summarise(engine.load(path, None if cache else False))
    except engine.BadMap as error:
        errors.print(f"[bold red]error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        return None


def _draw(path: Path, picture: Path, *, cache: bool) -> None:
    from concours.driving.roads.drawing import svg

    network = roads().load(path, None if cache else False)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(svg(network, title=network.name or path.stem), encoding="utf-8")


def _table(listed: list[tuple[Path, Summary]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("map", no_wrap=True)
    for name in ("version", "roads", "km", "lane km", "junctions", "lights", "size, m"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("traffic")
    for path, one in listed:
        x0, y0, x1, y1 = one.bounds
        table.add_row(
            escape(path.stem),
            one.version or "-",
            str(one.roads),
            f"{one.length / 1000:.2f}",
            f"{one.drivable / 1000:.2f}",
            str(one.junctions),
            str(one.lights),
            f"{x1 - x0:,.0f} x {y1 - y0:,.0f}",
            "left" if one.left_hand == one.roads else "mixed" if one.left_hand else "right",
        )
    return table
