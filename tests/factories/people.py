from __future__ import annotations

from itertools import count
from typing import Any

from concours.platform.accounts.enums import OrganisationKind, Role
from concours.platform.accounts.models import Affiliation, Organisation, StaffRole, User

_numbers = count(1)


def person(*, name: str = "", email: str = "", password: str | None = None, **fields: Any) -> User:
    """Somebody with an account."""
    number = next(_numbers)
    return User.objects.create_user(
        email=email or f"person{number}@example.org",
        password=password,
        name=name or f"Person {number}",
        **fields,
    )


def operator(**fields: Any) -> User:
    """Somebody who runs the installation."""
    return person(is_superuser=True, is_staff=True, **fields)


def organiser(*, season: Any = None, **fields: Any) -> User:
    """Staff of `season`, or of all."""
    user = person(**fields)
    StaffRole.objects.create(user=user, season=season, role=Role.ORGANISER)
    return user


def organisation(
    *, name: str = "", members: list[User] | None = None, **fields: Any
) -> Organisation:
    number = next(_numbers)
    made = Organisation.objects.create(
        slug=f"organisation-{number}",
        name=name or f"Organisation {number}",
        kind=fields.pop("kind", OrganisationKind.UNIVERSITY),
        **fields,
    )
    for user in members or []:
        Affiliation.objects.create(user=user, organisation=made)
    return made
