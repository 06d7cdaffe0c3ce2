"""Webhooks made, resumed and removed. The record names season and verbs, never the address."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.sealed import encrypt
from concours.platform.feeds.domain.news import NEWS
from concours.platform.record import domain as record
from concours.platform.webhooks.domain.policy import require_address
from concours.platform.webhooks.domain.signing import PURPOSE, new_secret
from concours.platform.webhooks.enums import WebhookState
from concours.platform.webhooks.models import Webhook

MOST = 20
"""Webhooks of one season."""


def create_webhook(
    *, actor: Any, season: Any, url: str, verbs: Collection[str]
) -> tuple[Webhook, str]:
    """Make a webhook. Returns it and its secret, which cannot be shown again.

    Raises Refused for an address that may not be called, for no or unknown verbs, beyond MOST.
    """
    require(actor, "webhooks.create", season)
    # The host is looked up outside of the transaction, which would hold others up meanwhile.
    require_address(url)
    return _create(actor=actor, season=season, url=url, verbs=verbs)


@transaction.atomic
def _create(*, actor: Any, season: Any, url: str, verbs: Collection[str]) -> tuple[Webhook, str]:
    season = lock(season)
    chosen = [verb for verb in NEWS if verb in verbs]
    if not chosen or set(verbs) - set(NEWS):
        raise Refused("no-verbs", _("Choose at least one of the events offered."))
    if season.webhooks.count() >= MOST:
        raise Refused("too-many", _("The season has 20 webhooks; remove one first."))
    moment, secret = clock.now(), new_secret()
    made = Webhook.objects.create(
        season=season,
        owner=actor,
        url=url,
        verbs=chosen,
        sealed_secret=encrypt(PURPOSE, secret),
        next_try_at=moment,
        created_at=moment,
    )
    record.append(
        actor=actor,
        verb="webhook.created",
        subject=made,
        season=season.slug,
        data={"verbs": chosen},
    )
    return made, secret


@transaction.atomic
def remove_webhook(*, actor: Any, webhook: Webhook) -> None:
    """Remove it with its log. Raises NotPermitted for others than the season's organisers."""
    webhook = lock(webhook)
    require(actor, "webhooks.run", webhook)
    record.append(actor=actor, verb="webhook.removed", subject=webhook, season=webhook.season.slug)
    webhook.delete()


@transaction.atomic
def resume(*, actor: Any, webhook: Webhook) -> Webhook:
    """Send there again what waits. Raises Refused unless it is set aside."""
    webhook = lock(webhook)
    require(actor, "webhooks.run", webhook)
    if webhook.state != WebhookState.SET_ASIDE:
        raise Refused("not-set-aside", _("This webhook is not set aside."))
    webhook.state, webhook.next_try_at = WebhookState.ACTIVE, clock.now()
    webhook.save(update_fields=["state", "next_try_at"])
    record.append(actor=actor, verb="webhook.resumed", subject=webhook, season=webhook.season.slug)
    return webhook
