"""Signing what somebody did, for them to take along."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from concours.credentials import BadDocument, key_of_did, sign
from concours.credentials.proofs import digest
from concours.platform.accounts.domain import waits_for_consent
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.ids import new_code
from concours.platform.core.locking import lock
from concours.platform.profiles.domain.document import unsigned
from concours.platform.profiles.domain.keys import key_in_use, method_of
from concours.platform.profiles.domain.status import free_place
from concours.platform.profiles.domain.telling import Told, section_names, told_of
from concours.platform.profiles.models import Credential, IssuerKey
from concours.platform.record import domain as record

MOST_STANDING = 50


def issue(
    *, actor: Any, sections: Collection[str], did: str = "", named: bool = True
) -> Credential:
    """Sign the named sections of what `actor` did.

    It is about `did`, a did:key that they hold, or about a name that says nothing; with their shown
    name where they want it `named`. Raises Refused for another DID, for sections in which there is
    nothing, while a guardian's consent is waited for, and beyond MOST_STANDING that stand.
    """
    require(actor, "profiles.issue")
    subject = _subject(did.strip())
    with translation.override("en"):
        told = told_of(user=actor, sections=set(sections) & section_names())
    if not told:
        raise Refused("nothing-to-say", _("There is nothing in what you chose."))
    # Before the transaction: the first use of a key is an act of its own.
    return _issued(actor=actor, subject=subject, named=named, told=told, keys=key_in_use())


@transaction.atomic
def _issued(
    *, actor: Any, subject: str, named: bool, told: list[Told], keys: tuple[Any, IssuerKey]
) -> Credential:
    user = lock(get_user_model()(pk=actor.pk))
    if waits_for_consent(user=user):
        raise Refused(
            "consent-needed",
            _("You can take a credential once an organiser has noted your guardian’s consent."),
        )
    if user.credentials.filter(revoked_at__isnull=True).count() >= MOST_STANDING:
        raise Refused("too-many-credentials", _("You have fifty; revoke one that you do not use."))
    secret, key = keys[0], lock(keys[1])
    if key.retired_at is not None:
        raise Refused("key-changed", _("The site’s key was changed meanwhile. Try again."))
    moment, code, place = clock.now(), new_code(), free_place()
    document = sign(
        unsigned(
            code=code,
            subject=subject,
            name=user.display_name if named else "",
            told=told,
            place=place,
            moment=moment,
        ),
        key=secret,
        method=method_of(secret.public),
        created=moment,
    )
    credential = Credential.objects.create(
        code=code,
        user=user,
        key=key,
        sections=[one.section.name for one in told],
        document=json.dumps(document, ensure_ascii=False, indent=2) + "\n",
        digest=digest(document).hex(),
        number=place[0],
        index=place[1],
        issued_at=moment,
    )
    record.append(
        actor=actor,
        verb="credential.issued",
        subject=credential,
        data={"digest": credential.digest, "key": key.multikey},
    )
    return credential


def _subject(did: str) -> str:
    if not did:
        # Another one each time: two credentials do not say that they are of one person.
        return f"urn:uuid:{uuid.uuid4()}"
    try:
        key_of_did(did)
    except BadDocument:
        raise Refused("bad-did", _("Give a did:key of an Ed25519 key, or leave it out.")) from None
    return did
