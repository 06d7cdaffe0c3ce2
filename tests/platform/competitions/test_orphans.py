"""What a crash leaves in the store goes; what a submission refers to stays."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from concours.platform.competitions.domain.orphans import sweep_orphans
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db


def stored() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def leave(name: str, *, days: float) -> str:
    path = Path(settings.MEDIA_ROOT) / "submissions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"orphan")
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
    return f"submissions/{name}"


def test_only_old_files_without_a_submission_go(spring: datetime, tmp_path: Path) -> None:
    cache.clear()
    submission = make.submission(of=make.entry(in_track=make.track()), folder=tmp_path)
    kept = Path(settings.MEDIA_ROOT) / submission.file.name
    os.utime(kept, (0, 0))
    leave("aa/old", days=2)
    young = leave("aa/young", days=0.5)

    swept = sweep_orphans()

    assert swept == 1
    assert stored() == {submission.file.name, young}


def test_an_empty_store_and_a_second_call_within_the_hour_do_nothing() -> None:
    cache.clear()

    assert sweep_orphans() == 0
    leave("bb/old", days=3)
    assert sweep_orphans() == 0
    assert stored() == {"submissions/bb/old"}
