"""The link at the end of a mail by which its reader stops more of the kind, without signing in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import NotPermitted
from concours.platform.notifications.domain.preferences import choices_of
from concours.platform.notifications.enums import Channel, Kind

SALT = "notifications.unsubscribe"
DIGEST = "digest"


def token_for(*, user: Any, about: str) -> str:
    """A signed token; `about` is a kind, or DIGEST for all kinds that come as a digest."""
    return signing.dumps([user.code, about], salt=SALT)


def read_token(token: str) -> tuple[Any, list[Kind]]:
    """Whose token it is, and the kinds it ends. Raises NotPermitted (hidden) for any other text."""
    try:
        code, about = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _unknown() from None
    user = get_user_model()._default_manager.filter(code=code, is_active=True).first()
    if user is None:
        raise _unknown()
    if about == DIGEST:
        chosen = choices_of(user=user).items()
        return user, [kind for kind, channel in chosen if channel == Channel.DIGEST]
    return user, [Kind(about)]


def _unknown() -> NotPermitted:
    return NotPermitted("unknown-link", _("This link is not one of ours."), hidden=True)
