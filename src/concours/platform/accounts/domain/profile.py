"""What people say of themselves. The record names the fields that changed, never their content."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.models import User
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line, passage
from concours.platform.record import domain as record


@transaction.atomic
def edit_profile(*, actor: User, name: str, biography: str, language: str) -> User:
    """Change what `actor` shows of themselves and the language of their mail.

    Raises Refused for an empty or too long name, a too long text, and an unknown language.
    """
    user = lock(actor)
    require(actor, "accounts.edit_profile")
    chosen = {
        "name": one_line(name, most=len(name)),
        "biography": passage(biography.strip(), most=len(biography)),
        "language": language,
    }
    if not 1 <= len(chosen["name"]) <= 100:
        raise Refused("name-length", _("Give a name of 1 to 100 characters."))
    if len(chosen["biography"]) > 2_000:
        raise Refused("biography-length", _("Keep the text about you within 2,000 characters."))
    if language not in dict(settings.LANGUAGES):
        raise Refused("unknown-language", _("Choose one of the languages offered."))
    changed = [field for field, value in chosen.items() if getattr(user, field) != value]
    if not changed:
        return user
    for field in changed:
        setattr(user, field, chosen[field])
    user.save(update_fields=changed)
    record.append(actor=user, verb="profile.edited", subject=user, data={"changed": changed})
    return user


@transaction.atomic
def sign_up(*, user: User, name: str, language: str = "en", provider: str = "") -> User:
    """Note within the caller's transaction that `user` has made themselves an account.

    The record holds a digest of the address under the installation's secret: it can be compared
    with an address in a dispute, and tells nothing to whoever lacks the secret. `provider` is the
    short name of whoever vouches for them. Raises Refused for a name that cannot be shown.
    """
    user.name = one_line(name, most=100)
    user.language = language if language in dict(settings.LANGUAGES) else "en"
    user.save(update_fields=["name", "language"])
    data = {"address_digest": address_digest(user.email)}
    if provider:
        data["provider"] = provider
    record.append(actor=user, verb="user.signed-up", subject=user, data=data)
    return user


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """Store a new password (already validated) and record that it changed."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record.append(actor=user, verb="password.changed", subject=user)


@transaction.atomic
def note(*, user: User, verb: str, **data: str) -> None:
    """Record an act on the ways in which `user` signs in. `data` names kinds, never a person."""
    record.append(actor=user, verb=verb, subject=user, data=data)


def address_digest(email: str) -> str:
    """A keyed SHA-256 of the address, in lower case."""
    return keyed_digest("address", email.strip().lower())
