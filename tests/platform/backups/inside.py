"""What the tests of backups do inside an installation, as its own process."""

from __future__ import annotations

import hashlib
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import DatabaseError, connection, transaction  # noqa: E402

from concours.platform.accounts.models import User  # noqa: E402
from concours.platform.competitions import domain  # noqa: E402
from concours.platform.competitions.models import Entry, Submission  # noqa: E402
from concours.platform.core import clock  # noqa: E402
from concours.platform.record.models import Event  # noqa: E402
from tests.factories import competitions as make  # noqa: E402
from tests.factories.installations import answer  # noqa: E402
from tests.factories.people import person  # noqa: E402

SPRING = make.day(2023, 2, 1)


def prepare(count: int = 2) -> int:
    """A running track with `count` submissions; the number of events."""
    with clock.frozen_at(SPRING):
        entry = make.entry(in_track=make.track())
        for _ in range(count):
            _submit(entry)
    return Event.objects.count()


def write(until: str) -> int:
    """Submit, one after the other, until the file `until` is there; how many."""
    entry = Entry.objects.get()
    done = 0
    while not Path(until).exists():
        # An entry takes 30 submissions a day.
        with clock.frozen_at(make.day(2022, 12, 2) + timedelta(days=done // 25)):
            _submit(entry)
        time.sleep(0.05)
        done += 1
    return done


def write_more(count: int) -> int:
    """So many submissions more."""
    entry = Entry.objects.get()
    with clock.frozen_at(make.day(2023, 2, 27)):
        for _ in range(count):
            _submit(entry)
    return count


def fill_up(megabytes: int) -> int:
    """Archives of a megabyte each, so that a backup takes its time."""
    from django.conf import settings

    folder = Path(settings.MEDIA_ROOT) / "submissions" / "xx"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(megabytes):
        (folder / f"{number}").write_bytes(number.to_bytes(4, "big") * (1 << 18))
    return megabytes


def look() -> dict[str, Any]:
    """What an installation is found to hold."""
    whole = [
        hashlib.sha256(one.file.open("rb").read()).hexdigest() == one.digest
        for one in Submission.objects.all()
    ]
    refused = False
    try:
        with transaction.atomic():
            connection.cursor().execute("UPDATE record_event SET actor = 'user:nobody'")
    except DatabaseError:
        refused = True
    return {
        "events": Event.objects.count(),
        "submissions": len(whole),
        "whole": all(whole),
        "append_only": refused,
        "restored": Event.objects.filter(verb="installation.restored").count(),
    }


def sign_in() -> int:
    """A signed-in person; how many sessions there are."""
    from django.contrib.sessions.models import Session
    from django.test import Client

    Client().force_login(User.objects.first() or person())
    return Session.objects.count()


def _submit(entry: Entry) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(make.zip_bytes({"main.py": folder.encode()}))
        domain.submit_archive(actor=make.captain_of(entry.team), entry=entry, path=path)


if __name__ == "__main__":
    answer(globals())
