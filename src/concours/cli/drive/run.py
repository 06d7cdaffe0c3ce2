"""`concours drive run`: an agent drives scenarios, and what came of it is packed in one file."""

from __future__ import annotations

import errno
import json as encoding
import os
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from concours.cli.console import console, give_up, progress_bar
from concours.cli.drive.playing import MapsOption, SeedOption
from concours.cli.drive.shared import JsonOption, files_in, roads
from concours.cli.drive.tables import results_table
from concours.cli.paths import shipped_seasons

if TYPE_CHECKING:
    from concours.driving.results import Driven
    from concours.driving.results.batch import Job

SHIPPED = Path("open-atom-2022", "driving", "scenarios")
PresetOption = Annotated[
    str, typer.Option(help="Whose formula the table shows: concours, carsmos-2023, carla-2.1 ...")
]
PRESET = "concours"


def run(
    agent: Annotated[
        str,
        typer.Argument(
            help="A Python file, FILE:CLASS, a dataflow's .yml, or a baseline: still, follow ..."
        ),
    ],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Scenarios, or folders of them; else the 28 of CARSMOS training."),
    ] = None,
    track: Annotated[
        str, typer.Option(help="Which sensors are allowed: carsmos, or objects.")
    ] = "objects",
    out: Annotated[Path | None, typer.Option(help="Write the result to this .zip.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write one HTML page with scores and replays.")
    ] = None,
    config: Annotated[str, typer.Option(help="Handed to the agent's setup().")] = "",
    preset: PresetOption = PRESET,
    workers: Annotated[
        int, typer.Option("--workers", "-j", min=1, help="Scenarios at a time.")
    ] = os.cpu_count() or 1,
    sealed: Annotated[
        bool, typer.Option("--sealed", help="Leave the scenarios out of the result.")
    ] = False,
    seed: SeedOption = 0,
    maps: MapsOption = None,
    json: JsonOption = False,
) -> None:
    """Let an agent drive, in a process of its own; exit 1 where it failed in a scenario.

    The same agent, scenarios and seed give the same result, for any number of workers.
    """
    with drivable():
        jobs = _jobs(agent, files or [shipped_seasons() / SHIPPED], config, track, seed, maps or [])
        known_preset(preset)
        _refuse_early(jobs, [path for path in (out, report) if path is not None])
        driven = _driven(jobs, workers, quiet=json)
        written = _write(agent, driven, jobs, out, report, sealed=sealed, preset=preset)
    if json:
        typer.echo(encoding.dumps(_facts(driven), indent=1))
    else:
        console.print(results_table(driven, preset))
        for path in written:
            console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    if any(one.drive.run.fault for one in driven):
        raise typer.Exit(1)


@contextmanager
def drivable() -> Iterator[None]:
    """Turn what nobody can drive into one line and exit code 2."""
    engine = roads()
    from concours.driving.closedloop import NoTask
    from concours.driving.scenarios import BadScenario

    try:
        yield
    except (BadScenario, engine.BadMap, NoTask, ValueError) as error:
        give_up(escape(str(error)))
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}" if error.filename else str(error)))
    except BrokenExecutor:
        give_up("a worker was killed, as where memory is short: take fewer with --workers")


def known_preset(name: str) -> None:
    """One line and exit code 2 for a preset that is none."""
    from concours.driving.scoring import PRESETS

    if name not in PRESETS:
        give_up(f"--preset is one of {', '.join(PRESETS)}, not {escape(name)}")


def agent_file(name: str) -> str:
    """The path of an agent: as given, or of the baseline of that name."""
    from concours.driving.baselines import DATAFLOWS, NAMES, baseline

    if name in (*NAMES, *DATAFLOWS):
        return str(baseline(name))
    file = Path(name.rpartition(":")[0] or name) if ":" in name else Path(name)
    if not file.is_file() and not Path(name).is_file():
        give_up(f"there is no agent {escape(name)}: give a file, or "
                f"{', '.join((*NAMES, *DATAFLOWS))}")  # fmt: skip
    return name


def _jobs(
    agent: str, paths: list[Path], config: str, track: str, seed: int, maps: list[Path]
) -> list[Job]:
    from concours.driving.agents import AgentSpec
    from concours.driving.closedloop.loop import Setting
    from concours.driving.results.batch import Job, names_of
    from concours.driving.sensors.kinds import TRACKS

    if track not in TRACKS:
        give_up(f"--track is one of {', '.join(TRACKS)}, not {escape(track)}")
    spec = AgentSpec(path=agent_file(agent), config=config)
    found = files_in(paths, ".xosc")
    setting = Setting(track=track, seed=seed)
    return [
        Job(name=name, scenario=path, agent=spec, maps=tuple(maps), setting=setting)
        for name, path in zip(names_of(found), found, strict=True)
    ]


def _refuse_early(jobs: list[Job], written: list[Path]) -> None:
    """What would be refused after minutes is refused before: bad scenarios, places to write to.

    Raises BadScenario, OSError.
    """
    from concours.driving.scenarios import load

    for job in jobs:
        load(job.scenario)
    for path in written:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _driven(jobs: list[Job], workers: int, *, quiet: bool) -> list[Driven]:
    from concours.driving.results.batch import drive_all

    bar = progress_bar()
    bar.disable = quiet
    with bar:
        task = bar.add_task("driving", total=len(jobs))
        return drive_all(jobs, workers=workers, watch=lambda _: bar.advance(task))


def _write(
    agent: str,
    driven: list[Driven],
    jobs: list[Job],
    out: Path | None,
    report: Path | None,
    *,
    sealed: bool,
    preset: str,
) -> list[Path]:
    from concours.driving.agents.captured import readable
    from concours.driving.results import bundle_of, pack, sha256

    if out is not None:
        told = {
            "name": readable(Path(agent).name),
            "sha256": sha256(jobs[0].agent.file.read_bytes()),
        }
        out.write_bytes(pack(bundle_of(driven, agent=told, sealed=sealed)))
    if report is not None:
        from concours.driving.reporting import html

        page = html(driven, preset=preset, agent=Path(agent).name)
        report.write_text(page, encoding="utf-8")
    return [path for path in (out, report) if path is not None]


def _facts(driven: list[Driven]) -> dict[str, object]:
    from concours.driving.results.manifest import record, totals

    return {
        "runs": [record(one) for one in driven],
        "totals": totals([one.scores for one in driven]),
    }
