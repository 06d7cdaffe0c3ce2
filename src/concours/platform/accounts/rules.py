"""Who may do what with accounts, and the staff predicates that other apps' rules ask."""

from __future__ import annotations

from typing import Any

import rules
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q, QuerySet

from concours.platform.accounts.enums import Role
from concours.platform.accounts.models import Affiliation, ApiToken, StaffRole, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: Any) -> bool:
    """Whether `user` has a second factor, asked for once a request."""
    found: bool | None = getattr(user, "_has_second_factor", None)
    if found is None:
        found = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()
        user._has_second_factor = found
    return found


def _may_act_as(user: Any, staff: str) -> bool:
    """Rights of staff rest while the settings ask for a second factor that `user` has not."""
    return staff not in settings.SECOND_FACTOR_FOR or has_second_factor(user)


def waits_for_second_factor(user: Any) -> bool:
    """Whether rights of `user` rest for want of a second factor."""
    if user.pk is None or not settings.SECOND_FACTOR_FOR or has_second_factor(user):
        return False
    if user.is_superuser:
        return "operators" in settings.SECOND_FACTOR_FOR
    organises = StaffRole.objects.filter(user_id=user.pk, role=Role.ORGANISER)
    return "organisers" in settings.SECOND_FACTOR_FOR and organises.exists()


def holds_role(user: Any, role: Role, season_id: int | None) -> bool:
    """Whether `user` holds `role` in that season or in all; operators hold every role.

    Rights that the settings tie to a second factor are held with one alone.
    """
    if not getattr(user, "is_active", False) or user.pk is None:
        return False
    if user.is_superuser:
        return _may_act_as(user, "operators")
    if role == Role.ORGANISER and not _may_act_as(user, "organisers"):
        return False
    roles = roles_of(user)
    return (role, None) in roles or (season_id is not None and (role, season_id) in roles)


def roles_of(user: Any) -> set[tuple[str, int | None]]:
    """(role, season) of all that `user` was granted, asked for once a request."""
    roles: set[tuple[str, int | None]] | None = getattr(user, "_staff_roles", None)
    if roles is None:
        roles = set(StaffRole.objects.filter(user_id=user.pk).values_list("role", "season_id"))
        user._staff_roles = roles
    return roles


def is_organiser(user: Any, season_id: int | None) -> bool:
    return holds_role(user, Role.ORGANISER, season_id)


@rules.predicate
def signed_in(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)


@rules.predicate
def is_operator(user: Any) -> bool:
    return bool(user.is_active and user.is_superuser) and _may_act_as(user, "operators")


@rules.predicate
def organises_season(user: Any, season: Any) -> bool:
    """`season` is a Season, or None for the whole installation."""
    return is_organiser(user, None if season is None else season.pk)


@rules.predicate
def owns(user: Any, owned: ApiToken | Affiliation | UserSession) -> bool:
    return bool(user.pk is not None and owned.user_id == user.pk)


rules.add_perm("accounts.edit_profile", signed_in)
rules.add_perm("accounts.create_token", signed_in)
rules.add_perm("accounts.merge", signed_in)
rules.add_perm("accounts.export_own", signed_in)
rules.add_perm("accounts.erase_own", signed_in)
rules.add_perm("accounts.end_session", signed_in & owns)
rules.add_perm("accounts.revoke_token", signed_in & owns)
rules.add_perm("accounts.leave_affiliation", signed_in & owns)
rules.add_perm("accounts.grant_role", organises_season)
rules.add_perm("accounts.note_consent", organises_season)
rules.add_perm("accounts.create_organisation", signed_in)


def visible_people(user: Any) -> QuerySet[User]:
    """Everyone with an active account has a public page, under a code that cannot be guessed."""
    return User.objects.filter(is_active=True)


def visible_tokens(user: Any) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user_id=user.pk) if user.pk else ApiToken.objects.none()


def visible_sessions(user: Any) -> QuerySet[UserSession]:
    """Where one is signed in oneself."""
    own: QuerySet[UserSession] = UserSession.objects.filter(user_id=user.pk or 0)
    return own


def visible_affiliations(user: Any) -> QuerySet[Affiliation]:
    """Those that the user may take back: their own."""
    return Affiliation.objects.filter(user_id=user.pk) if user.pk else Affiliation.objects.none()


def visible_staff_roles(user: Any, season_id: int | None) -> QuerySet[StaffRole]:
    """The staff of a season, those of all seasons included, for its organisers."""
    if not is_organiser(user, season_id):
        return StaffRole.objects.none()
    return StaffRole.objects.filter(Q(season_id=season_id) | Q(season__isnull=True))
