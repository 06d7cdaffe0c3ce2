"""Whose run is next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concours.platform.core import clock
from concours.platform.evaluations import domain
from concours.platform.evaluations.domain.fairness import USUAL_S
from concours.platform.evaluations.domain.leases import claim
from concours.platform.evaluations.models import Evaluation
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.platform.evaluations.conftest import World


def queue(entry: object, folder: Path, *, times: int) -> list[Evaluation]:
    submissions = [runs.submission(of=entry, folder=folder) for _ in range(times)]  # type: ignore[arg-type]
    return [runs.evaluation(of=submission) for submission in submissions]


def served(*, count: int, seconds: float = USUAL_S) -> list[int]:
    """The entries whose runs one worker takes next, each run lasting `seconds`."""
    worker = runs.worker()
    found = []
    for _ in range(count):
        lease, row = runs.taken(by=worker)
        found.append(row.submission.entry_id)
        runs.score(lease, seconds=seconds)
    return found


def test_a_frequent_submitter_waits_behind_one_who_ran_less(world: World, tmp_path: Path) -> None:
    queue(world.entry, tmp_path, times=4)
    queue(world.other_entry, tmp_path, times=2)

    order = served(count=6)

    ours, theirs = world.entry.pk, world.other_entry.pk
    assert order == [ours, theirs, ours, theirs, ours, ours]


def test_long_runs_count_for_more_than_short_ones(world: World, tmp_path: Path) -> None:
    """Ours last ten times as long: after one of ours, theirs go first until they ran as much."""
    queue(world.entry, tmp_path, times=3)
    queue(world.other_entry, tmp_path, times=6)
    worker = runs.worker()
    order = []
    for _ in range(8):
        lease, row = runs.taken(by=worker)
        ours = row.submission.entry_id == world.entry.pk
        order.append("ours" if ours else "theirs")
        runs.score(lease, seconds=100.0 if ours else 20.0)

    assert order.count("theirs") == 6
    assert order[:7] == ["ours", *["theirs"] * 5, "ours"]


def test_who_stayed_away_does_not_save_up(world: World, tmp_path: Path) -> None:
    queue(world.entry, tmp_path, times=6)
    served(count=3)
    queue(world.other_entry, tmp_path, times=3)

    order = served(count=6)

    ours, theirs = world.entry.pk, world.other_entry.pk
    assert order == [theirs, ours, theirs, ours, theirs, ours] or order == [
        theirs, theirs, ours, theirs, ours, ours,
    ]  # fmt: skip


def test_a_lost_or_faulted_run_is_not_charged(world: World) -> None:
    from concours.platform.evaluations.domain.finishing import hand_back, lose

    evaluation = runs.evaluation(of=world.submission)
    worker = runs.worker()
    for end in (
        lambda lease: lose(lease=lease, why="x", detail=""),
        lambda lease: hand_back(lease=lease),
    ):
        lease, _row = runs.taken(by=worker)
        end(lease)
        evaluation.account.refresh_from_db()
        assert evaluation.account.spent == 0.0


def test_position_and_start_follow_the_fair_order(world: World, tmp_path: Path) -> None:
    ours = queue(world.entry, tmp_path, times=3)
    theirs = queue(world.other_entry, tmp_path, times=1)
    runs.worker(slots=1)

    found = domain.positions()

    assert [found[run.pk].ahead for run in ours] == [0, 2, 3]
    assert found[theirs[0].pk].ahead == 1
    waits = [found[run.pk].starts_at - clock.now() for run in ours]  # type: ignore[operator]
    assert waits == [timedelta(seconds=USUAL_S * place) for place in (0, 2, 3)]


def test_without_a_worker_no_start_is_promised(world: World) -> None:
    evaluation = runs.evaluation(of=world.submission)

    found = domain.position(evaluation)

    assert found is not None
    assert (found.ahead, found.starts_at) == (0, None)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ours=st.lists(st.floats(1, 300), min_size=1, max_size=8),
    theirs=st.lists(st.floats(1, 300), min_size=1, max_size=8),
)
def test_while_both_wait_neither_gets_ahead_by_more_than_a_run(
    world: World, tmp_path: Path, ours: list[float], theirs: list[float]
) -> None:
    from django.db import transaction

    with transaction.atomic():
        durations = {world.entry.pk: list(ours), world.other_entry.pk: list(theirs)}
        with clock.frozen_at(make.day(2023, 2, 1)):
            pool = {}
            for entry, times in ((world.entry, len(ours)), (world.other_entry, len(theirs))):
                pool[entry.pk] = [_bare(entry, world) for _ in range(times)]
        ran = {world.entry.pk: 0.0, world.other_entry.pk: 0.0}
        longest = max(*ours, *theirs, USUAL_S)
        worker = runs.worker()
        while all(durations.values()):
            lease, row = runs.taken(by=worker)
            entry = row.submission.entry_id
            seconds = durations[entry].pop(0)
            ran[entry] += seconds
            runs.score(lease, seconds=seconds)
            gap = abs(ran[world.entry.pk] - ran[world.other_entry.pk])
            assert gap <= longest + 1e-6
        while claim(worker=worker) is not None:
            pass
        transaction.set_rollback(True)


def _bare(entry: object, world: World) -> Evaluation:
    """A waiting run of a submission made for it, without files: many are needed."""
    from concours.platform.competitions.enums import SubmissionKind, SubmissionState
    from concours.platform.competitions.models import Submission

    number = Submission.objects.filter(entry=entry).count() + 1
    submission = Submission.objects.create(
        entry=entry,
        number=number,
        kind=SubmissionKind.ARCHIVE,
        state=SubmissionState.READY,
        digest="a" * 64,
        file="submissions/none",
        submitted_by=make.captain_of(entry.team),  # type: ignore[attr-defined]
        submitted_at=clock.now(),
    )
    return domain.enqueue(actor=make.ACTOR, submission=submission, split="practice")


@pytest.mark.django_db
def test_equal_accounts_go_by_the_order_of_asking(world: World, tmp_path: Path) -> None:
    theirs = queue(world.other_entry, tmp_path, times=1)
    queue(world.entry, tmp_path, times=1)

    _lease, row = runs.taken(by=runs.worker())

    assert row.pk == theirs[0].pk
