"""What reviewers get of an entry's files: nothing that tells whose they are."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.competitions import domain as competitions_domain
from concours.platform.competitions.models import Entry
from concours.platform.core import clock
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain.anonymous import anonymous_snapshot, leaks_of
from concours.platform.review.domain.people import against_merging
from concours.platform.review.models import AnonymousSnapshot, Assignment, ReviewRound
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organisation, organiser, person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NAME, MAIL, TEAM = "Wilhelmina Quokka", "wilhelmina.q@marsupial-lab.edu", "Numbat Express"
BAITS = ("wilhelmina", "quokka", "marsupial", "numbat", "wombat-42", "bandicoot")
FILES = {
    "README.md": f"# Car\n\n{NAME} <{MAIL}> of {TEAM}, Bandicoot Institute\n".encode(),
    "AUTHORS": NAME.encode(),
    "numbat_express/main.py": f"# Author: {NAME}\nprint('drives')\n".encode(),
    "notes.bin": b"\0" + NAME.encode(),
}


def baited(folder: Path) -> tuple[ReviewRound, Entry]:
    """An assigned round in which one entry is full of names."""
    with clock.frozen_at(make.SPRING):
        track = competitions.track(reviews_per_entry=3, finalists=3)
        captain = person(name=NAME, email=MAIL)
        organisation(name="Bandicoot Institute", members=[captain])
        team = competitions.team(of=track.season, captain=captain, name=TEAM)
        entry = competitions.entry(
            in_track=track, by=team, title="A careful car", abstract=f"By {NAME} ({MAIL})."
        )
        competitions.submission(of=entry, folder=folder, files=FILES)
    round_ = make.planned(track=track, entries=7, folder=folder)
    make.to_review(round_)
    with clock.frozen_at(make.DURING):
        return domain.assign_reviews(actor=make.ACTOR, round=round_), entry


def duty_on(entry: Entry) -> Assignment:
    found = Assignment.objects.filter(entry=entry).select_related("reviewer").first()
    assert found is not None
    return found


def bytes_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def everything(data: bytes) -> str:
    """Names and contents of an archive, lower case."""
    plain = gzip.decompress(data).decode("latin-1")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        names = " ".join(archive.getnames())
    return f"{names} {plain} {data.decode('latin-1')}".lower()


class TestReviewers:
    def test_no_name_is_in_any_byte_of_what_a_reviewer_gets(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        _round, entry = baited(tmp_path)
        duty = duty_on(entry)
        client = signed_in(duty.reviewer)
        with clock.frozen_at(make.DURING):
            archive = client.get(f"/reviews/{duty.code}/archive/")
            page = client.get(f"/reviews/{duty.code}/")
            mine = client.get("/reviews/")
        said = [str(archive.headers), everything(bytes_of(archive))]
        said += [answer.content.decode() for answer in (page, mine)]
        assert [bait for bait in BAITS for text in said if bait in text.lower()] == []
        alias = domain.duty_of(assignment=duty).alias
        assert archive["Content-Disposition"] == f'attachment; filename="entry-{alias}.tar.gz"'
        assert "print('drives')" in said[1]
        assert "A careful car" in said[2]

    def test_the_api_tells_the_abstract_without_names(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        _round, entry = baited(tmp_path)
        duty = duty_on(entry)
        from concours.platform.accounts.enums import Scope
        from tests.platform.review.conftest import key_of

        headers = key_of(duty.reviewer, Scope.REVIEW)
        answer = Client().get(f"/api/v1/review/duties/{duty.code}", headers=headers)
        assert answer.json()["abstract"] == "By anon2 (anon2@anonymous.invalid)."

    def test_all_reviewers_get_the_same_also_after_a_name_has_changed(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        _round, entry = baited(tmp_path)
        duties = list(Assignment.objects.filter(entry=entry).select_related("reviewer"))
        first = bytes_of(signed_in(duties[0].reviewer).get(f"/reviews/{duties[0].code}/archive/"))
        member = entry.team.memberships.get().user
        member.name = "Somebody Else"
        member.save()
        second = bytes_of(signed_in(duties[1].reviewer).get(f"/reviews/{duties[1].code}/archive/"))
        assert first == second
        assert AnonymousSnapshot.objects.count() == 1

    def test_the_record_holds_its_digest_once(self, tmp_path: Path) -> None:
        _round, entry = baited(tmp_path)
        snapshot = anonymous_snapshot(entry=entry)
        assert anonymous_snapshot(entry=entry) == snapshot
        assert snapshot is not None
        event = Event.objects.get(verb="submission.anonymised")
        data = json.loads(event.data)
        assert data["content_digest"] == snapshot.content_digest
        assert data["of"] == snapshot.submission.digest
        assert not any(bait in str(event.data).lower() for bait in BAITS)
        assert record.verify().holds

    def test_a_lost_file_is_made_again_with_the_same_digest(self, tmp_path: Path) -> None:
        _round, entry = baited(tmp_path)
        first = anonymous_snapshot(entry=entry)
        assert first is not None
        default_storage.delete(str(first.file.name))
        second = anonymous_snapshot(entry=entry)
        assert second is not None
        assert (second.digest, second.report) == (first.digest, first.report)

    def test_without_the_archive_there_is_nothing_to_get(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        _round, entry = baited(tmp_path)
        submission = entry.submissions.get()
        default_storage.delete(str(submission.file.name))
        duty = duty_on(entry)
        client = signed_in(duty.reviewer)
        assert client.get(f"/reviews/{duty.code}/archive/").status_code == 404
        with clock.frozen_at(make.DURING):
            assert client.get(f"/reviews/{duty.code}/").status_code == 200

    def test_what_cannot_be_searched_is_not_given_and_not_tried_each_time(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        _round, entry = baited(tmp_path)
        submission = entry.submissions.get()
        with default_storage.open(str(submission.file.name), "wb") as file:
            file.write(b"no archive any more")
        cache.clear()
        duty = duty_on(entry)
        client = signed_in(duty.reviewer)
        assert client.get(f"/reviews/{duty.code}/archive/").status_code == 404
        with default_storage.open(str(submission.file.name), "wb") as file:
            file.write(competitions.zip_bytes(FILES))
        assert client.get(f"/reviews/{duty.code}/archive/").status_code == 404
        cache.clear()
        assert client.get(f"/reviews/{duty.code}/archive/").status_code == 200


class TestAuthors:
    def test_the_team_sees_what_was_found_and_gets_the_same_bytes(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        _round, entry = baited(tmp_path)
        member = entry.team.memberships.get().user
        page = signed_in(member).get(f"/entries/{entry.code}/blind/")
        assert page.status_code == 200
        text = page.content.decode()
        for said in ("numbat_express/main.py", "AUTHORS", "a list of people", "Abstract:"):
            assert said in text
        theirs = bytes_of(signed_in(member).get(f"/entries/{entry.code}/blind/archive/"))
        duty = duty_on(entry)
        got = bytes_of(signed_in(duty.reviewer).get(f"/reviews/{duty.code}/archive/"))
        assert theirs == got

    @pytest.mark.parametrize("page", ["", "archive/"])
    def test_strangers_and_its_reviewers_find_nothing(
        self, tmp_path: Path, signed_in: SignIn, page: str
    ) -> None:
        _round, entry = baited(tmp_path)
        address = f"/entries/{entry.code}/blind/{page}"
        for stranger in (
            person(),
            duty_on(entry).reviewer,
            organiser(season=competitions.season()),
        ):
            assert signed_in(stranger).get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert signed_in(organiser()).get(address).status_code == 200
        assert signed_in(person()).post(address).status_code == 405

    def test_an_entry_without_a_submission_says_so(self, signed_in: SignIn) -> None:
        with clock.frozen_at(make.SPRING):
            entry = competitions.entry(in_track=competitions.track())
        member = competitions.captain_of(entry.team)
        page = signed_in(member).get(f"/entries/{entry.code}/blind/")
        assert "Nothing submitted yet" in page.content.decode()
        assert signed_in(member).get(f"/entries/{entry.code}/blind/archive/").status_code == 404

    def test_titles_and_abstracts_are_looked_through(self, tmp_path: Path) -> None:
        _round, entry = baited(tmp_path)
        found = {(leak.field, leak.kind): leak.count for leak in leaks_of(entry=entry)}
        assert found == {("abstract", "name"): 1, ("abstract", "email"): 1}
        with clock.frozen_at(make.SPRING):
            assert competitions_domain.entries_by_id(ids=[entry.pk])


def kept_files() -> list[str]:
    root = Path(default_storage.path("anonymous"))
    return sorted(str(one) for one in root.rglob("*") if one.is_file()) if root.exists() else []


def test_a_crash_leaves_neither_row_nor_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _round, entry = baited(tmp_path)
    before = kept_files()

    def stop(**_: Any) -> None:
        raise RuntimeError("the machine stops here")

    with monkeypatch.context() as patch:
        patch.setattr(record, "append", stop)
        with pytest.raises(RuntimeError):
            anonymous_snapshot(entry=entry)
    assert (AnonymousSnapshot.objects.count(), kept_files()) == (0, before)
    assert anonymous_snapshot(entry=entry) is not None


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_the_same_and_one_file_stays(tmp_path: Path) -> None:
    _round, entry = baited(tmp_path)
    before = kept_files()
    got: list[Any] = []
    together = threading.Barrier(2)

    def ask() -> None:
        try:
            together.wait(timeout=30)
            got.append(anonymous_snapshot(entry=Entry.objects.get(pk=entry.pk)))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 2
    assert len({one.digest for one in got}) == 1
    assert len(kept_files()) == len(before) + 1
    assert Event.objects.filter(verb="submission.anonymised").count() == 1


class TestAlarms:
    def reveal(self, staff: User, round_: ReviewRound, times: int) -> None:
        alias = domain.progress_of(round=round_)[0].alias
        for _ in range(times):
            domain.reveal(
                actor=staff,
                round=round_,
                kind="reviewer",
                alias=alias,
                reason="a complaint",
            )

    def alarms(self) -> int:
        return Event.objects.filter(verb="identity.alarm_raised").count()

    def test_more_than_ten_within_an_hour_raise_one_alarm(self, small: ReviewRound) -> None:
        staff = organiser()
        with clock.frozen_at(make.DURING):
            self.reveal(staff, small, 10)
            assert self.alarms() == 0
            self.reveal(staff, small, 5)
            assert self.alarms() == 1
        with clock.frozen_at(make.DURING + timedelta(hours=2)):
            self.reveal(staff, small, 10)
            assert self.alarms() == 1
            self.reveal(staff, small, 1)
            assert self.alarms() == 2

    def test_two_people_are_counted_apart(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.DURING):
            self.reveal(organiser(), small, 8)
            self.reveal(organiser(), small, 8)
        assert self.alarms() == 0

    def test_other_staff_see_it_and_settle_it_once(
        self, small: ReviewRound, signed_in: SignIn
    ) -> None:
        reader, other = organiser(name="Curious Cassowary"), organiser()
        with clock.frozen_at(make.DURING):
            self.reveal(reader, small, 11)
            alarm = small.identity_alarms.get()
            desk = make_desk(small)
            page = signed_in(other).get(desk).content.decode()
            assert "Curious Cassowary" in page
            assert "11 aliases" in page
            settle = f"{desk}alarms/{alarm.pk}/"
            own = signed_in(reader).post(settle, {"note": "It was me."})
            assert "Somebody else has to look" in own.content.decode()
            assert signed_in(person()).post(settle, {"note": "x"}).status_code == 404
            assert signed_in(other).post(settle, {"note": ""}).status_code == 200
            assert signed_in(other).post(settle, {"note": "A complaint."}).status_code == 302
            assert signed_in(other).post(settle, {"note": "Again."}).status_code == 200
        alarm.refresh_from_db()
        assert (alarm.settled_by, alarm.note) == (other, "A complaint.")
        assert Event.objects.filter(verb="identity.alarm_settled").count() == 1

    def test_who_settled_an_alarm_is_not_merged_with_whom_it_was_about(
        self, small: ReviewRound
    ) -> None:
        reader, other = organiser(), organiser()
        with clock.frozen_at(make.DURING):
            self.reveal(reader, small, 11)
            domain.settle_alarm(actor=other, alarm=small.identity_alarms.get(), note="Fine.")
        for pair in ((reader, other), (other, reader)):
            assert list(against_merging(*pair)) == ["One account settled an alarm about the other."]
        assert list(against_merging(reader, person())) == []


def make_desk(round_: ReviewRound) -> str:
    track = round_.track
    return f"/seasons/{track.season.slug}/tracks/{track.slug}/desk/review/"
