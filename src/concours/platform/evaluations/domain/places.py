"""Where files of evaluations lie, below settings.EVALUATIONS_DIR."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from concours.platform.evaluations.models import Evaluator

ROOM = 256 * 2**20
"""Bytes that must be free before a worker takes a run."""


def root() -> Path:
    folder: Path = settings.EVALUATIONS_DIR
    return folder


def evaluators() -> Path:
    return root() / "evaluators"


def evaluator_folder(evaluator: Evaluator) -> Path:
    return evaluators() / evaluator.folder


def artefacts() -> Path:
    """What runs left: <evaluation>/<attempt>/<case>/<file>."""
    return root() / "artefacts"


def work() -> Path:
    """Where runs are made: <worker>/<slot>; emptied at will."""
    return root() / "work"


def secret_file(evaluator: Evaluator) -> Path:
    """One secret a track and evaluator's name: further versions judge on the same cases."""
    track = evaluator.track
    return root() / "sealed" / track.season.slug / track.slug / evaluator.name


def archive_of(submission: Any, *, into: Path) -> Path:
    """The stored archive as a file; a copy at `into` where the storage is no folder of ours."""
    try:
        return Path(submission.file.path)
    except NotImplementedError:
        into.parent.mkdir(parents=True, exist_ok=True)
        with submission.file.open("rb") as stored, into.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        return into


def full() -> str:
    """The folder in which a run would find less than ROOM; "" where there is room.

    Runs write below the root, and to the system's folder of temporary files.
    """
    for folder in (root(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(folder).free
        except OSError:
            free = 0
        if free < ROOM:
            return str(folder)
    return ""
