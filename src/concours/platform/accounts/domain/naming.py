"""By which strings people are recognised: for taking them out of what is shown blind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from concours.platform.accounts.models import Organisation, User

LOGIN_KEYS = ("preferred_username", "login", "username", "nickname")


@dataclass(frozen=True, kw_only=True)
class Naming:
    """A person's shown name, mail addresses, and logins at providers."""

    name: str
    emails: tuple[str, ...]
    logins: tuple[str, ...]


def namings_of(*, user_ids: Collection[int]) -> list[Naming]:
    """How each of those people is called, in the order of their keys; 3 queries."""
    ids = list(user_ids)
    addresses: dict[int, set[str]] = {}
    for user_id, email in EmailAddress.objects.filter(user_id__in=ids).values_list(
        "user_id", "email"
    ):
        addresses.setdefault(user_id, set()).add(email.lower())
    logins: dict[int, set[str]] = {}
    for account in SocialAccount.objects.filter(user_id__in=ids):
        said = account.extra_data if isinstance(account.extra_data, dict) else {}
        found = {str(said[key]) for key in LOGIN_KEYS if said.get(key)}
        logins.setdefault(account.user_id, set()).update(found)
    return [
        Naming(
            name=user.name,
            emails=tuple(sorted({user.email.lower(), *addresses.get(user.pk, ())} - {""})),
            logins=tuple(sorted(logins.get(user.pk, ()))),
        )
        for user in User.objects.filter(pk__in=ids).order_by("pk")
    ]


def organisation_spellings(*, ids: Collection[int]) -> list[tuple[str, ...]]:
    """The names of each of those organisations in all languages, in the order of their keys."""
    rows = Organisation.objects.filter(pk__in=list(ids)).order_by("pk")
    return [tuple(name for name in (row.name, row.name_zh) if name) for row in rows]
