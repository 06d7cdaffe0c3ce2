"""The open algorithm rule: nothing before the moment, by no way; then all of it, with its sums."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.competitions import domain as competitions
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.evaluations.domain import places
from concours.platform.evaluations.models import CaseResult
from concours.platform.leaderboards import domain
from concours.platform.leaderboards.models import Publication
from concours.platform.record.models import Event
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.factories.boards import Field
from tests.factories.people import person

BAIT = b"print('the secret of the winner')\n"
DAYS = 30


@pytest.fixture
def opened(field: Field, settings: Any, tmp_path: Path) -> Field:
    """Two ranked entries, one with a bundle; sources are published 30 days after the results."""
    settings.EVALUATIONS_DIR = tmp_path / "evaluations"
    Track.objects.filter(pk=field.track.pk).update(publish_source_days=DAYS)
    field.track.refresh_from_db()
    first, second = field.enter("First"), field.enter("Second")
    with clock.frozen_at(field.moment):
        submission = make.submission(of=first, folder=tmp_path, files={"main.py": BAIT})
        run = runs.evaluation(of=submission)
        bundle = b"the controls of the winner"
        case = runs.outcome(
            artefacts=[
                {
                    "name": "bundle.zip",
                    "size": len(bundle),
                    "digest": hashlib.sha256(bundle).hexdigest(),
                }
            ],
            folder=f"{run.code}/1/sum1",
        )
        folder = places.artefacts() / case.folder
        folder.mkdir(parents=True)
        (folder / "bundle.zip").write_bytes(bundle)
        field.end(9, expected=run, cases=[case])
    field.score(second, 4)
    field.board()
    return field


def results_out(field: Field) -> None:
    with clock.frozen_at(field.moment):
        domain.results_are_out(actor=field.staff, track=field.track)


def after(field: Field, days: float) -> Any:
    return clock.frozen_at(field.moment + timedelta(days=days))


def addresses(field: Field) -> list[str]:
    """Every address under which a source could be, before and after."""
    track = field.track
    base = f"/seasons/{track.season.slug}/tracks/{track.slug}/sources/"
    api = f"/api/v1/boards/{track.season.slug}/{track.slug}/"
    found = []
    for entry in track.entries.all():
        one = f"{base}practice/{entry.code}/"
        found += [one, f"{one}SHA256SUMS"]
        found += [f"{one}files/{name}" for name in ("submission-1.zip", "sum1/bundle.zip")]
    return [*found, f"{api}sources"]


def test_before_the_moment_nobody_gets_anything(opened: Field) -> None:
    field = opened
    results_out(field)
    outsiders = [None, person(), field.captain(field.track.entries.get(title="Second"))]
    with after(field, DAYS - 0.001):
        assert domain.publish_due() == 0
        with pytest.raises(Refused, match="not published"):
            domain.publish_sources(track=field.track)
        for who in [*outsiders, field.staff]:
            client = Client()
            if who is not None:
                client.force_login(who)
            answers = [client.get(address) for address in addresses(field)]
            *pages, api = answers
            assert [answer.status_code for answer in pages] == [404] * len(pages)
            assert (api.status_code, api.json()) == (200, [])
            listed = client.get(addresses(field)[0].split("practice/")[0])
            assert listed.status_code == 200
            assert b"First" not in listed.content
    assert not Publication.objects.exists()


def test_after_the_moment_everyone_gets_it_with_its_sums(opened: Field, tmp_path: Path) -> None:
    field = opened
    results_out(field)
    with after(field, DAYS):
        assert domain.publish_due() == 1
        assert domain.publish_due() == 0
        client = Client()
        track = field.track
        base = f"/seasons/{track.season.slug}/tracks/{track.slug}/sources/"
        page = client.get(base)
        first = track.entries.get(title="First")
        assert [word in page.content.decode() for word in ("First", "Second")] == [True, True]
        one = f"{base}practice/{first.code}/"
        assert "SHA256SUMS" in client.get(one).content.decode()
        sums = client.get(f"{one}SHA256SUMS").content.decode()
        names = [line.split("  ")[1] for line in sums.splitlines()]
        assert names == ["submission-1.zip", "sum1/bundle.zip"]
        for line in sums.splitlines():
            digest, name = line.split("  ")
            content = b"".join(client.get(f"{one}files/{name}").streaming_content)  # type: ignore[attr-defined]
            assert hashlib.sha256(content).hexdigest() == digest
        told = client.get(f"/api/v1/boards/{track.season.slug}/{track.slug}/sources").json()
        assert [(one["place"], one["entry"]) for one in told] == [
            (1, first.code),
            (2, track.entries.get(title="Second").code),
        ]
    event = Event.objects.filter(verb="board.sources-published").get()
    assert first.submissions.get().digest in event.data


def test_files_are_given_out_to_keep_not_to_show(opened: Field) -> None:
    field = opened
    results_out(field)
    with after(field, DAYS):
        domain.publish_due()
        answer = Client().get(addresses(field)[2])
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../secret_key", "main.py", "sum1/../../x", "submission-2.zip"])
def test_names_that_are_not_published_are_not_there(opened: Field, name: str) -> None:
    field = opened
    results_out(field)
    with after(field, DAYS):
        domain.publish_due()
        base = addresses(field)[0]
        assert Client().get(f"{base}files/{name}").status_code == 404


def test_who_was_withdrawn_or_disqualified_is_not_published(opened: Field) -> None:
    field = opened
    results_out(field)
    second = field.track.entries.get(title="Second")
    with after(field, DAYS):
        competitions.disqualify_entry(actor=field.staff, entry=second, reason="Copied.")
        domain.publish_due()
        assert [one.entry.title for one in Publication.objects.all()] == ["First"]
        assert Client().get(addresses(field)[4]).status_code == 404


def test_who_is_disqualified_later_is_taken_off(opened: Field) -> None:
    field = opened
    results_out(field)
    with after(field, DAYS):
        domain.publish_due()
        first = field.track.entries.get(title="First")
        assert Client().get(addresses(field)[0]).status_code == 200
        competitions.disqualify_entry(actor=field.staff, entry=first, reason="Copied.")
        answers = [Client().get(address).status_code for address in addresses(field)[:4]]
        assert answers == [404] * 4


def test_a_track_without_a_period_publishes_nothing_ever(opened: Field) -> None:
    field = opened
    Track.objects.filter(pk=field.track.pk).update(publish_source_days=None)
    results_out(field)
    with after(field, 10_000):
        assert domain.publish_due() == 0
        with pytest.raises(Refused):
            domain.publish_sources(track=Track.objects.get(pk=field.track.pk))
        base = addresses(field)[0].split("practice/")[0]
        assert Client().get(base).status_code == 404


def test_results_come_out_once(opened: Field) -> None:
    field = opened
    results_out(field)
    with after(field, 3):
        found = domain.results_are_out(actor=field.staff, track=field.track)
    assert found.at == field.moment
    assert Event.objects.filter(verb="track.results-out").count() == 1


def test_a_sealed_board_publishes_nothing(opened: Field) -> None:
    field = opened
    field.track.boards.update(visibility="sealed")
    results_out(field)
    with after(field, DAYS):
        domain.publish_due()
    assert not Publication.objects.exists()


def test_the_entering_form_tells_that_sources_are_published(opened: Field) -> None:
    field = opened
    client = Client()
    client.force_login(person())
    address = f"/seasons/{field.track.season.slug}/tracks/{field.track.slug}/"
    with clock.frozen_at(field.moment):
        assert "Your source will be published" in client.get(address + "enter/").content.decode()
        assert "30 days after the results" in client.get(address).content.decode()
        Track.objects.update(publish_source_days=None)
        assert "will be published" not in client.get(address + "enter/").content.decode()


def test_a_bundle_that_is_gone_from_the_disk_is_not_found(opened: Field) -> None:
    field = opened
    results_out(field)
    result = CaseResult.objects.exclude(folder="").get()
    with after(field, DAYS):
        domain.publish_due()
        (places.artefacts() / result.folder / "bundle.zip").unlink()
        assert Client().get(addresses(field)[3]).status_code == 404


def erase_archives(entry: Entry) -> None:
    """What is left of an entry's files once its only author had themselves erased."""
    for submission in entry.submissions.all():
        submission.file.storage.delete(submission.file.name)


def test_what_was_erased_holds_no_other_source_back(opened: Field) -> None:
    field = opened
    results_out(field)
    erase_archives(field.track.entries.get(title="First"))
    with after(field, DAYS):
        assert domain.publish_due() == 1
    assert [one.entry.title for one in Publication.objects.all()] == ["Second"]


def test_what_is_erased_after_it_was_published_is_published_no_more(opened: Field) -> None:
    field = opened
    results_out(field)
    with after(field, DAYS):
        domain.publish_due()
        first = field.track.entries.get(title="First")
        address = next(a for a in addresses(field) if f"{first.code}/files/submission" in a)
        assert Client().get(address).status_code == 200
        erase_archives(first)
        assert Client().get(address).status_code == 404
