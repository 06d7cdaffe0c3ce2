"""Machines that fail under a real worker: a full disk, no box, a clock that is set.

Nothing is lost, no entrant is blamed, no quota is taken, and staff are told what it was.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.evaluations import domain
from concours.platform.evaluations.models import Evaluation, Worker
from concours.platform.rehearsal.domain import set_clock
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.platform.evaluations.conftest import Start, World, state, until
from tests.platform.evaluations.furnishing import SLOWLY_ADDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MIB = 2**20
Small = Callable[[int], Path]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    """Makes a disk of so many bytes, in memory."""
    made: list[Path] = []

    def make_it(size: int) -> Path:
        folder = tmp_path / f"disk{len(made)}"
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"no disk can be mounted here: {done.stderr}")
        made.append(folder)
        return folder

    yield make_it
    for folder in made:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def without_box(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine that has all programs but bubblewrap."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for place in ("/bin", "/usr/bin"):
        for program in Path(place).iterdir():
            if program.name != "bwrap" and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    return {"PATH": str(folder)}


def with_quota(world: World, folder: Path) -> None:
    """A version of the evaluator with one run in all on the practice cases."""
    made = runs.evaluator_folder(folder, version="2")
    manifest = made / "evaluator.toml"
    text = manifest.read_text().replace("[splits.practice]", "[splits.practice]\nquota_total = 1")
    manifest.write_text(text)
    domain.attach_evaluator(actor=make.ACTOR, track=world.track, folder=made)


def quota_left(run: Evaluation) -> int | None:
    entry, split = run.submission.entry, run.split
    return domain.quota_left(entry=entry, evaluator=run.evaluator, split=split).total


def test_on_a_full_disk_a_run_waits_and_staff_are_told(
    apart: World, start: Start, small: Small, settings: Any
) -> None:
    run = runs.evaluation(of=apart.submission)
    disk = small(64 * MIB)

    start(CONCOURS_TEST_EVALUATIONS=str(disk))
    until(lambda: Worker.objects.exclude(note="").exists(), seconds=120)

    run.refresh_from_db()
    assert (run.state, run.attempts, run.losses) == ("queued", 0, 0)
    assert str(disk) in Worker.objects.get().note
    assert "disk is full" in Worker.objects.get().note

    subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
    # The evaluator's files are elsewhere: the run is taken up, and told what it misses.
    until(lambda: Evaluation.objects.get(pk=run.pk).attempts > 0, seconds=120)
    assert "disk is full" not in Worker.objects.get().note


def test_a_disk_that_fills_up_under_a_run_costs_nothing(
    apart: World, start: Start, small: Small, tmp_path: Path
) -> None:
    with_quota(apart, tmp_path)
    runs.submission(of=apart.entry, folder=tmp_path, program=SLOWLY_ADDS)
    run = Evaluation.objects.get()
    disk = small(300 * MIB)
    start(TMPDIR=str(disk))
    until(lambda: "asleep" in Evaluation.objects.get(pk=run.pk).log)

    filler = disk / "filler"
    fill(filler)
    until(lambda: Evaluation.objects.get(pk=run.pk).losses == 1, seconds=120)

    run.refresh_from_db()
    assert (run.state, run.reason_code) == ("queued", "")
    assert "No space left" in run.detail
    until(lambda: "disk is full" in Worker.objects.get().note, seconds=60)
    filler.unlink()
    until(lambda: state(run) == "scored")
    run.refresh_from_db()
    assert run.values == {"right": 2.0, "margin": 0.0}
    assert (run.attempts, Worker.objects.get().failures) == (2, 0)


def fill(path: Path) -> None:
    """Write until nothing more goes in."""
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(MIB)):
                pass
        except OSError:
            return


def test_a_machine_without_a_box_refuses_and_the_run_waits(
    apart: World, start: Start, without_box: dict[str, str], tmp_path: Path
) -> None:
    with_quota(apart, tmp_path)
    runs.submission(of=apart.entry, folder=tmp_path)
    run = Evaluation.objects.get()

    assert start("--once", **without_box).wait(timeout=300) == 0

    run.refresh_from_db()
    assert (run.state, run.attempts, run.log) == ("queued", 0, "")
    worker = Worker.objects.get()
    assert (worker.slots, worker.box) == (0, "")
    assert "bwrap is not installed" in worker.note
    place = domain.position(run)
    assert place is not None
    assert (place.ahead, place.starts_at) == (0, None)
    domain.cancel(actor=apart.captain, evaluation=run)
    assert quota_left(run) == 1


def test_a_box_that_goes_away_is_our_fault(
    apart: World, start: Start, tmp_path: Path, without_box: dict[str, str]
) -> None:
    """The worker found a box; then the program that makes it is gone."""
    from shutil import which

    bwrap = which("bwrap")
    assert bwrap is not None
    found = Path(without_box["PATH"], "bwrap")
    found.symlink_to(bwrap)
    with_quota(apart, tmp_path)
    worker = start(**without_box)
    until(lambda: Worker.objects.filter(box="bubblewrap").exists(), seconds=120)
    found.unlink()

    runs.submission(of=apart.entry, folder=tmp_path)
    run = Evaluation.objects.get()
    until(lambda: state(run) == "faulted")

    run.refresh_from_db()
    assert (run.reason_code, run.losses) == ("box", 3)
    assert "bwrap is not installed" in run.detail
    assert quota_left(run) == 1
    assert worker.poll() is None


@pytest.mark.parametrize("year", [2001, 2099])
def test_a_clock_that_is_set_in_mid_run_requeues_nothing(
    apart: World, start: Start, tmp_path: Path, year: int
) -> None:
    runs.submission(of=apart.entry, folder=tmp_path, program=SLOWLY_ADDS)
    run = Evaluation.objects.get()
    start()
    until(lambda: "asleep" in Evaluation.objects.get(pk=run.pk).log)

    set_clock(actor=System("test"), to=make.day(year, 1, 1))
    until(lambda: state(run) == "scored")

    run.refresh_from_db()
    assert (run.attempts, run.losses) == (1, 0)
    assert run.finished_at is not None
    assert run.finished_at.year == year
    with clock.frozen_at(make.day(2023, 2, 1)):
        assert Worker.objects.get().state == "active"


def test_runs_wait_for_a_cluster_that_does_not_answer_and_staff_are_told(
    apart: World, start: Start
) -> None:
    run = runs.evaluation(of=apart.submission)

    assert start("--once", RAY_ADDRESS="127.0.0.1:1").wait(timeout=300) == 0

    run.refresh_from_db()
    assert (run.state, run.attempts, run.losses) == ("queued", 0, 0)
    worker = Worker.objects.get()
    assert worker.note.startswith("no run is taken: no cluster answers at 127.0.0.1:1")
    assert worker.failures == 0


def test_a_stored_archive_that_is_damaged_is_our_fault(
    apart: World, start: Start, tmp_path: Path
) -> None:
    with_quota(apart, tmp_path)
    submission = runs.submission(of=apart.entry, folder=tmp_path)
    run = Evaluation.objects.get()
    stored = Path(submission.file.path)
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes()[:-10])

    assert start("--once").wait(timeout=400) == 0

    run.refresh_from_db()
    assert (run.state, run.reason_code, run.losses) == ("faulted", "submission-files", 3)
    assert "not the one submitted" in run.detail
    assert quota_left(run) == 1
