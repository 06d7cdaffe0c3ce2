"""Nothing is taken in after the phase that took it has passed, however close the call."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from concours.platform.competitions import domain
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from tests.factories import competitions as make


@pytest.mark.django_db(transaction=True)
def test_no_submission_follows_the_end_of_its_phase(tmp_path: Path) -> None:
    with clock.frozen_at(make.day(2023, 2, 1)):
        track = make.track()
        entries = [make.entry(in_track=track) for _ in range(6)]
    leaving = track.phase

    def submit(entry: Entry) -> str:
        try:
            with clock.frozen_at(make.day(2023, 2, 1)):
                make.submission(of=Entry.objects.get(pk=entry.pk), folder=tmp_path)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "received"

    def advance() -> str:
        try:
            domain.advance_phase(
                actor=make.ACTOR, track=Track.objects.get(pk=track.pk), leaving=leaving
            )
        finally:
            connection.close()
        return "advanced"

    with ThreadPoolExecutor(max_workers=7) as pool:
        submissions = [pool.submit(submit, entry) for entry in entries[:3]]
        advancing = pool.submit(advance)
        submissions += [pool.submit(submit, entry) for entry in entries[3:]]
        outcomes = [future.result() for future in submissions]
        assert advancing.result() == "advanced"

    verbs = [json.loads(line)["verb"] for line in record.export_lines()]
    after = verbs[verbs.index("phase.advanced") :]
    assert set(outcomes) <= {"received", "submissions-closed"}
    assert verbs.count("submission.received") == outcomes.count("received")
    assert "submission.received" not in after
