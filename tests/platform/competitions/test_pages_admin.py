"""The administration shows competitions and changes nothing past the record."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.people import operator
from tests.platform.competitions.conftest import World, signed_in

NAMES = ["season", "track", "trackproposal", "team", "invitation", "entry", "submission"]


@pytest.mark.parametrize("name", NAMES)
def test_lists_open_and_nothing_can_be_added(world: World, name: str) -> None:
    client = signed_in(operator())
    assert client.get(reverse(f"admin:competitions_{name}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:competitions_{name}_add")).status_code == 403


def test_an_operator_cannot_change_or_delete_past_the_record(world: World) -> None:
    client = signed_in(operator())
    page = reverse("admin:competitions_entry_change", args=[world.entry.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"title": "Changed"}).status_code == 403
    gone = reverse("admin:competitions_entry_delete", args=[world.entry.pk])
    assert client.post(gone, {"post": "yes"}).status_code == 403
    world.entry.refresh_from_db()
    assert world.entry.title == "An engine"


def test_neither_keys_nor_files_are_shown(world: World) -> None:
    client = signed_in(operator())
    url = reverse("admin:competitions_submission_change", args=[world.submission.pk])
    page = client.get(url).content.decode()
    assert world.submission.digest in page
    assert str(world.submission.file) not in page
