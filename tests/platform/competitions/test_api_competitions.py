"""The API of competitions: what is public, what is whose, and which key may what."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from concours.platform.accounts.enums import Scope
from concours.platform.competitions import domain
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry
from concours.platform.record.models import Event
from tests.factories import competitions as make
from tests.factories.people import person
from tests.platform.competitions.conftest import World, keyed, signed_in

V1 = "/api/v1"


def post(user: Any, path: str, body: dict[str, Any], *scopes: Scope) -> Any:
    return Client().post(V1 + path, body, content_type="application/json", **keyed(user, *scopes))


def get(user: Any, path: str, *scopes: Scope) -> Any:
    return Client().get(V1 + path, **(keyed(user, *scopes) if user else {}))


def happened() -> int:
    """Events, but for the making of keys."""
    return Event.objects.exclude(verb__startswith="token").count()


def test_a_season_is_read_by_anyone(world: World) -> None:
    season = f"/seasons/{world.season.slug}"
    assert [row["slug"] for row in get(None, "/seasons").json()].count(world.season.slug) == 1
    assert get(None, season).json()["title"] == "A season"
    assert [row["number"] for row in get(None, f"{season}/batches").json()] == [1]
    assert [row["slug"] for row in get(None, f"{season}/tracks").json()] == ["kernel"]
    track = get(None, f"{season}/tracks/kernel").json()
    assert (track["season"], track["batch"]) == (world.season.slug, 1)
    assert track["phase"]["kind"] == "registration"
    assert len(get(None, f"{season}/tracks/kernel/phases").json()) == len(make.PHASES)
    rules = get(None, f"{season}/tracks/kernel/rules").json()
    assert [(row["number"], row["text"]) for row in rules] == [(1, "Be kind.")]


def test_drafts_are_for_the_staff(world: World) -> None:
    make.draft_track(of=world.season.batches.get(), slug="secret")
    path = f"/seasons/{world.season.slug}/tracks"
    for user, slugs in ((None, ["kernel"]), (world.member, ["kernel"]), (world.staff, None)):
        listed = [row["slug"] for row in get(user, path).json()]
        assert listed == (slugs or ["kernel", "secret"])
        assert get(user, f"{path}/secret").status_code == (404 if slugs else 200)
        assert get(user, f"{path}/secret/rules").status_code == (404 if slugs else 200)


def test_entries_come_in_pages_without_names(world: World) -> None:
    make.entry(in_track=world.track, title="Third")
    path = f"/seasons/{world.season.slug}/tracks/kernel/entries?size=2"
    first = get(None, path).json()
    second = get(None, f"{path}&cursor={first['next']}").json()
    titles = [row["title"] for row in first["items"] + second["items"]]
    assert titles == ["An engine", "Another engine", "Third"]
    assert second["next"] is None
    assert {row["team"] for row in first["items"] + second["items"]} == {""}
    own = get(world.member, path).json()["items"]
    assert [row["team"] for row in own] == [world.team.name, ""]
    make.advance(world.track, to=PhaseKind.RESULT)
    assert get(None, path).json()["items"][0]["team"] == world.team.name
    assert get(None, f"{path}&cursor=-1").status_code == 422


PRIVATE = [
    "/teams/{team}",
    "/entries/{entry}/submissions",
    "/submissions/{submission}",
    "/submissions/{submission}/archive",
    "/submissions/{submission}/manifest",
]


def filled(path: str, world: World) -> str:
    return path.format(
        team=world.team.code, entry=world.entry.code, submission=world.submission.code
    )


@pytest.mark.parametrize("path", PRIVATE)
def test_what_is_a_teams_is_hidden_from_others(world: World, path: str) -> None:
    path = filled(path, world)
    got = {
        "stranger": get(None, path).status_code,
        "person": get(person(), path).status_code,
        "other": get(world.other, path).status_code,
        "staff elsewhere": get(world.staff_elsewhere, path).status_code,
        "member": get(world.member, path).status_code,
        "staff": get(world.staff, path).status_code,
    }
    assert list(got.values()) == [401, 404, 404, 404, 200, 200], got
    guessed = get(world.other, path)
    nobodys = get(world.other, "/submissions/zzzzzzzzzzzz")
    assert guessed.json() == nobodys.json()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/teams/{team}/invitations", {"email": "x@example.org"}),
        ("/entries/{entry}/withdraw", {}),
        ("/entries/{entry}/submissions/git", {"url": "https://e.org/a", "revision": "main"}),
        ("/entries/{entry}/submissions", {}),
    ],
)
def test_acts_on_what_is_another_teams_are_hidden(
    world: World, path: str, body: dict[str, str]
) -> None:
    before = happened()
    for user in (world.other, world.staff_elsewhere):
        answer = post(user, filled(path, world), body)
        assert answer.status_code == 404
        assert world.team.name not in answer.content.decode()
    assert happened() == before
    assert world.entry.submissions.count() == 1


def test_mine_is_mine(world: World) -> None:
    assert [row["code"] for row in get(world.member, "/teams").json()] == [world.team.code]
    assert [row["code"] for row in get(world.member, "/entries").json()] == [world.entry.code]
    assert get(world.staff, "/teams").json() == []
    members = get(world.member, f"/teams/{world.team.code}").json()["members"]
    assert [row["captain"] for row in members] == [True, False]
    assert "@" not in str(members)


def test_a_team_is_founded_enters_and_submits(world: World) -> None:
    user = person()
    team = post(user, "/teams", {"season": world.season.slug, "name": "By key"}, Scope.ENTER)
    assert team.status_code == 201
    entered = post(
        user,
        f"/seasons/{world.season.slug}/tracks/kernel/entries",
        {"team": team.json()["code"], "title": "Typed", "accept_rules": 1},
        Scope.ENTER,
    )
    assert entered.status_code == 201
    code = entered.json()["code"]
    data = make.zip_bytes()
    answer = Client().post(
        f"{V1}/entries/{code}/submissions",
        {"archive": SimpleUploadedFile("a.zip", data), "note": "first"},
        **keyed(user, Scope.ENTER),
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["digest"] == hashlib.sha256(data).hexdigest()
    back = get(user, f"/submissions/{answer.json()['code']}/archive")
    assert b"".join(back.streaming_content) == data
    assert Event.objects.filter(verb="entry.entered", via="api").count() == 1


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/teams", {"season": "{season}", "name": "Bait Difference Engines"}, 409),
        ("/teams", {"season": "{season}", "name": "x" * 101}, 422),
        ("/teams", {"season": "{season}", "name": "nul\0l"}, 400),
        ("/teams", {"season": "nowhere", "name": "x"}, 404),
        ("{track}/entries", {"team": "{team}", "title": "T", "accept_rules": 1}, 404),
        ("{track}/entries", {"team": "{own}", "title": "T", "accept_rules": 2}, 409),
        ("{track}/entries", {"team": "{own}", "title": "x" * 201, "accept_rules": 1}, 422),
        ("{track}/entries", {"team": "{own}", "title": "T", "accept_rules": 1}, 409),
    ],
)
def test_refusals_change_nothing(world: World, path: str, body: dict[str, Any], code: int) -> None:
    words = {
        "season": world.season.slug,
        "track": f"/seasons/{world.season.slug}/tracks/kernel",
        "team": world.team.code,
        "own": world.other_team.code,
    }
    sent = {key: one.format(**words) if isinstance(one, str) else one for key, one in body.items()}
    before = (happened(), Entry.objects.count())
    answer = post(world.other, path.format(**words), sent)
    assert answer.status_code == code
    assert {"code", "message"} <= set(answer.json())
    assert (happened(), Entry.objects.count()) == before


def test_keys_do_no_more_than_their_scope(world: World) -> None:
    track = f"/seasons/{world.season.slug}/tracks/kernel"
    enter, organise = {"season": world.season.slug, "name": "X"}, {"leaving": 1}
    assert post(world.other, "/teams", enter, Scope.READ).status_code == 403
    assert post(world.staff, f"{track}/advance", organise, Scope.ENTER).status_code == 403
    assert post(world.staff, f"{track}/rules", {"text": "x"}, Scope.READ).status_code == 403
    assert get(world.member, "/teams", Scope.ENTER).status_code == 403
    assert post(world.member, f"{track}/advance", organise, Scope.ORGANISE).status_code == 403
    world.track.refresh_from_db()
    assert world.track.phase is not None
    assert world.track.phase.position == 1
    assert world.track.rules_versions.count() == 1


def test_a_cookie_alone_changes_nothing(world: World) -> None:
    client = signed_in(world.other, enforce_csrf_checks=True)
    answer = client.post(
        f"{V1}/teams",
        {"season": world.season.slug, "name": "Forged"},
        content_type="application/json",
    )
    assert answer.status_code == 403
    assert not world.season.teams.filter(name="Forged").exists()


def test_two_advances_pass_one_phase(world: World) -> None:
    path = f"/seasons/{world.season.slug}/tracks/kernel/advance"
    done = post(world.staff, path, {"leaving": 1}, Scope.ORGANISE)
    late = post(world.staff, path, {"leaving": 1}, Scope.ORGANISE)
    assert done.json()["phase"]["kind"] == "peer-review"
    assert (late.status_code, late.json()["code"]) == (409, "phase-moved-on")


def test_staff_publish_rules(world: World) -> None:
    path = f"/seasons/{world.season.slug}/tracks/kernel/rules"
    answer = post(world.staff, path, {"text": "Be quick."}, Scope.ORGANISE)
    assert (answer.status_code, answer.json()["number"]) == (201, 2)
    assert len(get(None, path).json()) == 2


def test_proposals_by_key(world: World) -> None:
    texts = dict.fromkeys(("topic", "category", "owner", "description", "rules", "format"), "x")
    path = f"/seasons/{world.season.slug}/proposals"
    made = post(world.other, path, texts | {"batch": 1}, Scope.ENTER)
    assert made.status_code == 201
    code = made.json()["code"]
    said = post(world.member, f"/proposals/{code}/comments", {"text": "Why?"}, Scope.ENTER)
    assert said.json()["author"] == world.member.display_name
    assert [row["code"] for row in get(None, path).json()] == [code]
    assert [row["text"] for row in get(None, f"/proposals/{code}").json()["comments"]] == ["Why?"]
    assert post(world.other, path, texts | {"batch": 9}, Scope.ENTER).status_code == 404


def test_an_invitation_by_key_never_answers_with_its_link(
    world: World, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        answer = post(
            world.captain, f"/teams/{world.team.code}/invitations", {"email": "g@example.org"}
        )
    assert answer.status_code == 201
    assert set(answer.json()) == {"code", "email", "state", "expires_at"}
    assert len(callbacks) == 1
    bad = post(world.captain, f"/teams/{world.team.code}/invitations", {"email": "no address"})
    assert bad.status_code == 422


def test_a_withdrawn_entry_is_gone_for_others(world: World) -> None:
    answer = post(world.member, f"/entries/{world.entry.code}/withdraw", {"reason": "busy"})
    assert answer.json()["state"] == "withdrawn"
    assert get(None, f"/entries/{world.entry.code}").status_code == 404
    assert get(world.member, f"/entries/{world.entry.code}").status_code == 200
    assert domain.entry_facts(track=world.track) == []
