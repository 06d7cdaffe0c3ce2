"""A vote counted again from its events; whatever was changed in them is found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.governance import LateBallots, Result, recount
from tests.governance.voting import CLOSES, OPENS, Recording, rule, voters


def recorded(*, secret: bool = False, number: int = 9) -> Recording:
    """Everybody casts a ballot, and one changes theirs."""
    made = Recording(rule=rule(secret=secret), electorate=voters(number))
    for index in range(number):
        made.cast(f"user:{index:05}", (1, 1, -1)[index % 3], reasoned=index % 2 == 0)
    made.cast("user:00000", 0)
    made.close()
    return made


@pytest.mark.parametrize("secret", [False, True])
def test_a_vote_counts_again_to_what_was_announced(secret: bool) -> None:
    [found] = recount(recorded(secret=secret).events)

    assert found.faults == ()
    assert found.outcome is not None
    assert (found.outcome.tally.yes, found.outcome.tally.no, found.outcome.tally.abstain) == (
        5,
        3,
        1,
    )
    assert found.outcome.result is Result.PASSED


@pytest.mark.parametrize("secret", [False, True])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_changed_value_of_any_ballot_is_found(secret: bool, data: st.DataObject) -> None:
    events = recorded(secret=secret).events
    at = data.draw(st.sampled_from([i for i, e in enumerate(events) if e["verb"] == "ballot.cast"]))
    last = {e["actor"]: i for i, e in enumerate(events) if e["verb"] == "ballot.cast"}
    told = json.loads(events[at]["data"])
    key = data.draw(st.sampled_from(sorted(told)))
    changed = {**told, key: _other(told[key])}
    altered = [*events[:at], {**events[at], "data": json.dumps(changed)}, *events[at + 1 :]]

    [found] = recount(altered)

    superseded = secret and last[events[at]["actor"]] != at
    assert found.agrees is superseded


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return {1: -1, -1: 1, 0: 1}[value] if isinstance(value, int) else f"{value}0"


@pytest.mark.parametrize("secret", [False, True])
def test_a_ballot_taken_out_or_put_in_is_found(secret: bool) -> None:
    events = recorded(secret=secret).events
    without = [event for event in events if event["seq"] != 3]
    another = {**events[3], "actor": "user:00099"}

    [missing] = recount(without)
    [added] = recount([*events[:-1], another, events[-1]])

    assert not missing.agrees
    assert not added.agrees


@pytest.mark.parametrize("key", ["result", "yes", "no", "members", "steps"])
def test_a_changed_announcement_is_found(key: str) -> None:
    events = recorded().events
    data = json.loads(events[-1]["data"])
    data["outcome"][key] = "other"
    events[-1]["data"] = json.dumps(data)

    [found] = recount(events)

    assert [fault.partition(" ")[0] for fault in found.faults] == [key]


def test_a_secret_ballot_that_tells_its_choice_is_a_fault() -> None:
    events = recorded(secret=True).events
    data = json.loads(events[1]["data"])
    events[1]["data"] = json.dumps({**data, "choice": 1})

    [found] = recount(events)

    assert found.faults == ("event 2: a secret ballot tells its choice",)


def test_a_listed_choice_that_was_changed_is_found_by_the_tally() -> None:
    events = recorded(secret=True).events
    data = json.loads(events[-1]["data"])
    data["ballots"][0]["choice"] = -1
    events[-1]["data"] = json.dumps(data)

    [found] = recount(events)

    assert not found.agrees


def test_ballots_outside_the_window_do_not_count() -> None:
    made = Recording(rule=rule(late=LateBallots.ADVISORY), electorate=voters(2))
    made.cast("user:00000", 1, at=CLOSES - timedelta(microseconds=1))
    made.cast("user:00001", 1, at=OPENS)
    made.cast("user:00001", -1, at=CLOSES)
    made.last["user:00001"]["ballot"] = replace(made.last["user:00001"]["ballot"], choice=1)
    held = json.loads(made.events[2]["data"])["commitment"]
    made.last["user:00001"]["commitment"] = held
    made.close()

    [found] = recount(made.events)

    assert found.faults == ()
    assert found.outcome is not None
    assert found.outcome.tally.yes == 2


def test_a_late_ballot_where_the_rule_refuses_it_is_a_fault() -> None:
    made = Recording(rule=rule(), electorate=voters(1))
    made.cast("user:00000", 1, at=CLOSES)
    made.close()

    [found] = recount(made.events)

    assert "event 2: the ballot came outside the window" in found.faults


def test_a_change_where_the_rule_forbids_it_is_a_fault() -> None:
    made = Recording(rule=rule(may_change=False), electorate=voters(1))
    made.cast("user:00000", 1)
    made.cast("user:00000", -1)
    made.close()

    [found] = recount(made.events)

    assert found.faults == ("event 3: a ballot was changed, which the rule forbids",)


def test_a_voided_vote_has_no_count_and_broken_events_are_told() -> None:
    made = Recording(rule=rule(), electorate=voters(1))
    made.note("vote.voided", {"reason": "archived"})
    broken = [{**recorded().events[-1], "subject": "vote:other"}]

    [voided, other] = recount([*made.events, *broken])

    assert (voided.outcome, voided.faults) == (None, ())
    assert "never opened" in other.faults[0]


@pytest.mark.parametrize("share", ["1/0", "1e999999999", "3/2", "-1/2", "nan", 0.5, [], None])
def test_a_share_that_is_none_is_told_and_costs_nothing(share: Any) -> None:
    events = recorded().events
    data = json.loads(events[0]["data"])
    data["rule"]["quorum"] = share
    events[0]["data"] = json.dumps(data)

    found = recount(events)

    assert "a share is" in found[0].faults[0]


def test_an_infinity_and_bottomless_data_are_told() -> None:
    events = recorded().events
    data = json.loads(events[0]["data"])
    data["rule"]["threshold"] = float("inf")

    [endless, *_rest] = recount([{**events[0], "data": json.dumps(data)}])
    [deep] = recount([{**events[1], "data": "[" * 100_000}])

    assert "cannot be read" in endless.faults[0]
    assert "cannot be read" in deep.faults[0]


def test_a_vote_that_was_counted_before_its_end_is_a_fault() -> None:
    made = recorded()
    made.events[-1]["at"] = (CLOSES - timedelta(seconds=1)).isoformat()

    [found] = recount(made.events)

    assert found.faults == ("event 12: the vote was counted before its end",)


def test_a_vote_that_was_opened_twice_is_a_fault() -> None:
    made = recorded()

    found = recount([made.events[0], *made.events])

    assert "opened twice" in found[0].faults[0]
