from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status
from ninja.params import Query

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.competitions import domain
from concours.platform.competitions.interfaces.api.lookups import track_of
from concours.platform.competitions.interfaces.api.schemas import (
    AdvanceIn,
    EntryIn,
    EntryOut,
    EntryPage,
    PhaseOut,
    RulesIn,
    RulesOut,
    TrackOut,
)
from concours.platform.competitions.rules import visible_entries, visible_teams
from concours.platform.core.access import permitted
from concours.platform.core.cursor import page_after

router = Router(tags=["tracks"])
TRACK = "/seasons/{season}/tracks/{track}"


@router.get(TRACK, response=TrackOut, auth=public())
def get_track(request: HttpRequest, season: str, track: str) -> Any:
    return track_of(request, season, track)


@router.get(TRACK + "/phases", response=list[PhaseOut], auth=public())
def list_phases(request: HttpRequest, season: str, track: str) -> Any:
    return track_of(request, season, track).phases.all()


@router.get(TRACK + "/rules", response=list[RulesOut], auth=public())
def list_rules(request: HttpRequest, season: str, track: str) -> Any:
    """The published versions, oldest first; staff also read what waits for the start."""
    found = track_of(request, season, track)
    if permitted(request.user, "competitions.run_track", found):
        return found.rules_versions.all()
    return found.rules_versions.filter(published_at__isnull=False)


@router.post(TRACK + "/rules", response={201: RulesOut}, auth=needs(Scope.ORGANISE))
def publish_rules(request: HttpRequest, season: str, track: str, body: RulesIn) -> Any:
    found = track_of(request, season, track)
    return Status(
        201,
        domain.publish_rules(actor=request.user, track=found, text=body.text, text_zh=body.text_zh),
    )


@router.post(TRACK + "/advance", response=TrackOut, auth=needs(Scope.ORGANISE))
def advance_phase(request: HttpRequest, season: str, track: str, body: AdvanceIn) -> Any:
    """Close the phase `leaving`, the one you saw as active; 409 if another was quicker."""
    found = track_of(request, season, track)
    leaving = get_object_or_404(found.phases, position=body.leaving)
    return domain.advance_phase(actor=request.user, track=found, leaving=leaving)


@router.get(TRACK + "/entries", response=EntryPage, auth=public())
def list_entries(
    request: HttpRequest,
    season: str,
    track: str,
    cursor: Annotated[int, Query(ge=0, lt=2**62)] = 0,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    rows = (
        visible_entries(request.user)
        .filter(track=track_of(request, season, track))
        .select_related("track__season", "track__phase", "team", "rules_version")
    )
    page = page_after(rows, field="pk", after=cursor, size=size)
    items = [EntryOut.of(entry, reader=request.user) for entry in page.items]
    return EntryPage(items=items, next=page.next)


@router.post(TRACK + "/entries", response={201: EntryOut}, auth=needs(Scope.ENTER))
def enter_track(request: HttpRequest, season: str, track: str, body: EntryIn) -> Any:
    found = track_of(request, season, track)
    team = get_object_or_404(visible_teams(request.user), code=body.team)
    reviewer = None
    if body.reviewer:
        row = get_object_or_404(team.memberships.select_related("user"), user__code=body.reviewer)
        reviewer = row.user
    entry = domain.enter_track(
        actor=request.user,
        track=found,
        team=team,
        title=body.title,
        abstract=body.abstract,
        accepted_rules=body.accept_rules,
        reviewer=reviewer,
        declaration=domain.Declaration(used=body.llm_used, text=body.llm_text),
    )
    return Status(201, EntryOut.of(entry, reader=request.user))
