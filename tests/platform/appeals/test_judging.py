from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from concours.platform.appeals import domain
from concours.platform.appeals.enums import AppealState, Outcome, RecusalReason
from concours.platform.appeals.models import Appeal
from concours.platform.competitions.domain import disqualify_entry
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from concours.platform.review.models import Assignment
from tests.factories import appeals, awards, competitions
from tests.factories.competitions import ACTOR
from tests.factories.people import organisation, organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


@pytest.fixture
def track(tmp_path: Path) -> Track:
    return appeals.judged(folder=tmp_path)


@pytest.fixture
def entry(track: Track) -> Entry:
    return appeals.ranked(track)[-1]


def test_an_appeal_is_admitted_heard_and_decided(
    track: Track, entry: Entry, django_capture_on_commit_callbacks: Any
) -> None:
    judge = appeals.judge(of=track).user
    appeal = appeals.appeal(by=entry)
    with django_capture_on_commit_callbacks(execute=True):
        domain.admit_appeal(actor=judge, appeal=appeal)
        domain.hear_appeal(actor=judge, appeal=appeal, hearing="They showed the log.")
        decided = domain.decide_appeal(
            actor=judge,
            appeal=appeal,
            outcome=Outcome.UPHELD,
            decision="The code runs.",
            decision_zh="代码可以运行。",
        )
    assert (decided.state, decided.outcome) == (AppealState.DECIDED, Outcome.UPHELD)
    assert (decided.admitted_by, decided.ended_by) == (judge, judge)
    events = Event.objects.filter(subject=f"appeal:{appeal.code}").order_by("seq")
    assert list(events.values_list("verb", flat=True)) == [
        "appeal.filed",
        "appeal.admitted",
        "appeal.heard",
        "appeal.decided",
    ]
    team = [message for message in mail.outbox if message.to == [appeals.captain(entry).email]]
    assert len(team) == 3
    # Bait: nothing that the team is sent names who judged.
    assert all(judge.display_name not in message.body for message in team)


def test_states_follow_one_another(entry: Entry, unchanged: Unchanged) -> None:
    appeal = appeals.appeal(by=entry)
    with unchanged(), pytest.raises(Refused):
        domain.decide_appeal(
            actor=ACTOR, appeal=appeal, outcome=Outcome.UPHELD, decision="Not admitted yet."
        )
    with unchanged(), pytest.raises(Refused):
        domain.hear_appeal(actor=ACTOR, appeal=appeal, hearing="Not admitted yet.")
    domain.dismiss_appeal(actor=ACTOR, appeal=appeal, decision="It names no fault.")
    assert Appeal.objects.get().state == AppealState.DISMISSED
    with unchanged(), pytest.raises(Refused):
        domain.admit_appeal(actor=ACTOR, appeal=appeal)


def test_a_decision_needs_written_reasons(entry: Entry, unchanged: Unchanged) -> None:
    appeal = appeals.admitted(by=entry)
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.decide_appeal(actor=ACTOR, appeal=appeal, outcome=Outcome.REJECTED, decision=" ")
    assert refusal.value.code == "reason-needed"


def test_nobody_else_judges(track: Track, entry: Entry, unchanged: Unchanged) -> None:
    appeal = appeals.appeal(by=entry)
    removed = appeals.judge(of=track)
    domain.remove_judge(actor=ACTOR, judge=removed)
    elsewhere = organiser(season=competitions.season())
    for somebody in (person(), elsewhere, removed.user, appeals.captain(entry)):
        with unchanged(), pytest.raises(NotPermitted):
            domain.admit_appeal(actor=somebody, appeal=appeal)
        with unchanged(), pytest.raises(NotPermitted):
            domain.stand_aside(actor=somebody, appeal=appeal, reason="No.")


def test_who_judged_the_entry_before_stands_aside(
    track: Track, entry: Entry, unchanged: Unchanged
) -> None:
    appeal = appeals.appeal(by=entry)
    duty = Assignment.objects.filter(entry=entry).select_related("reviewer").first()
    assert duty is not None
    disqualifier = organiser(season=track.season)
    disqualify_entry(actor=disqualifier, entry=entry, reason="A hasty decision.")
    colleague = organiser(season=track.season)
    organisation(members=[colleague, appeals.captain(entry)])
    fresh = organiser(season=track.season)

    def against(user: Any) -> tuple[RecusalReason, ...]:
        return domain.reasons_against(user=user, appeal=Appeal.objects.get())

    assert against(duty.reviewer) == (RecusalReason.OWN, RecusalReason.REVIEWED)
    assert against(disqualifier) == (RecusalReason.DECIDED,)
    assert against(colleague) == (RecusalReason.ORGANISATION,)
    assert against(appeals.captain(entry))[0] == RecusalReason.OWN
    assert against(fresh) == against(ACTOR) == ()
    for judge in (disqualifier, colleague):
        with unchanged(), pytest.raises(Refused) as refusal:
            domain.admit_appeal(actor=judge, appeal=appeal)
        assert refusal.value.code == "recused"
    assert domain.admit_appeal(actor=fresh, appeal=appeal).state == AppealState.ADMITTED


def test_a_juror_of_the_entry_stands_aside(tmp_path: Path) -> None:
    track = appeals.ended(folder=tmp_path)
    finalist = awards.finalists(track)[0]
    juror = track.jurors.select_related("user").first()
    assert juror is not None
    appeals.judge(of=track, user=juror.user)
    outsider = appeals.ranked(track)[-1]
    with clock.frozen_at(appeals.LATER):
        against = appeals.appeal(by=finalist, at=appeals.LATER)
        other = appeals.appeal(by=outsider, at=appeals.LATER)
        assert domain.reasons_against(user=juror.user, appeal=against) == (RecusalReason.JURY,)
        assert domain.reasons_against(user=juror.user, appeal=other) == ()


def test_who_decided_one_appeal_stands_aside_from_the_entrys_next(
    track: Track, entry: Entry
) -> None:
    judge = appeals.judge(of=track).user
    first = appeals.appeal(by=entry)
    domain.dismiss_appeal(actor=judge, appeal=first, decision="Too vague.")
    second = appeals.appeal(by=entry)
    assert domain.reasons_against(user=judge, appeal=second) == (RecusalReason.DECIDED,)
    assert domain.reasons_against(user=judge, appeal=first) == ()


def test_a_judge_stands_aside_by_their_own_word(
    track: Track, entry: Entry, unchanged: Unchanged
) -> None:
    judge = appeals.judge(of=track).user
    appeal = appeals.appeal(by=entry)
    domain.stand_aside(actor=judge, appeal=appeal, reason="We wrote a paper together.")
    assert domain.reasons_against(user=judge, appeal=appeal) == (RecusalReason.DECLARED,)
    assert "paper" not in Event.objects.get(verb="appeal.recused").data
    with unchanged(), pytest.raises(Refused):
        domain.stand_aside(actor=judge, appeal=appeal, reason="Again.")
    with unchanged(), pytest.raises(Refused):
        domain.admit_appeal(actor=judge, appeal=appeal)


def test_judges_are_appointed_by_staff_and_take_no_part(
    track: Track, entry: Entry, unchanged: Unchanged
) -> None:
    with unchanged(), pytest.raises(NotPermitted):
        domain.appoint_judge(actor=person(), track=track, user=person())
    with unchanged(), pytest.raises(Refused) as refusal:
        appeals.judge(of=track, user=appeals.captain(entry))
    assert refusal.value.code == "takes-part"
    judge = appeals.judge(of=track)
    with unchanged(), pytest.raises(Refused):
        appeals.judge(of=track, user=judge.user)
    domain.remove_judge(actor=ACTOR, judge=judge)
    assert appeals.judge(of=track, user=judge.user).removed_at is None


def test_reminders_go_once_at_each_distance_and_not_to_those_aside(
    track: Track, entry: Entry, django_capture_on_commit_callbacks: Any
) -> None:
    judge, aside = appeals.judge(of=track).user, appeals.judge(of=track).user
    appeal = appeals.appeal(by=entry)
    domain.stand_aside(actor=aside, appeal=appeal, reason="A friend.")
    sent = []
    for left in (
        timedelta(days=4),
        timedelta(days=3),
        timedelta(days=2),
        timedelta(days=1),
        timedelta(hours=3),
        timedelta(),
    ):
        moment = appeal.decide_by - left
        with clock.frozen_at(moment), django_capture_on_commit_callbacks(execute=True):
            sent.append(domain.send_appeal_reminders())
    assert sent == [0, 1, 0, 1, 0, 0]
    assert [message.to for message in mail.outbox] == [[judge.email]] * 2


def test_deciding_is_not_bound_to_the_phase(track: Track, entry: Entry) -> None:
    appeal = appeals.admitted(by=entry)
    competitions.advance(track, to=PhaseKind.FINAL)
    decided = domain.decide_appeal(
        actor=ACTOR, appeal=appeal, outcome=Outcome.PARTLY, decision="In part."
    )
    assert decided.outcome == Outcome.PARTLY
