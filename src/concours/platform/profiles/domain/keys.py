"""The keys by which the installation signs credentials, and its name as an issuer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.credentials import (
    Method,
    PublicKey,
    SigningKey,
    did_document,
    did_web,
    method_id,
    methods_of,
    public_key,
)
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.profiles.domain import keyfile
from concours.platform.profiles.models import IssuerKey
from concours.platform.record import domain as record

_ACTOR = System("credentials")


def did_of_site() -> str:
    """The did:web of the installation's public address."""
    return did_web(settings.PUBLIC_URL)


def key_in_use() -> tuple[SigningKey, IssuerKey]:
    """The key that signs now and its row. The first use makes both; a file that a backup brought
    back counts, and the row follows it.

    Raises Refused where the file holds a key that was revoked.
    """
    secret = keyfile.read_or_make()
    multikey = secret.public.multikey
    row = IssuerKey.objects.filter(multikey=multikey, retired_at__isnull=True).first()
    return secret, row or _noted(multikey)


@transaction.atomic
def change_key(*, actor: Any, leaked: bool = False) -> IssuerKey:
    """Sign with another key from now on. What the one before signed holds, unless it `leaked`:
    then nothing of it does, and its holders need new credentials.
    """
    require(actor, "profiles.change_key")
    fresh = keyfile.new_key()
    row = _take_over(fresh.public.multikey, leaked=leaked)
    record.append(
        actor=actor,
        verb="credential-key.leaked" if leaked else "credential-key.changed",
        subject=f"credentialkey:{row.multikey}",
        data={"key": row.multikey},
    )
    keyfile.replace(fresh)
    return row


def known_keys() -> list[IssuerKey]:
    """All keys that ever signed, the oldest first."""
    return list(IssuerKey.objects.order_by("made_at", "pk"))


def issuer_document() -> dict[str, Any]:
    """The DID document of the installation, as /.well-known/did.json serves it."""
    return did_document(
        did_of_site(), [(public_key(row.multikey), row.revoked_at) for row in known_keys()]
    )


def methods() -> tuple[Method, ...]:
    """The installation's keys, for verifying."""
    return methods_of(issuer_document())


def method_of(key: PublicKey) -> str:
    return method_id(did_of_site(), key)


@transaction.atomic
def _noted(multikey: str) -> IssuerKey:
    row = _take_over(multikey)
    record.append(
        actor=_ACTOR,
        verb="credential-key.in-use",
        subject=f"credentialkey:{multikey}",
        data={"key": multikey},
    )
    return row


def _take_over(multikey: str, *, leaked: bool = False) -> IssuerKey:
    """Retire what signs and let this key sign; within the caller's transaction."""
    moment = clock.now()
    rows = list(IssuerKey.objects.select_for_update().order_by("pk"))
    known = next((row for row in rows if row.multikey == multikey), None)
    if known is not None and known.revoked_at is not None:
        raise Refused(
            "key-revoked",
            _("The stored key was revoked: make another one with `concours credential new-key`."),
        )
    for row in rows:
        if row.retired_at is None and row.multikey != multikey:
            row.retired_at = moment
            row.revoked_at = moment if leaked else None
            row.save(update_fields=["retired_at", "revoked_at"])
    if known is None:
        return IssuerKey.objects.create(multikey=multikey, made_at=moment)
    known.retired_at = None
    known.save(update_fields=["retired_at"])
    return known
