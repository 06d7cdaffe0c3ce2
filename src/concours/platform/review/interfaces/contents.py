"""What a reviewer sees of an entry's files: a list, the readme, and the archive under its alias."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.http import FileResponse

from concours.platform.competitions.domain.lookups import latest_submission
from concours.platform.competitions.domain.submissions import archive_is_kept
from concours.snapshots import Limits, SnapshotRefused, describe, inspect_archive

FILES_SHOWN = 200
KEPT_SECONDS = 3_600
ENDINGS = (
    (b"PK", ".zip"),
    (b"\x1f\x8b", ".tar.gz"),
    (b"BZh", ".tar.bz2"),
    (b"\xfd7zXZ", ".tar.xz"),
)


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
    """What is in the submission that is judged; None where it cannot be read.

    O(bytes of the archive) the first time, kept by digest for an hour.
    """
    submission = latest_submission(entry=entry)
    if submission is None:
        return None
    key = f"review-contents:{submission.digest}"
    kept: Contents | None = cache.get(key)
    if kept is None:
        kept = _read(submission)
        if kept is not None:
            cache.set(key, kept, KEPT_SECONDS)
    return kept


def archive_of(entry: Any, *, alias: str) -> FileResponse | None:
    """The judged archive as a file to save, named by the alias; None where there is none."""
    submission = latest_submission(entry=entry)
    if submission is None or not archive_is_kept(submission=submission):
        return None
    stored = submission.file.open("rb")
    response = FileResponse(
        stored,
        as_attachment=True,
        filename=f"entry-{alias}{_ending(stored)}",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = submission.size
    return response


def _read(submission: Any) -> Contents | None:
    bounds = Limits()
    whole = bounds.max_unpacked_bytes + bounds.max_files * 4 * 1024
    bounds = replace(bounds, max_archive_bytes=whole, max_unpacked_bytes=whole)
    with tempfile.TemporaryDirectory(prefix="concours-review-") as folder:
        path = Path(folder) / "snapshot"
        try:
            with submission.file.open("rb") as stored, path.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            snapshot = inspect_archive(path, limits=bounds)
            told = describe(snapshot, path, limits=bounds)
        except (SnapshotRefused, OSError):
            return None
    readme = told["readme"]
    name = readme["path"] if readme else ""
    return Contents(
        files=tuple((entry.path, entry.size) for entry in snapshot.files[:FILES_SHOWN]),
        file_count=len(snapshot.files),
        size=snapshot.unpacked_size,
        readme_path=name,
        readme=readme["text"] if readme else "",
        is_markdown=name.casefold().endswith((".md", ".markdown")),
        languages=tuple(one["language"] for one in told["languages"][:5]),
    )


def _ending(file: Any) -> str:
    head = file.read(8)
    file.seek(0)
    return next((ending for magic, ending in ENDINGS if head.startswith(magic)), ".tar")
