"""Milestones: set, moved, reached, dropped."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from concours.platform.core.errors import NotPermitted
from concours.platform.incubation import domain
from concours.platform.incubation.enums import MilestoneState
from concours.platform.incubation.models import (
    Milestone,
)
from concours.platform.record.models import Event
from tests.factories import incubation
from tests.factories.incubation import NOW
from tests.factories.people import organiser, person
from tests.platform.incubation.support import refusal

pytestmark = pytest.mark.django_db


def test_a_milestone_is_moved_reached_and_signed_off() -> None:
    found = incubation.incubation()
    mentoring = incubation.mentoring(of=found.project)
    user, milestone = incubation.maintainer(found.project), incubation.milestone(found)
    later = NOW.date() + timedelta(days=90)

    early = refusal(
        lambda: domain.sign_off_milestone(actor=mentoring.mentor.user, milestone=milestone)
    )
    domain.move_milestone(actor=user, milestone=milestone, due=later, reason="A fork came up.")
    reached = domain.reach_milestone(
        actor=user, milestone=milestone, evidence="https://x.example/v1", digest="AB" * 32
    )
    domain.sign_off_milestone(actor=mentoring.mentor.user, milestone=milestone)

    assert early == "not-reached"
    assert (reached.due, reached.moves, reached.evidence_digest) == (later, 1, "ab" * 32)
    assert reached.first_due == NOW.date() + timedelta(days=30)
    moves = [json.loads(one.data) for one in Event.objects.filter(verb="milestone.moved")]
    assert [(one["before"], one["due"], one["reason"]) for one in moves] == [
        ("2026-04-04", later.isoformat(), "A fork came up.")
    ]
    assert (
        refusal(lambda: domain.drop_milestone(actor=user, milestone=milestone, reason="x"))
        == "milestone-closed"
    )


@pytest.mark.parametrize(("days", "code"), [(-1, "day-past"), (5_000, "day-far"), (30, "same-day")])
def test_days_in_the_wrong_order(days: int, code: str) -> None:
    found = incubation.incubation()
    milestone = incubation.milestone(found)
    user, day = incubation.maintainer(found.project), NOW.date() + timedelta(days=days)

    moving = refusal(
        lambda: domain.move_milestone(actor=user, milestone=milestone, due=day, reason="x")
    )

    assert moving == code
    if code != "same-day":
        assert refusal(lambda: incubation.milestone(found, days=days)) == code
    assert Milestone.objects.get().moves == 0


@pytest.mark.parametrize(
    ("evidence", "digest", "code"),
    [
        ("http://x.example", "", "bad-address"),
        ("javascript:alert(1)", "", "bad-address"),
        ("https://x.example/a b", "", "bad-address"),
        ("https://x.example", "abc", "bad-digest"),
    ],
)
def test_evidence_that_shows_nothing(evidence: str, digest: str, code: str) -> None:
    found = incubation.incubation()
    milestone, user = incubation.milestone(found), incubation.maintainer(found.project)

    assert (
        refusal(
            lambda: domain.reach_milestone(
                actor=user, milestone=milestone, evidence=evidence, digest=digest
            )
        )
        == code
    )


def test_a_dropped_milestone_says_why() -> None:
    found = incubation.incubation()
    milestone, user = incubation.milestone(found), incubation.maintainer(found.project)

    assert (
        refusal(lambda: domain.drop_milestone(actor=user, milestone=milestone, reason=" "))
        == "text-needed"
    )
    dropped = domain.drop_milestone(actor=user, milestone=milestone, reason="Nobody needs it.")

    assert (dropped.state, dropped.reason) == (MilestoneState.DROPPED, "Nobody needs it.")


def test_others_do_not_plan() -> None:
    found = incubation.incubation()
    milestone = incubation.milestone(found)
    mentor = incubation.mentoring(of=found.project).mentor.user

    for actor in (person(), organiser(), mentor):
        with pytest.raises(NotPermitted):
            domain.drop_milestone(actor=actor, milestone=milestone, reason="x")
        with pytest.raises(NotPermitted):
            domain.set_milestone(
                actor=actor, incubation=found, title="x", measure="x", due=NOW.date()
            )
