"""`concours drive report`: a page about a result, its replays made from the control logs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from concours.cli.console import console, errors, give_up
from concours.cli.drive.run import PRESET, PresetOption, known_preset
from concours.cli.drive.verify import opened


def report(
    result: Annotated[Path, typer.Argument(help="A result that `concours drive run` wrote.")],
    out: Annotated[
        Path | None, typer.Option(help="The page; else beside the result, as .html.")
    ] = None,
    preset: PresetOption = PRESET,
    folder: Annotated[
        list[Path] | None,
        typer.Option("--folder", help="Where sealed scenarios and maps lie."),
    ] = None,
) -> None:
    """Write one HTML page with scores, where points were lost, and replays of all runs."""
    bundle = opened(result)
    known_preset(preset)
    from concours.driving.reporting import html
    from concours.driving.results import BadBundle, driven_of

    target = out or result.with_suffix(".html")
    try:
        with errors.status("driving again"):
            driven = driven_of(bundle, folders=folder or [])
            agent = bundle.manifest.get("agent")
            name = str(agent.get("name", "")) if isinstance(agent, dict) else ""
            page = html(driven, preset=preset, agent=name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page, encoding="utf-8")
    except BadBundle as error:
        give_up(escape(str(error)))
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}"))
    console.print(str(target), markup=False, highlight=False, soft_wrap=True)
