"""A season that many people take part in at once, made in bulk inside an installation, and the
examination of what is left of it. Used by the platform's benchmarks as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from tests.factories import competitions as make  # noqa: E402
from tests.factories import people, review  # noqa: E402
from tests.factories.crowds import crowd  # noqa: E402
from tests.factories.installations import answer  # noqa: E402

from concours.platform.accounts.models import User  # noqa: E402
from concours.platform.competitions import domain  # noqa: E402
from concours.platform.competitions.domain.phases import PhasePlan  # noqa: E402
from concours.platform.competitions.enums import PhaseKind  # noqa: E402
from concours.platform.competitions.models import Entry, Membership, Submission  # noqa: E402
from concours.platform.core import clock  # noqa: E402
from concours.platform.record import domain as record  # noqa: E402
from concours.platform.record.models import Event  # noqa: E402
from concours.platform.rehearsal.models import ClockShift  # noqa: E402
from concours.platform.review.domain import assign_reviews  # noqa: E402
from concours.platform.review.models import Review  # noqa: E402

BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "a-password-for-the-benchmark"


def prepare(submitters: int, reviewers: int) -> dict[str, Any]:
    """Two tracks at one moment: one takes submissions, in the other everybody owes three reviews.

    Each person is signed in: their session's key, their entry, and their duties are returned.
    """
    with clock.frozen_at(review.SPRING):
        season = make.season(slug="load")
        batch = make.batch(of=season)
        open_track = _open_track(batch)
        people_there = _people(open_track, submitters)
        judged = make.track(of=batch, slug="judged", reviews_per_entry=3, finalists=10)
        judging = _people(judged, reviewers, first=submitters) if reviewers else []
    duties: dict[int, list[str]] = {}
    if reviewers:
        round_ = review.planned(track=judged)
        review.to_review(round_)
        with clock.frozen_at(review.OPENS):
            round_ = assign_reviews(actor=make.ACTOR, round=round_)
        for code, reviewer in round_.assignments.values_list("code", "reviewer_id"):
            duties.setdefault(reviewer, []).append(code)
    _set_clock()
    with transaction.atomic():
        return {
            "submitters": [_visitor(entry) for entry in people_there],
            "reviewers": [
                _visitor(entry) | {"duties": duties.get(entry.entered_by_id, [])}
                for entry in judging
            ],
        }


def prepare_empty(accounts: int) -> dict[str, Any]:
    """One open track, one judged by people of its own, and accounts that have to sign in."""
    told = prepare(0, 24)
    # One hash for all: hashing is not what is looked at.
    first = people.person(email="guest0@example.org", password=PASSWORD)
    _verify(first)
    for number in range(1, accounts):
        one = people.person(email=f"guest{number}@example.org")
        User.objects.filter(pk=one.pk).update(password=first.password)
        _verify(one)
    return told | {"accounts": [f"guest{number}@example.org" for number in range(accounts)]}


def _verify(user: User) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _open_track(batch: Any) -> Any:
    track = domain.create_track(
        actor=make.ACTOR,
        batch=batch,
        slug="open",
        title="Open",
        category="software",
        registration_closes_at=make.day(2023, 12, 1),
    )
    domain.publish_rules(actor=make.ACTOR, track=track, text="Be kind.", text_zh="请友善。")
    phase = PhasePlan(
        kind=PhaseKind.REGISTRATION,
        starts_at=make.day(2022, 12, 1),
        ends_at=make.day(2023, 12, 1),
        may_submit=True,
    )
    domain.plan_phases(actor=make.ACTOR, track=track, phases=[phase])
    return domain.start_track(actor=make.ACTOR, track=track)


def _people(track: Any, count: int, *, first: int = 0) -> list[Entry]:
    """A crowd that is in the track, with one submission an entry. Not in the record."""
    with transaction.atomic():
        entries = crowd(track=track, count=count, moment=review.SPRING, first=first)
        Membership.objects.bulk_create(
            Membership(
                team=entry.team, user=entry.entered_by, captain=True, joined_at=review.SPRING
            )
            for entry in entries
        )
        Submission.objects.bulk_create(
            Submission(
                entry=entry,
                number=1,
                kind="archive",
                state="ready",
                file="bench",
                digest="d" * 64,
                submitted_by=entry.entered_by,
                submitted_at=review.SPRING,
            )
            for entry in entries
        )
    return entries


def _visitor(entry: Entry) -> dict[str, Any]:
    user = entry.entered_by
    store = SessionStore()
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    key = store._get_new_session_key()  # type: ignore[attr-defined]
    Session(
        session_key=key,
        session_data=store.encode(data),
        expire_date=timezone.now() + timezone.timedelta(days=7),
    ).save(force_insert=True)
    return {"session": key, "entry": entry.code, "team": entry.team.code}


def _set_clock() -> None:
    seconds = int((review.DURING - timezone.now()).total_seconds())
    ClockShift.objects.update_or_create(pk=1, defaults={"seconds": seconds})


def examine() -> dict[str, Any]:
    """What does not fit together: the chain, and each kind of row against its events."""
    report = record.verify()
    faults = [f"event {one.seq}: {one.what}" for one in report.faults]
    received = {
        subject.partition(":")[2]: None
        for subject in Event.objects.filter(verb="submission.received").values_list(
            "subject", flat=True
        )
    }
    rows = {one.code: one for one in Submission.objects.exclude(file="bench")}
    faults += [f"submission {code} without its event" for code in sorted(set(rows) - set(received))]
    faults += [f"event of {code} without submission" for code in sorted(set(received) - set(rows))]
    for code, one in rows.items():
        path = Path(one.file.path)
        if not path.is_file() or path.stat().st_size != one.size:
            faults.append(f"submission {code}: its file is not whole")
    for verb, count in (
        ("entry.entered", Entry.objects.exclude(title__startswith="Entry of Team ").count()),
        ("review.submitted", Review.objects.count()),
    ):
        told = Event.objects.filter(verb=verb).count()
        if told != count:
            faults.append(f"{told} events {verb}, {count} rows")
    memberless = Entry.objects.exclude(team__memberships__isnull=False).values_list(
        "code", flat=True
    )[:3]
    faults += [f"entry {code} of a team without people" for code in memberless]
    return {
        "faults": faults,
        "events": report.count,
        "submissions": len(rows),
        "reviews": Review.objects.count(),
    }


def digests() -> dict[str, str]:
    """Digest by submission, of all that was uploaded, each held against its stored bytes."""
    import hashlib

    found = {}
    for one in Submission.objects.exclude(file="bench").select_related("entry"):
        with one.file.open("rb") as file:
            held = hashlib.file_digest(file, "sha256").hexdigest()
        found[f"{one.entry.code}/{one.number}"] = held if held == one.digest else "differs"
    return found


def strays() -> int:
    """Stored files that no submission names."""
    known = set(Submission.objects.values_list("file", flat=True))
    root = Path(settings.MEDIA_ROOT)
    return sum(
        path.is_file() and path.relative_to(root).as_posix() not in known
        for path in root.rglob("*")
    )


def publish() -> int:
    """Close the round, compute its standings and publish them; the number of standings."""
    from concours.platform.review import domain as reviewing
    from concours.platform.review.models import ReviewRound

    round_ = ReviewRound.objects.get()
    with clock.frozen_at(review.AFTER):
        closed = reviewing.close_round(actor=make.ACTOR, round=round_)
        snapshot = reviewing.compute_standings(actor=make.ACTOR, round=closed)
        return reviewing.publish_standings(actor=make.ACTOR, snapshot=snapshot).standings.count()


def inspector() -> None:
    """Examine at each line of standard input, and print what was found."""
    import json

    for line in sys.stdin:
        connection.close()
        told = examine() if line.strip() == "examine" else digests()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "inspector":
        inspector()
    else:
        answer(globals())
