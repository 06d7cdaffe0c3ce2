"""The platform's one clock. Rehearsals and tests move it; nothing else reads the wall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta())
_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)


def now() -> datetime:
    """The current moment, aware and in UTC, as the running context reads it."""
    frozen = _frozen.get()
    return frozen if frozen is not None else datetime.now(UTC) + _shift.get()


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Within the block the clock stands still at `moment` (aware)."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes an aware datetime")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


@contextmanager
def shifted(delta: timedelta) -> Iterator[None]:
    """Within the block the clock runs `delta` ahead of the wall (behind, if negative)."""
    token = _shift.set(delta)
    try:
        yield
    finally:
        _shift.reset(token)
