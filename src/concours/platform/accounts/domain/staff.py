"""Staff of a season."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.enums import Role
from concours.platform.accounts.models import StaffRole, User
from concours.platform.accounts.rules import is_operator
from concours.platform.core.access import require
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


def require_operator(actor: Any) -> None:
    """Raise NotPermitted unless `actor` runs the installation (or is the system itself)."""
    if not isinstance(actor, record.System) and not is_operator(actor):
        raise NotPermitted("not-permitted", _("Only an operator may do this."))


@transaction.atomic
def grant_role(*, actor: Any, user: User, role: Role, season: Any = None) -> StaffRole:
    """Give `user` a role in `season` (in all seasons without one). Giving it twice is once.

    Raises NotPermitted unless `actor` organises that season.
    """
    require(actor, "accounts.grant_role", season)
    granted, created = StaffRole.objects.get_or_create(user=user, season=season, role=role)
    if created:
        record.append(
            actor=actor,
            verb="role.granted",
            subject=user,
            season=getattr(season, "slug", ""),
            data={"role": str(role)},
        )
    user.__dict__.pop("_staff_roles", None)
    return granted


@transaction.atomic
def revoke_role(*, actor: Any, role: StaffRole) -> None:
    """Take a role back.

    Raises NotPermitted unless `actor` organises that season, Refused for the actor's own role (so
    that nobody locks themselves out by mistake).
    """
    role = lock(role)
    require(actor, "accounts.grant_role", role.season)
    if role.user_id == actor.pk:
        raise Refused("own-role", _("Ask another organiser to take your own role back."))
    user, season, name = role.user, role.season, role.role
    role.delete()
    record.append(
        actor=actor,
        verb="role.revoked",
        subject=user,
        season=getattr(season, "slug", ""),
        data={"role": str(name)},
    )


def person_of_address(*, actor: Any, email: str, season: Any) -> User:
    """The active person with that address, for staff who grant a role in `season`.

    Raises NotPermitted unless `actor` organises that season, Refused for an unknown address.
    """
    require(actor, "accounts.grant_role", season)
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise Refused("unknown-address", _("No account has this address; it has to sign up first."))
    return user
