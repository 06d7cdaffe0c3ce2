"""What is stored and differs from the data that is loaded again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from concours.platform.seasons.schema import BatchData, SeasonData, TrackData

SEASON_FIELDS = (
    "title_zh", "summary", "summary_zh", "starts_at", "ends_at", "proposals_open_at",
    "proposals_close_at",
)  # fmt: skip
BATCH_FIELDS = ("title", "title_zh", "starts_at", "final_at")
TRACK_FIELDS = (
    "title", "title_zh", "summary", "summary_zh", "category", "category_zh", "technical_area",
    "owner", "owner_zh", "team_size_min", "team_size_max", "reviews_per_entry", "finalists",
    "rubric", "weight_machine", "weight_peer", "weight_jury", "review_methods",
    "publish_source_days", "teams_freeze_at", "llm_policy",
)  # fmt: skip
DATE_FIELDS = ("starts_at", "registration_opens_at", "registration_closes_at")
PHASE_FIELDS = (
    "kind", "starts_at", "ends_at", "may_submit", "may_review", "scores_visible", "names_visible",
)  # fmt: skip


def differences_of_season(season: Any, data: SeasonData, *, title_suffix: str = "") -> list[str]:
    """The keys in which the stored season, its batches and its tracks differ from `data`.

    What is missing on one side is no difference, nor are rules, which have versions.
    """
    found = [] if season.title == data.title + title_suffix else ["title"]
    found += _fields(season, data, SEASON_FIELDS if not title_suffix else SEASON_FIELDS[1:])
    batches = {batch.number: batch for batch in season.batches.all()}
    for batch in data.batches:
        if batch.number in batches:
            found += _batch(batches[batch.number], batch)
    tracks = {track.slug: track for track in season.tracks.select_related("batch")}
    for track in data.tracks:
        if track.slug in tracks:
            found += _track(tracks[track.slug], track)
    return found


def _batch(stored: Any, data: BatchData) -> list[str]:
    return [f"batch {data.number}: {name}" for name in _fields(stored, data, BATCH_FIELDS)]


def _track(stored: Any, data: TrackData) -> list[str]:
    names = _fields(stored, data, TRACK_FIELDS)
    given = [name for name in DATE_FIELDS if getattr(data, name) is not None]
    names += _fields(stored, data, given)
    if stored.batch.number != data.batch:
        names.append("batch")
    phases = [tuple(getattr(phase, name) for name in PHASE_FIELDS) for phase in stored.phases.all()]
    if phases != [tuple(getattr(phase, name) for name in PHASE_FIELDS) for phase in data.phases]:
        names.append("phases")
    return [f"track {data.slug}: {name}" for name in names]


def _fields(stored: Any, data: Any, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(stored, name) != getattr(data, name)]
