"""What other apps may ask of accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from concours.platform.accounts.enums import Role
from concours.platform.accounts.models import Affiliation, Organisation, StaffRole, User


def organisations_of(*, user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The organisations that each of those people belongs to; people of none are left out."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    ids = list(user_ids)
    for start in range(0, len(ids), 5_000):
        rows = Affiliation.objects.filter(user_id__in=ids[start : start + 5_000])
        for user_id, organisation_id in rows.values_list("user_id", "organisation_id"):
            found[user_id].add(organisation_id)
    return {user_id: frozenset(organisations) for user_id, organisations in found.items()}


def mail_language(*, email: str) -> str | None:
    """The language in which the holder of that address wants mail; None without an account."""
    return (
        User.objects.filter(email=email.strip().lower()).values_list("language", flat=True).first()
    )


def organisation_names(*, ids: Collection[int]) -> dict[int, str]:
    """What those organisations are called, in the reader's language."""
    rows = Organisation.objects.in_bulk(list(ids))
    return {key: str(organisation) for key, organisation in rows.items()}


def all_organisation_names(*, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """What those organisations are called, in every language, whoever reads."""
    rows = Organisation.objects.filter(pk__in=list(ids))
    return {row.pk: tuple(name for name in (row.name, row.name_zh) if name) for row in rows}


def staff_addresses(*, season_id: int | None) -> list[tuple[str, str]]:
    """(address, language) of who organises the season, or of operators alone without one."""
    staff = Q(is_superuser=True)
    if season_id is not None:
        organisers = StaffRole.objects.filter(
            Q(season_id=season_id) | Q(season_id__isnull=True), role=Role.ORGANISER
        )
        staff |= Q(pk__in=organisers.values("user_id"))
    people = User.objects.filter(staff, is_active=True).exclude(email="").order_by("pk")
    return list(people.values_list("email", "language"))
