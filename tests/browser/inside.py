"""What tests let an installation do before people come, by its own domain functions.

Run as a script in a process of its own: function name, then its arguments as JSON; prints what
the function returns as JSON, on the last line: mail is printed before it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from concours.cli.platform import awake


def give_password(*, email: str, password: str) -> dict[str, str]:
    """Let the owner of an account of the simulated crowd sign in."""
    from concours.platform.accounts.domain import set_password

    person = _person(email)
    set_password(user=person, password=password)
    return {"code": person.code}


def propose(*, season: str, email: str, **texts: str) -> dict[str, str]:
    """Answer the season's call for tracks."""
    from concours.platform.competitions import domain
    from concours.platform.competitions.models import Season

    found = Season.objects.get(slug=season)
    proposal = domain.propose_track(
        actor=_person(email),
        season=found,
        batch=found.batches.order_by("number").last(),
        **texts,
    )
    return {"code": proposal.code}


def people(*, names: list[str], host: str, scopes: list[str]) -> list[dict[str, str]]:
    """Accounts that verified an address at `host`, with a key to the API each."""
    from concours.platform.accounts.domain import create_token
    from concours.platform.accounts.domain.people import create_person
    from concours.platform.core.actors import System

    made = []
    for name in names:
        email = f"{name.split()[0].lower()}@{host}"
        person = create_person(actor=System("opening"), email=email, name=name)
        _token, key = create_token(actor=person, name="client", scopes=scopes, days=366)
        made.append({"email": email, "name": name, "key": key})
    return made


def evaluated(*, folder: str, password: str) -> dict[str, str]:
    """A track with a board, a baseline on it, a faulted, a failed and waiting runs.

    The worker that serves here is set aside, so that they stay so. `email` is a captain's, whose
    entry has a run that waits.
    """
    from allauth.account.models import EmailAddress

    sys.path.insert(0, str(Path(__file__).parents[2]))
    from concours.platform.competitions import domain as competitions
    from concours.platform.core import clock
    from concours.platform.evaluations.domain import finishing
    from tests.factories import boards
    from tests.factories import competitions as make
    from tests.factories import evaluations as runs

    _set_workers_aside()
    field = boards.field(Path(folder))

    def submit(title: str) -> Any:
        entry = field.enter(title)
        with clock.frozen_at(boards.SPRING):
            return runs.submission(of=entry, folder=field.folder)

    for number, title in enumerate(TITLES):
        submission = submit(title)
        if title == "careful":
            with clock.frozen_at(boards.SPRING):
                competitions.mark_baseline(actor=field.staff, entry=submission.entry)
        _awake(field.worker)
        field.end(20.0 - 2 * (number // 2), width=1.5)
    lease, faulted = _taken(submit("An unlucky entry"), field.worker)
    detail = "sum1: NaN is no number: " + "the scoring program wrote what nobody can read; " * 6
    assert finishing.finish_faulted(lease=lease, code="result", detail=detail, seconds=2.0)
    lease, failed = _taken(submit("一个缺少文件的参赛作品"), field.worker)
    reason = "There is no main.py; the evaluator runs it."
    assert finishing.finish_failed(lease=lease, code="missing", reason=reason, log="", seconds=1.0)
    waiting = [submit(f"Patience {number}") for number in range(3)]
    field.board()
    field.worker.delete()
    captain = make.captain_of(waiting[-1].entry.team)
    captain.set_password(password)
    captain.save()
    EmailAddress.objects.create(user=captain, email=captain.email, verified=True, primary=True)
    return {
        "track": f"/seasons/{field.track.season.slug}/tracks/{field.track.slug}/",
        "email": captain.email,
        "entry": waiting[-1].entry.code,
        "faulted": faulted.code,
        "failed": failed.code,
    }


TITLES = [
    "Ada’s adder", "careful", "A rather long title that somebody gave to an entry which adds",
    "加法器", "Sums and more sums", "Nothing but sums", "Zeno", "The last",
]  # fmt: skip


def _taken(submission: Any, worker: Any) -> Any:
    from tests.factories import evaluations as runs

    _awake(worker)
    lease, row = runs.taken(by=worker)
    assert row.submission_id == submission.pk
    return lease, row


def _awake(worker: Any) -> None:
    """It has no process: the worker that serves takes it for gone after a while."""
    type(worker).objects.filter(pk=worker.pk).update(state="active")


def _set_workers_aside() -> None:
    from concours.platform.core.actors import System
    from concours.platform.evaluations.domain.setting_aside import set_worker_aside
    from concours.platform.evaluations.enums import WorkerState
    from concours.platform.evaluations.models import Worker

    deadline = time.monotonic() + 120
    while not (found := Worker.objects.filter(state=WorkerState.ACTIVE).first()):
        assert time.monotonic() < deadline, "no worker came"
        time.sleep(0.5)
    set_worker_aside(actor=System("browser"), worker=found, reason="its disk is looked after")


def _person(email: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(email=email)


if __name__ == "__main__":
    with awake(via="cli"):
        answer = globals()[sys.argv[1]](**json.loads(sys.argv[2]))
    sys.stdout.write("\n" + json.dumps(answer))
