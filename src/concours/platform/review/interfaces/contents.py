"""What a reviewer sees of an entry's files: a list, the readme, and the archive under its alias.

All of it is of the anonymous snapshot; the submission itself is never opened for a reviewer.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.http import FileResponse

from concours.platform.review.domain.anonymous import anonymous_snapshot
from concours.platform.review.models import AnonymousSnapshot
from concours.snapshots import Limits, SnapshotRefused, describe, inspect_archive

FILES_SHOWN = 200
KEPT_SECONDS = 3_600


@dataclass(frozen=True)
class Contents:
    """`files` are (path, size in bytes), the first FILES_SHOWN of `file_count`."""

    files: tuple[tuple[str, int], ...]
    file_count: int
    size: int
    readme_path: str
    readme: str
    is_markdown: bool
    languages: tuple[str, ...]


def contents_of(entry: Any) -> Contents | None:
    """What is in the snapshot that is judged; None where it cannot be read.

    O(bytes of the archive) the first time, kept by digest for an hour.
    """
    snapshot = anonymous_snapshot(entry=entry)
    if snapshot is None:
        return None
    key = f"review-contents:{snapshot.digest}"
    kept: Contents | None = cache.get(key)
    if kept is None:
        kept = _read(snapshot)
        if kept is not None:
            cache.set(key, kept, KEPT_SECONDS)
    return kept


def archive_of(entry: Any, *, alias: str) -> FileResponse | None:
    """The judged snapshot as a file to save, named by the alias; None where there is none."""
    snapshot = anonymous_snapshot(entry=entry)
    if snapshot is None:
        return None
    response = FileResponse(
        snapshot.file.open("rb"),
        as_attachment=True,
        filename=f"entry-{alias}.tar.gz",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = snapshot.size
    return response


def _read(snapshot: AnonymousSnapshot) -> Contents | None:
    bounds = Limits()
    whole = bounds.max_unpacked_bytes + bounds.max_files * 4 * 1024
    bounds = replace(bounds, max_archive_bytes=whole, max_unpacked_bytes=whole)
    with tempfile.TemporaryDirectory(prefix="concours-review-") as folder:
        path = Path(folder) / "snapshot"
        try:
            with snapshot.file.open("rb") as stored, path.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            found = inspect_archive(path, limits=bounds)
            told = describe(found, path, limits=bounds)
        except (SnapshotRefused, OSError):
            return None
    readme = told["readme"]
    name = readme["path"] if readme else ""
    return Contents(
        files=tuple((entry.path, entry.size) for entry in found.files[:FILES_SHOWN]),
        file_count=len(found.files),
        size=found.unpacked_size,
        readme_path=name,
        readme=readme["text"] if readme else "",
        is_markdown=name.casefold().endswith((".md", ".markdown")),
        languages=tuple(one["language"] for one in told["languages"][:5]),
    )
