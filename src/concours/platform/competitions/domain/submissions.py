"""Submissions: strangers' software taken in as an immutable snapshot."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.entries import require_submissions_open
from concours.platform.competitions.domain.locks import lock_entry
from concours.platform.competitions.enums import SubmissionKind, SubmissionState
from concours.platform.competitions.models import Entry, Submission
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.storing import store
from concours.platform.core.wording import one_line
from concours.platform.record import domain as record
from concours.snapshots.archives import inspect_archive
from concours.snapshots.errors import SnapshotRefused
from concours.snapshots.git import GitPolicy, fetch_commit
from concours.snapshots.limits import Limits
from concours.snapshots.snapshot import Snapshot

logger = logging.getLogger(__name__)
FETCHER = System("git-fetcher")
STUCK_AFTER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=1)
MOST_A_DAY = 30
MOST_NOTE = 500
MOST_URL = 500
MOST_REVISION = 200

on_ready: list[Callable[[Submission], object]] = []
"""Called after the commit of a submission that is ready. Apps append to it in `ready()`."""


def limits() -> Limits:
    return Limits(max_archive_bytes=settings.MAX_UPLOAD_BYTES)


def submit_archive(*, actor: Any, entry: Entry, path: Path, note: str = "") -> Submission:
    """Take the archive at `path` as the entry's next submission.

    The file is inspected and stored before the transaction and removed again if that fails, so that
    a crash leaves at worst a file that nothing refers to. Raises Refused (with the inspection's
    code) for an archive that is unsafe, and as `require_submissions_open` does.
    """
    require(actor, "competitions.submit", entry)
    require_submissions_open(entry)
    note = one_line(note, most=MOST_NOTE)
    _require_room(entry)
    try:
        snapshot = inspect_archive(path, limits=limits())
    except SnapshotRefused as refusal:
        raise Refused(refusal.code, refusal.message) from refusal
    stored = _store(path)
    try:
        with transaction.atomic():
            entry = lock_entry(entry)
            require_submissions_open(entry)
            _require_room(entry)
            submission = Submission.objects.create(
                entry=entry,
                number=_next_number(entry),
                kind=SubmissionKind.ARCHIVE,
                state=SubmissionState.READY,
                note=note,
                submitted_by=actor,
                submitted_at=clock.now(),
                **_facts(snapshot, stored),
            )
            _append(actor=actor, verb="submission.received", submission=submission)
            _tell_ready(submission)
    except BaseException:
        default_storage.delete(stored)
        raise
    return submission


@transaction.atomic
def submit_git(*, actor: Any, entry: Entry, url: str, revision: str, note: str = "") -> Submission:
    """Ask for a commit of a public repository as the entry's next submission.

    It is fetched outside the request by `complete_git_submission`; the deadline counts now.
    """
    entry = lock_entry(entry)
    require(actor, "competitions.submit", entry)
    require_submissions_open(entry)
    if not url.strip() or not revision.strip():
        raise Refused("empty", _("Give the repository's address and the commit."))
    if entry.submissions.filter(state=SubmissionState.FETCHING).exists():
        raise Refused("fetch-running", _("A repository is being fetched; wait until it is in."))
    _require_room(entry)
    submission = Submission.objects.create(
        entry=entry,
        number=_next_number(entry),
        kind=SubmissionKind.GIT,
        state=SubmissionState.FETCHING,
        git_url=one_line(url, most=MOST_URL),
        git_revision=one_line(revision, most=MOST_REVISION),
        note=one_line(note, most=MOST_NOTE),
        submitted_by=actor,
        submitted_at=clock.now(),
    )
    _append(actor=actor, verb="submission.requested", submission=submission)
    return submission


def complete_git_submission(*, submission: Submission) -> Submission:
    """Fetch what a git submission asked for, and settle it as ready or refused. Idempotent."""
    submission.refresh_from_db()
    if submission.state != SubmissionState.FETCHING:
        return submission
    with tempfile.TemporaryDirectory(prefix="concours-git-") as folder:
        try:
            fetched = fetch_commit(
                url=submission.git_url,
                revision=submission.git_revision,
                into=Path(folder),
                policy=GitPolicy(allowed_hosts=frozenset(settings.GIT_ALLOWED_HOSTS)),
                limits=limits(),
            )
        except SnapshotRefused as refusal:
            return _refuse(submission=submission, code=refusal.code, message=str(refusal.message))
        stored = _store(fetched.archive)
        try:
            with transaction.atomic():
                submission = lock(submission)
                if submission.state != SubmissionState.FETCHING:
                    raise Refused("settled-already", _("This submission is settled already."))
                for name, value in _facts(fetched.snapshot, stored).items():
                    setattr(submission, name, value)
                submission.git_commit = fetched.commit
                submission.git_signed_off = fetched.signed_off
                submission.state = SubmissionState.READY
                submission.save()
                _append(actor=FETCHER, verb="submission.fetched", submission=submission)
                _tell_ready(submission)
        except BaseException:
            default_storage.delete(stored)
            raise
    return submission


def ready_since(*, moment: datetime) -> models.QuerySet[Submission]:
    """Ready submissions that were asked for after `moment`, oldest first."""
    return (
        Submission.objects.filter(state=SubmissionState.READY, submitted_at__gt=moment)
        .select_related("entry__track__phase", "entry__track__season", "entry__team")
        .order_by("pk")
    )


def submission_of(*, entry_id: int, number: int) -> Submission | None:
    """The ready submission of that number, with what its file's name needs."""
    rows = Submission.objects.filter(entry_id=entry_id, state=SubmissionState.READY)
    return rows.select_related("entry__track__season").filter(number=number).first()


def archive_is_kept(*, submission: Submission) -> bool:
    """Whether the archive is still stored: one goes when its only author has themselves erased."""
    return bool(submission.file) and default_storage.exists(str(submission.file.name))


def lost_archives() -> list[str]:
    """Codes of ready submissions whose archive is not stored, in order of their numbers.

    Those that went with an erased author are among them. A look at the disk for each submission.
    """
    ready = Submission.objects.filter(state=SubmissionState.READY).order_by("pk")
    return [one.code for one in ready.iterator() if not archive_is_kept(submission=one)]


def stuck_fetches() -> list[Submission]:
    """Git submissions still being fetched STUCK_AFTER their request, and not yet given up."""
    moment = clock.now()
    return list(
        Submission.objects.filter(
            state=SubmissionState.FETCHING,
            submitted_at__lte=moment - STUCK_AFTER,
            submitted_at__gt=moment - GIVE_UP_AFTER,
        ).order_by("pk")
    )


def give_up_fetches() -> int:
    """Settle as refused what could not be fetched within GIVE_UP_AFTER; how many there were."""
    hopeless = Submission.objects.filter(
        state=SubmissionState.FETCHING, submitted_at__lte=clock.now() - GIVE_UP_AFTER
    )
    for submission in hopeless:
        _refuse(
            submission=submission,
            code="fetch_failed",
            message="The repository could not be fetched for a day; submit again.",
        )
    return len(hopeless)


def submission_manifest(*, submission: Submission) -> str:
    """The `sha256sum` lines of the snapshot's files, computed from the stored bytes.

    Their SHA-256 is the submission's content digest. Raises Refused unless it is ready, or when
    the stored file no longer has the digest it was taken in under. O(unpacked bytes).
    """
    if submission.state != SubmissionState.READY:
        raise Refused("not-ready", _("This submission has no files (yet)."))
    bounds = Limits()
    whole = bounds.max_unpacked_bytes + bounds.max_files * 4 * 1024
    bounds = replace(bounds, max_archive_bytes=whole, max_unpacked_bytes=whole)
    with tempfile.TemporaryDirectory(prefix="concours-manifest-") as folder:
        path = Path(folder) / "snapshot"
        with submission.file.open("rb") as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        snapshot = inspect_archive(path, limits=bounds)
    if snapshot.digest != submission.digest:
        raise Refused("file-changed", _("The stored file is not the one that was submitted."))
    return snapshot.manifest()


@transaction.atomic
def _refuse(*, submission: Submission, code: str, message: str) -> Submission:
    submission = lock(submission)
    submission.state = SubmissionState.REFUSED
    submission.refusal_code, submission.refusal_message = code, message
    submission.save(update_fields=["state", "refusal_code", "refusal_message"])
    _append(actor=FETCHER, verb="submission.refused", submission=submission)
    return submission


def _tell_ready(submission: Submission) -> None:
    for call in on_ready:
        transaction.on_commit(partial(call, submission), robust=True)


def _require_room(entry: Entry) -> None:
    """Raise Refused once the entry has MOST_A_DAY submissions within a day: disks are finite."""
    moment = clock.now()
    recent = entry.submissions.filter(
        submitted_at__gt=moment - timedelta(days=1), submitted_at__lte=moment
    )
    if recent.count() >= MOST_A_DAY:
        raise Refused(
            "too-many-submissions",
            _("An entry takes %(most)d submissions a day; submit again tomorrow.")
            % {"most": MOST_A_DAY},
        )


def _next_number(entry: Entry) -> int:
    latest: int | None = entry.submissions.aggregate(latest=models.Max("number"))["latest"]
    return (latest or 0) + 1


def _store(path: Path) -> str:
    with path.open("rb") as file:
        return store(File(file), folder="submissions")


def _facts(snapshot: Snapshot, stored: str) -> dict[str, Any]:
    return {
        "file": stored,
        "size": snapshot.size,
        "file_count": len(snapshot.files),
        "digest": snapshot.digest,
        "content_digest": snapshot.content_digest,
    }


def _append(*, actor: Any, verb: str, submission: Submission) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=submission,
        season=submission.entry.track.season.slug,
        data={
            "entry": submission.entry.code,
            "number": submission.number,
            "kind": submission.kind,
            "digest": submission.digest,
            "content_digest": submission.content_digest,
            "git_digest": keyed_digest(
                "git", f"{submission.git_url} {submission.git_revision}".strip()
            ),
            "git_commit": submission.git_commit,
            "git_signed_off": submission.git_signed_off,
            "refusal": submission.refusal_code,
        },
    )
