"""Machine scores, from whatever evaluates entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.domain.sealing import new_salt, seal_of
from concours.platform.awards.domain.settled import require_unpublished
from concours.platform.awards.enums import POINTS_MAX_MILLI
from concours.platform.awards.models import MachineScore
from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record

_SHA256 = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def record_machine_score(
    *, actor: Any, entry: Any, points_milli: int, source: str, digest: str
) -> MachineScore:
    """Note what an evaluation says of an entry; a later one replaces it until publication.

    `source` names the evaluation and `digest` is the SHA-256 of what it wrote (64 hexadecimal
    digits). Raises Refused for a score out of 0..100,000, an entry that is out, or no provenance.
    """
    track = lock(entry.track)
    entry = lock(entry)
    require(actor, "awards.record_machine_score", entry)
    require_unpublished(track)
    source, digest = source.strip(), digest.strip().lower()
    if entry.state != EntryState.ENTERED:
        raise Refused("not-entered", _("This entry is no longer in the track."))
    if not 0 <= points_milli <= POINTS_MAX_MILLI:
        raise Refused("score-out-of-range", _("A score is between 0 and 100."))
    if not source or len(source) > 200 or not _SHA256.fullmatch(digest):
        raise Refused(
            "provenance-needed",
            _("Say where the score comes from: the evaluation's name and its SHA-256."),
        )
    salt = new_salt()
    seal = seal_of(
        salt=salt,
        content={
            "entry": entry.code,
            "points_milli": points_milli,
            "source": source,
            "digest": digest,
        },
    )
    score, _created = MachineScore.objects.update_or_create(
        entry=entry,
        defaults={
            "points_milli": points_milli,
            "source": source,
            "digest": digest,
            "salt": salt,
            "seal": seal,
            "recorded_at": clock.now(),
        },
    )
    record.append(
        actor=actor,
        verb="machine.scored",
        subject=entry,
        season=track.season.slug,
        data={"track": track.slug, "source": source, "digest": digest, "seal": seal},
    )
    return score


@transaction.atomic
def import_machine_scores(
    *,
    actor: Any,
    track: Any,
    scores: Sequence[tuple[str, int]],
    source: str,
    digest: str,
) -> list[MachineScore]:
    """Note the scores of many entries at once, as (code, points in thousandths): all or none.

    Raises Refused for a code that is not of the track or comes twice, naming it, and as of
    `record_machine_score`.
    """
    track = lock(track)
    require(actor, "awards.import_machine_scores", track)
    if not scores:
        raise Refused("empty", _("There is no score in this file."))
    entries = {entry.code: entry for entry in track.entries.all()}
    seen: set[str] = set()
    for code, _points in scores:
        if code not in entries or code in seen:
            raise Refused(
                "unknown-entry",
                _("“%(code)s” is not an entry of this track, or comes twice.")
                % {"code": code[:40]},
            )
        seen.add(code)
    return [
        record_machine_score(
            actor=actor,
            entry=entries[code],
            points_milli=points,
            source=source,
            digest=digest,
        )
        for code, points in scores
    ]
