"""The hash chain itself, free of the database: what an event's digest covers, and the check.

An event's digest is the SHA-256 of the canonical JSON (RFC 8785 in effect: sorted keys, no white
space, UTF-8, no floats that JSON cannot carry) of all its other fields, the previous digest
included. Anyone with the exported lines and any SHA-256 can compute it again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

GENESIS = "0" * 64
# One for all: `json.dumps` would make an encoder anew for each event.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
UNREADABLE = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What computing from an event's data raises where it is not what Concours writes."""


@dataclass(frozen=True, kw_only=True)
class EventData:
    """One event. `at` is ISO 8601 in UTC with microseconds; `data` is canonical JSON text."""

    seq: int
    at: str
    actor: str
    via: str
    verb: str
    subject: str
    season: str
    data: str
    previous: str
    digest: str


@dataclass(frozen=True)
class Fault:
    """Something that does not hold, at the event numbered `seq`."""

    seq: int
    what: str


def canonical(value: Any) -> str:
    """The one JSON text of `value`. Raises ValueError for NaN and infinities, TypeError for
    what JSON has no word for."""
    return _ENCODER.encode(value)


def digest_of(event: Mapping[str, Any]) -> str:
    """The digest that `event` must carry, from all fields but `digest` itself."""
    covered = {key: value for key, value in event.items() if key != "digest"}
    return hashlib.sha256(canonical(covered).encode()).hexdigest()


def seal(**fields: Any) -> EventData:
    """An event with its digest."""
    return EventData(**fields, digest=digest_of(fields))


def faults(events: Iterable[EventData], *, count: int | None, head: str | None) -> Iterator[Fault]:
    """Every place where the chain does not hold, in order; O(events) time, O(1) memory.

    `count` and `head` are what the keeper of the chain says it holds: they catch a cut tail.
    """
    previous, expected = GENESIS, 1
    for event in events:
        if event.seq != expected:
            yield Fault(event.seq, f"event {expected} is missing or out of order")
        if event.previous != previous:
            yield Fault(event.seq, "does not follow the event before it")
        if digest_of(vars(event)) != event.digest:
            yield Fault(event.seq, "its content does not match its digest")
        if not _is_canonical(event.data):
            yield Fault(event.seq, "its data is not canonical JSON")
        previous, expected = event.digest, event.seq + 1
    if count is not None and expected - 1 != count:
        yield Fault(expected - 1, f"the chain ends at {expected - 1}; its keeper counted {count}")
    if head is not None and previous != head:
        yield Fault(expected - 1, "the last digest is not the one its keeper holds")


def _is_canonical(text: str) -> bool:
    try:
        return canonical(json.loads(text)) == text
    except (ValueError, RecursionError):
        return False


def to_line(event: EventData) -> str:
    """The event as one line of the export."""
    return canonical(vars(event))


def from_line(line: str) -> EventData:
    """The event on a line of an export. Raises ValueError for anything else, in plain words."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not an event: this is no JSON") from None
    if not isinstance(found, dict) or found.keys() != _FIELDS:
        raise ValueError("not an event: its fields are not those of an event")
    if not all(_is_of_its_kind(name, value) for name, value in found.items()):
        raise ValueError("not an event: a field is of another kind")
    return EventData(**found)


_FIELDS = {one.name for one in fields(EventData)}
_LARGEST = 2**63 - 1
_HALF = re.compile("[\ud800-\udfff]")


def _is_of_its_kind(name: str, value: object) -> bool:
    if name == "seq":
        return type(value) is int and 0 < value <= _LARGEST
    # Half a character has no bytes, so no digest either.
    return isinstance(value, str) and _HALF.search(value) is None
