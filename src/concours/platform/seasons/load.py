"""A season's folder taken into the platform, through the functions that people's clicks use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions import domain as competitions
from concours.platform.competitions.domain.lookups import season_by_slug
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.register import domain as register
from concours.platform.review.domain import rubrics as review
from concours.platform.seasons.check import read_folder
from concours.platform.seasons.differences import differences_of_season
from concours.platform.seasons.evaluators import attach_evaluator
from concours.platform.seasons.load_track import (
    draft_track,
    plan_peer_review,
    renew_rules,
    start_track,
)
from concours.platform.seasons.schema import RubricData, SeasonData

if TYPE_CHECKING:
    from concours.platform.competitions.models import Season

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The season, and one sentence for each thing that loading changed; none when nothing did."""

    season: Season
    changes: tuple[str, ...]


@transaction.atomic
def load_folder(
    *,
    actor: Any,
    folder: Path,
    slug: str | None = None,
    title_suffix: str = "",
    start_tracks: bool = False,
    evaluators: bool = True,
    progress: Progress | None = None,
    round_seed: Callable[[str], bytes] | None = None,
) -> Loaded:
    """Load the season in `folder`: all of it or, when anything fails, nothing.

    Loading it again adds what is missing (a track, a newer text of rules) and changes nothing
    else. `slug` and `title_suffix` make another season of the same data. With `start_tracks`,
    tracks start whose start has come and whose registration is open; without `evaluators` nothing
    judges their submissions. Peer reviews of running
    tracks are planned; `round_seed` gives each track, by its short name, the seed of its round
    (for rehearsals that can be repeated), which is drawn otherwise.

    Raises DataRefused with all faults of the folder, Refused where what is stored differs from it
    in a way that loading cannot mend, and as the domain functions do.
    """
    data = read_folder(folder)
    changes: list[str] = []

    def say(change: str) -> None:
        changes.append(change)
        if progress is not None:
            progress(change)

    season = _season(actor, data, slug or data.slug, title_suffix, say)
    rubrics = {item.slug: _rubric(actor, item, say) for item in data.rubrics}
    _register(actor, data, say)
    stored = {track.slug: track for track in season.tracks.all()}
    batches = {batch.number: batch for batch in season.batches.all()}
    for item in data.tracks:
        track = stored.get(item.slug)
        if track is None:
            track = draft_track(actor=actor, batch=batches[item.batch], data=item)
            say(f"track {item.slug}: drafted")
        elif renew_rules(actor=actor, track=track, data=item):
            say(f"track {item.slug}: new rules")
        if evaluators and attach_evaluator(actor=actor, track=track, data=item, root=folder):
            say(f"track {item.slug}: evaluator {item.evaluator} taken in")
        if start_tracks and start_track(actor=actor, track=track):
            say(f"track {item.slug}: started")
        planned = plan_peer_review(
            actor=actor,
            track=track,
            data=item,
            rubric=rubrics.get(item.rubric),
            seed=None if round_seed is None else round_seed(item.slug),
        )
        if planned:
            say(f"track {item.slug}: peer review planned")
    if changes:
        record.append(
            actor=actor,
            verb="season.loaded",
            subject=season,
            season=season.slug,
            data={"source": data.digest, "changes": changes},
        )
    return Loaded(season=season, changes=tuple(changes))


def _season(actor: Any, data: SeasonData, slug: str, suffix: str, say: Progress) -> Season:
    season = season_by_slug(slug=slug)
    if season is None:
        season = competitions.create_season(
            actor=actor,
            slug=slug,
            title=data.title + suffix,
            title_zh=data.title_zh + suffix if data.title_zh else "",
            summary=data.summary,
            summary_zh=data.summary_zh,
            starts_at=data.starts_at,
            ends_at=data.ends_at,
            proposals_open_at=data.proposals_open_at,
            proposals_close_at=data.proposals_close_at,
        )
        say(f"season {slug}: created")
    elif found := differences_of_season(season, data, title_suffix=suffix):
        raise Refused(
            "season-differs",
            _("The season %(slug)s is stored already and differs: %(differences)s")
            % {"slug": slug, "differences": "; ".join(found)},
        )
    numbers = set(season.batches.values_list("number", flat=True))
    for batch in data.batches:
        if batch.number not in numbers:
            competitions.create_batch(actor=actor, season=season, **asdict(batch))
            say(f"batch {batch.number}: created")
    if season.state == "draft":
        season = competitions.open_season(actor=actor, season=season)
        say(f"season {slug}: opened")
    return season


def _rubric(actor: Any, data: RubricData, say: Progress) -> Any:
    if review.rubric_by_slug(slug=data.slug) is None:
        say(f"rubric {data.slug}: written")
    return review.create_rubric(
        actor=actor,
        slug=data.slug,
        title=data.title,
        title_zh=data.title_zh,
        criteria=[
            review.CriterionPlan(
                key=criterion.key,
                title=criterion.title,
                title_zh=criterion.title_zh,
                weight=criterion.weight,
                max_points=criterion.max_points,
                description=criterion.guide(),
                description_zh=criterion.guide(chinese=True) if criterion.description_zh else "",
            )
            for criterion in data.criteria
        ],
    )


def _register(actor: Any, data: SeasonData, say: Progress) -> None:
    imported = register.import_register(
        actor=actor,
        areas=[register.AreaPlan(**asdict(area)) for area in data.register.areas],
        donors=[register.DonorPlan(**asdict(donor)) for donor in data.register.donors],
        projects=[register.ProjectPlan(**asdict(project)) for project in data.register.projects],
        source=data.digest,
    )
    if imported.added or imported.changed:
        say(f"register: {imported.added} added, {imported.changed} corrected")
