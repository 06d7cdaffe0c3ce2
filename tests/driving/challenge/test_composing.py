"""Sealed scenarios: the same from the same seed, no two alike, and each event happens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving import scenarios
from concours.driving.challenge import Draft, NoScenarios, compose, composing
from concours.driving.challenge.composing import Draws, fits
from concours.driving.challenge.lights import CYCLE, GREEN, phases_from
from concours.driving.challenge.training import PLANS
from tests.factories.challenge import hits, naive, opened, started

SECRET = 20230301


@pytest.fixture(scope="module")
def sealed() -> tuple[Draft, ...]:
    return compose(SECRET, networks=opened())


def test_the_same_seed_gives_the_same_bytes(sealed: tuple[Draft, ...]) -> None:
    again = compose(SECRET, count=3, networks=opened())
    assert [draft.write() for draft in again] == [draft.write() for draft in sealed[:3]]


def test_another_seed_gives_others(sealed: tuple[Draft, ...]) -> None:
    others = {draft.write() for draft in compose(SECRET + 1, count=3, networks=opened())}
    assert not others & {draft.write() for draft in sealed}


def test_no_two_are_alike(sealed: tuple[Draft, ...]) -> None:
    events = [frozenset(each.kind for each in draft.happenings) for draft in sealed]
    ways = [(draft.map_name, draft.way.route) for draft in sealed]
    assert len(sealed) == len(set(events)) == len({str(way) for way in ways}) == 10
    assert all(2 <= len(kinds) <= 4 for kinds in events)
    assert len(frozenset.union(*events)) >= 10


def test_mileage_and_limit_are_like_the_challenges(sealed: tuple[Draft, ...]) -> None:
    for draft in sealed:
        assert 85.0 <= draft.way.length <= 350.0
        assert 2.3 <= draft.way.length / draft.limit <= 2.6


def test_they_can_be_read_and_played(sealed: tuple[Draft, ...], tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    for name in opened():
        (tmp_path / "maps" / f"{name}.xodr").touch()
    (tmp_path / "sealed").mkdir()
    for draft in sealed:
        file = tmp_path / "sealed" / f"{draft.name}.xosc"
        file.write_bytes(draft.write())
        assert scenarios.check(file) == []


def test_each_event_meets_a_naive_driver(sealed: tuple[Draft, ...], tmp_path: Path) -> None:
    for draft in sealed:
        trace = naive(draft, tmp_path)
        assert trace.notes == ()
        for happening in draft.happenings:
            assert hits(trace, happening), (draft.name, happening.kind)
            assert len(started(trace, happening)) == (1 if happening.start else 0)


def test_events_that_overlap_do_not_fit(sealed: tuple[Draft, ...]) -> None:
    draft = sealed[0]
    assert fits(draft)
    twin = replace(draft.happenings[0], kind="something else")
    assert not fits(replace(draft, happenings=[*draft.happenings, twin]))


def test_nothing_stands_where_a_vehicle_drives_on() -> None:
    plan = next(plan for plan in PLANS if plan.name == "train04")
    draft = plan.draft(opened()["town"])
    lead = draft.happenings[0]
    behind = replace(lead, kind="obstacle ahead", span=(lead.span[1] + 1, lead.span[1] + 20))
    before = replace(lead, kind="obstacle ahead", span=(lead.span[0] - 40, lead.span[0] - 1))
    assert not fits(replace(draft, happenings=[lead, behind]))
    assert fits(replace(draft, happenings=[lead, before]))


def test_a_seed_that_finds_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "TRIES", 1)
    with pytest.raises(NoScenarios, match="of 10 scenarios"):
        compose(SECRET, networks=opened())
    with pytest.raises(ValueError, match="at least one"):
        compose(SECRET, count=0)


@given(st.integers(0, 2**64), st.lists(st.integers(), max_size=12))
def test_an_order_holds_all_and_depends_on_the_seed_alone(seed: int, things: list[int]) -> None:
    ordered = Draws(seed, "test").order(things)
    assert sorted(ordered) == sorted(things)
    assert ordered == Draws(seed, "test").order(things)


@given(st.floats(0.0, 200.0))
def test_a_cycle_is_whole_and_green_when_it_should_be(begins: float) -> None:
    phases = phases_from(begins)
    assert sum(seconds for _, seconds in phases) == pytest.approx(CYCLE)
    at, lit = (begins + GREEN / 2) % CYCLE, ""
    for state, seconds in phases:
        lit = lit or (state if at < seconds else "")
        at -= seconds
    assert lit == "green"
