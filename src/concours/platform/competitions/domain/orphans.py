"""Files that a crash left behind between storing an upload and noting it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from django.core.cache import cache
from django.core.files.storage import default_storage

from concours.platform.competitions.models import Submission

FOLDER = "submissions"
OLD_ENOUGH = timedelta(days=1)
PERIOD_S = 3_600


def sweep_orphans() -> int:
    """Delete stored archives older than a day that no submission refers to; at most once an hour.

    Returns how many. The age is the file's own, by the wall clock: a rehearsal's clock says
    nothing about a crash.
    """
    if not cache.add("competitions/sweep-orphans", 1, PERIOD_S):
        return 0
    if not default_storage.exists(FOLDER):
        return 0
    before = datetime.now(UTC) - OLD_ENOUGH
    swept = 0
    for folder in default_storage.listdir(FOLDER)[0]:
        path = PurePosixPath(FOLDER, folder)
        names = [str(path / name) for name in default_storage.listdir(str(path))[1]]
        known = set(Submission.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                swept += 1
    return swept
