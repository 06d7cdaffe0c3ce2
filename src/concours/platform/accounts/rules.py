"""Who may do what with accounts, and the staff predicates that other apps' rules ask."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.enums import Role
from concours.platform.accounts.models import Affiliation, ApiToken, StaffRole, User


def holds_role(user: Any, role: Role, season_id: int | None) -> bool:
    """Whether `user` holds `role` in that season or in all; operators hold every role."""
    if not getattr(user, "is_active", False) or user.pk is None:
        return False
    if user.is_superuser:
        return True
    roles: set[tuple[str, int | None]] | None = getattr(user, "_staff_roles", None)
    if roles is None:
        roles = set(StaffRole.objects.filter(user_id=user.pk).values_list("role", "season_id"))
        user._staff_roles = roles
    return (role, None) in roles or (season_id is not None and (role, season_id) in roles)


def is_organiser(user: Any, season_id: int | None) -> bool:
    return holds_role(user, Role.ORGANISER, season_id)


@rules.predicate
def signed_in(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)


@rules.predicate
def is_operator(user: Any) -> bool:
    return bool(user.is_active and user.is_superuser)


@rules.predicate
def organises_season(user: Any, season: Any) -> bool:
    """`season` is a Season, or None for the whole installation."""
    return is_organiser(user, None if season is None else season.pk)


@rules.predicate
def owns(user: Any, owned: ApiToken | Affiliation) -> bool:
    return bool(user.pk is not None and owned.user_id == user.pk)


rules.add_perm("accounts.edit_profile", signed_in)
rules.add_perm("accounts.create_token", signed_in)
rules.add_perm("accounts.revoke_token", signed_in & owns)
rules.add_perm("accounts.leave_affiliation", signed_in & owns)
rules.add_perm("accounts.grant_role", organises_season)
rules.add_perm("accounts.create_organisation", signed_in)


def visible_people(user: Any) -> QuerySet[User]:
    """Everyone with an active account has a public page, under a code that cannot be guessed."""
    return User.objects.filter(is_active=True)


def visible_tokens(user: Any) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user_id=user.pk) if user.pk else ApiToken.objects.none()


def visible_affiliations(user: Any) -> QuerySet[Affiliation]:
    """Those that the user may take back: their own."""
    return Affiliation.objects.filter(user_id=user.pk) if user.pk else Affiliation.objects.none()


def visible_staff_roles(user: Any, season_id: int | None) -> QuerySet[StaffRole]:
    """The staff of a season, those of all seasons included, for its organisers."""
    if not is_organiser(user, season_id):
        return StaffRole.objects.none()
    return StaffRole.objects.filter(Q(season_id=season_id) | Q(season__isnull=True))
