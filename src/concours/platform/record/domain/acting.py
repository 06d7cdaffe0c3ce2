"""Who truly acts, and through which face, for the events of the running context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from concours.platform.core.actors import System

_via: ContextVar[str] = ContextVar("acting_via", default="internal")


@contextmanager
def acting(*, via: str) -> Iterator[None]:
    """Within the block, events say they came through `via`: web, api, cli, demo, worker."""
    token = _via.set(via)
    try:
        yield
    finally:
        _via.reset(token)


def current_via() -> str:
    return _via.get()


def name_of(actor: Any) -> str:
    """The actor as the record writes it; a person by code, never by name or address."""
    if isinstance(actor, System):
        return f"system:{actor.name}"
    code = getattr(actor, "code", "")
    if not code:
        raise ValueError("an event needs a signed-in person or a System actor")
    return f"user:{code}"
