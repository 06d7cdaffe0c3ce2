"""Asking for runs: when, by whom, and how many."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Submission
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.evaluations import domain
from concours.platform.evaluations.enums import EvaluationState
from concours.platform.evaluations.models import Evaluation
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.platform.evaluations.conftest import World, build


def refusal(submission: Submission, split: str) -> str:
    with pytest.raises(Refused) as caught:
        runs.evaluation(of=submission, split=split)
    return caught.value.code


@pytest.mark.django_db(transaction=True)
def test_a_ready_submission_is_queued_by_itself(spring: object, tmp_path: Path) -> None:
    world = build(tmp_path)

    found = Evaluation.objects.filter(submission=world.submission)

    assert [(run.split, run.state, run.total) for run in found] == [("practice", "queued", 2)]


def test_a_submission_missed_by_a_crash_is_queued_by_the_chore(world: World) -> None:
    assert not Evaluation.objects.exists()

    assert domain.enqueue_missed() == 2
    assert domain.enqueue_missed() == 0


def test_a_split_that_was_missed_is_asked_for_and_no_run_is_asked_for_again(
    world: World, tmp_path: Path
) -> None:
    make.advance(world.track, to=PhaseKind.RANKING)
    entry = Entry.objects.get(pk=world.entry.pk)
    with clock.frozen_at(make.day(2023, 4, 1)):
        submission = runs.submission(of=entry, folder=tmp_path)
        cancelled = runs.evaluation(of=submission, split="practice")
        domain.cancel(actor=world.captain, evaluation=cancelled)

        assert domain.enqueue_missed() == 1

        found = Evaluation.objects.filter(submission=submission)
        assert list(found.values_list("split", flat=True)) == ["ranking", "practice"]
        assert domain.enqueue_missed() == 0


def test_a_phase_asks_for_no_more_runs_of_what_came_before_it(world: World, tmp_path: Path) -> None:
    with clock.frozen_at(make.day(2023, 2, 28)):
        submission = runs.submission(of=world.entry, folder=tmp_path)
        runs.evaluation(of=submission)
    make.advance(world.track, to=PhaseKind.RANKING)

    with clock.frozen_at(make.day(2023, 3, 1)):
        assert domain.enqueue_missed() == 0


@pytest.mark.parametrize(
    ("phase", "moment", "splits"),
    [
        (PhaseKind.PRACTICE, make.day(2023, 2, 1), ["practice"]),
        (PhaseKind.RANKING, make.day(2023, 4, 1), ["ranking", "practice"]),
        (PhaseKind.FINAL, make.day(2023, 6, 1), ["final"]),
        (PhaseKind.RESULT, make.day(2023, 8, 1), []),
    ],
)
def test_the_phase_decides_the_splits(
    world: World, phase: PhaseKind, moment: object, splits: list[str]
) -> None:
    track = make.advance(world.track, to=phase)

    with clock.frozen_at(moment):  # type: ignore[arg-type]
        assert domain.splits_now(track=track) == splits


def test_a_strangers_submission_cannot_be_run(world: World) -> None:
    with pytest.raises(NotPermitted):
        domain.enqueue(actor=world.other, submission=world.submission, split="practice")
    assert not Evaluation.objects.exists()


def test_a_submission_is_run_once(world: World) -> None:
    runs.evaluation(of=world.submission)
    assert refusal(world.submission, "practice") == "queued-already"

    lease, _row = runs.taken(by=runs.worker())
    assert refusal(world.submission, "practice") == "queued-already"

    runs.score(lease)
    assert refusal(world.submission, "practice") == "evaluated-already"
    assert refusal(world.submission, "ranking") == "not-evaluated-now"


def test_only_scored_runs_take_quota(world: World, tmp_path: Path) -> None:
    """Two a day, three in all: a cancelled, a failed and a faulted run give their place back."""
    make.advance(world.track, to=PhaseKind.RANKING)
    worker = runs.worker()
    entry = Entry.objects.get(pk=world.entry.pk)
    with clock.frozen_at(make.day(2023, 4, 1)):
        spoiled = [runs.submission(of=entry, folder=tmp_path) for _ in range(3)]
        for submission, end in zip(spoiled, ("cancelled", "failed", "faulted"), strict=True):
            runs.evaluation(of=submission, split="ranking")
            lease, row = runs.taken(by=worker)
            _end(lease, row, end, world)
        kept = [runs.submission(of=entry, folder=tmp_path) for _ in range(3)]
        for submission in kept[:2]:
            runs.evaluation(of=submission, split="ranking")
            assert (refusal(submission, "ranking")) == "queued-already"
        assert refusal(kept[2], "ranking") == "quota-day"
        for _ in range(2):
            runs.score(runs.taken(by=worker)[0])
        assert refusal(kept[2], "ranking") == "quota-day"
    with clock.frozen_at(make.day(2023, 4, 3)):
        runs.evaluation(of=kept[2], split="ranking")
        late = runs.submission(of=entry, folder=tmp_path)
        assert refusal(late, "ranking") == "quota-total"


def _end(lease: object, row: Evaluation, how: str, world: World) -> None:
    from concours.platform.evaluations.domain import finishing

    if how == "cancelled":
        domain.cancel(actor=world.captain, evaluation=row)
        finishing.finish_cancelled(lease=lease, seconds=1.0)  # type: ignore[arg-type]
    elif how == "failed":
        finishing.finish_failed(
            lease=lease,
            code="install",
            reason="no",
            log="",
            seconds=1.0,  # type: ignore[arg-type]
        )
    else:
        finishing.finish_faulted(
            lease=lease,
            code="result",
            detail="NaN",
            seconds=1.0,  # type: ignore[arg-type]
        )
    row.refresh_from_db()
    assert row.state == how


def test_a_reevaluation_waits_on_the_staffs_account_and_takes_no_quota(
    world: World, tmp_path: Path
) -> None:
    first = runs.evaluation(of=world.submission)
    runs.score(runs.taken(by=runs.worker())[0])
    first.refresh_from_db()
    second = runs.evaluator(of=world.track, folder=tmp_path, version="2")

    [again] = domain.enqueue_set(
        actor=world.staff, evaluator=second, evaluations=[first], reevaluation_code="stage"
    )

    assert (again.seed, again.split, again.account.team) == (first.seed, "practice", None)
    with pytest.raises(NotPermitted):
        domain.enqueue_set(
            actor=world.captain, evaluator=second, evaluations=[first], reevaluation_code="stage"
        )
    runs.score(runs.taken(by=runs.worker())[0], values={"right": 2.0, "margin": 0.0})
    plain = list(domain.scored(track=world.track, split="practice"))
    staged = list(domain.scored(track=world.track, split="practice", reevaluations=["stage"]))
    assert [row.values["right"] for row in plain] == [1.0]
    assert [row.evaluator_version for row in staged] == ["1", "2"]
    assert plain[0].case_values == {"sum1": {"right": 1.0, "margin": 0.0}}
    assert again.state == EvaluationState.QUEUED
