"""Sending: one message at a time to each webhook, longer pauses while it fails, an end after a day.

A receiver that is slow costs its own messages their turn, and a worker at most the limit of a call.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.outgoing import AddressRefused, CallFailed, post
from concours.platform.core.sealed import decrypt
from concours.platform.record import domain as record
from concours.platform.webhooks.domain.policy import policy
from concours.platform.webhooks.domain.signing import PURPOSE, signature
from concours.platform.webhooks.enums import DeliveryState, WebhookState
from concours.platform.webhooks.models import Delivery, Webhook

POSTMAN = System("webhooks")
LEASE = timedelta(minutes=2)
"""So long nobody else sends to the webhook; a call is over much earlier."""
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)
)
"""Before the second try, the third, and so on: a day in all."""
GONE = 410
SECRET_LOST = "secret-lost"  # noqa: S105  a word for a fault
"""Why nothing was sent: the installation's secret, which opens the webhook's, is another by now."""
KEPT_FOR = timedelta(days=30)


@transaction.atomic
def claim_due() -> list[str]:
    """The message that is due at each webhook, at most one; nobody else gets it for LEASE."""
    moment = clock.now()
    hooks = Webhook.objects.filter(
        state=WebhookState.ACTIVE,
        next_try_at__lte=moment,
        deliveries__state=DeliveryState.WAITING,
        deliveries__next_try_at__lte=moment,
    ).distinct()
    keys = list(hooks.values_list("pk", flat=True))
    claimed = []
    for hook in Webhook.objects.select_for_update(skip_locked=True, no_key=True).filter(
        pk__in=keys, next_try_at__lte=moment
    ):
        first = (
            hook.deliveries.filter(state=DeliveryState.WAITING, next_try_at__lte=moment)
            .order_by("seq")
            .first()
        )
        if first is not None:
            hook.next_try_at = moment + LEASE
            hook.save(update_fields=["next_try_at"])
            claimed.append(first.code)
    return claimed


def deliver(*, code: str) -> str:
    """Send one claimed message; returns the state it came to. Outside of any transaction."""
    row = Delivery.objects.select_related("webhook__season").filter(code=code).first()
    if row is None or row.state != DeliveryState.WAITING:
        return "gone" if row is None else str(row.state)
    status, fault = _call(row)
    return _note(row, status=status, fault=fault)


@transaction.atomic
def resend(*, actor: Any, delivery: Delivery) -> Delivery:
    """Send a message that has ended once more, at once, under its own id.

    Raises Refused while it waits, and while its webhook is set aside.
    """
    webhook = lock(delivery.webhook)
    delivery = lock(delivery)
    require(actor, "webhooks.run", webhook)
    if webhook.state != WebhookState.ACTIVE:
        raise Refused("set-aside", _("This webhook is set aside. Resume it first."))
    if delivery.state == DeliveryState.WAITING:
        raise Refused("waiting-already", _("This message waits to be sent already."))
    moment = clock.now()
    delivery.state, delivery.tries, delivery.ended_at = DeliveryState.WAITING, 0, None
    delivery.next_try_at = moment
    delivery.save(update_fields=["state", "tries", "ended_at", "next_try_at"])
    record.append(
        actor=actor,
        verb="webhook.resent",
        subject=webhook,
        season=webhook.season.slug,
        data={"message": delivery.code},
    )
    return delivery


def sweep() -> int:
    """Forget messages that ended KEPT_FOR ago; returns how many."""
    ended = Delivery.objects.filter(ended_at__lt=clock.now() - KEPT_FOR)
    return ended.delete()[0]


def _call(row: Delivery) -> tuple[int, str]:
    """(status of the answer or 0, why there was none)."""
    timestamp = int(clock.now().timestamp())
    try:
        secret = decrypt(PURPOSE, row.webhook.sealed_secret)
    except InvalidToken:
        return 0, SECRET_LOST
    headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Concours",
        "webhook-id": row.code,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(
            secret=secret, message_id=row.code, timestamp=timestamp, body=row.body
        ),
    }
    try:
        answer = post(row.webhook.url, body=row.body.encode(), headers=headers, policy=policy())
    except (AddressRefused, CallFailed) as failure:
        return 0, failure.code
    return answer.status, ""


@transaction.atomic
def _note(row: Delivery, *, status: int, fault: str) -> str:
    try:
        webhook = lock(row.webhook)
        row = lock(row)
    except ObjectDoesNotExist:
        return "gone"  # the webhook was removed meanwhile
    moment = clock.now()
    row.tries, row.status, row.fault = row.tries + 1, status, fault
    webhook.next_try_at = moment
    if 200 <= status < 300:
        row.state, row.ended_at = DeliveryState.DELIVERED, moment
    elif row.tries > len(PAUSES) or status == GONE or fault == SECRET_LOST:
        row.state, row.ended_at = DeliveryState.FAILED, moment
        _set_aside(webhook, row)
    else:
        row.next_try_at = webhook.next_try_at = moment + PAUSES[row.tries - 1]
    row.save()
    webhook.save(update_fields=["state", "next_try_at"])
    return str(row.state)


def _set_aside(webhook: Webhook, row: Delivery) -> None:
    """Nothing goes there until somebody resumes it; its owner is told by this event."""
    webhook.state = WebhookState.SET_ASIDE
    record.append(
        actor=POSTMAN,
        verb="webhook.set-aside",
        subject=webhook,
        season=webhook.season.slug,
        data={"status": row.status, "fault": row.fault, "tries": row.tries},
    )
