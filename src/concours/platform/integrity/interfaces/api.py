"""Integrity reports through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.competitions.domain.permissions import visible_seasons
from concours.platform.integrity.domain import latest_report, make_report

router = Router(tags=["integrity"])


class MadeOut(Schema):
    """`digest` is the SHA-256 of the report, which the record holds too."""

    number: int
    digest: str
    made_at: datetime


@router.get("/{season}", auth=public(), response=dict[str, Any])
def get_report(request: HttpRequest, season: str) -> HttpResponse:
    """The newest report, byte for byte as its digest covers it."""
    found = get_object_or_404(visible_seasons(request.user), slug=season)
    report = latest_report(user=request.user, season=found)
    if report is None:
        raise Http404
    return HttpResponse(report.content, content_type="application/json")


@router.post("/{season}", response={201: MadeOut}, auth=needs(Scope.ORGANISE))
def post_report(request: HttpRequest, season: str) -> Status[MadeOut]:
    """Compute everything again and keep what is found. Takes a minute for thousands of teams."""
    found = get_object_or_404(visible_seasons(request.user), slug=season)
    made = make_report(actor=request.user, season=found)
    return Status(201, MadeOut(number=made.number, digest=made.digest, made_at=made.made_at))
