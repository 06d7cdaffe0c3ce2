"""Writing to the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.db import connection, models

from concours.platform.core import clock
from concours.platform.record.chain import GENESIS, canonical, seal
from concours.platform.record.domain.acting import current_via, name_of
from concours.platform.record.models import ChainHead, Event


def append(
    *,
    actor: Any,
    verb: str,
    subject: models.Model | str,
    data: Mapping[str, Any] | None = None,
    season: str = "",
) -> Event:
    """Append one event to the chain, in the transaction that makes the change.

    Locks the chain's head until that transaction ends, so events stand in the order of commit.
    Raises RuntimeError outside a transaction, ValueError or TypeError for data that is not JSON.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is appended inside the transaction of its change")
    head, _ = ChainHead.objects.select_for_update().get_or_create(
        pk=1, defaults={"digest": GENESIS}
    )
    moment = clock.now()
    sealed = seal(
        seq=head.count + 1,
        at=moment.astimezone(UTC).isoformat(timespec="microseconds"),
        actor=name_of(actor),
        via=current_via(),
        verb=verb,
        subject=subject if isinstance(subject, str) else subject_name(subject),
        season=season,
        data=canonical(data or {}),
        previous=head.digest,
    )
    event = Event(**{**vars(sealed), "at": moment})
    event.save(force_insert=True)
    ChainHead.objects.filter(pk=1).update(count=sealed.seq, digest=sealed.digest)
    return event


def subject_name(instance: models.Model) -> str:
    """ "<kind>:<public identifier>" of a stored object: its code, its slug, or its key."""
    identifier = getattr(instance, "code", None) or getattr(instance, "slug", None) or instance.pk
    return f"{instance._meta.model_name}:{identifier}"
