"""Whether an export of the record bears a completed donation out: without any database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from concours.platform.record import chain

FOUNDATION = "foundation"
WITNESS = "witness:"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A completed donation as the record tells it; `faults` are sentences, none where it holds."""

    code: str
    project: str
    digest: str
    seats: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


@dataclass
class _Told:
    """What the record said of one donation so far."""

    drawn: dict[int, str] = field(default_factory=dict)
    signed: list[tuple[chain.EventData, dict[str, Any]]] = field(default_factory=list)
    both_sides: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def check_donations(events: Iterable[chain.EventData]) -> list[Checked]:
    """Every donation that the events complete, in order; O(events) time.

    The events' own chain is not looked at: see `record.report.verify_lines` for that.
    """
    told: dict[str, _Told] = {}
    found = []
    for event in events:
        sort, _colon, code = event.subject.partition(":")
        if sort != "donation" or not event.verb.startswith("donation."):
            continue
        one = told.setdefault(code, _Told())
        try:
            ended = _follow(one, code, event)
        except chain.UNREADABLE:
            one.faults.append(f"event {event.seq} ({event.verb}) is not of the form that it has")
            # The record says that it was completed, and of what nobody can tell.
            ended = _unreadable(code, one) if event.verb == "donation.completed" else None
        if ended is not None:
            found.append(ended)
    return found


def _follow(told: _Told, code: str, event: chain.EventData) -> Checked | None:
    data = json.loads(event.data)
    if event.verb == "donation.agreement-drawn":
        told.drawn[int(data["version"])] = str(data["digest"])
    elif event.verb == "donation.signed":
        told.signed.append((event, data))
    elif event.verb == "donation.both-sides-signed":
        told.both_sides.append(str(data["digest"]))
    elif event.verb == "donation.completed":
        return _checked(code, data, told)
    return None


def _unreadable(code: str, told: _Told) -> Checked:
    return Checked(code=code, project="", digest="", seats=(), faults=tuple(told.faults))


def _checked(code: str, data: dict[str, Any], told: _Told) -> Checked:
    return Checked(
        code=code,
        project=str(data["project"]),
        digest=str(data["digest"]),
        seats=tuple(str(seat) for seat in data["signatures"]),
        faults=(*told.faults, *_faults(data, told)),
    )


def _faults(data: dict[str, Any], told: _Told) -> Iterator[str]:
    digest, counted = data["digest"], [str(seat) for seat in data["signatures"]]
    last = told.drawn.get(max(told.drawn, default=0))
    if last != digest:
        yield "what was completed is not the last version that was drawn up"
    if digest not in told.both_sides:
        yield "nothing says that both sides had signed it"
    wanted = [f"donor:{slug}" for slug in data["donors"]] + [FOUNDATION]
    for seat in wanted:
        if counted.count(seat) != 1:
            yield f"{seat} is counted {counted.count(seat)} times, not once"
    witnesses = [seat for seat in counted if seat.startswith(WITNESS)]
    if len(set(witnesses)) < data["witnesses_wanted"]:
        yield f"{data['witnesses_wanted']} witnesses were wanted, {len(set(witnesses))} signed"
    signed = [(event, one) for event, one in told.signed if one["digest"] == digest]
    for seat in counted:
        yield from _faults_of_seat(seat, [pair for pair in signed if pair[1]["seat"] == seat])
    yield from _faults_of_people(signed)


def _faults_of_seat(
    seat: str, signed: list[tuple[chain.EventData, dict[str, Any]]]
) -> Iterator[str]:
    if len(signed) != 1:
        yield f"{seat} signed that version {len(signed)} times, not once"
    for event, data in signed:
        mandate, day = data["mandate"], event.at[:10]
        if seat.startswith(WITNESS):
            continue
        if mandate is None:
            yield f"{seat} signed without a mandate"
        elif day < mandate["from"] or (mandate["until"] and day > mandate["until"]):
            yield f"{seat} signed on {day}, outside the mandate’s days"


def _faults_of_people(signed: list[tuple[chain.EventData, dict[str, Any]]]) -> Iterator[str]:
    sides = {event.actor for event, data in signed if not data["seat"].startswith(WITNESS)}
    for event, data in signed:
        if data["seat"].startswith(WITNESS) and event.actor in sides:
            yield f"{data['seat']} was signed by somebody who signed for a side"
