"""Submissions to start from: a track's baselines, or the example that its evaluator brings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from concours.driving.baselines import NAMES, kit
from concours.evaluation.folder import files_below
from concours.platform.evaluations.domain import places
from concours.platform.evaluations.domain.enqueueing import active_evaluator
from concours.platform.evaluations.models import Evaluator

DRIVING, EXAMPLE = "driving", "example"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive, the first that a zip can tell."""


def starters(*, track: Any) -> tuple[str, ...]:
    """Names of the track's starters, the simplest first; none where nothing evaluates it."""
    evaluator = active_evaluator(track=track)
    if evaluator is None:
        return ()
    if evaluator.kind == DRIVING:
        return NAMES
    return (EXAMPLE,) if _example(evaluator).is_dir() else ()


def starter(*, track: Any, name: str) -> bytes:
    """A starter as a zip, the same bytes each time. Raises KeyError for a name that is none."""
    evaluator = active_evaluator(track=track)
    if evaluator is None or name not in starters(track=track):
        raise KeyError(name)
    if evaluator.kind == DRIVING:
        return _packed(kit(name))
    return _packed({path: file.read_bytes() for path, file in files_below(_example(evaluator))})


def _example(evaluator: Evaluator) -> Path:
    return places.evaluator_folder(evaluator) / EXAMPLE


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path, content in files.items():
            file.writestr(zipfile.ZipInfo(path, FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
