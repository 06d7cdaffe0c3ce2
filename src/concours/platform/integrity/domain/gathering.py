"""What a report says, gathered from the record and computed again. No person is in it.

    {"format", "season", "made_at", "record": {"events", "head", "season_events", "faults"},
     "tracks": [{"slug", "title", "title_zh",
                 "assignment": {"method", "engine", "entries", "duties", "seed", "faults"} or null,
                 "duties": {"submitted", "defaulted", "lifted", "pending", "excused", "replaced"},
                 "flags": {"raised", "open", "dismissed", "upheld"} or null,
                 "standings": {"number", "engine", "entries", "reviews", "faults"} or null,
                 "result": {"number", "entries", "awards", "digest", "faults"} or null,
                 "appeals": {"upheld", "partly", "rejected", "dismissed"}, "changes_applied",
                 "money": [{"pool", "title", "title_zh", "faults"}]}],
     "totals": [where the money is, by currency],
     "changes": [{"seq", "at", "verb"}], "acts": {verb: how often}}

Of standings, results and flags it tells only what is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import AnonymousUser

from concours.platform.appeals import domain as appeals
from concours.platform.awards import domain as awards
from concours.platform.awards.domain.exporting import published_result
from concours.platform.awards.domain.queries import pools_of
from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.core import clock
from concours.platform.record import domain as record
from concours.platform.review.domain import verify_assignment, verify_standings

FORMAT = "concours-integrity/1"
CHANGES_SHOWN = 500
CHANGES = frozenset(
    {
        "appeal-judge.removed",
        "appeal.decided",
        "appeal.dismissed",
        "appeal.recused",
        "changes.applied",
        "duties.replaced",
        "duties.transferred",
        "duty.excused",
        "duty.lifted",
        "entry.disqualified",
        "entry.reinstated",
        "entry.withdrawn",
        "flag.decided",
        "identity.alarm_raised",
        "identity.alarm_settled",
        "identity.revealed",
        "juror.removed",
        "money.four-eyes-off",
        "money.four-eyes-on",
        "money.request-dropped",
        "payout.adjusted",
        "payout.clawed-back",
        "payout.granted",
        "payout.paper-withdrawn",
        "pool.given-back",
        "pool.revised",
        "reviewer.removed",
        "review.amended_after_answer",
        "round.extended",
        "team.merged",
    }
)
"""Acts after which something is otherwise than it was announced or computed."""
Progress = Callable[[str], None]


def gather(*, season: Any, progress: Progress = lambda part: None) -> dict[str, Any]:
    """The whole report. Takes as long as computing every assignment and standing again."""
    everyone = AnonymousUser()
    tracks = visible_tracks(everyone).filter(season=season).select_related("phase", "season")
    progress("record")
    checked = record.verify()
    acts, changes = _events(season)
    found = []
    for track in tracks.order_by("batch__number", "pk"):
        progress(track.slug)
        found.append(_track(track, everyone))
    return {
        "format": FORMAT,
        "season": season.slug,
        "made_at": clock.now().isoformat(),
        "record": {
            "events": checked.count,
            "head": checked.head,
            "season_events": sum(acts.values()),
            "faults": [f"event {fault.seq}: {fault.what}" for fault in checked.faults],
        },
        "tracks": found,
        "totals": [asdict(one) for one in awards.totals_in(user=everyone, season=season)],
        "changes": changes[-CHANGES_SHOWN:],
        "changes_left_out": max(0, len(changes) - CHANGES_SHOWN),
        "acts": dict(sorted(acts.items())),
    }


def _events(season: Any) -> tuple[Counter[str], list[dict[str, Any]]]:
    """(how often each verb, the acts that changed something), without subjects and actors."""
    acts: Counter[str] = Counter()
    changes = []
    for event in record.iterate(season=season.slug):
        acts[event.verb] += 1
        if event.verb in CHANGES:
            changes.append({"seq": event.seq, "at": event.at, "verb": event.verb})
    return acts, changes


def _track(track: Any, everyone: Any) -> dict[str, Any]:
    round_ = getattr(track, "review_round", None)
    snapshot = None if round_ is None else round_.snapshots.filter(published=True).first()
    return {
        "slug": track.slug,
        "title": track.title,
        "title_zh": track.title_zh,
        "assignment": _assignment(round_),
        "duties": _duties(round_),
        "flags": _flags(round_) if snapshot is not None else None,
        "standings": None if snapshot is None else _standings(snapshot),
        "result": _result(track),
        "appeals": appeals.appeals_by_end(user=everyone, track=track),
        "changes_applied": appeals.applied_changes(user=everyone, track=track),
        "money": [
            {
                "pool": pool.code,
                "title": pool.title,
                "title_zh": pool.title_zh,
                "faults": awards.verify_money(pool=pool),
            }
            for pool in pools_of(user=everyone, track=track)
        ],
    }


def _assignment(round_: Any) -> dict[str, Any] | None:
    if round_ is None or round_.assigned_at is None:
        return None
    return {
        "method": round_.method,
        "engine": round_.engine,
        "entries": round_.entry_count,
        "duties": round_.assignments.count(),
        "seed": round_.revealed_seed,
        "faults": verify_assignment(round=round_),
    }


def _duties(round_: Any) -> dict[str, int]:
    states = () if round_ is None else round_.assignments.values_list("state", flat=True)
    counted = Counter(states)
    names = ("submitted", "defaulted", "lifted", "pending", "excused", "replaced")
    return {name: counted[name] for name in names}


def _flags(round_: Any) -> dict[str, int] | None:
    screening = getattr(round_, "screening", None)
    if screening is None:
        return None
    counted = Counter(screening.flags.values_list("state", flat=True))
    return {
        "raised": sum(counted.values()),
        **{name: counted[name] for name in ("open", "dismissed", "upheld")},
    }


def _standings(snapshot: Any) -> dict[str, Any]:
    return {
        "number": snapshot.number,
        "engine": snapshot.engine,
        "entries": snapshot.entry_count,
        "reviews": snapshot.review_count,
        "faults": verify_standings(snapshot=snapshot),
    }


def _result(track: Any) -> dict[str, Any] | None:
    result = published_result(track=track)
    if result is None:
        return None
    return {
        "number": result.number,
        "entries": result.lines.count(),
        "awards": result.awards.count(),
        "digest": result.inputs_digest,
        "faults": list(awards.verify_result(result=result).faults),
    }
