"""Dossiers through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from concours.platform.api.auth import public
from concours.platform.handover import domain
from concours.platform.handover.interfaces.support import the_dossier

router = Router(tags=["Handover"])


class DossierMemberOut(Schema):
    """Somebody who agrees to be named; `member` is their code in the dossier."""

    member: str
    captain: bool
    name: str


class DossierReviewOut(Schema):
    """The text of a review by its author's leave; SHA-256 of salt and text is the seal."""

    seal: str
    salt: str
    text: str


class DossierOut(Schema):
    """`content` is the document as text, `digest` its SHA-256. The rest stands beside it today."""

    project: str
    digest: str
    made_at: datetime
    content: str
    title: str
    repository: str
    people: list[DossierMemberOut]
    reviews: list[DossierReviewOut]


@router.get("/{slug}", response=DossierOut, auth=public())
def get_dossier(request: HttpRequest, slug: str) -> Any:
    """The dossier by which a project came in, and what stands beside it; 404 without one."""
    found = the_dossier(request, slug)
    words = domain.beside(dossier=found)
    return {
        "project": slug,
        "digest": found.digest,
        "made_at": found.made_at,
        "content": found.content,
        **{name: words[name] for name in ("title", "repository", "people", "reviews")},
    }
