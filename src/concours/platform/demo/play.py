"""Plays a whole season with a simulated crowd, through the same domain functions as people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from concours.platform.accounts.domain import grant_role
from concours.platform.accounts.domain.people import create_person
from concours.platform.accounts.enums import Role
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.demo.crowd import crowd, key_of
from concours.platform.demo.track import TrackPlay
from concours.platform.demo.truth import Finding
from concours.platform.record.domain import acting
from concours.platform.seasons.load import load_folder

DIRECTOR = System("demo")


class Progress(Protocol):
    """Told of each stage and of each step in it."""

    def stage(self, name: str, total: int) -> None: ...

    def step(self, count: int = 1) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Played:
    """A track that was played, and what its standings found of the hidden truth."""

    track: Any
    finding: Finding


def play(*, folder: Path, slug: str, teams: int, seed: int, progress: Progress) -> list[Played]:
    """Load the season in `folder` as `slug` and play one track of each batch to its awards.

    The crowd is dealt over those tracks in turn. The clock is the season's own: every act happens
    at a moment at which a person could do it.
    """

    def load(*, start_tracks: bool) -> Any:
        return load_folder(
            actor=DIRECTOR,
            folder=folder,
            slug=slug,
            title_suffix=f" ({slug})",
            start_tracks=start_tracks,
            evaluators=False,
            round_seed=lambda track: key_of(seed, f"round {track}"),
        ).season

    with acting(via="demo"):
        season = load(start_tracks=False)
        with clock.frozen_at(season.starts_at):
            organiser = _organiser(season)
        tracks = _one_a_batch(season)
        everyone = crowd(teams=teams, seed=seed)
        played = []
        for number, track in enumerate(tracks):
            with clock.frozen_at(track.starts_at):
                load(start_tracks=True)
            track.refresh_from_db()
            acting_track = TrackPlay(
                track=track,
                organiser=organiser,
                seed=key_of(seed, f"track {track.slug}"),
                progress=progress,
                director=DIRECTOR,
            )
            finding = acting_track.run(everyone[number :: len(tracks)])
            played.append(Played(track=track, finding=finding))
    return played


def _one_a_batch(season: Any) -> Sequence[Any]:
    """The first track of each batch that is judged without a machine, by batch."""
    chosen: dict[int, Any] = {}
    for track in season.tracks.select_related("batch", "season").order_by("batch__number", "pk"):
        if track.weight_machine == 0 and track.phases.filter(may_review=True).exists():
            chosen.setdefault(track.batch.number, track)
    return [chosen[number] for number in sorted(chosen)]


def _organiser(season: Any) -> Any:
    person = create_person(
        actor=DIRECTOR, email=f"organiser@{season.slug}.example", name="Demo organiser"
    )
    grant_role(actor=DIRECTOR, user=person, role=Role.ORGANISER, season=season)
    return person
