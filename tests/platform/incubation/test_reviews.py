"""Annual reviews: opened by the clock, decided by staff or the committee."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from concours.platform.core.errors import NotPermitted
from concours.platform.criteria import domain as criteria
from concours.platform.governance import domain as governance_domain
from concours.platform.incubation import domain
from concours.platform.incubation.enums import ReviewState
from concours.platform.incubation.models import (
    AnnualReview,
)
from concours.platform.record.models import Event
from concours.platform.register import domain as register_domain
from tests.factories import assessments, governance, incubation
from tests.factories.incubation import ACTOR, NOW
from tests.factories.people import organiser, person
from tests.platform.incubation.support import at, refusal, reviewed

pytestmark = pytest.mark.django_db


def test_a_review_opens_on_its_day_and_holds_what_lies_before() -> None:
    found = incubation.incubation()
    incubation.report(found)
    incubation.milestone(found)
    assessments.assessment(project=found.project)
    health = domain.add_health(actor=ACTOR, project=found.project, content=incubation.health())
    with at(date(2027, 3, 4)):
        domain.tend_incubations()
        assert AnnualReview.objects.count() == 0
    with at(date(2027, 3, 5)):
        domain.tend_incubations()
        domain.tend_incubations()
        review = AnnualReview.objects.get()

        decided = domain.decide_review(
            actor=organiser(), review=review, outcome="graduate", reason="They are ready."
        )

    assert (review.number, review.due) == (1, date(2027, 3, 5))
    assert decided.state == ReviewState.DECIDED
    assert [one["number"] for one in decided.held["reports"]] == [1]
    assert decided.held["owed"] == [2, 3, 4, 5]
    assert decided.held["milestones"]["open"] == 1
    assert decided.held["criteria"][0]["rows"] == 45
    assert decided.held["health"]["digest"] == health.digest
    event = Event.objects.get(verb="annual-review.decided")
    assert json.loads(event.data)["held"] == decided.held_digest
    # It moves nothing by itself.
    assert register_domain.find_project(found.project.slug).stage == "incubating"
    assert found.project.access_reviews.count() == 0


def test_after_years_away_one_review_opens() -> None:
    found = incubation.incubation()
    with at(date(2030, 6, 1)):
        domain.tend_incubations()
        domain.tend_incubations()

    assert [(one.number, one.due) for one in found.reviews.all()] == [(4, date(2030, 3, 5))]


def test_the_next_review_waits_for_this_one() -> None:
    review = reviewed()
    with at(date(2028, 3, 6)):
        domain.tend_incubations()
        waiting = AnnualReview.objects.count()
        domain.decide_review(actor=ACTOR, review=review, outcome="continue", reason="Go on.")
        domain.tend_incubations()

    assert waiting == 1
    assert [one.number for one in AnnualReview.objects.order_by("pk")] == [1, 2]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"outcome": "burn"}, "unknown-outcome"),
        ({"outcome": "archive"}, "bad-cause"),
        ({"outcome": "archive", "cause": "boredom"}, "bad-cause"),
        ({"outcome": "continue", "cause": "inactive"}, "bad-cause"),
        ({"outcome": "continue", "reason": ""}, "text-needed"),
    ],
)
def test_what_a_review_cannot_come_to(given: dict[str, str], code: str) -> None:
    review = reviewed()

    assert (
        refusal(
            lambda: domain.decide_review(actor=ACTOR, review=review, **{"reason": "So.", **given})
        )
        == code
    )


def test_a_review_is_decided_once() -> None:
    review = reviewed()
    domain.decide_review(
        actor=ACTOR, review=review, outcome="archive", cause="inactive", reason="Silent."
    )

    assert (
        refusal(
            lambda: domain.decide_review(actor=ACTOR, review=review, outcome="continue", reason="x")
        )
        == "review-ended"
    )


def test_who_decides_a_review() -> None:
    governance.charter()
    text = '[reviews]\nbody = "pmc"\n'
    whole = incubation.preset_text("quarterly").replace("[reviews]\n", text)
    domain.adopt_programme(actor=ACTOR, text=whole)
    review = reviewed()
    project = review.project
    member = person()
    governance_domain.seat_member(
        actor=ACTOR, body=governance.body(), user=member, role="member", since=NOW
    )
    organising = organiser()
    criteria.name_maintainer(actor=ACTOR, project=project, user=organising)

    for actor in (person(), organising, incubation.maintainer(project), AnonymousUser()):
        with pytest.raises(NotPermitted):
            domain.decide_review(actor=actor, review=review, outcome="continue", reason="x")
    decided = domain.decide_review(
        actor=member, review=review, outcome="continue", reason="They do well."
    )

    assert decided.decided_by == member
