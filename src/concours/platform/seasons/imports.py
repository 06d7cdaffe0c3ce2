"""A season made of reviews that others held: one track, judged by the same functions as ours."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain.people import create_person
from concours.platform.competitions import domain as competitions
from concours.platform.competitions.domain.imports import ImportedEntry, import_entries
from concours.platform.competitions.domain.lookups import season_by_slug
from concours.platform.competitions.domain.phases import PhasePlan
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.review import domain as review
from concours.platform.review.domain.imports import ImportedDuty, import_reviews
from concours.platform.seasons.judged import Judged
from concours.tables import SLUG

if TYPE_CHECKING:
    from concours.platform.competitions.models import Track
    from concours.platform.review.models import StandingSnapshot

TRACK = "judged"
HOUR = timedelta(hours=1)
KEPT_OPEN = timedelta(days=365)
MAX_SLUG = 60
RULES = (
    "Entries and reviews of this track were made elsewhere and taken in as they were. The record "
    "names the files by their SHA-256 digests. Standings were computed here."
)
RULES_ZH = (
    "本赛题的作品与评议来自其他平台，按原样导入。"
    "记录中以 SHA-256 摘要标明所用文件，名次由本平台计算。"
)
Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The track, its published standings, and the key of each entry of the data, in its order."""

    track: Track
    snapshot: StandingSnapshot
    entry_ids: list[int]


@transaction.atomic
def import_season(
    *,
    actor: Any,
    data: Judged,
    slug: str,
    title: str = "",
    finalists: int = 10,
    seed: bytes | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Make the season `slug` of `data`, with its standings published: all of it or nothing.

    People get accounts without a password under addresses that lead nowhere. Raises Refused for a
    slug that is taken or odd, and as the domain functions do. O(entries + reviews).
    """

    def say(what: str) -> None:
        if progress is not None:
            progress(what)

    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        raise Refused("bad-slug", _("Name the season in small letters, digits and hyphens within."))
    if season_by_slug(slug=slug) is not None:
        raise Refused("slug-taken", _("A season with this short name exists already."))
    say("season")
    track = _track(actor=actor, slug=slug, title=title or slug, data=data, finalists=finalists)
    say("people and entries")
    entries = import_entries(
        actor=actor,
        track=track,
        sources=data.sources,
        entries=[
            ImportedEntry(
                title=entry.title,
                team=entry.team,
                person=create_person(
                    actor=actor, email=_address(slug, entry.id), name=entry.reviewer
                ),
            )
            for entry in data.entries
        ],
    )
    say("reviews")
    round_ = import_reviews(
        actor=actor,
        track=track,
        rubric=_rubric(actor=actor, slug=slug, data=data),
        reviewers={entry.pk: entry.reviewer_id for entry in entries},
        duties=[
            ImportedDuty(
                reviewer_entry_id=entries[one.reviewer_entry].pk,
                entry_id=entries[one.entry].pk,
                scores=one.points,
            )
            for one in data.reviews
        ],
        finalists=min(finalists, len(entries)),
        sources=data.sources,
        ranked=data.ranked,
        seed=seed,
    )
    say("standings")
    snapshot = review.compute_standings(actor=actor, round=round_)
    snapshot = review.publish_standings(actor=actor, snapshot=snapshot)
    _to_result(actor=actor, track=track)
    return Imported(track=track, snapshot=snapshot, entry_ids=[entry.pk for entry in entries])


def _track(*, actor: Any, slug: str, title: str, data: Judged, finalists: int) -> Track:
    """A running track whose review is over: its dates are the hours before the import."""
    moment = clock.now()
    starts, reviewing, over = moment - 3 * HOUR, moment - 2 * HOUR, moment - HOUR
    season = competitions.create_season(
        actor=actor, slug=slug, title=title, starts_at=starts, ends_at=moment + KEPT_OPEN
    )
    batch = competitions.create_batch(
        actor=actor, season=season, number=1, title=title, starts_at=starts, final_at=moment
    )
    season = competitions.open_season(actor=actor, season=season)
    reviews = round(len(data.reviews) / max(1, len(data.entries)))
    track = competitions.create_track(
        actor=actor,
        batch=batch,
        slug=TRACK,
        title=title,
        category="imported",
        category_zh="导入",
        registration_opens_at=starts,
        registration_closes_at=reviewing,
        reviews_per_entry=max(1, reviews),
        finalists=finalists,
        team_size_max=1,
        rubric=_rubric_slug(slug),
        weight_peer=1,
        weight_jury=0,
    )
    competitions.publish_rules(actor=actor, track=track, text=RULES, text_zh=RULES_ZH)
    competitions.plan_phases(
        actor=actor,
        track=track,
        phases=[
            PhasePlan(kind=PhaseKind.REGISTRATION, starts_at=starts, ends_at=reviewing),
            PhasePlan(
                kind=PhaseKind.PEER_REVIEW, starts_at=reviewing, ends_at=over, may_review=True
            ),
            PhasePlan(
                kind=PhaseKind.RESULT,
                starts_at=over,
                ends_at=moment + KEPT_OPEN,
                scores_visible=True,
            ),
        ],
    )
    return competitions.start_track(actor=actor, track=track)


def _rubric(*, actor: Any, slug: str, data: Judged) -> Any:
    return review.create_rubric(
        actor=actor,
        slug=_rubric_slug(slug),
        title=f"{slug}: as given",
        criteria=[
            review.CriterionPlan(
                key=column.key, title=column.title, weight=1, max_points=column.most
            )
            for column in data.columns
        ],
    )


def _rubric_slug(slug: str) -> str:
    return f"{slug}-imported"


def _to_result(*, actor: Any, track: Track) -> None:
    track.refresh_from_db()
    while track.phase is not None and track.phase.kind != PhaseKind.RESULT:
        track = competitions.advance_phase(actor=actor, track=track, leaving=track.phase)


def _address(slug: str, entry: str) -> str:
    """An address that nobody can have: .invalid is reserved for that (RFC 2606)."""
    return f"{hashlib.sha256(entry.encode()).hexdigest()[:20]}@{slug}.invalid"
