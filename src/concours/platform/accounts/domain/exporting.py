"""Everything that is kept of a person, for the person."""

from __future__ import annotations

import json
import zipfile
from typing import IO, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from concours.platform.accounts.domain.holdings import holdings
from concours.platform.accounts.models import User
from concours.platform.core.access import require
from concours.platform.record import domain as record

CHUNK = 1 << 20


@transaction.atomic
def note_export(*, actor: User) -> None:
    """Record that `actor` has taken their data along. Raises NotPermitted unless signed in."""
    require(actor, "accounts.export_own")
    record.append(actor=actor, verb="person.exported", subject=actor)


def export_own(*, actor: User, into: IO[bytes]) -> None:
    """Write a zip of `actor`'s data: a JSON file for each app, and their files as stored.

    Secrets are left out (password, keys, second factors), and so is what the person may not see:
    whose entry an alias is. A file that the store no longer has is left out.
    """
    require(actor, "accounts.export_own")
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "account.json", _account(actor))
        _write(archive, "acts.json", list(record.acts_of(actor=actor)))
        for holding in holdings:
            part = holding.exported(actor)
            _write(archive, f"{holding.name}.json", part.data)
            for name, stored in part.files.items():
                _copy(archive, f"{holding.name}/{name}", stored)


def _account(user: User) -> dict[str, Any]:
    return {
        "code": user.code,
        "name": user.name,
        "biography": user.biography,
        "language": user.language,
        "under_age": user.under_age,
        "consent_seen_at": user.consent_seen_at,
        "joined": user.date_joined,
        "last_sign_in": user.last_login,
        "addresses": list(
            EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
        ),
        "affiliations": list(user.affiliations.values("organisation__name", "title")),
        "roles": list(user.staff_roles.values("role", "season__slug")),
        "keys": list(
            user.api_tokens.values(
                "code", "name", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at"
            )
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
        ),
        "identities": list(
            SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined")
        ),
        "sessions": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at")
        ),
    }


def _write(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    archive.writestr(name, text + "\n")


def _copy(archive: zipfile.ZipFile, name: str, stored: str) -> None:
    if not default_storage.exists(stored):
        return
    with default_storage.open(stored, "rb") as file, archive.open(name, "w") as copy:
        while chunk := file.read(CHUNK):
            copy.write(chunk)
