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


def make_ready(*, slug: str, donor: str, signer: str, witness: str) -> dict[str, str]:
    """All that a drafted donation of one donor lacks but the signatures."""
    from concours.platform.core import clock
    from concours.platform.donations import domain
    from concours.platform.donations.models import Donation

    donation, staff = Donation.objects.get(slug=slug), _staff()
    author, today = donation.proposed_by, clock.now().date()
    given = {"donation": donation, "valid_from": today, "office": "Director"}
    paper = {"name": "mandate.pdf", "content": b"%PDF-1.7\nA mandate.\n%%EOF\n"}
    domain.add_donor(
        actor=author, donation=donation, slug="one", name="One Works Co., Ltd.",
        name_zh="一号工坊有限公司", registered_as="91000000000000001X",
        address="1 Long Street with a rather long name, Beijing", share="100%",
    )  # fmt: skip
    mandates = [
        domain.name_representative(
            actor=author, donor="one", user=_person(donor).code, **given, **paper
        )
    ]
    # More than one sheet of paper holds.
    for number in range(25):
        domain.add_asset(
            actor=author, donation=donation, kind="repository", name=f"{slug}-{number}",
            location=f"https://code.example.org/{slug}-{number}", licence="MulanPSL-2.0",
            owner="One Works Co., Ltd.",
        )  # fmt: skip
    domain.state_terms(actor=author, donation=donation, kind="dco", on_file=7, contributors=7)
    domain.confirm_mandate(actor=staff, donation=donation, mandate=mandates[0].code)
    donation = domain.submit_donation(actor=author, donation=donation)
    donation = domain.accept_donation(
        actor=staff, donation=donation, receiver="Open Works Foundation", receiver_zh="开放基金会"
    )
    ours = domain.name_representative(
        actor=staff, donor="", user=_person(signer).code, **{**given, "donation": donation}, **paper
    )
    domain.confirm_mandate(actor=staff, donation=donation, mandate=ours.code)
    domain.plan_ceremony(
        actor=staff, donation=donation, place="Beijing", place_zh="北京", held_on=today,
        witnesses_wanted=1,
    )  # fmt: skip
    domain.name_witness(
        actor=staff, donation=donation, user=_person(witness).code, organisation="Notary Office"
    )
    return {"code": donation.code}


def govern(*, members: list[str]) -> dict[str, str]:
    """A charter with secret ballots in force, its body seated, and a project in preparation."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from datetime import timedelta

    from concours.platform.core import clock
    from tests.factories import governance, register

    governance.charter(ballots='"secret"', comment_days="0", open_hours="72")
    for email in members:
        governance.domain.seat_member(
            actor=governance.ACTOR, body=governance.body(), user=_person(email), role="member",
            since=clock.now() - timedelta(days=1),
        )  # fmt: skip
    project = register.project(
        slug="kite-in-votes", name="Kite", name_zh="风筝", stage="preparation"
    )
    return {"project": project.slug}


def leave_to_the_office() -> dict[str, str]:
    """A charter in force that asks for no vote on candidates, and a candidate."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.factories import governance, register

    governance.charter("open-atom-like")
    project = register.project(
        slug="kite-by-hand", name="Kite by hand", name_zh="手工风筝", stage="candidate"
    )
    return {"project": project.slug}


def tend() -> dict[str, int]:
    """What the server does each minute: open and close the votes whose time has come."""
    from concours.platform.governance import domain

    return {"tended": domain.tend_votes()}


def vote_on(*, vote: str, members: list[str]) -> dict[str, int]:
    """Others cast their ballots, the time passes, and the vote is counted."""
    from concours.platform.core import clock
    from concours.platform.governance import domain
    from concours.platform.governance.models import Vote

    found = Vote.objects.get(code=vote)
    for email in members:
        domain.cast_ballot(actor=_person(email), vote=found, choice=1, reason="Well kept.")
    with clock.frozen_at(found.closes_at):
        domain.close_vote(vote=found)
    return {"ballots": found.ballots.count()}


def _staff() -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.filter(is_superuser=True).order_by("pk").first()


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
