from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from concours.platform.api.auth import public
from concours.platform.competitions.interfaces.api.lookups import season_of
from concours.platform.competitions.interfaces.api.schemas import BatchOut, SeasonOut, TrackOut
from concours.platform.competitions.rules import visible_seasons, visible_tracks

router = Router(tags=["seasons"])


@router.get("/seasons", response=list[SeasonOut], auth=public())
def list_seasons(request: HttpRequest) -> Any:
    return visible_seasons(request.user)


@router.get("/seasons/{season}", response=SeasonOut, auth=public())
def get_season(request: HttpRequest, season: str) -> Any:
    return season_of(request, season)


@router.get("/seasons/{season}/batches", response=list[BatchOut], auth=public())
def list_batches(request: HttpRequest, season: str) -> Any:
    return season_of(request, season).batches.all()


@router.get("/seasons/{season}/tracks", response=list[TrackOut], auth=public())
def list_tracks(request: HttpRequest, season: str) -> Any:
    found = season_of(request, season)
    rows = visible_tracks(request.user).filter(season=found)
    return rows.select_related("season", "batch", "phase")
