"""The open algorithm rule: the sources of ranked entries, after the period that the rules name."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.submissions import archive_is_kept, submission_of
from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.evaluations.domain.sets import CaseFile, case_files
from concours.platform.evaluations.enums import Split
from concours.platform.leaderboards.domain.runs import apart_of
from concours.platform.leaderboards.domain.storing import lines_of, note, pin
from concours.platform.leaderboards.enums import Visibility
from concours.platform.leaderboards.models import Board, Publication, ResultsOut
from concours.platform.leaderboards.ranking import Placed, places
from concours.platform.record import domain as record

log = logging.getLogger(__name__)
PUBLISHER = System("source-publisher")
SOURCE = "source"
SUMS = "SHA256SUMS"


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a track's sources are published: `at` is None before its results are out."""

    days: int
    at: datetime | None
    published: bool


def publication_of(*, track: Any) -> Due | None:
    """What the track's rules say of publishing sources; None where they stay private."""
    if track.publish_source_days is None:
        return None
    out = ResultsOut.objects.filter(track=track).first()
    return Due(
        days=track.publish_source_days,
        at=None if out is None else _due_at(out, track),
        published=out is not None and out.published_at is not None,
    )


@transaction.atomic
def results_are_out(*, actor: Any, track: Any) -> ResultsOut:
    """Note that the track's results are out: the period before its sources are published begins.

    Called when a result is published, or by organisers of a track that has none. A second time
    changes nothing.
    """
    track = lock(track)
    require(actor, "leaderboards.run_boards", track)
    found, fresh = ResultsOut.objects.get_or_create(track=track, defaults={"at": clock.now()})
    if fresh:
        record.append(
            actor=actor,
            verb="track.results-out",
            subject=track,
            season=track.season.slug,
            data={"publish_source_days": track.publish_source_days},
        )
    return found


def publish_due() -> int:
    """Publish the sources of every track whose moment has come; how many tracks. For every
    minute."""
    done = 0
    for out in due_publications():
        try:
            publish_sources(track=out.track)
            done += 1
        except Exception:
            log.exception("the sources of %s could not be published", out.track.code)
    return done


def due_publications() -> list[ResultsOut]:
    """The tracks whose sources are to be published by now, and are not yet."""
    waiting = ResultsOut.objects.filter(
        published_at__isnull=True, track__publish_source_days__isnull=False
    ).select_related("track__season")
    return [out for out in waiting if _due_at(out, out.track) <= clock.now()]


@transaction.atomic
def publish_sources(*, track: Any) -> list[Publication]:
    """Publish the sources behind the lines of the track's public boards, once.

    Of every ranked entry that is still in: the archive that counted, what its run left, and the
    sums. An archive that was erased with its only author is left out. Raises Refused before the
    moment, and where sources stay private.
    """
    out = (
        ResultsOut.objects.select_for_update(of=("self",), no_key=True).filter(track=track).first()
    )
    if out is None or track.publish_source_days is None or clock.now() < _due_at(out, track):
        raise Refused("too-early", _("The sources of this track are not published yet."))
    made: list[Publication] = []
    for board in _ranked_boards(track):
        made += _publish_board(board)
    out.published_at = clock.now()
    out.save(update_fields=["published_at"])
    return made


def file_of(*, publication: Publication, name: str) -> Path | Any | None:
    """The published file of that name: something with `open()`; None where there is none."""
    known = {file["name"]: file for file in publication.files}
    if name not in known:
        return None
    if known[name]["kind"] == SOURCE:
        return publication.submission.file
    for file in case_files(evaluation_code=publication.evaluation):
        if _name(file) == name:
            return file.path
    return None


def _ranked_boards(track: Any) -> list[Board]:
    """The track's public boards; that of practice only where there is no other."""
    boards = Board.objects.filter(track=track, visibility=Visibility.PUBLIC, live__isnull=False)
    found = list(boards.select_related("live", "track__season").order_by("pk"))
    return [board for board in found if board.split != Split.PRACTICE] or found


def _due_at(out: ResultsOut, track: Any) -> datetime:
    return out.at + timedelta(days=track.publish_source_days)


def _publish_board(board: Board) -> list[Publication]:
    assert board.live is not None  # noqa: S101 - the caller has looked
    pin(board.live)
    apart = apart_of(track=board.track)
    rows = [one for one in places(lines_of(board.live), apart=apart) if one.place]
    codes = dict(board.track.entries.filter(state=EntryState.ENTERED).values_list("code", "pk"))
    made = [
        publication
        for placed in rows
        if placed.line.run.entry in codes
        and (publication := _publish(board, placed, codes[placed.line.run.entry])) is not None
    ]
    note(
        actor=PUBLISHER,
        verb="board.sources-published",
        board=board,
        snapshot=board.live.number,
        sources={one.entry.code: one.submission.digest for one in made},
    )
    return made


def _publish(board: Board, placed: Placed, entry_id: int) -> Publication | None:
    run = placed.line.run
    submission = submission_of(entry_id=entry_id, number=run.submission)
    if submission is None or not archive_is_kept(submission=submission):
        return None
    files = list(_files(submission, case_files(evaluation_code=run.evaluation)))
    return Publication.objects.update_or_create(
        board=board,
        entry_id=entry_id,
        defaults={
            "submission": submission,
            "evaluation": run.evaluation,
            "place": placed.place,
            "files": files,
            "sums": "".join(f"{file['digest']}  {file['name']}\n" for file in files),
            "published_at": clock.now(),
        },
    )[0]


def _files(submission: Any, left: list[CaseFile]) -> Iterator[dict[str, Any]]:
    yield {
        "name": f"submission-{submission.number}{archive_suffix(submission)}",
        "size": submission.size,
        "digest": submission.digest,
        "kind": SOURCE,
    }
    for file in left:
        yield {
            "name": _name(file),
            "size": file.size,
            "digest": file.digest,
            "kind": "artefact",
        }


def _name(file: CaseFile) -> str:
    """<case>/<file>, with nothing that leaves the folder it is unpacked into."""
    parts = [*PurePosixPath(file.case).parts, *PurePosixPath(file.name).parts]
    return "/".join(part for part in parts if part not in {"/", "..", "."})


def archive_suffix(submission: Any) -> str:
    """.zip or .tar (with what it is packed by), by the first bytes of the file."""
    with submission.file.open("rb") as stored:
        start = stored.read(265)
    known = {b"PK": ".zip", b"\x1f\x8b": ".tar.gz", b"BZh": ".tar.bz2", b"\xfd7zXZ": ".tar.xz"}
    return next((suffix for magic, suffix in known.items() if start.startswith(magic)), ".tar")
