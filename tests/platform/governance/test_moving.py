"""Projects moved by hand: what the charter leaves to the office, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from concours.governance import preset_text, with_thresholds
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.governance import domain
from concours.platform.governance.models import AccessReview
from concours.platform.record.models import Event
from concours.platform.register.domain import carry_out
from concours.platform.register.enums import Stage
from concours.platform.register.models import Project, StageChange
from tests.examples import examples
from tests.factories import governance, register
from tests.factories.governance import NOW
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
MAKING = {"person.created", "operator.created", "role.granted"}
ADDRESS = "/governance/access-reviews/move/"
GIVEN = {
    "to": "preparation",
    "body": "toc",
    "decided": "minutes 4 of 2024",
    "on": "2024-05-02",
    "reason": "All papers are there.",
}


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.frozen_at(NOW):
        yield


@pytest.fixture
def kite() -> Project:
    governance.charter("open-atom-like")
    return register.project(slug="kite", name="Kite", stage="candidate", since=date(2024, 5, 1))


def moved(project: Project, **fields: Any) -> AccessReview:
    given = {
        "actor": organiser(),
        "to": "preparation",
        "on": date(2024, 5, 2),
        "body": fields.get("body") or governance.body("toc"),
        "decided": "minutes 4 of 2024",
        "reason": "All papers are there.",
        **fields,
    }
    return domain.move_by_office(project=project, **given)


def test_staff_carry_out_a_decision_and_everyone_reads_which(client: Client, kite: Project) -> None:
    staff = organiser()

    review = moved(kite, actor=staff)

    kite.refresh_from_db()
    change = StageChange.objects.get(project=kite, to_stage="preparation")
    page = client.get(reverse("register:project", args=["kite"])).text
    shown = client.get(reverse("governance:review", args=[review.code])).text
    assert kite.stage == "preparation"
    assert (change.on, change.decision) == (date(2024, 5, 2), review.code)
    assert f'href="/governance/access-reviews/{review.code}/"' in page
    assert "All papers are there." in page
    assert "minutes 4 of 2024" in shown
    assert "the project was moved" in shown.lower()
    events = Event.objects.filter(actor=f"user:{staff.code}").order_by("seq")
    assert [event.verb for event in events] == ["project.stage-changed", "access-review.passed"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "incubating"}, "no-such-step"),
        ({"to": "candidate"}, "no-such-step"),
        ({"to": "archived"}, "vote-needed"),
        ({"on": date(2024, 4, 30)}, "days-disordered"),
        ({"on": date(2024, 5, 8)}, "day-to-come"),
        ({"decided": " "}, "text-needed"),
        ({"reason": " "}, "text-needed"),
    ],
)
def test_what_is_refused_changes_nothing(kite: Project, fields: Any, code: str) -> None:
    before = Event.objects.count()

    with pytest.raises(Refused) as refusal:
        moved(kite, **fields)

    kite.refresh_from_db()
    assert refusal.value.code == code
    assert kite.stage == "candidate"
    assert not AccessReview.objects.exists()
    assert set(Event.objects.values_list("verb", flat=True)[before:]) <= MAKING


def test_a_step_that_the_charter_votes_on_is_refused(kite: Project) -> None:
    governance.charter("openharmony")
    with pytest.raises(Refused) as refusal:
        moved(kite, body=governance.body("pmc"))
    assert refusal.value.code == "vote-needed"


def test_an_open_review_is_decided_and_not_gone_around(kite: Project) -> None:
    governance.review(project=kite, to="preparation")
    with pytest.raises(Refused) as refusal:
        moved(kite)
    assert refusal.value.code == "review-open"


def test_without_a_charter_nothing_is_moved() -> None:
    with pytest.raises(Refused) as refusal:
        domain.move_by_office(
            actor=organiser(), project=register.project(stage="candidate"), to="preparation",
            on=date(2024, 5, 2), body=None, decided="x", reason="x",
        )  # fmt: skip
    assert refusal.value.code == "no-charter"


def test_only_staff_may(client: Client, kite: Project) -> None:
    with pytest.raises(NotPermitted):
        moved(kite, actor=person())
    client.force_login(person())
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"project": "kite", **GIVEN}).status_code == 404
    kite.refresh_from_db()
    assert kite.stage == "candidate"


def test_the_page_moves_and_tells_what_is_refused(client: Client, kite: Project) -> None:
    client.force_login(organiser())

    empty = client.get(ADDRESS, {"project": "kite"}).text
    unknown = client.post(ADDRESS, {"project": "sail", **GIVEN}).text
    voted = client.post(ADDRESS, {"project": "kite", **GIVEN, "to": "archived"}).text
    done = client.post(ADDRESS, {"project": "kite", **GIVEN})

    assert 'value="kite"' in empty
    assert "no project of this short name" in unknown
    assert "puts this step to a vote" in voted
    assert done["Location"] == "/projects/kite/"
    assert Project.objects.get(slug="kite").stage == "preparation"


def test_where_every_step_is_voted_on_the_page_says_so(client: Client) -> None:
    governance.charter("openharmony")
    client.force_login(organiser())
    page = client.get(ADDRESS).text
    assert "No step is left to the office" in page
    assert '<form class="form"' not in page


class Moves(RuleBasedStateMachine):
    """Whatever is asked, a project stands where a permitted move took it."""

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.staff = organiser()
        text = with_thresholds(preset_text("apache-incubator"), "1/2")
        domain.adopt_charter(actor=governance.ACTOR, text=text)
        self.project = register.project(stage="candidate", since=date(2020, 1, 1))
        self.day, self.stage, self.number = date(2020, 1, 1), "candidate", 1

    @rule(to=st.sampled_from(Stage.values), day=st.dates(date(2019, 1, 1), date(2025, 1, 1)))
    def ask(self, to: str, day: date) -> None:
        may = (self.stage, to) == ("preparation", "incubating") and self.day <= day <= NOW.date()
        try:
            moved(self.project, actor=self.staff, to=to, on=day, body=governance.body("ipmc"))
        except Refused:
            assert not may
            return
        assert may
        self.stage, self.day, self.number = to, day, self.number + 1

    @rule(day=st.dates(date(2020, 1, 1), date(2024, 1, 1)))
    def a_vote_passes(self, day: date) -> None:
        if self.stage == "candidate" and day >= self.day:
            carry_out(
                actor=governance.ACTOR, project=self.project, to="preparation", on=day,
                reason="Voted.",
            )  # fmt: skip
            self.stage, self.day, self.number = "preparation", day, self.number + 1

    @invariant()
    def it_stands_there(self) -> None:
        if not hasattr(self, "project"):
            return
        self.project.refresh_from_db()
        assert self.project.stage == self.stage
        assert self.project.changes.count() == self.number

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)


def test_moving_in_any_order() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Moves,
        settings=settings(
            deadline=None,
            max_examples=examples(40),
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
