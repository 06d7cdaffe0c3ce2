"""Two who press at once, and what a crash leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.enums import RoundState
from concours.platform.review.models import (
    Assignment,
    Conflict,
    Pseudonym,
    ReminderSent,
    Review,
    ReviewerCalibration,
    ReviewRound,
    RoundEntry,
    Rubric,
    Standing,
    StandingSnapshot,
)
from tests.factories import competitions
from tests.factories import review as make

EVERYTHING = (
    Assignment,
    Conflict,
    Pseudonym,
    ReminderSent,
    Review,
    ReviewerCalibration,
    ReviewRound,
    RoundEntry,
    Rubric,
    Standing,
    StandingSnapshot,
)


class Crash(Exception):
    """The machine stops here."""


def state() -> dict[str, list[Any]]:
    """All that the app stores, and the record's head."""
    found: dict[str, list[Any]] = {
        model.__name__: list(model.objects.order_by("pk").values()) for model in EVERYTHING
    }
    found["record"] = [record.head()]
    return found


def crashes(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """`act` stops at its last step and leaves all as it was."""

    def stop(**_: Any) -> None:
        raise Crash

    before = state()
    with monkeypatch.context() as patch:
        patch.setattr(record, "append", stop)
        with pytest.raises(Crash):
            act()
    assert state() == before


@pytest.mark.django_db
def test_a_crash_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.frozen_at(make.SPRING):
        crashes(monkeypatch, lambda: make.rubric(slug="r"))
        rubric = make.rubric(slug="r")
        track = competitions.track(reviews_per_entry=3, finalists=3)
        for _ in range(8):
            make.ready_entry(track, tmp_path)
        plan = {
            "actor": make.ACTOR,
            "track": track,
            "rubric": rubric,
            "opens_at": make.OPENS,
            "closes_at": make.CLOSES,
        }
        crashes(monkeypatch, lambda: domain.plan_round(**plan))
        round_ = domain.plan_round(**plan)
    make.to_review(round_)
    with clock.frozen_at(make.DURING):
        crashes(monkeypatch, lambda: domain.assign_reviews(actor=make.ACTOR, round=round_))
        round_ = domain.assign_reviews(actor=make.ACTOR, round=round_)
        duty = round_.assignments.select_related("reviewer").first()
        assert duty is not None
        crashes(monkeypatch, lambda: make.write(duty))
        crashes(
            monkeypatch,
            lambda: domain.declare_conflict(actor=duty.reviewer, assignment=duty, reason="x"),
        )
    make.write_all(round_)
    crashes(monkeypatch, lambda: make.write(duty, idea=0))
    with clock.frozen_at(make.AFTER):
        crashes(monkeypatch, lambda: domain.close_round(actor=make.ACTOR, round=round_))
        domain.close_round(actor=make.ACTOR, round=round_)
        crashes(monkeypatch, lambda: domain.compute_standings(actor=make.ACTOR, round=round_))
        snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
        crashes(monkeypatch, lambda: domain.publish_standings(actor=make.ACTOR, snapshot=snapshot))
        domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)
    assert domain.verify_standings(snapshot=snapshot) == []
    assert record.verify().holds


@pytest.mark.django_db
def test_a_crash_while_reminding_sends_nothing(
    small: ReviewRound,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with (
        clock.frozen_at(make.CLOSES - (make.CLOSES - make.OPENS) / 30),
        django_capture_on_commit_callbacks() as callbacks,
    ):
        crashes(monkeypatch, domain.send_reminders)
    assert callbacks == []


def at_once(act: Callable[[], Any], *, times: int = 2) -> list[str]:
    """`act` from several threads with connections of their own: "done" or the refusal's code."""
    outcomes: list[str] = []
    barrier = threading.Barrier(times)

    def press() -> None:
        try:
            barrier.wait(10)
            act()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_two_organisers_pressing_each_button_at_once_is_once(tmp_path: Path) -> None:
    round_ = make.planned(entries=8, folder=tmp_path)
    make.to_review(round_)

    def within(moment: Any, act: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> None:
            with clock.frozen_at(moment):
                act()

        return run

    assign = within(make.DURING, lambda: domain.assign_reviews(actor=make.ACTOR, round=round_))
    assert at_once(assign) == ["assigned-already", "done"]
    assert round_.assignments.count() == 24
    make.write_all(round_)
    duty = round_.assignments.select_related("reviewer").first()
    assert duty is not None
    assert at_once(lambda: make.write(duty, idea=1)) == ["done", "done"]
    assert Review.objects.get(assignment=duty).edits == 2
    close = within(make.AFTER, lambda: domain.close_round(actor=make.ACTOR, round=round_))
    assert at_once(close) == ["closed-already", "done"]
    compute = within(make.AFTER, lambda: domain.compute_standings(actor=make.ACTOR, round=round_))
    assert at_once(compute) == ["done", "done"]
    numbers = StandingSnapshot.objects.values_list("number", flat=True).order_by("number")
    assert list(numbers) == [1, 2]
    latest = StandingSnapshot.objects.get(number=2)
    publish = within(
        make.AFTER, lambda: domain.publish_standings(actor=make.ACTOR, snapshot=latest)
    )
    assert at_once(publish) == ["done", "published-already"]
    round_.refresh_from_db()
    assert round_.state == RoundState.PUBLISHED
    for verb in ("round.assigned", "round.closed", "standings.published"):
        assert Event.objects.filter(verb=verb).count() == 1
    assert record.verify().holds


@pytest.mark.django_db(transaction=True)
def test_two_first_writings_at_once_are_one_review(tmp_path: Path) -> None:
    round_ = make.assigned(entries=8, folder=tmp_path)
    duty = round_.assignments.select_related("reviewer").first()
    assert duty is not None
    assert at_once(lambda: make.write(duty), times=3) == ["done"] * 3
    assert Review.objects.get(assignment=duty).edits == 2
    assert record.verify().holds


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once(tmp_path: Path, mailoutbox: list[Any]) -> None:
    make.assigned(entries=8, folder=tmp_path)

    def remind() -> None:
        with clock.frozen_at(make.CLOSES - (make.CLOSES - make.OPENS) / 30):
            domain.send_reminders()

    assert at_once(remind) == ["done", "done"]
    assert len(mailoutbox) == ReminderSent.objects.count() == 8
