"""Small things that the pages of governance share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.governance.models import AccessReview, Body, Charter, Vote
from concours.platform.governance.rules import (
    visible_bodies,
    visible_charters,
    visible_reviews,
    visible_votes,
)
from concours.platform.web.interfaces.shared import Trail


def trail(*more: tuple[str, Any]) -> Trail:
    """The way to a page of governance."""
    return [(reverse("governance:overview"), _("Governance")), *more]


def the_charter(request: HttpRequest, number: int) -> Charter:
    return get_object_or_404(visible_charters(request.user), number=number)


def the_body(request: HttpRequest, slug: str) -> Body:
    return get_object_or_404(visible_bodies(request.user), slug=slug)


def the_review(request: HttpRequest, code: str) -> AccessReview:
    rows = visible_reviews(request.user).select_related("project", "charter", "spokesperson")
    return get_object_or_404(rows, code=code)


def the_vote(request: HttpRequest, code: str) -> Vote:
    rows = visible_votes(request.user).select_related("review__project", "review__charter", "body")
    return get_object_or_404(rows, code=code)
