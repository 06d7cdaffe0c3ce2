from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from concours.platform.register import domain
from concours.platform.register.enums import Stage
from concours.platform.register.models import Project
from concours.platform.register.stages import WAY, before_archive, next_after, skips
from tests.factories import competitions, people
from tests.factories import register as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen_at(datetime(2026, 3, 5, 12, tzinfo=UTC)):
        yield


def move(project: Project, to: str, on: date = TODAY, **more):
    return domain.carry_out(
        actor=make.ACTOR, project=project, to=to, on=on, reason=more.pop("reason", "So."), **more
    )


def test_a_project_goes_the_way_and_its_history_tells_it():
    kite = make.project(slug="kite", stage="candidate", since=date(2026, 1, 1))

    for number, stage in enumerate(("preparation", "incubating", "graduated", "archived"), 1):
        move(kite, stage, date(2026, 2, number), decision=f"AR-{number}")

    told = [(one.from_stage, one.to_stage, one.on) for one in domain.history_of(project=kite)]
    assert told == [
        ("", "candidate", date(2026, 1, 1)),
        ("candidate", "preparation", date(2026, 2, 1)),
        ("preparation", "incubating", date(2026, 2, 2)),
        ("incubating", "graduated", date(2026, 2, 3)),
        ("graduated", "archived", date(2026, 2, 4)),
    ]
    assert domain.find_project("kite").stage == kite.stage == "archived"


def test_the_event_holds_the_whole_change():
    kite = make.project(slug="kite", stage="candidate")

    move(kite, "preparation", reason=" Four votes. ", decision="AR-7")

    event = Event.objects.latest("seq")
    assert (event.verb, event.subject) == ("project.stage-changed", "project:kite")
    assert json.loads(event.data) == {
        "from": "candidate", "to": "preparation", "on": "2026-03-05",
        "reason": "Four votes.", "decision": "AR-7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "to", "code"),
    [
        ("candidate", "incubating", "stage-skipped"),
        ("incubating", "candidate", "stage-skipped"),
        ("incubating", "incubating", "same-stage"),
        ("graduated", "incubating", "only-archived"),
        ("incubating", "famous", "unknown-stage"),
        ("archived", "incubating", "only-back"),
        ("archived", "archived", "same-stage"),
    ],
)
def test_a_move_off_the_way_is_refused_and_nothing_changes(stage, to, code):
    kite = make.project(stage=stage)
    before = Event.objects.count()

    with pytest.raises(Refused) as refused:
        move(kite, to)

    assert refused.value.code == code
    assert Project.objects.get().stage == stage
    assert Event.objects.count() == before
    assert len(domain.history_of(project=kite)) == 1


def test_a_skipped_stage_is_refused_with_the_name_of_the_next():
    with pytest.raises(Refused, match="the next one is: in preparation"):
        move(make.project(stage="candidate"), "graduated")


def test_an_archived_project_comes_back_to_where_it_was():
    kite = make.project(stage="preparation")
    move(kite, "incubating")
    move(kite, "archived")

    with pytest.raises(Refused, match="incubating"):
        move(kite, "graduated")
    move(kite, "incubating")

    assert Project.objects.get().stage == "incubating"


def test_an_archived_project_of_unknown_history_begins_again():
    kite = make.project(stage="archived")
    move(kite, "candidate")
    assert Project.objects.get().stage == "candidate"


@pytest.mark.parametrize(
    ("on", "code"),
    [(date(2026, 3, 7), "day-to-come"), (date(2026, 2, 27), "days-disordered")],
)
def test_days_in_the_future_or_before_the_change_before_are_refused(on, code):
    kite = make.project(stage="candidate", since=date(2026, 2, 28))
    with pytest.raises(Refused) as refused:
        move(kite, "preparation", on)
    assert refused.value.code == code


def test_it_is_tomorrow_already_in_the_far_east():
    kite = make.project(stage="candidate")
    assert move(kite, "preparation", date(2026, 3, 6)).on == date(2026, 3, 6)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_a_change_has_its_reason(reason):
    with pytest.raises(Refused) as refused:
        move(make.project(stage="candidate"), "preparation", reason=reason)
    assert refused.value.code == "no-reason"


@pytest.mark.parametrize("who", ["person", "season organiser"])
def test_by_hand_only_the_foundations_organisers_move_projects(who):
    kite = make.project(stage="candidate")
    user = people.person() if who == "person" else people.organiser(season=competitions.season())

    with pytest.raises(NotPermitted):
        domain.change_stage(actor=user, project=kite, to="preparation", on=TODAY, reason="So.")
    assert Project.objects.get().stage == "candidate"

    domain.change_stage(
        actor=people.organiser(), project=kite, to="preparation", on=TODAY, reason="So."
    )
    assert Project.objects.get().stage == "preparation"


def test_a_stale_copy_does_not_decide():
    kite = make.project(slug="kite", stage="candidate")
    stale = domain.find_project("kite")
    move(kite, "preparation")

    with pytest.raises(Refused) as refused:
        move(stale, "preparation")
    assert refused.value.code == "same-stage"


moves = st.lists(
    st.tuples(st.sampled_from(Stage.values), st.integers(-3, 3)), min_size=1, max_size=15
)


@given(moves=moves)
def test_whatever_is_tried_the_history_stays_a_way(moves):
    kite = make.project(stage="candidate", since=TODAY - timedelta(days=90))
    day = TODAY - timedelta(days=60)

    for to, step in moves:
        try:
            move(kite, to, day + timedelta(days=step))
        except Refused:
            continue
        day = day + timedelta(days=step)

    history = domain.history_of(project=kite)
    days = [one.on for one in history]
    assert days == sorted(days)
    assert history[-1].to_stage == Project.objects.get(pk=kite.pk).stage
    assert not any(skips(one.from_stage, one.to_stage) for one in history)
    for earlier, later in itertools.pairwise(history):
        assert later.from_stage == earlier.to_stage
        if earlier.to_stage == "archived":
            assert later.to_stage == earlier.from_stage


def test_the_order_of_the_stages():
    assert [next_after(stage) for stage in WAY] == [*WAY[1:], None]
    assert next_after("archived") is None
    assert before_archive(["candidate", "archived", "archived"]) == Stage.CANDIDATE
    assert before_archive(["archived"]) is None
    assert skips("", "graduated")
    assert not skips("", "preparation")
    assert not skips("graduated", "archived")
