"""`concours drive check`: what of maps and scenarios is used, what is not, and what is wrong."""

from __future__ import annotations

import json as encoding
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concours.cli.drive.shared import JsonOption, files_in, refusals

if TYPE_CHECKING:
    from concours.cli.drive.map_check import MapReport
    from concours.cli.drive.scenario_check import ScenarioReport

SCENARIO = ".xosc"


def check(
    files: Annotated[
        list[Path], typer.Argument(help="OpenDRIVE and OpenSCENARIO files, or folders of them.")
    ],
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="NAME=VALUE in place of a scenario's own."),
    ] = None,
    maps: Annotated[
        list[Path] | None, typer.Option(help="A folder of maps that scenarios name.")
    ] = None,
    strict: Annotated[
        bool, typer.Option(help="Exit 1 for warnings and for what is not supported too.")
    ] = False,
    table: Annotated[bool, typer.Option(help="Show which elements scenarios use.")] = True,
    show: Annotated[int, typer.Option(min=0, help="Findings printed a map.")] = 30,
    json: JsonOption = False,
) -> None:
    """Say what is wrong, odd or not supported; exit 1 where a file cannot be used."""
    reports: list[MapReport | ScenarioReport] = []
    for path in files_in(files, ".xodr", SCENARIO):
        if path.suffix.lower() == SCENARIO:
            scenario = _scenario(path, parameter or [], maps or [])
            if not json:
                scenario.say(table=table)
            reports.append(scenario)
        else:
            network = _map(path)
            if not json:
                network.say(show=show)
            reports.append(network)
    if json:
        typer.echo(encoding.dumps([report.as_json() for report in reports], indent=1))
    if any(report.bad(strict=strict) for report in reports):
        raise typer.Exit(1)


def _scenario(path: Path, parameters: list[str], maps: list[Path]) -> ScenarioReport:
    from concours.cli.drive.scenario_check import check_scenario

    return check_scenario(path, parameters=parameters, maps=maps)


def _map(path: Path) -> MapReport:
    from concours.cli.drive.map_check import check_map

    with refusals():
        return check_map(path)
