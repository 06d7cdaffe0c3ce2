"""Teams, invitations and entering, as people do it in the browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django_tasks import default_task_backend

from concours.platform.competitions import domain
from concours.platform.competitions.models import Entry, Invitation, Team
from concours.platform.core import clock
from tests.factories import competitions as make
from tests.factories.people import person
from tests.platform.competitions.conftest import World, signed_in


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def link_of(message: Any) -> str:
    found = re.search(r"http://testserver(/invitations/\S+)", message.body)
    assert found is not None
    return found.group(1)


def invited(world: World, callbacks: Any, **headers: str) -> str:
    """The link that reaches guest@example.org by mail."""
    with callbacks(execute=True):
        signed_in(world.captain).post(
            reverse("competitions:invite", args=[world.team.code]),
            {"email": "Guest@example.org"},
            headers=headers,
        )
    return link_of(mail.outbox[-1])


def test_an_invitation_is_mailed_and_accepted_once(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    link = invited(world, django_capture_on_commit_callbacks)
    assert mail.outbox[0].to == ["guest@example.org"]
    assert world.team.name in mail.outbox[0].subject
    key = link.split("/")[2]
    assert key not in str(Invitation.objects.values())

    stranger = signed_in(None).get(link)
    assert f"/account/login/?next={link}" in stranger.content.decode()
    sent_to_sign_in = signed_in(None).post(f"{link}accept/")
    assert sent_to_sign_in.status_code == 302
    guest, late = person(), person()
    assert signed_in(guest).post(f"{link}accept/").status_code == 302
    assert world.team.memberships.filter(user=guest).exists()

    again = signed_in(late).post(f"{link}accept/")
    assert again.status_code == 409
    assert "used, withdrawn or too old" in again.content.decode()
    assert not world.team.memberships.filter(user=late).exists()
    assert "used, withdrawn or too old" in signed_in(late).get(link).content.decode()


def test_the_mail_is_asked_for_in_the_inviters_language(
    world: World, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    for language in ("zh-hans", "en"):
        with django_capture_on_commit_callbacks(execute=True):
            signed_in(world.captain).post(
                reverse("competitions:invite", args=[world.team.code]),
                {"email": f"{language}@example.org"},
                headers={"accept-language": language},
            )
    asked = [result.args for result in default_task_backend.results]
    assert [arguments[2] for arguments in asked] == ["zh-hans", "en"]
    assert "/invitations/" not in str(asked)


def test_sending_again_voids_the_earlier_link(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    first = invited(world, django_capture_on_commit_callbacks)
    invitation = world.team.invitations.get()
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(world.captain).post(
            reverse("competitions:resend_invitation", args=[world.team.code, invitation.code])
        )
    second = link_of(mail.outbox[-1])
    assert first != second
    assert signed_in(person()).get(first).status_code == 404
    assert signed_in(person()).get(second).status_code == 200


@pytest.mark.parametrize(
    ("offset", "joins"), [(-1, True), (0, False), (1, False)], ids=["before", "on", "after"]
)
def test_an_invitation_expires_to_the_second(
    world: World, django_capture_on_commit_callbacks: Any, offset: int, joins: bool
) -> None:
    link = invited(world, django_capture_on_commit_callbacks)
    guest = person()
    with clock.frozen_at(world.team.invitations.get().expires_at + timedelta(seconds=offset)):
        signed_in(guest).post(f"{link}accept/")
    assert world.team.memberships.filter(user=guest).exists() is joins


def test_who_takes_part_with_another_team_cannot_join(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    link = invited(world, django_capture_on_commit_callbacks)
    client = signed_in(world.other)
    answer = client.post(f"{link}accept/", headers={"referer": f"http://testserver{link}"})
    assert (answer.status_code, answer["location"]) == (302, link)
    assert "with another team already" in client.get(link).content.decode()
    assert not world.team.memberships.filter(user=world.other).exists()
    assert world.team.invitations.get().state == "open"


def test_a_declined_invitation_is_over(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    link = invited(world, django_capture_on_commit_callbacks)
    guest = person()
    signed_in(guest).post(f"{link}decline/")
    assert signed_in(guest).post(f"{link}accept/").status_code == 409
    assert not world.team.memberships.filter(user=guest).exists()


def test_only_the_captain_invites(world: World) -> None:
    answer = signed_in(world.member).post(
        reverse("competitions:invite", args=[world.team.code]), {"email": "x@example.org"}
    )
    assert answer.status_code == 403
    assert not world.team.invitations.exists()


def test_a_team_is_founded_and_a_taken_name_is_told(world: World) -> None:
    url = reverse("competitions:new_team")
    client = signed_in(person())
    taken = client.post(url, {"season": world.season.pk, "name": world.team.name})
    assert "Another team of this season has this name" in taken.content.decode()
    made = client.post(url, {"season": world.season.pk, "name": "Fresh"})
    assert made["location"] == reverse(
        "competitions:team", args=[Team.objects.get(name="Fresh").code]
    )


def test_a_member_leaves_and_the_captain_cannot(world: World) -> None:
    url = reverse("competitions:leave_team", args=[world.team.code])
    signed_in(world.captain).post(url)
    assert world.team.memberships.count() == 2
    signed_in(world.member).post(url)
    assert world.team.memberships.count() == 1


def entering(**changes: Any) -> dict[str, Any]:
    return {
        "team": "alone",
        "team_name": "Solo",
        "title": "A new engine",
        "abstract": "It runs.",
        "reviewer": "",
        "rules": "on",
        "rules_number": "1",
    } | changes


def test_a_person_enters_alone_in_one_step(world: World) -> None:
    user = person()
    url = reverse("competitions:enter", args=[world.season.slug, "kernel"])
    page = signed_in(user).get(url).content.decode()
    assert "Be kind." in page
    answer = signed_in(user).post(url, entering())
    entry = Entry.objects.get(title="A new engine")
    assert answer["location"] == reverse("competitions:entry", args=[entry.code])
    assert (entry.team.name, entry.reviewer, entry.rules_version.number) == ("Solo", user, 1)


def test_a_captain_enters_the_team_and_names_a_reviewer(world: World) -> None:
    team = make.team(of=world.season, members=2)
    captain, reviewer = make.captain_of(team), team.memberships.get(captain=False).user
    url = reverse("competitions:enter", args=[world.season.slug, "kernel"])
    signed_in(captain).post(url, entering(team=team.code, reviewer=f"{team.code}:{reviewer.code}"))
    entry = Entry.objects.get(team=team)
    assert entry.reviewer == reviewer


def test_a_reviewer_of_another_team_is_refused(world: World) -> None:
    captain = person()
    teams = [make.team(of=world.season, captain=captain, members=2) for _ in range(2)]
    elsewhere = teams[1].memberships.get(captain=False).user
    url = reverse("competitions:enter", args=[world.season.slug, "kernel"])
    for reviewer, says in (
        (f"{teams[1].code}:{elsewhere.code}", "Name a reviewer who is of the team"),
        (f"{world.team.code}:{world.member.code}", "Select a valid choice"),
    ):
        answer = signed_in(captain).post(url, entering(team=teams[0].code, reviewer=reviewer))
        assert says in answer.content.decode()
    assert not Entry.objects.filter(team__in=teams).exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rules": ""}, "This field is required"),
        ({"rules_number": "2"}, "The rules have changed"),
        ({"rules_number": "x" * 40}, "The rules have changed"),
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "nul\0l"}, "Null characters are not allowed"),
        ({"team_name": " "}, "Give a name to enter under"),
        ({"team_name": "Bait Difference Engines"}, "Another team of this season has this name"),
        ({"team": "zzzzzzzzzzzz"}, "Select a valid choice"),
    ],
)
def test_a_refused_entry_is_told_and_leaves_nothing(
    world: World, changes: dict[str, str], says: str
) -> None:
    before = (Team.objects.count(), Entry.objects.count())
    user = person()
    url = reverse("competitions:enter", args=[world.season.slug, "kernel"])
    answer = signed_in(user).post(url, entering(**changes))
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert (Team.objects.count(), Entry.objects.count()) == before


def test_another_teams_code_enters_nothing(world: World) -> None:
    url = reverse("competitions:enter", args=[world.season.slug, "kernel"])
    answer = signed_in(person()).post(url, entering(team=world.team.code))
    assert "Select a valid choice" in answer.content.decode()
    assert world.track.entries.count() == 2


@pytest.mark.parametrize(
    ("offset", "enters"), [(-1, True), (0, False), (1, False)], ids=["before", "on", "after"]
)
def test_registration_closes_to_the_second(world: World, offset: int, enters: bool) -> None:
    moment: datetime = world.track.registration_closes_at + timedelta(seconds=offset)
    user = person()
    url = reverse("competitions:enter", args=[world.season.slug, "kernel"])
    with clock.frozen_at(moment):
        answer = signed_in(user).post(url, entering())
    assert (answer.status_code == 302) is enters
    assert Entry.objects.filter(title="A new engine").exists() is enters
    assert Team.objects.filter(name="Solo").exists() is enters
    if not enters:
        assert "Registration has closed" in answer.content.decode()


def test_who_takes_part_already_is_sent_to_the_entry(world: World) -> None:
    url = reverse("competitions:enter", args=[world.season.slug, "kernel"])
    assert "You take part already" in signed_in(world.member).get(url).content.decode()
    answer = signed_in(world.member).post(url, entering())
    assert Team.objects.filter(name="Solo").count() == 0
    assert world.track.entries.count() == 2
    assert answer.status_code == 200


def test_new_rules_while_the_form_was_open_are_read_first(world: World) -> None:
    user = person()
    client = signed_in(user)
    url = reverse("competitions:enter", args=[world.season.slug, "kernel"])
    client.get(url)
    domain.publish_rules(actor=make.ACTOR, track=world.track, text="Be kinder.")
    answer = client.post(url, entering()).content.decode()
    assert "The rules have changed" in answer
    assert "Be kinder." in answer
    client.post(url, entering(rules_number="2"))
    assert Entry.objects.get(title="A new engine").rules_version.number == 2
