"""Where webhooks may lead, by the installation's settings."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused
from concours.platform.core.outgoing import AddressRefused, Policy, check

_WHY = {
    "bad-address": _("This is no plain address; give one such as https://example.org/hook."),
    "scheme": _("The address has to begin with https://."),
    "port": _("The address may name the ports 443, 80 and 8443 alone."),
    "unknown-host": _("The host of the address is not known; look for a slip in it."),
    "not-public": _("The address leads to a machine that is not on the public internet."),
}


def policy() -> Policy:
    """The settings' exempt hosts; in a rehearsal also this machine itself, by plain http."""
    return Policy(
        exempt=frozenset(settings.WEBHOOK_ALLOWED_HOSTS), loopback=bool(settings.REHEARSAL)
    )


def require_address(url: str) -> None:
    """Raise Refused with the reason unless webhooks may be sent there."""
    try:
        check(url, policy=policy())
    except AddressRefused as refusal:
        raise Refused(f"address-{refusal.code}", _WHY[refusal.code]) from None
