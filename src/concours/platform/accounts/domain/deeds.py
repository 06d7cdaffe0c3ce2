"""What people may show of what they did: each app appends its sections in `AppConfig.ready()`.

A section answers with what everybody may know anyhow: it is asked for a person, never for a reader.
Whether it is shown is the person's own choice, which profiles keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from concours.platform.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An event of the record that proves something: its number and digest."""

    seq: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that somebody did, and the events that prove it, at least one.

    `title` and `detail` are in the reader's language; `data` says the same to programs, in English,
    with moments as text. `href` leads to the public page that it is of.
    """

    title: str
    at: datetime
    data: dict[str, Any]
    events: tuple[Recorded, ...]
    detail: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A kind of deeds. `name` stands in addresses, in the API and in credentials.

    `note` says what a reader has to know to read them.
    """

    name: str
    label: str | Promise
    deeds: Callable[[User], Iterable[Deed]]
    position: int
    note: str | Promise = field(default="")


sections: list[Section] = []


def sections_in_order() -> list[Section]:
    """All that apps have to tell of."""
    return sorted(sections, key=lambda one: one.position)


def span(since: datetime, until: datetime | None) -> str:
    """From when until when somebody did something, in the reader's language."""
    begun = formats.date_format(since)
    if until is None:
        return _("since %(since)s") % {"since": begun}
    return _("%(since)s to %(until)s") % {"since": begun, "until": formats.date_format(until)}


def recorded(events: Iterable[Any]) -> tuple[Recorded, ...]:
    """Events as deeds name them."""
    return tuple(Recorded(seq=one.seq, digest=one.digest) for one in events)
