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

# Every act of the platform passes here. Building these statements anew for each event took more
# time than running them (a third of all of `concours demo`), so they are written out.
_COLUMNS = [field.attname for field in Event._meta.concrete_fields]
_INSERT = (
    f"INSERT INTO {Event._meta.db_table} ({', '.join(_COLUMNS)}) "  # noqa: S608 - our own names
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)
_SELECT_HEAD = f"SELECT count, digest FROM {ChainHead._meta.db_table} WHERE id = 1"  # noqa: S608
_UPDATE_HEAD = f"UPDATE {ChainHead._meta.db_table} SET count = %s, digest = %s WHERE id = 1"  # noqa: S608


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
    count, previous = _locked_head()
    moment = clock.now()
    sealed = seal(
        seq=count + 1,
        at=moment.astimezone(UTC).isoformat(timespec="microseconds"),
        actor=name_of(actor),
        via=current_via(),
        verb=verb,
        subject=subject if isinstance(subject, str) else subject_name(subject),
        season=season,
        data=canonical(data or {}),
        previous=previous,
    )
    event = Event(**{**vars(sealed), "at": moment})
    event.clean_fields()
    values = {**vars(sealed), "at": connection.ops.adapt_datetimefield_value(moment)}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [values[column] for column in _COLUMNS])
        cursor.execute(_UPDATE_HEAD, [sealed.seq, sealed.digest])
    event._state.adding = False
    return event


def _locked_head() -> tuple[int, str]:
    """(count, digest) of the chain, locked until the transaction ends."""
    suffix = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT_HEAD + suffix)
        row: tuple[int, str] | None = cursor.fetchone()
    if row is None:
        ChainHead.objects.get_or_create(pk=1, defaults={"digest": GENESIS})
        return _locked_head()
    return row


def subject_name(instance: models.Model) -> str:
    """ "<kind>:<public identifier>" of a stored object: its code, its slug, or its key."""
    identifier = getattr(instance, "code", None) or getattr(instance, "slug", None) or instance.pk
    return f"{instance._meta.model_name}:{identifier}"
