"""Staff of a season."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.enums import Role
from concours.platform.accounts.models import StaffRole, User
from concours.platform.accounts.rules import is_operator
from concours.platform.core.access import require
from concours.platform.core.errors import NotPermitted
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
