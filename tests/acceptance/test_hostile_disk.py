"""A disk that takes nothing any more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from concours.platform.competitions.models import Submission
from concours.platform.record.models import Event
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db


def test_an_upload_that_cannot_be_stored_is_refused_in_words(
    spring: Any, client: Client, settings: Any, tmp_path: Path
) -> None:
    entry = make.entry(in_track=make.track())
    (tmp_path / "full").write_bytes(b"a file where a folder should be")
    settings.MEDIA_ROOT = tmp_path / "full" / "files"
    before = Event.objects.count()
    client.force_login(make.captain_of(entry.team))
    archive = SimpleUploadedFile("a.zip", make.zip_bytes())
    answer = client.post(f"/entries/{entry.code}/upload/", {"archive": archive})
    assert answer.status_code == 200
    assert "could not be stored" in answer.content.decode()
    assert not Submission.objects.exists()
    assert Event.objects.count() == before
