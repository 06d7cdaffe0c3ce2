"""The same act many times at once: one is done, the others refused, nothing stands twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from concours.platform.competitions import domain
from concours.platform.competitions.models import Entry, Invitation, Membership, Participation, Team
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record.domain import verify
from concours.platform.record.models import Event
from concours.platform.review.domain import submit_review
from concours.platform.review.models import Assignment, Review
from tests.factories import competitions as make
from tests.factories import review as make_review
from tests.factories.people import person

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 4


def at_once(moment: datetime, act: Callable[[int], Any], *, times: int = TIMES) -> list[str]:
    """What came of each: "done", the refusal's code, or the name of an error that is a fault."""
    outcomes: list[str] = []
    barrier = threading.Barrier(times)

    def press(number: int) -> None:
        try:
            with clock.frozen_at(moment):
                barrier.wait()
                act(number)
                outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[number]) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert verify().holds
    return sorted(outcomes)


def test_a_review_sent_twice_at_once_is_written_once_and_edited(tmp_path: Path) -> None:
    with clock.frozen_at(make.day(2023, 2, 1)):
        round_ = make_review.assigned(entries=8, folder=tmp_path)
    duty = Assignment.objects.filter(round=round_).first()
    assert duty is not None
    scores = {key["key"]: 1 for key in round_.params["criteria"]}

    def send(number: int) -> None:
        submit_review(
            actor=duty.reviewer, assignment=duty, scores=scores, comment=f"From tab {number}"
        )

    assert at_once(round_.opens_at, send) == ["done"] * TIMES
    review = Review.objects.get(assignment=duty)
    assert review.edits == TIMES - 1
    verbs = Event.objects.filter(subject=f"assignment:{duty.code}").values_list("verb", flat=True)
    assert sorted(verbs) == ["review.edited"] * (TIMES - 1) + ["review.submitted"]


def test_one_name_is_given_once(spring: datetime) -> None:
    season, people = make.season(), [person() for _ in range(TIMES)]
    names = ["Lantern", "lantern", "LANTERN", "Ｌantern"]
    outcomes = at_once(
        spring,
        lambda number: domain.create_team(actor=people[number], season=season, name=names[number]),
    )
    assert outcomes == ["done"] + ["name-taken"] * (TIMES - 1)
    assert Team.objects.count() == Membership.objects.count() == 1


def test_a_person_enters_one_track_once_by_many_teams(spring: datetime) -> None:
    track, captain = make.track(), person()
    teams = [make.team(of=track.season, captain=captain) for _ in range(TIMES)]
    outcomes = at_once(
        spring,
        lambda number: domain.enter_track(
            actor=captain, track=track, team=teams[number], title="x", accepted_rules=1
        ),
    )
    assert outcomes == ["done"] + ["in-two-teams"] * (TIMES - 1)
    assert Entry.objects.count() == Participation.objects.count() == 1


def test_an_invitation_is_accepted_once(spring: datetime) -> None:
    team = make.team(of=make.season())
    _invitation, key = domain.invite(
        actor=make.captain_of(team), team=team, email="friend@example.org"
    )
    people = [person() for _ in range(TIMES)]
    outcomes = at_once(
        spring, lambda number: domain.accept_invitation(actor=people[number], key=key)
    )
    assert outcomes == ["done"] + ["invitation-over"] * (TIMES - 1)
    assert team.memberships.count() == 2


def test_the_day_s_invitations_are_counted_together(
    spring: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concours.platform.competitions.domain.invitations.MOST_A_DAY", 2)
    season, captain = make.season(), person()
    teams = [make.team(of=season, captain=captain) for _ in range(TIMES)]
    outcomes = at_once(
        spring,
        lambda number: domain.invite(
            actor=captain, team=teams[number], email=f"v{number}@example.org"
        ),
    )
    assert outcomes == ["done"] * 2 + ["invited-too-many"] * 2
    assert Invitation.objects.count() == 2


def test_teams_are_counted_together(spring: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concours.platform.competitions.domain.teams.MOST_LED", 1)
    season, captain = make.season(), person()
    outcomes = at_once(
        spring, lambda number: domain.create_team(actor=captain, season=season, name=f"T{number}")
    )
    assert outcomes == ["done"] + ["too-many-teams"] * (TIMES - 1)
