"""A season is played to its awards; a winner becomes a project, is given, assessed and voted on."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from concours.cli.paths import shipped_seasons
from concours.platform.competitions.models import Entry
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.demo.play import play
from concours.platform.governance import domain as governing
from concours.platform.handover import domain as handing
from concours.platform.handover.checking import check, read_file
from concours.platform.integrity.domain import make_report
from concours.platform.record import chain
from concours.platform.record import domain as record
from concours.platform.register.models import Project
from tests.factories import assessments, donations, governance, register
from tests.factories.competitions import captain_of
from tests.factories.people import organiser, person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STAFF = System("tests")
AFTER = datetime(2024, 3, 1, 9, tzinfo=UTC)


class Silent:
    def stage(self, name: str, total: int) -> None: ...

    def step(self, count: int = 1) -> None: ...


@pytest.fixture
def winner() -> Entry:
    """The first place of a played season."""
    played = play(
        folder=shipped_seasons() / "open-atom-2022",
        slug="played",
        teams=24,
        seed=1,
        progress=Silent(),
    )
    track = played[0].track
    track.refresh_from_db()
    entry: Entry = handing.desk_rows(track=track)[0].win.entry
    return entry


def test_a_winner_s_way_into_the_foundation_s_care(winner: Entry) -> None:
    register.project()
    with clock.frozen_at(AFTER):
        project = handed_over(winner)
        given(project)
        assessed(project)
        decided(project)
    assert record.verify().holds
    lines = (chain.from_line(line) for line in record.export_lines())
    dossier = handing.dossier_of(user=STAFF, project=project)
    assert dossier is not None
    packed = Client().get(f"/dossiers/{project.slug}/dossier.zip").content
    verdict = check(read_file(packed), lines)
    assert (verdict.faults, verdict.unknown) == ((), ())


def handed_over(entry: Entry) -> Project:
    """Asked, agreed, handed over; one reviewer lets a review go along."""
    make_report(actor=STAFF, season=entry.track.season)
    made = handing.ask(actor=STAFF, entry=entry)
    captain = captain_of(entry.team)
    handing.agree(actor=captain, handover=made)
    handing.say(actor=captain, handover=made, named=True, mentors=True)
    review = entry.reviews_due.filter(review__isnull=False).select_related("reviewer").first()
    assert review is not None
    handing.give_leave(actor=review.reviewer, handover=made)
    done = handing.hand_over(actor=organiser(), handover=made, slug="lantern", name="Lantern")
    project: Any = done.project
    assert (project.stage, project.donations.count()) == ("candidate", 0)
    page = Client().get("/dossiers/lantern/").content.decode()
    assert captain.display_name in page
    with zipfile.ZipFile(io.BytesIO(handing.packed(dossier=done.dossier))) as archive:
        told = json.loads(archive.read("dossier.json"))
    assert (told["result"]["place"], told["reviews"]["counted"] > 0) == (1, True)
    assert told["integrity"]["faults"] == []
    assert len(told["reviews"]["released"]) == 1
    return project  # type: ignore[no-any-return]


def given(project: Project) -> None:
    """A donation of the candidate is drafted and signed: it stays the project that it was."""
    # Mandates of the factory hold on its own day.
    with clock.frozen_at(donations.SPRING):
        donation = donations.completed(slug="lantern", by=person(password=donations.PASSWORD))
    assert donation.project == project
    project.refresh_from_db()
    assert (project.stage, project.donations.count()) == ("candidate", 2)


def assessed(project: Project) -> None:
    """The dossier is evidence in an assessment."""
    dossier = handing.dossier_of(user=STAFF, project=project)
    assert dossier is not None
    opened = assessments.assessment(project=project, criteria="open-atom", stage="incubating")
    row = opened.rows.exclude(mode="machine").first() or opened.rows.first()
    evidence = handing.attach(actor=organiser(), dossier=dossier, row=row)
    assert evidence.digest == dossier.digest


def decided(project: Project) -> None:
    """An access review under the charter, with the dossier as a document; the office decides."""
    dossier = handing.dossier_of(user=STAFF, project=project)
    assert dossier is not None
    governance.charter("open-atom-like")
    review = governing.open_review(
        actor=STAFF, project=project, to="preparation", summary="It won its track."
    )
    document = governing.add_document(
        actor=STAFF,
        review=review,
        title="Dossier",
        url=f"https://concours.example/dossiers/{project.slug}/dossier.json",
        digest=dossier.digest,
    )
    assert document.digest == dossier.digest
    governing.decide_by_office(actor=STAFF, review=review, passes=True, reason="It is sound.")
    project.refresh_from_db()
    assert project.stage == "preparation"
