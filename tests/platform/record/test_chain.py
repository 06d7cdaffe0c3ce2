"""The chain: any changed byte, in any field, is found."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.record import chain

FIELDS = [field.name for field in fields(chain.EventData)]


def make_chain(length: int = 4) -> list[chain.EventData]:
    events: list[chain.EventData] = []
    previous = chain.GENESIS
    for seq in range(1, length + 1):
        event = chain.seal(
            seq=seq,
            at=f"2023-01-0{seq}T00:00:00.000000+00:00",
            actor=f"user:person{seq}",
            via="web",
            verb="review.submitted",
            subject=f"review:r{seq}",
            season="open-atom-2022",
            data=chain.canonical({"points": seq, "词": "好"}),
            previous=previous,
        )
        events.append(event)
        previous = event.digest
    return events


def found(events: list[chain.EventData], *, of: list[chain.EventData]) -> list[chain.Fault]:
    return list(chain.faults(events, count=len(of), head=of[-1].digest))


def altered(value: object) -> object:
    return value + 1 if isinstance(value, int) else str(value)[:-1] + "~"


def test_an_untouched_chain_holds() -> None:
    events = make_chain()

    assert found(events, of=events) == []


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("index", [0, 1, 3])
def test_a_change_of_any_field_of_any_event_is_found(name: str, index: int) -> None:
    events = make_chain()
    changed = list(events)
    changed[index] = replace(events[index], **{name: altered(getattr(events[index], name))})

    assert found(changed, of=events)


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "digest"])
def test_a_change_that_seals_its_own_event_again_is_found_by_the_next(name: str) -> None:
    events = make_chain()
    content = {**asdict(events[1]), name: altered(getattr(events[1], name))}
    del content["digest"]
    changed = [events[0], chain.seal(**content), *events[2:]]

    assert found(changed, of=events)


def test_a_chain_rewritten_to_its_end_is_found_by_its_head() -> None:
    events = make_chain()
    rewritten, previous = [], chain.GENESIS
    for event in events:
        content = {**asdict(event), "previous": previous}
        del content["digest"]
        if event.seq == 2:
            content["actor"] = "user:somebody-else"
        rewritten.append(chain.seal(**content))
        previous = rewritten[-1].digest

    assert list(chain.faults(rewritten, count=None, head=None)) == []
    assert found(rewritten, of=events)


@pytest.mark.parametrize("dropped", [0, 1, 3])
def test_a_missing_event_is_found(dropped: int) -> None:
    events = make_chain()

    assert found(events[:dropped] + events[dropped + 1 :], of=events)


def test_events_out_of_order_are_found() -> None:
    events = make_chain()

    assert found([events[0], events[2], events[1], events[3]], of=events)


@given(st.integers(0, 3), st.integers(0, 10_000), st.integers(1, 255))
def test_any_flipped_byte_of_an_export_is_found(line: int, position: int, flip: int) -> None:
    events = make_chain()
    lines = [chain.to_line(event).encode() for event in events]
    place = position % len(lines[line])
    broken = bytearray(lines[line])
    broken[place] ^= flip
    lines[line] = bytes(broken)

    try:
        changed = [chain.from_line(text.decode()) for text in lines]
    except (ValueError, UnicodeDecodeError):
        return  # no longer an event at all: found
    # Another spelling of the same JSON (a space, an escape) changes no event.
    assert changed == events or found(changed, of=events)


def test_a_digest_can_be_computed_with_nothing_but_json_and_sha256() -> None:
    line = json.loads(chain.to_line(make_chain()[2]))
    digest = line.pop("digest")
    text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    assert hashlib.sha256(text.encode()).hexdigest() == digest


def test_each_event_names_the_one_before() -> None:
    assert all(after.previous == before.digest for before, after in pairwise(make_chain()))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object()])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        chain.canonical({"value": value})


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"seq": 1}', "null", '"x"'])
def test_a_line_that_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        chain.from_line(line)
