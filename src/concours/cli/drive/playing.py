"""What `play` and `sweep` share: opening a scenario with its map, and the numbers of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from concours.cli.console import give_up
from concours.cli.drive.shared import roads

if TYPE_CHECKING:
    from concours.driving.world import Trace, World

SeedOption = Annotated[int, typer.Option(help="Whatever is drawn follows from this number.")]
MapsOption = Annotated[
    list[Path] | None,
    typer.Option("--maps", help="A folder of maps that scenarios name ($CONCOURS_MAPS too)."),
]
EndOption = Annotated[
    float, typer.Option(min=0, help="Seconds after which a run ends whatever the storyboard says.")
]
StepOption = Annotated[float, typer.Option(help="Seconds of one step inside.")]
LikeOption = Annotated[
    str,
    typer.Option(help="Where the standard and players differ: 'esmini', or 'standard'."),
]


def conventions(name: str) -> Any:
    """The conventions of a name, or one line and exit code 2."""
    from concours.driving.scenarios.machine import ESMINI, STANDARD

    known = {"esmini": ESMINI, "standard": STANDARD}
    if name not in known:
        give_up(f"--like is one of {', '.join(known)}, not {escape(name)}")
    return known[name]


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """NAME=VALUE, each; or one line and exit code 2."""
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            give_up(f"--parameter takes NAME=VALUE, not {escape(text)}")
        found[name] = value
    return found


@contextmanager
def playable() -> Iterator[None]:
    """Turn what cannot be played into one line and exit code 2."""
    engine = roads()
    from concours.driving.scenarios import BadScenario

    try:
        yield
    except (BadScenario, engine.BadMap, ValueError) as error:
        give_up(escape(str(error)))
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}" if error.filename else str(error)))


def open_world(
    path: Path,
    *,
    parameters: Mapping[str, str],
    maps: Sequence[Path],
    seed: int,
    step: float,
    control: float,
    end: float,
    like: str,
) -> World:
    """The world of a file. Raises BadScenario, BadMap, OSError, ValueError."""
    from concours.driving import scenarios
    from concours.driving.world import World

    return World(
        scenarios.load(path, parameters=parameters),
        seed=seed,
        maps=maps,
        conventions=conventions(like),
        step=step,
        control=control,
        end=end,
    )


def facts(trace: Trace) -> dict[str, Any]:
    """A run in numbers."""
    from concours.cli.drive.closest import closest

    near = closest(trace)
    return {
        "scenario": trace.name,
        "end": trace.end,
        "seconds": round(float(trace.times[-1]), 6) if len(trace.times) else 0.0,
        "entities": len(trace.actors),
        "moves": len(trace.record),
        "closest": None if near is None else round(near, 6),
        "collisions": [
            {
                "time": round(touch.time, 6),
                "between": [trace.actors[touch.first].name, trace.actors[touch.second].name],
            }
            for touch in trace.touches
        ],
        "never_fired": [
            {"element": one.path, "trigger": one.which, "place": str(one.place)}
            for one in trace.unfired
        ],
        "notes": list(trace.notes),
    }
