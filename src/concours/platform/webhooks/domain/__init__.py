"""Telling other machines of a season's public news."""

from concours.platform.webhooks.domain.delivering import claim_due, deliver, resend, sweep
from concours.platform.webhooks.domain.following import follow
from concours.platform.webhooks.domain.keeping import create_webhook, remove_webhook, resume

__all__ = [
    "claim_due",
    "create_webhook",
    "deliver",
    "follow",
    "remove_webhook",
    "resend",
    "resume",
    "sweep",
]
