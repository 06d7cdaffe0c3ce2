"""Keys to the API: made, shown once, checked, revoked."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import ApiToken, User
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.ids import new_code
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.record import domain as record

PREFIX = "concours"
SECRET_LENGTH = 40
"""Characters of the secret: 198 bits, beyond any search, so that one SHA-256 is enough."""
LONGEST_DAYS = 366
MOST_VALID = 20
NOTED_EVERY = timedelta(hours=1)
NO_DIGEST = "0" * 64


@transaction.atomic
def create_token(
    *, actor: User, name: str, scopes: Collection[Scope], days: int
) -> tuple[ApiToken, str]:
    """Make a key of `actor` valid for 1 <= `days` <= 366. Returns the token and the key itself.

    The key ("concours_<code>_<secret>") is nowhere stored: who loses it makes another.
    Raises Refused without a name or scope, for days out of range, and beyond 20 valid keys.
    """
    actor = lock(actor)
    require(actor, "accounts.create_token")
    name = one_line(name, most=len(name))
    if not name or len(name) > 100:
        raise Refused("name-length", _("Give the key a name of 1 to 100 characters."))
    if not scopes:
        raise Refused("no-scope", _("Choose at least one thing that the key may do."))
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused("days-out-of-range", _("A key is valid for 1 to 366 days."))
    moment = clock.now()
    if (
        actor.api_tokens.filter(revoked_at__isnull=True, expires_at__gt=moment).count()
        >= MOST_VALID
    ):
        raise Refused("too-many-tokens", _("You have 20 valid keys; revoke one first."))
    chosen = [str(scope) for scope in Scope if scope in scopes]
    code = new_code()
    key = f"{PREFIX}_{code}_{new_code(SECRET_LENGTH)}"
    token = ApiToken.objects.create(
        code=code,
        user=actor,
        name=name,
        digest=_digest(key),
        scopes=chosen,
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    record.append(
        actor=actor,
        verb="token.created",
        subject=token,
        data={"scopes": chosen, "expires_at": token.expires_at.isoformat()},
    )
    return token, key


@transaction.atomic
def revoke_token(*, actor: User, token: ApiToken) -> ApiToken:
    """End a key for good. Raises NotPermitted for another's, Refused for one that is revoked."""
    token = lock(token)
    require(actor, "accounts.revoke_token", token)
    if token.revoked_at is not None:
        raise Refused("revoked-already", _("This key has been revoked already."))
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    record.append(actor=actor, verb="token.revoked", subject=token)
    return token


def token_of_key(key: str) -> ApiToken | None:
    """The valid token (with its active user) that `key` is of; None for anything else.

    Its use is noted at most once an hour, so that reading stays cheap. Takes the same comparison
    whether the code is known or not.
    """
    code = _code_in(key)
    token = ApiToken.objects.select_related("user").filter(code=code).first() if code else None
    matches = hmac.compare_digest(token.digest if token else NO_DIGEST, _digest(key))
    moment = clock.now()
    if token is None or not matches or not token.valid_at(moment) or not token.user.is_active:
        return None
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=moment - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < moment - NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=moment)
    return token


def _code_in(key: str) -> str:
    prefix, _, rest = key.partition("_")
    code, _, secret = rest.partition("_")
    return code if prefix == PREFIX and secret and len(code) == 12 else ""


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
