"""What people do with runs on the pages, and what they may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.platform.evaluations import domain
from concours.platform.evaluations.domain import finishing
from concours.platform.evaluations.domain.setting_aside import set_evaluator_aside
from concours.platform.evaluations.models import Evaluation
from tests.factories import evaluations as runs
from tests.factories.people import person
from tests.platform.competitions.conftest import keyed, signed_in
from tests.platform.evaluations.conftest import World

pytestmark = pytest.mark.django_db


def test_the_entrys_page_shows_place_progress_and_what_is_left(world: World) -> None:
    evaluation = runs.evaluation(of=world.submission)
    client = signed_in(world.captain)

    waiting = client.get(f"/entries/{world.entry.code}/").content.decode()
    runs.taken(by=runs.worker())
    Evaluation.objects.filter(pk=evaluation.pk).update(done=1)
    running = client.get(f"/entries/{world.entry.code}/evaluations/").content.decode()

    assert "no worker is at work now" in waiting
    assert "as many runs as you like" in waiting
    assert "1 / 2" in running
    assert 'hx-trigger="every 3s"' in running
    assert (
        "Whose run is next?"
        not in signed_in(world.other).get(f"/entries/{world.entry.code}/").content.decode()
    )


def test_a_run_of_public_cases_tells_the_seed_with_which_it_can_be_made_again(
    world: World,
) -> None:
    evaluation = runs.evaluation(of=world.submission)
    Evaluation.objects.filter(pk=evaluation.pk).update(seed=7 * 2**32 + 585_937_086)
    page = f"/evaluations/{evaluation.code}/"

    assert "<code>585937086</code>" in signed_in(world.captain).get(page).content.decode()
    Evaluation.objects.filter(pk=evaluation.pk).update(split="ranking")
    assert "585937086" not in signed_in(world.captain).get(page).content.decode()


def test_a_run_is_asked_for_and_cancelled_by_its_team_alone(world: World) -> None:
    path = f"/submissions/{world.submission.code}/evaluate/"
    for stranger in (world.other, person()):
        assert signed_in(stranger).post(path, {"split": "practice"}).status_code == 404
    answer = signed_in(world.captain).post(path, {"split": "practice"})
    evaluation = Evaluation.objects.get()
    assert answer["Location"] == f"/evaluations/{evaluation.code}/"
    assert signed_in(world.captain).post(path, {"split": "nothing"}).status_code == 404

    cancel = f"/evaluations/{evaluation.code}/cancel/"
    for stranger in (world.other, person()):
        assert signed_in(stranger).post(cancel).status_code == 404
        key = keyed(stranger)
        api = signed_in(None).post(f"/api/v1/evaluations/{evaluation.code}/cancel", **key)
        assert api.status_code == 404
    evaluation.refresh_from_db()
    assert evaluation.state == "queued"
    signed_in(world.captain).post(cancel)
    evaluation.refresh_from_db()
    assert evaluation.state == "cancelled"


def test_the_api_asks_for_a_run_and_tells_its_place(world: World) -> None:
    key = keyed(world.captain)
    client = signed_in(None)
    path = f"/api/v1/submissions/{world.submission.code}/evaluations"

    made = client.post(path, {"split": "practice"}, content_type="application/json", **key)
    again = client.post(path, {"split": "practice"}, content_type="application/json", **key)

    assert made.status_code == 201
    assert (made.json()["state"], made.json()["ahead"]) == ("queued", 0)
    assert (again.status_code, again.json()["code"]) == (409, "queued-already")


def test_the_desk_is_for_organisers(world: World, tmp_path: Path) -> None:
    track = world.track
    path = f"/seasons/{track.season.slug}/tracks/{track.slug}/evaluations/"
    second = domain.attach_evaluator(
        actor=world.staff,
        track=track,
        folder=runs.evaluator_folder(tmp_path, version="2"),
        activate=False,
    )
    acts = [
        f"/evaluators/{world.evaluator.code}/set-aside/",
        f"/evaluators/{second.code}/activate/",
        f"/evaluators/{world.evaluator.code}/resume/",
    ]
    assert signed_in(world.captain).get(path).status_code == 404
    for act in acts:
        assert signed_in(world.captain).post(act, {"reason": "bait"}).status_code == 404
    assert signed_in(world.staff).get(path).status_code == 200

    staff = signed_in(world.staff)
    assert staff.post(acts[0], {"reason": "It is broken"}).status_code == 302
    assert "It is broken" in staff.get(path).content.decode()
    runs.evaluation(of=world.submission)
    from concours.platform.evaluations.domain.leases import claim

    assert claim(worker=runs.worker()) is None
    staff.post(acts[2])
    assert claim(worker=runs.worker()) is not None
    staff.post(acts[1])
    second.refresh_from_db()
    world.evaluator.refresh_from_db()
    assert (second.active, world.evaluator.active) == (True, False)


def test_staff_queue_a_faulted_run_again(world: World) -> None:
    evaluation = runs.evaluation(of=world.submission)
    lease, _row = runs.taken(by=runs.worker())
    finishing.finish_faulted(lease=lease, code="result", detail="NaN", seconds=1.0)
    path = f"/evaluations/{evaluation.code}/requeue/"

    assert signed_in(world.captain).post(path).status_code == 404
    evaluation.refresh_from_db()
    assert evaluation.state == "faulted"
    signed_in(world.staff).post(path)

    evaluation.refresh_from_db()
    assert evaluation.state == "queued"


def test_workers_are_for_operators(world: World) -> None:
    worker = runs.worker(name="machine-1")
    for reader in (world.captain, world.staff):
        assert signed_in(reader).get("/workers/").status_code == 404
        answer = signed_in(reader).post("/workers/machine-1/set-aside/", {"reason": "bait"})
        assert answer.status_code == 404
    operator = signed_in(world.operator)
    assert "machine-1" in operator.get("/workers/").content.decode()

    operator.post("/workers/machine-1/set-aside/", {"reason": "Its disk is slow"})
    worker.refresh_from_db()
    assert worker.state == "set-aside"
    operator.post("/workers/machine-1/resume/")
    worker.refresh_from_db()
    assert worker.state == "active"


def test_one_entrant_alone_does_not_stop_a_track_soon(world: World, tmp_path: Path) -> None:
    from tests.platform.evaluations.test_leases import bare_submission

    for number in range(1, 7):
        submission = bare_submission(world.entry)
        runs.evaluation(of=submission)
        lease, _row = runs.taken(by=runs.worker())
        finishing.finish_faulted(lease=lease, code="result", detail="NaN", seconds=1.0)
        world.evaluator.refresh_from_db()
        assert world.evaluator.set_aside == (number == 6)


def test_a_worker_that_fails_three_runs_in_a_row_is_set_aside(world: World) -> None:
    from concours.platform.evaluations.domain.setting_aside import note_worker_failure
    from tests.platform.evaluations.test_leases import bare_submission

    worker = runs.worker()
    entries = (world.entry, world.other_entry, world.entry)
    keys = [
        domain.enqueue(actor=world.staff, submission=bare_submission(entry), split="practice").pk
        for entry in entries
    ]
    for key in (keys[0], keys[0], keys[0], keys[1], keys[2]):
        worker.refresh_from_db()
        assert worker.state == "active"
        note_worker_failure(worker=worker, evaluation_id=key, detail="crashed")

    worker.refresh_from_db()
    assert (worker.state, worker.failures) == ("set-aside", 3)


def test_one_entrant_alone_does_not_stop_a_worker_soon(world: World) -> None:
    from concours.platform.evaluations.domain.setting_aside import note_worker_failure
    from tests.platform.evaluations.test_leases import bare_submission

    worker = runs.worker()
    for number in range(1, 7):
        key = runs.evaluation(of=bare_submission(world.entry)).pk
        note_worker_failure(worker=worker, evaluation_id=key, detail="crashed")
        worker.refresh_from_db()
        assert worker.state == ("set-aside" if number == 6 else "active")


def test_who_waits_for_a_mended_evaluator_is_told(world: World) -> None:
    evaluation = runs.evaluation(of=world.submission)
    set_evaluator_aside(actor=world.staff, evaluator=world.evaluator, reason="bait-reason")

    page = signed_in(world.captain).get(f"/evaluations/{evaluation.code}/").content.decode()

    assert "The evaluator is being looked after" in page
    assert "bait-reason" not in page
