"""What an evaluator asks of a submission, by its kind."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from concours.evaluation.manifest import Allowed, Driving, Program
from concours.tables import Table


def driving_of(inputs: Table, data: Path) -> Driving:
    """[inputs] of a driving evaluator."""
    from concours.driving.scoring import PRESETS
    from concours.driving.sensors.kinds import TRACKS

    maps = inputs.text("maps", default="")
    folder = (data / maps).resolve() if maps else None
    if folder is not None and not (folder.is_dir() and folder.is_relative_to(data)):
        inputs.fault("maps", f"{maps} is no folder of the data", "write it, or correct the name")
    return Driving(
        agent=inner(inputs, "agent", "agent.py"),
        track=inputs.choice("track", list(TRACKS), default="carsmos"),
        preset=inputs.choice("preset", list(PRESETS), default="concours"),
        maps=folder,
    )


def program_of(inputs: Table, folder: Path, scoring: Allowed) -> Program:
    """[inputs] of a plain evaluator."""
    run = inputs.texts("run")
    if not run:
        inputs.fault("run", "is missing", 'write the command, as run = ["python", "main.py"]')
    return Program(
        run=run,
        score=_file(inputs, folder, "score", "score.py"),
        generate=_file(inputs, folder, "generate", "") if inputs.has("generate") else None,
        needs=tuple(inner(inputs, "needs", name, at=name) for name in inputs.texts("needs")),
        image=inputs.texts("image"),
        scoring=scoring,
    )


def inner(inputs: Table, key: str, usual: str, *, at: str = "") -> str:
    """A path within the submission: relative, and without a step upwards."""
    name = at or inputs.text(key, default=usual) or usual
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        inputs.fault(key, f"{name} leads outside the submission", "name a file within it")
    return path.as_posix()


def _file(inputs: Table, folder: Path, key: str, usual: str) -> Path:
    name = inputs.text(key, default=usual) or usual
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        inputs.fault(key, f"there is no file {name} in the evaluator", "write it, or correct this")
    return path
