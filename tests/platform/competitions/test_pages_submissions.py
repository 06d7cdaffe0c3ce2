"""Submitting in the browser: what comes in, what is refused, what is given back, and to whom."""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installed
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from concours.platform.competitions import domain
from concours.platform.competitions.enums import PhaseKind, SubmissionState
from concours.platform.competitions.interfaces.tasks import fetch_git_submission, resume_fetches
from concours.platform.competitions.models import Submission
from concours.platform.core import clock
from concours.platform.record.models import Event
from tests.factories import competitions as make
from tests.platform.competitions.conftest import World, keyed, signed_in
from tests.snapshots.conftest import (  # noqa: F401  fixtures
    Forge,
    commit_all,
    forge,
    new_repository,
    write_project,
)
from tests.snapshots.packing import make_tar, make_zip, special

MIB = 1024 * 1024


def bomb() -> bytes:
    """64 MiB of nothing in 64 kB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zero", bytes(64 * MIB))
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "traversal.zip": (lambda: make_zip("../../etc/passwd"), "A path leads out of the archive"),
    "symlink.tar": (
        lambda: make_tar("a", special("b", tarfile.SYMTYPE, "../../../etc/passwd")),
        "A symbolic link points out",
    ),
    "bomb.zip": (bomb, "far more than its size"),
    "words.zip": (lambda: b"not an archive at all", "This is no archive that can be read here"),
    "empty.zip": (lambda: b"", "There is no file inside"),
    "oversize.zip": (lambda: bytes(3 * MIB), "The archive is larger than"),
}


@pytest.fixture
def uploading(settings: Any, tmp_path: Path) -> Path:
    """Uploads of 2 MiB at most, in a temporary folder that can be looked at."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    settings.MAX_UPLOAD_BYTES = 2 * MIB
    return folder


def stored() -> list[Path]:
    root = Path(installed.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file()]


def left_behind(folder: Path) -> list[Path]:
    """What uploads left in their own folder, and manifests in the system's."""
    return [*folder.iterdir(), *Path(tempfile.gettempdir()).glob("concours-manifest-*")]


def upload(client: Any, world: World, name: str, data: bytes) -> Any:
    return client.post(
        reverse("competitions:upload", args=[world.entry.code]),
        {"archive": SimpleUploadedFile(name, data), "note": "a note"},
    )


def test_an_archive_comes_in_and_goes_back_as_it_was(world: World, uploading: Path) -> None:
    data = make.zip_bytes({"README.md": b"hello", "src/main.c": b"int main;"})
    client = signed_in(world.member)
    answer = upload(client, world, "work.zip", data)
    assert answer.status_code == 302
    submission = world.entry.submissions.get(number=2)
    assert submission.digest == hashlib.sha256(data).hexdigest()
    page = client.get(answer["location"]).content.decode()
    for shown in (submission.digest, submission.content_digest, "2 files", "a note"):
        assert shown in page

    back = client.get(reverse("competitions:download", args=[submission.code]))
    assert b"".join(back) == data  # type: ignore[arg-type]
    assert back["Content-Type"] == "application/octet-stream"
    assert back["Content-Disposition"].startswith("attachment;")
    assert back["X-Content-Type-Options"] == "nosniff"
    manifest = client.get(reverse("competitions:manifest", args=[submission.code]))
    assert hashlib.sha256(manifest.content).hexdigest() == submission.content_digest
    assert f"{hashlib.sha256(b'hello').hexdigest()}  README.md\n" in manifest.content.decode()
    assert left_behind(uploading) == []


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_upload_is_told_and_leaves_nothing(
    world: World, uploading: Path, name: str
) -> None:
    data, says = HOSTILE[name]
    before, events = stored(), Event.objects.count()
    answer = upload(signed_in(world.member), world, name, data())
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert world.entry.submissions.count() == 1
    assert (stored(), Event.objects.count()) == (before, events)
    assert left_behind(uploading) == []


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_upload_through_the_api(world: World, uploading: Path, name: str) -> None:
    data, _says = HOSTILE[name]
    before = stored()
    answer = signed_in(None).post(
        f"/api/v1/entries/{world.entry.code}/submissions",
        {"archive": SimpleUploadedFile(name, data())},
        **keyed(world.member),
    )
    assert answer.status_code == 409
    assert set(answer.json()) == {"code", "message"}
    assert world.entry.submissions.count() == 1
    assert stored() == before
    assert left_behind(uploading) == []


def test_more_bytes_than_were_declared_are_stopped(world: World, uploading: Path) -> None:
    """The request's length is within the allowance for forms, the file is not."""
    data = bytes(2 * MIB + 1)
    answer = upload(signed_in(world.member), world, "a.zip", data)
    assert "The archive is larger than 2.0\xa0MB" in answer.content.decode()
    assert left_behind(uploading) == []


def test_an_upload_to_any_other_page_is_bounded_too(world: World, uploading: Path) -> None:
    answer = signed_in(None).post(
        "/account/login/", {"file": SimpleUploadedFile("a", bytes(3 * MIB))}
    )
    assert answer.status_code < 500
    assert list(uploading.iterdir()) == []


def test_without_a_file_the_form_says_so(world: World) -> None:
    answer = signed_in(world.member).post(reverse("competitions:upload", args=[world.entry.code]))
    assert "Choose the archive to upload" in answer.content.decode()
    assert world.entry.submissions.count() == 1


@pytest.mark.parametrize(
    ("offset", "taken"), [(-1, True), (0, False), (1, False)], ids=["before", "on", "after"]
)
def test_submissions_close_to_the_second(world: World, offset: int, taken: bool) -> None:
    phase = world.track.phase
    assert phase is not None
    before = stored()
    with clock.frozen_at(phase.ends_at + timedelta(seconds=offset)):
        answer = upload(signed_in(world.member), world, "work.zip", make.zip_bytes())
        asked = signed_in(world.member).post(
            reverse("competitions:submit_git", args=[world.entry.code]),
            {"url": "https://example.org/a.git", "revision": "main"},
        )
    assert (answer.status_code, asked.status_code) == ((302, 302) if taken else (200, 200))
    assert world.entry.submissions.count() == (3 if taken else 1)
    if not taken:
        assert "does not take submissions now" in answer.content.decode()
        assert stored() == before


def test_the_phase_that_was_left_takes_nothing(world: World) -> None:
    make.advance(world.track, to=PhaseKind.PEER_REVIEW)
    answer = upload(signed_in(world.member), world, "work.zip", make.zip_bytes())
    assert "does not take submissions now" in answer.content.decode()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:1/a.git", "https://"),
        ("https://127.0.0.1/a.git", "at this host are not fetched"),
        ("https://localhost/a.git", "at this host are not fetched"),
        ("file:///etc", "https://"),
        ("ext::sh -c id", ""),
        ("https://[::1]/a.git", "at this host are not fetched"),
        ("https://10.0.0.1/a.git", "at this host are not fetched"),
    ],
)
def test_an_address_that_points_inside_is_refused(
    world: World, settings: Any, django_capture_on_commit_callbacks: Any, url: str, says: str
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    client = signed_in(world.member)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("competitions:submit_git", args=[world.entry.code]),
            {"url": url, "revision": "main"},
        )
    submission = world.entry.submissions.get(number=2)
    assert submission.state == SubmissionState.REFUSED
    assert submission.refusal_code
    page = client.get(answer["location"]).content.decode()
    assert says in page
    assert "hx-get" not in page


def test_a_commit_is_fetched_by_the_worker(
    world: World,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
    forge: Forge,  # noqa: F811
    new_repository: Callable[..., Path],  # noqa: F811
) -> None:
    folder = write_project(new_repository())
    commit = commit_all(folder)
    settings.GIT_ALLOWED_HOSTS = (f"127.0.0.1:{forge.port}",)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client = signed_in(world.member)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("competitions:submit_git", args=[world.entry.code]),
            {"url": forge.url(folder.name), "revision": "main"},
        )
    submission = world.entry.submissions.get(number=2)
    part = reverse("competitions:submissions", args=[world.entry.code])
    assert submission.state == SubmissionState.FETCHING
    assert 'hx-trigger="every 2s"' in client.get(part).content.decode()
    assert client.get(reverse("competitions:download", args=[submission.code])).status_code == 404

    assert fetch_git_submission.func(submission.code) == SubmissionState.READY
    assert fetch_git_submission.func(submission.code) == SubmissionState.READY
    submission.refresh_from_db()
    assert submission.git_commit == commit
    assert Event.objects.filter(verb="submission.fetched").count() == 1
    assert Event.objects.get(verb="submission.fetched").via == "worker"
    text = client.get(part).content.decode()
    assert commit in text
    assert "hx-trigger" not in text
    manifest = client.get(reverse("competitions:manifest", args=[submission.code]))
    assert hashlib.sha256(manifest.content).hexdigest() == submission.content_digest


def test_a_stuck_fetch_is_resumed_and_in_the_end_given_up(world: World, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    cache.clear()
    submission = domain.submit_git(
        actor=world.member, entry=world.entry, url="https://127.0.0.1/a.git", revision="main"
    )
    asked = submission.submitted_at
    resumed = []
    for minutes in (9, 10, 11):
        with clock.frozen_at(asked + timedelta(minutes=minutes)):
            resumed.append(resume_fetches())
    assert resumed == [0, 1, 0]
    with clock.frozen_at(asked + timedelta(days=1)):
        cache.clear()
        assert resume_fetches() == 0
    submission.refresh_from_db()
    assert submission.state == SubmissionState.REFUSED


def test_a_changed_file_is_found_when_its_list_is_asked_for(world: World) -> None:
    Path(world.submission.file.path).write_bytes(make.zip_bytes({"evil": b"evil"}))
    answer = signed_in(world.member).get(
        reverse("competitions:manifest", args=[world.submission.code])
    )
    assert answer.status_code == 409
    assert "not the one that was submitted" in answer.content.decode()


def test_a_crash_while_storing_leaves_neither_row_nor_file(
    world: World, uploading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(**_arguments: Any) -> None:
        raise OSError("the disk is gone")

    before = stored()
    monkeypatch.setattr("concours.platform.competitions.domain.submissions.record.append", crash)
    client = signed_in(world.member, raise_request_exception=False)
    answer = upload(client, world, "work.zip", make.zip_bytes())
    assert answer.status_code == 500
    assert Submission.objects.count() == 1
    assert stored() == before
    assert left_behind(uploading) == []
