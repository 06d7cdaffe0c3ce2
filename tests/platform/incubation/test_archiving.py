"""Archiving a project with its cause, as the charter has it."""

from __future__ import annotations

import json

import pytest

from concours.governance import preset_text, with_thresholds
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.criteria import domain as criteria
from concours.platform.governance import domain as governance_domain
from concours.platform.incubation import domain
from concours.platform.incubation.models import (
    Incubation,
)
from concours.platform.record.models import Event
from concours.platform.register import domain as register_domain
from tests.factories import governance, incubation, register
from tests.factories.incubation import ACTOR, NOW
from tests.factories.people import organiser, person
from tests.platform.incubation.support import moved, refusal

pytestmark = pytest.mark.django_db


def test_without_a_charter_the_register_is_told() -> None:
    found = incubation.incubation()

    review = domain.archive_project(
        actor=organiser(), project=found.project, cause="merged", reason="Now part of Y."
    )

    assert review is None
    change = register_domain.history_of(project=found.project)[-1]
    assert (change.to_stage, change.cause, change.reason) == (
        "archived",
        "merged",
        "Now part of Y.",
    )
    event = Event.objects.filter(verb="project.stage-changed").latest("seq")
    assert json.loads(event.data)["cause"] == "merged"


def test_where_the_office_decides_it_is_archived_at_once() -> None:
    head, mark, rest = with_thresholds(preset_text("cncf"), "2/3").rpartition('to = "archived"\n')
    governance.charter(text=head + mark + rest.replace('votes = ["two-thirds"]', "", 1))
    found = incubation.incubation()

    review = domain.archive_project(
        actor=organiser(), project=found.project, cause="inactive", reason="Silent for a year."
    )

    assert review is not None
    change = register_domain.history_of(project=found.project)[-1]
    assert (change.to_stage, change.cause, change.decision) == (
        "archived",
        "inactive",
        review.code,
    )


def test_where_there_is_a_vote_it_is_archived_when_that_passed() -> None:
    governance.charter("cncf")
    members = governance.members(5, of="toc")
    found = incubation.incubation()

    review = domain.archive_project(
        actor=organiser(), project=found.project, cause="legal", reason="A licence that none holds."
    )
    assert review is not None
    assert register_domain.find_project(found.project.slug).stage == "incubating"
    vote = governance.opened(of=review)
    for one in members:
        governance.cast(vote, one)
    governance.closed(vote)

    change = register_domain.history_of(project=found.project)[-1]
    assert (change.to_stage, change.cause, change.reason, change.decision) == (
        "archived",
        "legal",
        "A licence that none holds.",
        review.code,
    )


def test_a_project_archived_during_its_vote_leaves_the_vote_void() -> None:
    found = incubation.incubation()
    governance.charter("openharmony")
    governance.members(3)
    vote = governance.opened(of=governance.review(project=found.project, to="graduated"))

    moved(found.project, "archived")
    governance_domain.tend_votes()
    domain.tend_incubations()

    vote.refresh_from_db()
    assert vote.state == "void"
    assert Incubation.objects.get(pk=found.pk).ended_on is not None


@pytest.mark.parametrize(
    ("cause", "reason", "code"),
    [("", "x", "bad-cause"), ("boredom", "x", "bad-cause"), ("inactive", " ", "text-needed")],
)
def test_nothing_is_archived_without_cause_and_reason(cause: str, reason: str, code: str) -> None:
    project = register.project()
    actor = organiser()

    assert (
        refusal(
            lambda: domain.archive_project(actor=actor, project=project, cause=cause, reason=reason)
        )
        == code
    )
    assert register_domain.find_project(project.slug).stage == "incubating"


def test_who_archives() -> None:
    project = register.project()
    own = organiser()
    criteria.name_maintainer(actor=ACTOR, project=project, user=own)

    for actor in (person(), own):
        with pytest.raises(NotPermitted):
            domain.archive_project(actor=actor, project=project, cause="inactive", reason="x")


def test_a_cause_is_of_archiving_alone() -> None:
    project = register.project(stage="preparation")

    with pytest.raises(Refused) as raised:
        register_domain.change_stage(
            actor=organiser(),
            project=project,
            to="incubating",
            on=NOW.date(),
            reason="x",
            cause="inactive",
        )

    assert raised.value.code == "bad-cause"
