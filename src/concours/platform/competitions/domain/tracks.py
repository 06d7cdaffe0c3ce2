"""Tracks: drafting, rules by number, start."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.calendar import add_months
from concours.platform.competitions.enums import SeasonState, TrackState
from concours.platform.competitions.models import Batch, RulesVersion, Track, TrackProposal
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import passage
from concours.platform.record import domain as record

MOST_RULES = 100_000
REGISTRATION_MONTHS = 2
"""Registration of a track stays open until two months after its start."""
EDITABLE = frozenset(
    field.name
    for field in Track._meta.concrete_fields
    if field.name not in {"id", "season", "slug", "state", "phase"}
)


@transaction.atomic
def create_track(
    *,
    actor: Any,
    batch: Batch,
    slug: str,
    title: str,
    category: str,
    starts_at: datetime | None = None,
    registration_opens_at: datetime | None = None,
    registration_closes_at: datetime | None = None,
    **details: Any,
) -> Track:
    """Draft a track. It starts with its batch; registration runs from the season's start until two
    months after the track's, unless said otherwise.

    `details` are further fields of Track (team sizes, reviews, finalists, weights, texts).
    Raises Refused for a slug that is taken or numbers that cannot work together.
    """
    season = lock(batch.season)
    require(actor, "competitions.run_track", season)
    if not slug or season.tracks.filter(slug=slug).exists():
        raise Refused("slug-taken", _("Give the track a short name of its own in this season."))
    starts_at = starts_at or batch.starts_at
    track = Track(
        season=season,
        batch=batch,
        slug=slug,
        title=title,
        category=category,
        starts_at=starts_at,
        registration_opens_at=registration_opens_at or season.starts_at,
        registration_closes_at=registration_closes_at or add_months(starts_at, REGISTRATION_MONTHS),
        **details,
    )
    _require_workable(track)
    track.save()
    record.append(
        actor=actor,
        verb="track.drafted",
        subject=track,
        season=season.slug,
        data=_facts(track),
    )
    return track


def create_track_from_proposal(*, actor: Any, proposal: TrackProposal, slug: str) -> Track:
    """The draft that an approved proposal becomes, with its rules as version 1."""
    track = create_track(
        actor=actor,
        batch=proposal.batch,
        slug=slug,
        title=proposal.topic,
        category=proposal.category,
        summary=proposal.description,
        owner=proposal.owner,
        technical_area=proposal.technical_area,
    )
    text = f"{proposal.rules}\n\n{proposal.format}".strip()
    publish_rules(actor=actor, track=track, text=text)
    return track


@transaction.atomic
def edit_track(*, actor: Any, track: Track, **changes: Any) -> Track:
    """Change the settings of a track that has not started; its slug and season stay.

    `changes` are fields of Track. Raises Refused once it runs (entrants entered under what they
    read), or for settings that cannot work together; TypeError for a field that is not a setting.
    """
    if unknown := set(changes) - EDITABLE:
        raise TypeError(f"not settings of a track: {sorted(unknown)}")
    track = lock(track)
    require(actor, "competitions.run_track", track)
    if track.state != TrackState.DRAFT:
        raise Refused("already-started", _("A running track keeps its settings."))
    for name, value in changes.items():
        setattr(track, name, value)
    if track.batch.season_id != track.season_id:
        raise Refused("other-season", _("Choose a batch of this season."))
    _require_workable(track)
    track.save()
    record.append(
        actor=actor,
        verb="track.edited",
        subject=track,
        season=track.season.slug,
        data=_facts(track),
    )
    return track


def _require_workable(track: Track) -> None:
    if track.registration_closes_at <= track.registration_opens_at:
        raise Refused("dates-in-wrong-order", _("Registration closes after it opens."))
    if track.teams_freeze_at and track.teams_freeze_at > track.registration_closes_at:
        raise Refused("dates-in-wrong-order", _("Teams are frozen with registration or before."))
    if not 1 <= track.team_size_min <= track.team_size_max:
        raise Refused("team-sizes", _("The smallest team has at least one, the largest no fewer."))
    if track.weight_machine + track.weight_peer + track.weight_jury == 0:
        raise Refused("weights", _("Give at least one score a weight."))


def _facts(track: Track) -> dict[str, Any]:
    """What the record says of a track: all its own settings."""
    skipped = {"id", "season", "batch", "phase", "state"}
    return {
        "batch": track.batch.number,
        **{
            field.name: _plain(getattr(track, field.name))
            for field in track._meta.concrete_fields
            if field.name not in skipped
        },
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@transaction.atomic
def publish_rules(*, actor: Any, track: Track, text: str, text_zh: str = "") -> RulesVersion:
    """Give the track its next version of rules.

    Before the track starts a version waits for the start; afterwards it is published at once, and
    whoever enters from then on accepts the new number. Raises Refused for an empty text.
    """
    track = lock(track)
    require(actor, "competitions.run_track", track)
    if not text.strip():
        raise Refused("empty", _("Rules need a text."))
    text, text_zh = passage(text, most=MOST_RULES), passage(text_zh, most=MOST_RULES)
    latest = track.rules_versions.aggregate(latest=models.Max("number"))["latest"] or 0
    version = RulesVersion.objects.create(
        track=track,
        number=latest + 1,
        text=text,
        text_zh=text_zh,
        digest=hashlib.sha256(f"{text}\0{text_zh}".encode()).hexdigest(),
        published_at=None if track.state == TrackState.DRAFT else clock.now(),
    )
    record.append(
        actor=actor,
        verb="rules.written",
        subject=track,
        season=track.season.slug,
        data={"number": version.number, "digest": version.digest},
    )
    return version


def current_rules(track: Track) -> RulesVersion | None:
    """The rules that an entrant accepts now: the latest that are published."""
    return track.rules_versions.filter(published_at__isnull=False).order_by("-number").first()


@transaction.atomic
def start_track(*, actor: Any, track: Track) -> Track:
    """Publish the latest rules and make the first phase active.

    Raises Refused when it has started, has no rules or no phases, or its season is not open.
    """
    track = lock(track)
    require(actor, "competitions.run_track", track)
    if track.state != TrackState.DRAFT:
        raise Refused("already-started", _("The track has started already."))
    if track.season.state != SeasonState.OPEN:
        raise Refused("season-not-open", _("Open the season before its tracks."))
    rules = track.rules_versions.order_by("-number").first()
    if rules is None:
        raise Refused("no-rules", _("Write the track's rules before it starts."))
    first = track.phases.order_by("position").first()
    if first is None:
        raise Refused("no-phases", _("Plan the track's phases before it starts."))
    rules.published_at = clock.now()
    rules.save(update_fields=["published_at"])
    track.state = TrackState.STARTED
    track.phase = first
    track.save(update_fields=["state", "phase"])
    record.append(
        actor=actor,
        verb="track.started",
        subject=track,
        season=track.season.slug,
        data={"rules": rules.number, "rules_digest": rules.digest, "phase": first.kind},
    )
    return track
