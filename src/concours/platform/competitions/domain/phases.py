"""Phases of a track: planning them, and passing from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import PhaseKind, TrackState
from concours.platform.competitions.models import Phase, Track
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


@dataclass(frozen=True, kw_only=True)
class PhasePlan:
    """One phase as planned."""

    kind: PhaseKind
    starts_at: datetime
    ends_at: datetime
    may_submit: bool = False
    may_review: bool = False
    scores_visible: bool = False
    names_visible: bool = False


@transaction.atomic
def plan_phases(*, actor: Any, track: Track, phases: Sequence[PhasePlan]) -> list[Phase]:
    """Set the phases of a track that has not started, in order.

    Raises Refused when the track runs, when there is none, or when they overlap.
    """
    track = lock(track)
    require(actor, "competitions.run_track", track)
    if track.state != TrackState.DRAFT:
        raise Refused("already-started", _("A running track keeps its phases."))
    if not phases:
        raise Refused("no-phases", _("Plan at least one phase."))
    for before, after in pairwise(phases):
        if after.starts_at < before.ends_at:
            raise Refused("phases-overlap", _("Each phase starts when the one before has ended."))
    if any(plan.ends_at <= plan.starts_at for plan in phases):
        raise Refused("dates-in-wrong-order", _("A phase ends after it starts."))
    track.phases.all().delete()
    planned = Phase.objects.bulk_create(
        Phase(track=track, position=position, **asdict(plan))
        for position, plan in enumerate(phases, start=1)
    )
    record.append(
        actor=actor,
        verb="phases.planned",
        subject=track,
        season=track.season.slug,
        data={
            "phases": [
                {
                    **asdict(plan),
                    "kind": str(plan.kind),
                    "starts_at": plan.starts_at.isoformat(),
                    "ends_at": plan.ends_at.isoformat(),
                }
                for plan in phases
            ]
        },
    )
    return planned


@transaction.atomic
def advance_phase(*, actor: Any, track: Track, leaving: Phase) -> Track:
    """Close the phase `leaving` and make the next one active; after the last, close the track.

    `leaving` is the phase the organiser saw: when another has already advanced the track, this
    is refused, so that two who press the same button pass one phase, not two.
    """
    track = lock(track)
    require(actor, "competitions.run_track", track)
    if track.state != TrackState.STARTED or track.phase_id != leaving.pk:
        raise Refused("phase-moved-on", _("Someone has moved the track on already. Look again."))
    following = track.phases.filter(position__gt=leaving.position).order_by("position").first()
    if following is None:
        track.state = TrackState.CLOSED
        track.save(update_fields=["state"])
    else:
        track.phase = following
        track.save(update_fields=["phase"])
    record.append(
        actor=actor,
        verb="phase.advanced" if following else "track.closed",
        subject=track,
        season=track.season.slug,
        data={"from": leaving.kind, "to": following.kind if following else ""},
    )
    return track
