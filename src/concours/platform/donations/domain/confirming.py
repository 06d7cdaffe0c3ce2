"""That the one who signs is at the keyboard: their password, or a fresh code of their device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused

MOST_FAILURES = 5
WITHIN_S = 300


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was typed: `password`, or `code`, the six digits of an authenticator app."""

    password: str = ""
    code: str = ""


def can_prove(user: Any) -> bool:
    """Whether `user` has a password or an authenticator app."""
    return bool(user.has_usable_password()) or _authenticator(user) is not None


def require_proof(*, actor: Any, proof: Proof) -> None:
    """Raise Refused unless `proof` is the actor's own.

    After five failures in five minutes nothing is looked at any more.
    """
    if not can_prove(actor):
        raise Refused(
            "nothing-to-prove-with",
            _("Set a password or add an authenticator app to your account first."),
        )
    key = f"donations/proving/{actor.pk}"
    if cache.get(key, 0) >= MOST_FAILURES:
        raise Refused("too-many-attempts", _("Too many wrong attempts. Wait five minutes."))
    if _holds(actor, proof):
        return
    cache.add(key, 0, WITHIN_S)
    cache.incr(key)
    raise Refused("not-proved", _("This is neither your password nor your app’s code of now."))


def _holds(actor: Any, proof: Proof) -> bool:
    if proof.password and actor.check_password(proof.password):
        return True
    authenticator = _authenticator(actor) if proof.code else None
    return authenticator is not None and bool(
        authenticator.wrap().validate_code(proof.code.strip())
    )


def _authenticator(user: Any) -> Any | None:
    rows = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP)
    return rows.first()
