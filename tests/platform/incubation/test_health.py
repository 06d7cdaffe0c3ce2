"""Reports of health, taken in and held against the programme."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from concours.platform.core.errors import NotPermitted
from concours.platform.incubation import domain
from tests.factories import incubation, register
from tests.factories.incubation import ACTOR, NOW
from tests.factories.people import person
from tests.platform.incubation.support import refusal

pytestmark = pytest.mark.django_db


def test_a_report_of_health_is_taken_in_and_held_against_the_programme() -> None:
    found = incubation.incubation()
    content = incubation.health(commits=3)

    made = domain.add_health(
        actor=incubation.maintainer(found.project), project=found.project, content=content
    )

    with made.file.open("rb") as file:
        assert file.read() == content
    health = domain.health_in(made)
    marks = domain.marks_of(health, domain.parsed(found.programme).health)
    assert {one.figure: (one.found, one.good) for one in marks} == {
        "active_authors": (3, True),
        "absence_factor": (2, True),
        "organisations": (1, False),
        "commit_days": (1, True),
        "release_days": (None, False),
    }
    assert domain.latest_health(project=found.project) == made


def test_what_is_no_report_of_health_leaves_no_file_behind() -> None:
    project = register.project()
    newer = incubation.health()
    domain.add_health(actor=ACTOR, project=project, content=newer)
    stored = _stored()

    for content, code in (
        (b"{}", "bad-report"),
        (newer.replace(b'"commits": 3', b'"commits": 4'), "bad-report"),
        (newer, "in-already"),
        (incubation.health(at=NOW - timedelta(days=3)), "older"),
        (incubation.health(at=NOW + timedelta(hours=1)), "from-the-future"),
    ):
        assert (
            refusal(
                lambda content=content: domain.add_health(
                    actor=ACTOR, project=project, content=content
                )
            )
            == code
        )
    with pytest.raises(NotPermitted):
        domain.add_health(actor=person(), project=project, content=newer)
    assert _stored() == stored


def _stored() -> list[str]:
    folders, found = ["incubation"], []
    while folders:
        folder = folders.pop()
        inner, files = default_storage.listdir(folder)
        folders += [f"{folder}/{one}" for one in inner]
        found += [f"{folder}/{one}" for one in files]
    return sorted(found)
