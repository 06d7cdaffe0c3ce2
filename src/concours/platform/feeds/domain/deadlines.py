"""What is due when: of a season, of a track, and one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.appeals.domain.windows import window_of
from concours.platform.competitions.domain.permissions import visible_entries, visible_tracks
from concours.platform.competitions.enums import EntryState, PhaseKind, TrackState
from concours.platform.review.domain.permissions import visible_assignments
from concours.platform.review.enums import AssignmentState


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A moment by which something is to be done. `uid` stays when the moment moves."""

    uid: str
    at: datetime
    title: str
    path: str


def deadlines_of_season(*, user: Any, season: Any) -> list[Deadline]:
    """All that `user` may see of the season, in order of time."""
    tracks = visible_tracks(user).filter(season=season)
    return _in_order([*_of_call(season), *_of_tracks(tracks)])


def deadlines_of_track(*, track: Any) -> list[Deadline]:
    """Those of a track that its reader may see."""
    return _in_order(_of_track(track))


def own_deadlines(*, user: Any) -> list[Deadline]:
    """Those of the tracks that `user` takes part in, and the reviews that they owe."""
    entered = visible_entries(user).filter(
        team__memberships__user_id=user.pk, state=EntryState.ENTERED
    )
    tracks = visible_tracks(user).filter(
        Q(pk__in=entered.values("track_id")), state=TrackState.STARTED
    )
    return _in_order([*_of_tracks(tracks), *_of_duties(user)])


def _of_call(season: Any) -> Iterator[Deadline]:
    if season.proposals_close_at:
        yield Deadline(
            uid=f"call-{season.slug}",
            at=season.proposals_close_at,
            title=_("The call for tracks closes: %(season)s") % {"season": season},
            path=reverse("competitions:proposals", args=[season.slug]),
        )


def _of_tracks(tracks: Any) -> Iterator[Deadline]:
    for track in tracks.select_related("season", "phase").prefetch_related("phases"):
        yield from _of_track(track)


def _of_track(track: Any) -> Iterator[Deadline]:
    place = [track.season.slug, track.slug]
    page = reverse("competitions:track", args=place)
    name = f"{track.season.slug}-{track.slug}"
    yield Deadline(
        uid=f"registration-{name}",
        at=track.registration_closes_at,
        title=_("Registration closes: %(track)s") % {"track": track},
        path=page,
    )
    for phase in track.phases.all():
        yield Deadline(
            uid=f"phase-{phase.position}-{name}",
            at=phase.ends_at,
            title=_("%(phase)s ends: %(track)s")
            % {"phase": phase.get_kind_display().capitalize(), "track": track},
            path=page,
        )
    if any(phase.kind == PhaseKind.APPEAL for phase in track.phases.all()):
        window = window_of(track=track)
        if window is not None:
            yield Deadline(
                uid=f"appeals-{name}",
                at=window.decide_by,
                title=_("Appeals are decided by now: %(track)s") % {"track": track},
                path=reverse("appeals:track", args=place),
            )


def _of_duties(user: Any) -> Iterator[Deadline]:
    """One for each round with reviews left to do; how many, and no entry's name."""
    left: dict[int, int] = {}
    rounds: dict[int, Any] = {}
    duties = visible_assignments(user).filter(state=AssignmentState.PENDING)
    for duty in duties.select_related("round__track__season"):
        rounds[duty.round_id] = duty.round
        left[duty.round_id] = left.get(duty.round_id, 0) + 1
    for key, one in rounds.items():
        yield Deadline(
            uid=f"reviews-{one.track.season.slug}-{one.track.slug}",
            at=one.closes_at,
            title=_("Reviews are due (%(count)d left): %(track)s")
            % {"count": left[key], "track": one.track},
            path=reverse("review:mine"),
        )


def _in_order(found: Iterable[Deadline]) -> list[Deadline]:
    return sorted(found, key=lambda one: (one.at, one.uid))
