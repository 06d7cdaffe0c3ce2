"""The queue as a machine of states: workers come, die, stall and are cut off; clocks jump.

Nothing is lost and nothing is done twice, whatever happens in whatever order.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.evaluations import domain
from concours.platform.evaluations.domain import finishing
from concours.platform.evaluations.domain.leases import Beat, Lease, beat, claim
from concours.platform.evaluations.domain.watching import LEASE_S, LOOK_S, Watch
from concours.platform.evaluations.domain.workers import show_life
from concours.platform.evaluations.enums import EvaluationState, WorkerState
from concours.platform.evaluations.models import Evaluation, Worker
from concours.platform.record.models import Event
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.platform.evaluations.conftest import World, build

ENDED = {"scored", "failed", "faulted", "cancelled"}


class Queue(RuleBasedStateMachine):
    """Workers hold leases in `leases`; a dead one's stay there to be tried in vain."""

    world: World
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.moment = make.day(2023, 2, 1)
        self.monotonic = 0.0
        self.watch = Watch(monotonic=lambda: self.monotonic)
        self.alive: dict[int, Worker] = {}
        self.leases: list[Lease] = []
        self.dead_leases: list[Lease] = []
        self.asked: list[int] = []
        self.wins: dict[int, int] = {}

    def _at(self) -> object:
        return clock.frozen_at(self.moment)

    @rule(ours=st.booleans())
    def ask(self, ours: bool) -> None:
        entry = self.world.entry if ours else self.world.other_entry
        with self._at():
            submission = bare_submission(entry)
            self.asked.append(runs.evaluation(of=submission).pk)

    @rule()
    def worker_comes(self) -> None:
        if len(self.alive) < 3:
            worker = runs.worker()
            self.alive[worker.pk] = worker

    @precondition(lambda self: self.alive)
    @rule(data=st.data())
    def take(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(list(self.alive.values())))
        with self._at():
            taken = claim(worker=worker)
        if taken is not None:
            self.leases.append(taken[0])

    @precondition(lambda self: self.alive)
    @rule(data=st.data())
    def worker_dies(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(list(self.alive)))
        del self.alive[worker]
        self.dead_leases += [one for one in self.leases if one.worker_id == worker]
        self.leases = [one for one in self.leases if one.worker_id != worker]

    @rule(seconds=st.sampled_from([LOOK_S, LOOK_S, 5 * LOOK_S, 10_000.0]))
    def time_passes(self, seconds: float) -> None:
        """All who live show life, then everyone is looked at; a pause of hours is one look."""
        self.monotonic += seconds
        self._show_life()
        with self._at():
            self.watch.look()

    @rule()
    def a_whole_lease_passes(self) -> None:
        for _ in range(int(LEASE_S / LOOK_S) + 2):
            self.time_passes(LOOK_S)
        self.dead_leases = [one for one in self.dead_leases if not one.held().exists()]
        assert not any(one.held().exists() for one in self.dead_leases)
        alive = set(self.alive)
        states = dict(Worker.objects.values_list("pk", "state"))
        assert all(states[key] == WorkerState.ACTIVE for key in alive)

    @rule(days=st.sampled_from([-4_000, -1, 1, 4_000]))
    def the_clock_jumps(self, days: int) -> None:
        self.moment = make.day(2023, 2, 1) + timedelta(days=days)
        with self._at():
            self.watch.look()
        self.moment = make.day(2023, 2, 1)

    @precondition(lambda self: self.leases or self.dead_leases)
    @rule(
        data=st.data(),
        how=st.sampled_from(["score", "score", "fail", "fault", "hand_back", "lose", "cancelled"]),
    )
    def settle(self, data: st.DataObject, how: str) -> None:
        """A worker, even one that was taken for dead, settles its run."""
        lease = data.draw(st.sampled_from([*self.leases, *self.dead_leases]))
        held = lease.held().exists()
        with self._at():
            wrote = end(lease, how)
        assert wrote == held
        self.leases = [one for one in self.leases if one != lease]
        if wrote and Evaluation.objects.get(pk=lease.evaluation_id).state == "scored":
            self.wins[lease.evaluation_id] = self.wins.get(lease.evaluation_id, 0) + 1

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), staff=st.booleans())
    def cancel(self, data: st.DataObject, staff: bool) -> None:
        evaluation = Evaluation.objects.get(pk=data.draw(st.sampled_from(self.asked)))
        was = evaluation.state
        with self._at():
            try:
                domain.cancel(actor=self.world.staff, evaluation=evaluation)
            except Refused:
                assert was in ENDED

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def staff_requeues(self, data: st.DataObject) -> None:
        evaluation = Evaluation.objects.get(pk=data.draw(st.sampled_from(self.asked)))
        with self._at():
            try:
                domain.requeue(actor=self.world.staff, evaluation=evaluation)
            except Refused:
                assert evaluation.state != EvaluationState.FAULTED

    def _show_life(self) -> None:
        for lease in self.leases:
            held = lease.held().exists()
            found = beat(lease=lease, done=1, log="")
            assert (found is Beat.LOST) == (not held)
        for worker in self.alive.values():
            show_life(worker=worker)

    @invariant()
    def none_is_lost(self) -> None:
        rows = {row.pk: row for row in Evaluation.objects.filter(pk__in=self.asked)}
        assert set(rows) == set(self.asked)
        for row in rows.values():
            assert (row.state == EvaluationState.RUNNING) <= (row.worker_id is not None)
            assert (row.finished_at is not None) == (row.state in ENDED)

    @invariant()
    def none_is_doubled(self) -> None:
        """At most one lease of a run is held, and each scored once: its events say so too."""
        held = [one.evaluation_id for one in self.leases + self.dead_leases if one.held().exists()]
        assert len(held) == len(set(held))
        assert all(times == 1 for times in self.wins.values())
        codes = Evaluation.objects.filter(pk__in=self.asked, state="scored")
        for code in codes.values_list("code", flat=True):
            events = Event.objects.filter(subject=f"evaluation:{code}", verb="evaluation.scored")
            assert events.count() == 1

    def teardown(self) -> None:
        """With one worker that lives, everything that waits comes to its end."""
        Worker.objects.update(state=WorkerState.GONE)
        self.world.evaluator.refresh_from_db()
        if self.world.evaluator.set_aside:
            from concours.platform.evaluations.domain.setting_aside import resume_evaluator

            resume_evaluator(actor=self.world.staff, evaluator=self.world.evaluator)
        self.leases, self.alive = [], {}
        self.a_whole_lease_passes()
        worker = runs.worker()
        with self._at():
            while (taken := claim(worker=worker)) is not None:
                assert end(taken[0], "score")
        states = Evaluation.objects.filter(pk__in=self.asked).values_list("state", flat=True)
        assert set(states) <= ENDED


def bare_submission(entry: object) -> object:
    from concours.platform.competitions.enums import SubmissionKind, SubmissionState
    from concours.platform.competitions.models import Submission

    return Submission.objects.create(
        entry=entry,
        number=Submission.objects.filter(entry=entry).count() + 1,
        kind=SubmissionKind.ARCHIVE,
        state=SubmissionState.READY,
        digest="a" * 64,
        file="submissions/none",
        submitted_by=make.captain_of(entry.team),  # type: ignore[attr-defined]
        submitted_at=clock.now(),
    )


def end(lease: Lease, how: str) -> bool:
    if how == "score":
        return runs.score(lease)
    if how == "fail":
        return finishing.finish_failed(
            lease=lease, code="install", reason="no", log="", seconds=1.0
        )
    if how == "fault":
        return finishing.finish_faulted(lease=lease, code="result", detail="NaN", seconds=1.0)
    if how == "hand_back":
        return finishing.hand_back(lease=lease)
    if how == "lose":
        return finishing.lose(lease=lease, why="worker-crashed", detail="killed")
    return finishing.finish_cancelled(lease=lease, seconds=1.0)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    with clock.frozen_at(make.day(2023, 2, 1)):
        world = build(tmp_path)
    Evaluation.objects.all().delete()
    Queue.world, Queue.folder = world, tmp_path
    run_state_machine_as_test(
        Queue,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    connection.close()


@pytest.mark.django_db
def test_a_live_workers_lease_survives_any_clock_and_a_pause(world: World) -> None:
    runs.evaluation(of=world.submission)
    worker = runs.worker()
    lease, _row = runs.taken(by=worker)
    seconds = iter([0.0, 2.0, 50_000.0, 50_002.0, 50_004.0])
    watch = Watch(monotonic=lambda: next(seconds))

    for year in (2023, 1999, 2090, 2023, 2023):
        with clock.frozen_at(make.day(year, 2, 1)):
            watch.look()

    assert lease.held().exists()


@pytest.mark.django_db
def test_a_dead_workers_lease_ends_though_the_clock_is_set_back(world: World) -> None:
    runs.evaluation(of=world.submission)
    lease, row = runs.taken(by=runs.worker())
    ticks = iter(range(0, 100, 2))
    watch = Watch(monotonic=lambda: float(next(ticks)))

    with clock.frozen_at(make.day(1999, 2, 1)):
        lost = sum(watch.look() for _ in range(int(LEASE_S / LOOK_S) + 2))

    row.refresh_from_db()
    assert lost == 1
    assert (row.state, row.losses, row.worker) == ("queued", 1, None)
    assert not runs.score(lease)


@pytest.mark.django_db
def test_a_dead_worker_on_our_disk_is_seen_at_once(world: World) -> None:
    from concours.platform.evaluations.domain.liveness import LifeSign, _path

    runs.evaluation(of=world.submission)
    worker = runs.worker(name="here-1")
    sign = LifeSign("here-1")
    _lease, row = runs.taken(by=worker)
    assert Watch().look() == 0

    import os

    os.close(sign._handle)  # what the kernel does at a process's death
    assert _path("here-1").exists()

    assert Watch().look() == 1
    row.refresh_from_db()
    assert row.state == "queued"


@pytest.mark.django_db
def test_after_three_lost_workers_staff_are_asked(
    world: World, mailoutbox: list[object], django_capture_on_commit_callbacks: object
) -> None:
    evaluation = runs.evaluation(of=world.submission)
    for _ in range(finishing.MOST_LOSSES):
        lease, _row = runs.taken(by=runs.worker())
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            assert finishing.lose(lease=lease, why="worker-died", detail="bait-detail")

    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.reason_code) == ("faulted", "worker-died")
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(  # type: ignore[attr-defined]
        [world.staff.email, world.operator.email]
    )
    domain.requeue(actor=world.staff, evaluation=evaluation)
    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.losses) == ("queued", 0)
