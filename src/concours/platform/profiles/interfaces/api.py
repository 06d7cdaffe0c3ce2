"""Profiles through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field

from concours.platform.api.auth import public
from concours.platform.profiles import domain
from concours.platform.profiles.rules import visible_profiles

router = Router(tags=["People"])


class ProvingEvent(Schema):
    """An event of the record that proves a deed."""

    seq: int
    digest: str


class DeedOut(Schema):
    """One thing that the person did. What `data` holds depends on the section."""

    title: str
    detail: str
    at: datetime
    href: str
    events: list[ProvingEvent]
    data: dict[str, Any]


class DeedSectionOut(Schema):
    name: str = Field(description="entries, reviews, awards, committees …")
    label: str
    note: str
    deeds: list[DeedOut]


class PublicProfileOut(Schema):
    """What somebody shows of what they did, computed from the record now."""

    code: str
    name: str
    sections: list[DeedSectionOut]


@router.get(
    "/{code}/profile", response=PublicProfileOut, auth=public(), summary="What somebody did"
)
def get_profile(request: HttpRequest, code: str) -> dict[str, Any]:
    """The profile that somebody shows; 404 for whoever shows none, as for nobody."""
    found = visible_profiles(request.user).filter(user__code=code).select_related("user").first()
    if found is None:
        raise Http404
    return {
        "code": found.user.code,
        "name": found.user.display_name,
        "sections": [
            {
                "name": one.section.name,
                "label": str(one.section.label),
                "note": str(one.section.note),
                "deeds": [
                    {**vars(deed), "href": f"{settings.PUBLIC_URL}{deed.href}"}
                    for deed in one.deeds
                ],
            }
            for one in domain.told_of(user=found.user, sections=found.sections)
        ],
    }
