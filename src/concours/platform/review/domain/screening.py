"""The search of closed reviews for signs of arrangement, and what people decide of each sign.

Nothing follows by itself: a flag is a question to those who run the round. It names reviewers and
entries by alias; who is behind one is told by `identities.reveal` alone.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.peerreview import ENGINE_VERSION, BadInput, ReviewSet
from concours.peerreview.screening import Flag, ScreeningReport, aligned, screen
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.wording import passage
from concours.platform.record import domain as record
from concours.platform.record.chain import canonical
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import AliasKind, FlagState, RoundState
from concours.platform.review.methods import methods_of
from concours.platform.review.models import (
    Assignment,
    Review,
    ReviewRound,
    RoundEntry,
    Screening,
    ScreeningFlag,
)

LEVEL = 0.01
"""Chance that an honest reviewer is flagged by any test."""
MOST_ROWS = 60
EXCERPT = 600
MOST_NOTE = 2_000
NEEDS_ENTRY = frozenset({"favours", "group", "down-scoring"})
CLOSED = frozenset({RoundState.CLOSED, RoundState.COMPUTED, RoundState.PUBLISHED})


@dataclass(frozen=True, kw_only=True)
class Material:
    """The reviews of a round in the order of the engine's arrays. `said` is
    (reviewer, entry, points out of 100, comment), sorted; aliases stand by index, `owners` are the
    entries that reviewers review for, -1 = none."""

    reviewers: list[str]
    owners: list[int]
    entries: list[str]
    said: list[tuple[int, int, float, str]]


@transaction.atomic
def screen_reviews(*, actor: Any, round: ReviewRound) -> Screening:  # noqa: A002
    """Screen all reviews of a closed round, once.

    See peerreview.screening.screen for the cost. The record notes a digest alone. Raises Refused
    before the reviews are closed, where the plan says that there is no screening, a second time,
    and where there is nothing to compare.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    if locked.state not in CLOSED:
        raise Refused("round-not-closed", _("Close the reviews before they are screened."))
    if not methods_of(locked.params).screening:
        raise Refused("screening-off", _("This round was planned without screening."))
    if Screening.objects.filter(round=locked).exists():
        raise Refused("screened-already", _("The reviews are screened already."))
    material = _gather(locked)
    try:
        report = _screen(material, revealed=locked.revealed_seed)
    except BadInput as error:
        raise Refused("nothing-to-screen", _("There are too few reviews to compare.")) from error
    screening = _store(locked, material, report)
    record.append(
        actor=actor,
        verb="reviews.screened",
        subject=locked,
        season=locked.track.season.slug,
        data={"engine": screening.engine, "level": LEVEL, "digest": screening.digest},
    )
    return screening


@transaction.atomic
def decide_flag(*, actor: Any, flag: ScreeningFlag, state: FlagState, note: str) -> ScreeningFlag:
    """Dismiss or uphold a flag, with the reason; nothing else changes. May be decided anew.

    The record notes the decision and a digest of the reason, not whom it is about. Raises Refused
    without a reason and for the decision that stands.
    """
    locked = lock_round(flag.screening.round)
    require(actor, "review.run_round", locked)
    found = ScreeningFlag.objects.select_for_update(no_key=True).get(pk=flag.pk)
    if state not in {FlagState.DISMISSED, FlagState.UPHELD}:
        raise Refused("bad-state", _("A flag is dismissed or upheld."))
    if not note.strip():
        raise Refused("reason-needed", _("Say why; whoever looks later has to understand it."))
    note = passage(note, most=MOST_NOTE)
    if found.state == state:
        raise Refused("decided-already", _("This is decided so already."))
    found.state, found.note, found.decided_at = state, note, clock.now()
    found.decided_by = actor if getattr(actor, "pk", None) else None
    found.salt = secrets.token_hex(16)
    found.save(update_fields=["state", "note", "decided_at", "decided_by", "salt"])
    record.append(
        actor=actor,
        verb="flag.decided",
        subject=locked,
        season=locked.track.season.slug,
        data={
            "flag": found.code,
            "state": str(state),
            "note_digest": hashlib.sha256(f"{found.salt}\0{note}".encode()).hexdigest(),
        },
    )
    return found


def screening_of(*, round: ReviewRound) -> Screening | None:  # noqa: A002
    """The round's screening, if it was screened."""
    return Screening.objects.filter(round=round).first()


def _gather(round: ReviewRound) -> Material:  # noqa: A002
    rows = list(RoundEntry.objects.filter(round=round).order_by("index"))
    reviewer_at = {row.reviewer_id: place for place, row in enumerate(rows)}
    # Those who came in later: emergency reviewers, and others of the same teams.
    later = Assignment.objects.filter(round=round).exclude(reviewer_id__in=list(reviewer_at))
    owners = dict(later.order_by("pk").values_list("reviewer_id", "reviewer_entry_id"))
    for reviewer in owners:
        reviewer_at[reviewer] = len(reviewer_at)
    entry_at = {row.entry_id: place for place, row in enumerate(rows)}
    reviewers = aliases_of(round=round, kind=AliasKind.REVIEWER)
    entries = aliases_of(round=round, kind=AliasKind.ENTRY)
    reviews = Review.objects.filter(assignment__round=round).values_list(
        "assignment__reviewer_id", "assignment__entry_id", "points_milli", "comment"
    )
    return Material(
        reviewers=[reviewers[reviewer] for reviewer in reviewer_at],
        owners=[*range(len(rows)), *(entry_at.get(key or 0, -1) for key in owners.values())],
        entries=[entries[row.entry_id] for row in rows],
        said=sorted(
            (reviewer_at[who], entry_at[what], milli / 1_000, comment)
            for who, what, milli, comment in reviews
        ),
    )


def _screen(material: Material, *, revealed: str) -> ScreeningReport:
    who = [row[0] for row in material.said]
    what = [row[1] for row in material.said]
    comments = [row[3] or None for row in material.said]
    count = len(material.entries)
    reviews = ReviewSet(
        n_entries=count,
        n_reviewers=len(material.reviewers),
        reviewer=np.array(who, dtype=np.int64),
        entry=np.array(what, dtype=np.int64),
        score=np.array([row[2] for row in material.said], dtype=np.float64),
    )
    texts = aligned(reviews, reviewer=who, entry=what, values=comments)
    return screen(
        reviews,
        seed=hashlib.sha256(bytes.fromhex(revealed) + b"/screening").digest(),
        reviewer_entry=np.array(material.owners, dtype=np.int64),
        level=LEVEL,
        comments=texts if any(texts) else None,
    )


def _store(round: ReviewRound, material: Material, report: ScreeningReport) -> Screening:  # noqa: A002
    tests = [
        {
            "kind": test.kind,
            "ran": test.ran,
            "level": test.level,
            "tested": test.tested,
            "expected_false_alarms": test.expected_false_alarms,
            "flagged": test.flagged,
            "untested": {code: int(count) for code, count in test.untested.items()},
        }
        for test in report.tests
    ]
    flags = [_flag(material, flag) for flag in report.flags]
    # Keyed, since nobody is to try out from the record what was found.
    told = canonical([tests, flags]).encode()
    screening = Screening.objects.create(
        round=round,
        engine=ENGINE_VERSION,
        level=report.level,
        tests=tests,
        weak=report.weak,
        reviewers=report.n_reviewers,
        digest=hmac.new(bytes.fromhex(round.alias_key), told, "sha256").hexdigest(),
        screened_at=clock.now(),
    )
    ScreeningFlag.objects.bulk_create(
        [ScreeningFlag(screening=screening, **row) for row in flags], batch_size=500
    )
    return screening


def _flag(material: Material, flag: Flag) -> dict[str, Any]:
    # "order" and the places of reviews are places in the draw, which nobody is to see.
    hidden = {"order", "first_review", "second_review"}
    evidence: dict[str, Any] = {k: v for k, v in flag.evidence.items() if k not in hidden}
    evidence["rows"] = _rows(material, flag)
    if flag.kind == "copied-comments":
        places = [int(flag.evidence[name]) for name in ("first_review", "second_review")]
        evidence["texts"] = [_excerpt(material, place) for place in places]
    return {
        "kind": flag.kind,
        "reviewers": [material.reviewers[place] for place in flag.reviewers],
        "entries": [material.entries[place] for place in flag.entries],
        "statistic": float(flag.statistic),
        "p_value": float(flag.p_value),
        "q_value": float(flag.q_value),
        "false_alarm": float(flag.false_alarm),
        "weak": bool(flag.weak),
        "evidence": evidence,
    }


def _rows(material: Material, flag: Flag) -> list[dict[str, Any]]:
    """What the flagged reviewers gave, beside the mean of all others who judged the same entry."""
    given: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for who, what, points, _text in material.said:
        given[what][who] = points
    found = []
    for who, what, points, _text in material.said:
        others = [value for other, value in given[what].items() if other != who]
        if who in flag.reviewers and others:
            row = {
                "reviewer": material.reviewers[who],
                "entry": material.entries[what],
                "points": _tenths(points),
                "others": _tenths(fmean(others)),
                "count": len(others),
                "named": what in flag.entries,
            }
            found.append(row)
    return sorted(found, key=lambda row: not row["named"])[:MOST_ROWS]


def _excerpt(material: Material, place: int) -> dict[str, str]:
    who, what, _points, text = material.said[place]
    return {
        "reviewer": material.reviewers[who],
        "entry": material.entries[what],
        "text": text[:EXCERPT],
    }


def _tenths(points: float) -> float:
    return round(points, 1)
