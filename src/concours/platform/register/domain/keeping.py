"""Keeping what was computed from the register until the register changes."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import caches

from concours.platform.record import domain as record
from concours.platform.register.rules import sight_of

T = TypeVar("T")
KEPT_SECONDS = 86_400
VERBS = (
    "project.registered",
    "project.corrected",
    "project.related",
    "project.taken-in",
    "project.stage-changed",
    "donor.registered",
    "donor.corrected",
    "technicalarea.registered",
    "technicalarea.corrected",
)
"""All that changes projects, their stages, areas and donors, and the names of these."""


def state() -> str:
    """Differs after each change of the register. Read it before what is kept under it.

    What is read after it may be newer than it says, and is then kept under a state that nobody
    asks for again; it is never older.
    """
    return record.state_of(verbs=VERBS)


def kept(
    kind: str,
    *,
    user: Any,
    of: Any = (),
    make: Callable[[], T],
    worth: Callable[[T], bool] = lambda made: True,
) -> T:
    """What `make` says, made once in each process for all of the same sight until a change.

    `of` is all that `make` depends on beside the register, with a plain repr; nothing in it or in
    what is made may depend on the reader's language. What is not `worth` keeping is made anew.
    """
    told = repr((sight_of(user), state(), of))
    key = f"register-{kind}-{sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"
    found: T | None = caches["pages"].get(key)
    if found is None:
        found = make()
        if worth(found):
            caches["pages"].set(key, found, KEPT_SECONDS)
    return found
