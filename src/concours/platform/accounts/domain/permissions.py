"""What other apps' rules ask about staff."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from concours.platform.accounts.enums import Role
from concours.platform.accounts.models import StaffRole
from concours.platform.accounts.rules import (
    has_second_factor,
    holds_role,
    is_operator,
    is_organiser,
    roles_of,
    signed_in,
    waits_for_second_factor,
)

__all__ = [
    "holds_role",
    "is_operator",
    "is_organiser",
    "organised_season_ids",
    "organised_season_slugs",
    "signed_in",
    "waits_for_second_factor",
]


def organised_season_ids(user: Any) -> frozenset[int] | None:
    """The seasons that `user` organises; None for every season."""
    if user.pk is None or not user.is_active:
        return frozenset()
    if is_organiser(user, None):
        return None
    if "organisers" in settings.SECOND_FACTOR_FOR and not has_second_factor(user):
        return frozenset()
    return frozenset(
        season for role, season in roles_of(user) if role == Role.ORGANISER and season is not None
    )


def organised_season_slugs(user: Any) -> frozenset[str] | None:
    """The short names of the seasons that `user` organises; None for every season."""
    if user.pk is None or not user.is_active:
        return frozenset()
    if is_organiser(user, None):
        return None
    if "organisers" in settings.SECOND_FACTOR_FOR and not has_second_factor(user):
        return frozenset()
    if not any(role == Role.ORGANISER for role, _ in roles_of(user)):
        return frozenset()
    return frozenset(
        StaffRole.objects.filter(
            user_id=user.pk, role=Role.ORGANISER, season__isnull=False
        ).values_list("season__slug", flat=True)
    )
