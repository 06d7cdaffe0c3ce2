"""What a dossier tells, gathered from what everybody may read and what people gave their leave for.

The same record gives the same dossier, whoever asks and whenever. See handover.document for its
form; no name and no text of anybody's is in it.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import AnonymousUser

from concours.platform.awards.domain import Win
from concours.platform.competitions.domain.lookups import latest_submission
from concours.platform.core.digests import keyed_digest
from concours.platform.evaluations.domain.onward import onward_runs
from concours.platform.handover.document import seal_of, to_text
from concours.platform.handover.domain.code import code_of
from concours.platform.handover.domain.settled import require_winner
from concours.platform.handover.domain.wishing import member_code
from concours.platform.handover.models import Handover, ReviewLeave
from concours.platform.integrity.domain import faults_in, latest_report
from concours.platform.record import domain as record
from concours.platform.review.domain.onward import (
    OnwardReview,
    onward_reviews,
    published_standing,
)


def dossier_text(*, handover: Handover, licence: dict[str, Any]) -> str:
    """The dossier of the entry as it would go along now.

    `licence` comes from `code.licence_of`. Raises Refused for no winner and without a snapshot.
    """
    entry = handover.entry
    win = require_winner(entry)
    count, head = record.head()
    return to_text(
        {
            "season": entry.track.season.slug,
            "track": entry.track.slug,
            "entry": entry.code,
            "team": entry.team.code,
            "record": {"events": count, "head": head},
            "code": code_of(entry=entry, licence=licence),
            "people": [
                {"member": code, "captain": captain}
                for code, captain in members_of(handover).values()
            ],
            "evaluations": evaluations_of(entry),
            "reviews": _reviews(handover),
            "standing": _standing(entry),
            "result": _result(win),
            "awards": [
                {
                    "pool": award.pool.code,
                    "place": award.place,
                    "title": award.title,
                    "title_zh": award.title_zh,
                    "currency": award.pool.currency,
                    "amount_minor": award.amount_minor,
                }
                for award in win.awards
            ],
            "integrity": _integrity(entry.track),
        }
    )


def members_of(handover: Handover) -> dict[int, tuple[str, bool]]:
    """{person: (their code in dossiers, whether they are the captain)} of the entry's team."""
    entry = handover.entry
    said = dict(handover.wishes.values_list("user_id", "member"))
    rows = entry.team.memberships.select_related("user")
    return {
        row.user_id: (said.get(row.user_id) or member_code(entry, row.user), row.captain)
        for row in rows
    }


def released(handover: Handover) -> list[tuple[OnwardReview, str]]:
    """(review, salt of its text) of those reviews whose authors gave their leave."""
    leaves = ReviewLeave.objects.filter(handover=handover, withdrawn_at__isnull=True)
    given = set(leaves.values_list("duty", flat=True))
    return [
        (one, salt_of(handover, one.duty))
        for one in onward_reviews(entry=handover.entry)
        if one.duty in given
    ]


def salt_of(handover: Handover, duty: str) -> str:
    """What keeps a short text from being guessed by its seal, until it is told with the text."""
    return keyed_digest("dossier-review", f"{handover.code} {duty}")[:32]


def evaluations_of(entry: Any) -> list[dict[str, Any]]:
    """The part "evaluations": the scored runs of the judged snapshot that everybody may read."""
    submission = latest_submission(entry=entry)
    if submission is None:
        return []
    return [
        {
            "code": one.code,
            "split": one.split,
            "evaluator": one.evaluator,
            "version": one.version,
            "evaluator_digest": one.evaluator_digest,
            "values": dict(one.values),
            "seal": one.seal,
            "digest": one.digest,
            "bundles": [{"digest": digest, "bytes": size} for digest, size in one.bundles],
        }
        for one in onward_runs(user=AnonymousUser(), submission=submission)
    ]


def _reviews(handover: Handover) -> dict[str, Any]:
    return {
        "counted": len(onward_reviews(entry=handover.entry)),
        "released": [
            {
                "points_milli": one.points_milli,
                "scores": [
                    {"criterion": key, "points": points, "of": most}
                    for key, points, most in one.scores
                ],
                "seal": seal_of(salt=salt, text=one.comment),
            }
            for one, salt in released(handover)
        ],
    }


def _standing(entry: Any) -> dict[str, Any] | None:
    found = published_standing(entry=entry)
    return None if found is None else vars(found)


def _result(win: Win) -> dict[str, Any]:
    line = win.line
    return {
        "number": win.result.number,
        "inputs_digest": win.result.inputs_digest,
        "entries": win.result.formula["entries"],
        "place": line.place,
        "tied": line.tied,
        "finalist": line.finalist,
        "machine_milli": line.machine_milli,
        "peer_milli": line.peer_milli,
        "jury_milli": line.jury_milli,
        "total": [line.total_numerator, line.total_denominator],
    }


def _integrity(track: Any) -> dict[str, Any] | None:
    """What the newest public report says of the record and of this track; None without one."""
    report = latest_report(user=AnonymousUser(), season=track.season)
    if report is None:
        return None
    content = json.loads(report.content)
    own = {**content, "tracks": [one for one in content["tracks"] if one["slug"] == track.slug]}
    return {
        "number": report.number,
        "digest": report.digest,
        "events": content["record"]["events"],
        "head": content["record"]["head"],
        "faults": faults_in(own),
    }
