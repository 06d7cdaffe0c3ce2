"""What an export of the record proves of a donation, and what it finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from concours.cli.donation import app
from concours.platform.donations.checking import check_donations
from concours.platform.record import domain as record
from concours.platform.record.chain import EventData
from tests.factories import donations

pytestmark = pytest.mark.django_db
Change = Callable[[dict[str, Any]], dict[str, Any]]


def test_an_export_is_verified_from_its_file_alone(tmp_path: Path) -> None:
    donation = donations.completed()
    export = tmp_path / "record.jsonl"
    export.write_text("".join(record.export_lines()), encoding="utf-8")

    good = CliRunner().invoke(app, ["verify", str(export), "--code", donation.code])

    assert good.exit_code == 0, good.output
    assert donations.version_of(donation).digest in good.output
    assert "donor:one, donor:two, foundation, witness:" in good.output
    export.write_text(export.read_text().replace('"held_on', '"held-on', 1), encoding="utf-8")
    assert CliRunner().invoke(app, ["verify", str(export)]).exit_code == 1
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "none")]).exit_code != 0


def test_a_record_without_a_completed_donation_proves_nothing(tmp_path: Path) -> None:
    donations.ready()
    export = tmp_path / "record.jsonl"
    export.write_text("".join(record.export_lines()), encoding="utf-8")
    assert CliRunner().invoke(app, ["verify", str(export)]).exit_code != 0


def _with(verb: str, change: Change, *, seat: str = "") -> list[EventData]:
    """The record, with the first event of that verb (and seat) told otherwise."""
    events, done = [], False
    for event in record.iterate():
        data = json.loads(event.data)
        if not done and event.verb == verb and (not seat or data.get("seat") == seat):
            done = True
            event = replace(event, data=json.dumps(change(data)))
        events.append(event)
    assert done
    return events


CHANGES: dict[str, tuple[str, str, Change, str]] = {
    "another digest": (
        "donation.signed", "donor:one", lambda data: {**data, "digest": "0" * 64},
        "donor:one signed that version 0 times, not once",
    ),
    "a seat that did not sign": (
        "donation.completed", "", lambda data: {**data, "donors": [*data["donors"], "three"]},
        "donor:three is counted 0 times, not once",
    ),
    "too few witnesses": (
        "donation.completed", "", lambda data: {**data, "witnesses_wanted": 2},
        "2 witnesses were wanted, 1 signed",
    ),
    "a mandate that was over": (
        "donation.signed", "foundation",
        lambda data: {**data, "mandate": {**data["mandate"], "until": "2023-05-31"}},
        "foundation signed on 2023-06-01, outside the mandate’s days",
    ),
    "no mandate": (
        "donation.signed", "donor:two", lambda data: {**data, "mandate": None},
        "donor:two signed without a mandate",
    ),
    "an earlier version": (
        "donation.agreement-drawn", "", lambda data: {**data, "digest": "1" * 64},
        "what was completed is not the last version that was drawn up",
    ),
    "sides unsigned": (
        "donation.both-sides-signed", "", lambda data: {**data, "digest": "1" * 64},
        "nothing says that both sides had signed it",
    ),
}  # fmt: skip


def test_what_does_not_hold_is_named() -> None:
    donations.completed()
    [good] = check_donations(record.iterate())
    assert good.faults == ()
    for name, (verb, seat, change, fault) in CHANGES.items():
        [checked] = check_donations(_with(verb, change, seat=seat))
        assert checked.faults == (fault,), name


def test_a_witness_who_signed_for_a_side_is_named() -> None:
    donations.completed()
    events = list(record.iterate())
    signer = next(one.actor for one in events if one.verb == "donation.signed")
    seats = [json.loads(one.data).get("seat", "") for one in events]
    events = [
        replace(event, actor=signer) if seat.startswith("witness:") else event
        for event, seat in zip(events, seats, strict=True)
    ]
    [checked] = check_donations(events)
    assert checked.faults == (f"{checked.seats[-1]} was signed by somebody who signed for a side",)


@pytest.mark.parametrize("told", ["{}", "[]", "5", "null", "[" * 50_000, '{"digest": []}'])
@pytest.mark.parametrize(
    "verb", ["donation.agreement-drawn", "donation.signed", "donation.completed"]
)
def test_events_of_another_form_are_faults(verb: str, told: str) -> None:
    donations.completed()
    events = [
        replace(event, data=told) if event.verb == verb else event for event in record.iterate()
    ]

    [found] = check_donations(events)

    assert not found.holds
