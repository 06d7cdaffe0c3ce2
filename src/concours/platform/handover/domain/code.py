"""What is known of an entry's code: the snapshot, where it came from, licence and sign-off."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.criteria import licences_in
from concours.platform.competitions.domain.lookups import latest_submission
from concours.platform.competitions.domain.submissions import archive_is_kept
from concours.platform.competitions.enums import SubmissionKind
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.snapshots import Limits, SnapshotRefused
from concours.snapshots.archives import inspect_archive, read_member
from concours.snapshots.describe import licence_files

MOST_FILES = 30
MOST_BYTES = 256 * 1024
NOT_KNOWN = "not-known"


def code_of(*, entry: Any, licence: dict[str, Any]) -> dict[str, Any]:
    """The part "code" of a dossier. Raises Refused without a snapshot."""
    submission = latest_submission(entry=entry)
    if submission is None:
        raise Refused(
            "no-snapshot", _("This entry has no snapshot; there is nothing to hand over.")
        )
    return {
        "submission": submission.code,
        "number": submission.number,
        "kind": submission.kind,
        "digest": submission.digest,
        "content_digest": submission.content_digest,
        "bytes": submission.size,
        "files": submission.file_count,
        "commit": submission.git_commit,
        # As the record has it: it proves an address to whoever is told the address by us.
        "git_digest": keyed_digest("git", f"{submission.git_url} {submission.git_revision}".strip())
        if submission.kind == SubmissionKind.GIT
        else "",
        "licence": licence,
        "sign_off": _sign_off(submission),
    }


def licence_of(*, entry: Any) -> dict[str, Any]:
    """{"state": "recognised", "unrecognised", "none" or "not-known", "files", "found": SPDX ids}.

    Looks at the stored archive, O(its bytes): call it outside of a transaction. An archive that
    went with its author, or cannot be read, leaves the licence not known.
    """
    submission = latest_submission(entry=entry)
    if submission is None or not archive_is_kept(submission=submission):
        return _licence(NOT_KNOWN)
    bounds = Limits()
    whole = bounds.max_unpacked_bytes + bounds.max_files * 4 * 1024
    bounds = replace(bounds, max_archive_bytes=whole, max_unpacked_bytes=whole)
    try:
        with tempfile.TemporaryDirectory(prefix="concours-licence-") as folder:
            path = Path(folder) / "snapshot"
            with submission.file.open("rb") as stored, path.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            return _look(path, bounds)
    except (SnapshotRefused, OSError):
        return _licence(NOT_KNOWN)


def _look(path: Path, bounds: Limits) -> dict[str, Any]:
    snapshot = inspect_archive(path, limits=bounds)
    files = licence_files(snapshot)
    if not files:
        return _licence("none")
    found: set[str] = set()
    for name in files[:MOST_FILES]:
        text = read_member(path, name, max_bytes=MOST_BYTES, root=snapshot.root, limits=bounds)
        found |= set(licences_in(text.decode("utf-8", "replace")))
    state = "recognised" if found else "unrecognised"
    return _licence(state, files=len(files), found=sorted(found))


def _licence(state: str, *, files: int = 0, found: list[str] | None = None) -> dict[str, Any]:
    return {"state": state, "files": files, "found": found or []}


def _sign_off(submission: Any) -> dict[str, Any]:
    """Of a git snapshot its one commit was looked at when it was fetched; an archive tells nothing.

    Commits that were fetched before anybody looked are not known either.
    """
    if submission.git_signed_off is None:
        return {"state": NOT_KNOWN, "commits": 0}
    state = "signed-off" if submission.git_signed_off else "not-signed-off"
    return {"state": state, "commits": 1}
