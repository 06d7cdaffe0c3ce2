"""What reviewers get to see of an entry: its work without the names of its people."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from concours.anonymity import RULES_VERSION, Bounds, Identity, Scrubber, anonymise
from concours.platform.competitions.domain.lookups import latest_submission
from concours.platform.competitions.domain.naming import entry_identities
from concours.platform.competitions.domain.submissions import archive_is_kept
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.storing import store
from concours.platform.record import domain as record
from concours.platform.record.chain import canonical
from concours.platform.review.enums import RoundState
from concours.platform.review.models import AnonymousSnapshot, ReviewRound
from concours.snapshots import Limits, SnapshotRefused

ANONYMISER = System("anonymiser")
FAILED_SECONDS = 3_600
"""For how long a snapshot that could not be made is not tried again."""


@dataclass(frozen=True, kw_only=True)
class Leak:
    """`count` places of a text of the entry's page that tell a `kind` of name."""

    field: str
    kind: str
    count: int


def anonymous_snapshot(*, entry: Any) -> AnonymousSnapshot | None:
    """The judged submission of an entry as reviewers get it; None where there is none to get.

    Made when it is first asked for, O(bytes of the archive), and kept; the record then holds its
    digest. Once reviews are assigned it stays as it is, whatever people call themselves later.
    None too where the archive is gone, or cannot be read within the bounds.
    """
    submission = latest_submission(entry=entry)
    if submission is None or not archive_is_kept(submission=submission):
        return None
    pinned = _pinned(submission)
    if pinned is not None:
        return pinned
    identities = entry_identities(entry=entry)
    key = _key(submission.digest, identities)
    found = AnonymousSnapshot.objects.filter(key=key).first()
    if found is not None and default_storage.exists(str(found.file.name)):
        return found
    failed = f"anonymous-failed:{key}"
    if cache.get(failed):
        return None
    try:
        return _make(submission, entry=entry, key=key, identities=identities, lost=found)
    except (SnapshotRefused, Refused, OSError):
        cache.set(failed, value=True, timeout=FAILED_SECONDS)
        return None


def blind_text(*, entry: Any, text: str) -> str:
    """What an entry says of itself, as reviewers read it."""
    return Scrubber(entry_identities(entry=entry)).replace(text)[0]


def leaks_of(*, entry: Any) -> list[Leak]:
    """Names of the entry's people in its title and abstract, weak ones too."""
    scrubber = Scrubber(entry_identities(entry=entry))
    leaks = []
    for field in ("title", "abstract"):
        text = getattr(entry, field)
        found: dict[str, int] = dict(scrubber.replace(text)[1])
        for kind, count in scrubber.left(text).items():
            found[kind] = found.get(kind, 0) + count
        leaks += [Leak(field=field, kind=kind, count=count) for kind, count in found.items()]
    return leaks


def forget_snapshots(*, submissions: Any) -> None:
    """Delete what was made of those submissions once the transaction commits."""
    rows = AnonymousSnapshot.objects.filter(submission__in=submissions)
    for name in rows.values_list("file", flat=True):
        transaction.on_commit(partial(default_storage.delete, name))
    rows.delete()


def _pinned(submission: Any) -> AnonymousSnapshot | None:
    """The snapshot that was made last, where reviews are assigned: all reviewers get the same."""
    track_id = submission.entry.track_id
    rounds = ReviewRound.objects.exclude(state=RoundState.PLANNED)
    if not rounds.filter(track_id=track_id).exists():
        return None
    found = AnonymousSnapshot.objects.filter(submission=submission).order_by("-pk").first()
    if found is None or not default_storage.exists(str(found.file.name)):
        return None
    return found


def _key(digest: str, identities: tuple[Identity, ...]) -> str:
    named = [[one.text, str(one.kind), one.token, one.weak] for one in identities]
    return keyed_digest("anonymity", canonical([digest, RULES_VERSION, named]))


def _make(
    submission: Any,
    *,
    entry: Any,
    key: str,
    identities: tuple[Identity, ...],
    lost: AnonymousSnapshot | None,
) -> AnonymousSnapshot:
    bounds = Limits()
    whole = bounds.max_unpacked_bytes + bounds.max_files * 4 * 1024
    limits = replace(bounds, max_archive_bytes=whole, max_unpacked_bytes=whole)
    with tempfile.TemporaryDirectory(prefix="concours-anonymous-") as folder:
        source, target = Path(folder) / "submission", Path(folder) / "anonymous"
        with submission.file.open("rb") as stored, source.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        done = anonymise(source, target, identities=identities, bounds=Bounds(limits=limits))
        with target.open("rb") as made:
            name = store(File(made), folder="anonymous")
    kept = False
    try:
        with transaction.atomic():
            if lost is not None:
                lost.delete()
            snapshot, created = AnonymousSnapshot.objects.get_or_create(
                key=key,
                defaults={
                    "submission": submission,
                    "file": name,
                    "size": done.size,
                    "file_count": done.file_count,
                    "digest": done.digest,
                    "content_digest": done.content_digest,
                    "report": done.report.as_json(),
                    "made_at": clock.now(),
                },
            )
            if created:
                record.append(
                    actor=ANONYMISER,
                    verb="submission.anonymised",
                    subject=submission,
                    season=entry.track.season.slug,
                    data={
                        "entry": entry.code,
                        "number": submission.number,
                        "of": submission.digest,
                        "digest": done.digest,
                        "content_digest": done.content_digest,
                        "rules": RULES_VERSION,
                        "files": done.file_count,
                        "places": done.report.totals(),
                    },
                )
        kept = created
    finally:
        if not kept:
            # Somebody else made the same at the same time, or nothing was made at all.
            default_storage.delete(name)
    return snapshot
