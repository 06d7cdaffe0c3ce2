"""Duties are lost, written and given anew at the same moment, and each of them once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from concours.platform.competitions import domain as competitions_domain
from concours.platform.competitions.models import Team, TeamMerge
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review import domain
from concours.platform.review.models import Assignment, ReviewRound
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.competitions import ACTOR

LATE = make.CLOSES - timedelta(days=1)


def at_once(*acts: Callable[[], Any], moment: Any) -> list[str]:
    """How each act ended, all begun together: "done" or the code of a refusal."""

    def run(act: Callable[[], Any]) -> str:
        try:
            with clock.frozen_at(moment):
                act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(run, acts))


def fresh(duty: Assignment) -> Assignment:
    return Assignment.objects.select_related("reviewer", "round").get(pk=duty.pk)


@pytest.mark.django_db(transaction=True)
def test_who_writes_at_the_moment_of_replacement_either_writes_or_is_replaced(
    tmp_path: Path,
) -> None:
    round_ = make.assigned(entries=12, folder=tmp_path)
    first = round_.assignments.select_related("reviewer").order_by("pk").first()
    assert first is not None
    for duty in round_.assignments.exclude(reviewer=first.reviewer).select_related("reviewer"):
        make.write(duty)

    def write() -> None:
        domain.submit_review(
            actor=first.reviewer,
            assignment=fresh(first),
            scores={"idea": 1, "code": 1},
            comment="",
        )

    def replace() -> None:
        domain.replace_late(actor=ACTOR, round=ReviewRound.objects.get(pk=round_.pk))

    outcomes = at_once(write, replace, replace, moment=LATE)

    first.refresh_from_db()
    assert outcomes[1:] == ["done", "done"]
    assert (outcomes[0], first.state) in {("done", "submitted"), ("duty-replaced", "replaced")}
    given = Counter(round_.assignments.filter(given_in__gt=0).values_list("replaces", flat=True))
    assert max(given.values(), default=1) == 1
    assert sum(given.values()) == (0 if first.state == "submitted" else 3)
    assert domain.verify_assignment(round=ReviewRound.objects.get(pk=round_.pk)) == []
    assert record.verify().holds


@pytest.mark.django_db(transaction=True)
def test_conflicts_declared_together_are_each_given_anew_once(tmp_path: Path) -> None:
    round_ = make.assigned(entries=12, folder=tmp_path)
    duties = list(round_.assignments.order_by("pk")[::7])

    def declare(duty: Assignment) -> Callable[[], Any]:
        return lambda: domain.declare_conflict(
            actor=fresh(duty).reviewer, assignment=fresh(duty), reason="A friend"
        )

    outcomes = at_once(*(declare(duty) for duty in duties), declare(duties[0]), moment=make.DURING)

    assert sorted(outcomes) == sorted(["done"] * len(duties) + ["duty-lifted"])
    assert round_.assignments.filter(given_in__gt=0).count() == len(duties)
    assert sorted(round_.replacements.values_list("number", flat=True)) == [
        *range(1, len(duties) + 1)
    ]
    assert domain.verify_assignment(round=ReviewRound.objects.get(pk=round_.pk)) == []


@pytest.mark.django_db(transaction=True)
def test_an_offer_is_accepted_once_and_two_that_cross_do_not_block() -> None:
    season = competitions.season()
    one, other = competitions.team(of=season), competitions.team(of=season)
    captains = {team.pk: team.memberships.get().user for team in (one, other)}
    for team, into in ((one, other), (other, one)):
        competitions_domain.offer_merge(actor=captains[team.pk], team=team, into=into)
    first, second = TeamMerge.objects.order_by("pk")

    def accept(offer: TeamMerge) -> Callable[[], Any]:
        def act() -> None:
            found = TeamMerge.objects.select_related("team", "into").get(pk=offer.pk)
            competitions_domain.accept_merge(actor=captains[offer.into_id], offer=found)

        return act

    outcomes = at_once(
        accept(first), accept(first), accept(second), moment=competitions.day(2023, 2, 1)
    )

    assert outcomes.count("done") == 1
    sizes = sorted(team.memberships.count() for team in Team.objects.filter(season=season))
    assert sizes == [0, 2]
