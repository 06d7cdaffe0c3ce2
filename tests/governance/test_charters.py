"""Charters as data: the shipped ones read, faults named with their place, thresholds set."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.governance import (
    BadCharter,
    Suspension,
    facts_of,
    preset_names,
    preset_text,
    read_charter,
    rule_from,
    share_of,
    suspended,
    with_thresholds,
)


@pytest.mark.parametrize("name", preset_names())
def test_a_shipped_charter_reads_and_names_its_sources(name: str) -> None:
    charter = read_charter(preset_text(name))

    assert charter.name == name
    assert charter.sources
    assert all(source.says and source.says_zh and source.clause for source in charter.sources)
    assert all(source.address for source in charter.sources if source.confirmed)
    assert {"incubating", "archived"} <= set(charter.ways_from("preparation"))
    for stage in ("candidate", "preparation", "incubating", "graduated"):
        assert "archived" in charter.ways_from(stage)
    for rule in charter.rules:
        assert rule_from(facts_of(rule)) == rule


def test_the_open_atom_like_charter_must_have_its_threshold_set() -> None:
    text = preset_text("open-atom-like")

    as_shipped, complete = read_charter(text), read_charter(with_thresholds(text, "2/3"))

    assert as_shipped.unset == ("toc-vote",)
    assert complete.unset == ()
    assert complete.rule("toc-vote").threshold == Fraction(2, 3)
    assert complete.digest != as_shipped.digest


@pytest.mark.parametrize("share", ["", "0", "0/3", "4/3", "1/0", "120%", "two thirds", "0.5"])
def test_what_is_no_share_sets_no_threshold(share: str) -> None:
    with pytest.raises(ValueError, match="fraction"):
        with_thresholds(preset_text("open-atom-like"), share)


@given(st.fractions(min_value=0, max_value=1, max_denominator=999_999))
def test_every_share_is_read_exactly(share: Fraction) -> None:
    assert share_of(f"{share.numerator}/{share.denominator}") == share


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('quorum = "2/3"', 'quorom = "2/3"', "rules[1].quorom: is not a known key"),
        ('threshold = "2/3"', 'threshold = "0/3"', "rules[1].threshold: '0/3' is no share"),
        ('threshold = "2/3"\n', "", "rules[1].threshold: is missing"),
        ('quorum = "2/3"', 'quorum = "most"', "rules[1].quorum: 'most' is no share"),
        ('body = "toc"', 'body = "tic"', "rules[1].body: there is no body 'tic'"),
        ('votes = ["two-thirds"]', 'votes = ["half"]', "transitions[1].votes: there is no rule"),
        ('to = "incubating"', 'to = "graduated"', "transitions[2].to: preparation to graduated"),
        ('to = "preparation"', 'to = "incubating"', "transitions[1].to: candidate to incubating"),
        ('chair = "chair"', 'chair = "head"', "bodies[1].roles: does not name 'head'"),
        ('ballots = "open"', 'ballots = "public"', "rules[1].ballots: 'public' is not known"),
        ('measure = "cast"', 'measure = "more-yes-than-no"', "rules[1].threshold: goes with"),
        ('measure = "cast"', 'measure = "cast"\ntie = "chair"', "rules[1].tie: only more-yes"),
        ("open_hours = 168", "open_hours = 0", "rules[1].open_hours: 0 is out of range"),
        ("https://github.com", "http://github.com", "sources[1].address: is no https address"),
        ("format = 1", "format = 2", "format: 2 is newer than this Concours"),
        ("format = 1", "format = ", "is not TOML"),
        ("[[rules]]", '[[bodies]]\nkey = "toc"\nname = "Twice"\n[[rules]]', "bodies: toc is there"),
    ],
)
def test_a_fault_is_named_with_its_place(old: str, new: str, fault: str) -> None:
    text = preset_text("cncf")
    assert old in text

    with pytest.raises(BadCharter) as refused:
        read_charter(text.replace(old, new))

    assert fault in str(refused.value)


def test_a_charter_that_is_too_large_is_refused() -> None:
    with pytest.raises(BadCharter, match="larger"):
        read_charter("#" * 300_000)


def test_steps_of_a_project_are_looked_up() -> None:
    charter = read_charter(preset_text("lf-ai-data"))

    way = charter.transition(origin="incubating", to="graduated")

    assert way is not None
    assert way.votes == ("tac-two-thirds", "board-majority")
    assert charter.transition(origin="candidate", to="graduated") is None


@pytest.mark.parametrize(
    ("attended", "out"),
    [
        ("", False),
        ("--", False),
        ("---", True),
        ("---+", True),
        ("---++", False),  # the second attended one in a row counts already
        ("---+-+", True),
        ("--+--", False),
        ("+---++---", True),
    ],
)
def test_missed_meetings_suspend(attended: str, out: bool) -> None:
    cncf = read_charter(preset_text("cncf")).body("toc").suspension
    assert cncf == Suspension(missed=3, restored_after=2)

    assert suspended(attended=[mark == "+" for mark in attended], rule=cncf) is out
    assert not suspended(attended=[False] * 9, rule=None)
