"""The desk, the page of a handover, the dossier: who reads what, and the buttons."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.handover import domain
from concours.platform.handover.models import Handover
from concours.platform.incubation.models import Mentor
from concours.platform.notifications.domain import follow
from concours.platform.notifications.models import Notification
from concours.platform.record.models import Event
from concours.platform.register.models import Project
from tests.factories import assessments, competitions, handover
from tests.factories.competitions import captain_of
from tests.factories.people import organiser, person
from tests.platform.handover.test_mentors import rated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after() -> Iterator[None]:
    with clock.frozen_at(handover.AFTER):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def desk_of(track: Any) -> str:
    return f"/seasons/{track.season.slug}/tracks/{track.slug}/handover/"


def test_from_the_question_to_the_register_by_pages(tmp_path: Path) -> None:
    track = handover.settled(folder=tmp_path)
    entry, staff = handover.winner(track), organiser()
    desk = signed_in(staff)
    assert desk_of(track) in desk.get(f"{desk_of(track)}../result/").content.decode()
    assert entry.title in desk.get(desk_of(track)).content.decode()
    answer = desk.post(f"{desk_of(track)}ask/{entry.code}/", follow=True)
    made = Handover.objects.get()
    place = f"/handovers/{made.code}/"
    assert answer.redirect_chain[-1][0] == place
    captain = signed_in(handover.captain(made))
    assert place in captain.get(f"/entries/{entry.code}/").content.decode()
    assert "Do you agree?" in captain.get(place).content.decode()
    captain.post(f"{place}agree/", {"repository_shown": "on"})
    captain.post(f"{place}say/", {"named": "on"})
    reviewer = signed_in(handover.reviewers(made)[0])
    assert "Your review of this entry" in reviewer.get(place).content.decode()
    reviewer.post(f"{place}leave/")
    fields = {"name": "Lantern", "slug": "lantern", "summary": "Gives light."}
    answer = desk.post(f"{place}hand-over/", fields, follow=True)
    assert answer.redirect_chain[-1][0] == "/projects/lantern/"
    assert "/dossiers/lantern/" in answer.content.decode()
    page = Client().get("/dossiers/lantern/").content.decode()
    made.refresh_from_db()
    assert handover.captain(made).display_name in page
    assert made.dossier.digest[:12] in page
    assert "Good." in page
    assert "for staff" not in page


def test_the_dossier_is_downloaded_whole(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path, leaves=1)
    client = Client()
    answer = client.get("/dossiers/winning-work/dossier.json")
    assert answer.content.decode() == made.dossier.content
    answer = client.get("/dossiers/winning-work/dossier.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("dossier.json").decode() == made.dossier.content
    answer = client.get("/api/v1/dossiers/winning-work")
    assert answer.json()["content"] == made.dossier.content
    assert len(answer.json()["reviews"]) == 1
    assert client.get("/api/v1/dossiers/nothing").status_code == 404


def test_reviewers_are_named_nowhere(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path, leaves=2)
    track = made.entry.track
    rated(track)
    baits = {}
    for number, user in enumerate(handover.reviewers(made)):
        baits[f"BaitReviewer{number}"] = User.objects.filter(pk=user.pk).update(
            name=f"BaitReviewer{number}"
        )
    places = [
        f"/handovers/{made.code}/",
        "/dossiers/winning-work/",
        "/dossiers/winning-work/dossier.json",
        "/api/v1/dossiers/winning-work",
        "/projects/winning-work/",
    ]
    aliases = track.review_round.pseudonyms.filter(
        kind="reviewer", subject_id__in=[one.pk for one in handover.reviewers(made)]
    ).values_list("alias", flat=True)
    for client in (Client(), signed_in(handover.captain(made)), signed_in(organiser())):
        for place in places:
            text = client.get(place).content.decode()
            assert [bait for bait in baits if bait in text] == [], place
            assert [one for one in aliases if f">{one}<" in text] == [], place
    text = signed_in(organiser()).get(desk_of(track)).content.decode()
    captains = {captain_of(row.win.entry.team) for row in domain.desk_rows(track=track)}
    shown = [
        user
        for user in handover.reviewers(made)
        if User.objects.get(pk=user.pk).name in text and user not in captains
    ]
    assert shown == []


def test_the_desk_is_for_the_season_s_staff(tmp_path: Path) -> None:
    track = handover.settled(folder=tmp_path)
    others = organiser(season=competitions.season())
    for client in (Client(), signed_in(person()), signed_in(others)):
        assert client.get(desk_of(track)).status_code == 404
    assert signed_in(organiser(season=track.season)).get(desk_of(track)).status_code == 200


def test_a_handover_under_way_is_not_for_everybody(tmp_path: Path) -> None:
    made = handover.asked(folder=tmp_path)
    place = f"/handovers/{made.code}/"
    for client in (
        Client(),
        signed_in(person()),
        signed_in(organiser(season=competitions.season())),
    ):
        assert client.get(place).status_code == 404
        assert client.post(f"{place}agree/").status_code in {302, 404}
    made.refresh_from_db()
    assert made.state == "asked"
    for user in (handover.captain(made), handover.reviewers(made)[0]):
        assert signed_in(user).get(place).status_code == 200


def test_buttons_are_not_for_others(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    captain = signed_in(handover.captain(made))
    place = f"/handovers/{made.code}/"
    for act in ("hand-over", "take-back", "leave"):
        assert captain.post(f"{place}{act}/", {"reason": "x"}).status_code == 404
    reviewer = signed_in(handover.reviewers(made)[0])
    for act in ("agree", "decline", "say", "hand-over"):
        assert reviewer.post(f"{place}{act}/").status_code == 404
    assert not Project.objects.exists()


def test_a_refused_act_keeps_what_was_typed(tmp_path: Path) -> None:
    made = handover.asked(folder=tmp_path)
    fields = {"name": "A fine name", "slug": "fine"}
    answer = signed_in(organiser()).post(f"/handovers/{made.code}/hand-over/", fields)
    assert answer.status_code == 422
    assert "has not agreed" in answer.content.decode()
    assert "A fine name" in answer.content.decode()


def test_taken_back_by_its_page(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path)
    staff = signed_in(organiser())
    place = f"/handovers/{made.code}/"
    assert staff.post(f"{place}take-back/", {"reason": ""}).status_code == 422
    answer = staff.post(f"{place}take-back/", {"reason": "Not theirs."}, follow=True)
    assert "Not theirs." in answer.content.decode()
    assert Client().get("/dossiers/winning-work/").status_code == 404
    assert Client().get(place).status_code == 404


def test_it_is_attached_by_its_page(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path)
    assessment = assessments.assessment(project=made.project)
    staff = signed_in(organiser())
    assert "NE-20" in staff.get("/dossiers/winning-work/").content.decode()
    answer = staff.post("/dossiers/winning-work/attach/", {"row": f"{assessment.code}/NE-20"})
    assert answer["Location"] == f"/assessments/{assessment.code}/rows/NE-20/"
    assert assessments.row(assessment, "NE-20").evidence.count() == 1
    assert "attach" not in Client().get("/dossiers/winning-work/").content.decode()


def test_reviewers_are_shown_by_a_button_and_invited(tmp_path: Path) -> None:
    track = handover.settled(folder=tmp_path)
    reviewers = rated(track)
    staff = signed_in(organiser())
    text = staff.post(f"{desk_of(track)}reviewers/").content.decode()
    assert all(one.display_name in text for one in reviewers)
    people = [reviewers[0].code, reviewers[1].code]
    staff.post(f"{desk_of(track)}invite/", {"person": people})
    assert Mentor.objects.count() == len(set(people))


def test_who_is_concerned_is_told(tmp_path: Path) -> None:
    follow()
    made = handover.asked(folder=tmp_path)
    follow()
    told = Notification.objects.filter(subject=f"handover:{made.code}")
    assert set(told.filter(verb="handover.asked").values_list("user", flat=True)) == {
        handover.captain(made).pk
    }
    assert set(told.filter(verb="handover.leave-asked").values_list("user", flat=True)) == {
        one.pk for one in handover.reviewers(made)
    }
    page = signed_in(handover.reviewers(made)[0]).get("/notifications/").content.decode()
    assert f"May your review of “{made.entry.title}” go along?" in page


def test_the_record_tells_nobody_who_gave_leave_for_which_entry(tmp_path: Path) -> None:
    handover.done(folder=tmp_path, leaves=1)
    event = Event.objects.get(verb="review.leave-given")
    assert json.loads(event.data) == {}
