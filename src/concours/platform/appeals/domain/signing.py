"""Signing an act: the password again, or for accounts without one the act's code typed out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from concours.platform.core.actors import System
from concours.platform.core.errors import Refused

MOST_FAILURES = 5
WITHIN_S = 300


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What the one who signs gave: `password`, or `code`, that of what is signed."""

    password: str = ""
    code: str = ""


def signs_with_password(actor: Any) -> bool:
    """Whether the actor is asked for a password; those who log in elsewhere have none."""
    return not isinstance(actor, System) and bool(actor.has_usable_password())


def require_signature(*, actor: Any, code: str, signature: Signature) -> None:
    """Raise Refused unless `signature` is the actor's own under the act named `code`.

    After five failures in five minutes nothing is looked at any more. A system actor is the
    machine's own operator, who signs by being there.
    """
    if isinstance(actor, System):
        return
    key = f"appeals/signing/{actor.pk}"
    if cache.get(key, 0) >= MOST_FAILURES:
        raise Refused("too-many-attempts", _("Too many wrong attempts. Wait five minutes."))
    if signs_with_password(actor):
        good = actor.check_password(signature.password)
    else:
        good = secrets.compare_digest(signature.code.strip().encode(), code.encode())
    if good:
        return
    cache.add(key, 0, WITHIN_S)
    cache.incr(key)
    raise Refused(
        "not-signed",
        _("This is not your password.")
        if signs_with_password(actor)
        else _("Type the code of the change set to confirm."),
    )
