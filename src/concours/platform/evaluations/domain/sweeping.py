"""Files of runs that came to nothing."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.cache import cache

from concours.platform.evaluations.domain import places
from concours.platform.evaluations.enums import EvaluationState
from concours.platform.evaluations.models import Evaluation

OLD_ENOUGH = timedelta(days=1)
PERIOD_S = 3_600


def sweep_artefacts() -> int:
    """Delete files, older than a day, of attempts that did not score; at most once an hour.

    Returns how many attempts. The age is the files' own, by the wall clock.
    """
    if not places.artefacts().is_dir() or not _is_time():
        return 0
    before = (datetime.now(UTC) - OLD_ENOUGH).timestamp()
    return sum(_sweep(folder, before) for folder in sorted(places.artefacts().iterdir()))


def _is_time() -> bool:
    try:
        return bool(cache.add("evaluations/sweep", 1, PERIOD_S))
    except OSError:  # a full disk takes no note, and is to be swept all the more
        return True


def _sweep(folder: Path, before: float) -> int:
    kept = (
        Evaluation.objects.filter(
            code=folder.name, state__in=[EvaluationState.RUNNING, EvaluationState.SCORED]
        )
        .values_list("attempts", flat=True)
        .first()
    )
    swept = 0
    for attempt in folder.iterdir():
        if attempt.name != str(kept) and attempt.stat().st_mtime < before:
            shutil.rmtree(attempt, ignore_errors=True)
            swept += 1
    return swept
