"""Small things that the pages of donations and their API share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.donations.models import Donation
from concours.platform.donations.rules import visible_donations
from concours.platform.web.interfaces.shared import Trail, or_hidden


def the_donation(request: HttpRequest, code: str, *, permission: str = "") -> Donation:
    """The donation, for those who may know of it and have the permission; 404 otherwise."""
    found = get_object_or_404(visible_donations(request.user), code=code)
    if permission:
        or_hidden(request.user, permission, found)
    return found


def trail_of(donation: Donation, *more: tuple[str, Any]) -> Trail:
    """The way to a donation's page, or to one below it."""
    own = ("" if not more else reverse("donations:donation", args=[donation.code]), donation)
    return [
        ("/", _("Home")),
        (reverse("register:projects"), _("Projects")),
        (reverse("donations:donations"), _("Donations")),
        own,
        *more,
    ]
