"""Who may open which page: asked of every address for every kind of reader."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from concours.platform.competitions import domain
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.interfaces.urls import urlpatterns
from tests.factories import competitions as make
from tests.factories.people import person
from tests.platform.competitions.conftest import World, signed_in

SIGN_IN, SEEN, HIDDEN, NO_GET = 302, 200, 404, 405

# page: what a stranger, a person of no team, another team, its member and the staff get
PUBLIC = (SEEN,) * 5
SIGNED = (SIGN_IN, SEEN, SEEN, SEEN, SEEN)
OF_TEAM = (SIGN_IN, HIDDEN, HIDDEN, SEEN, SEEN)
OF_TEAM_ALONE = (SIGN_IN, HIDDEN, HIDDEN, SEEN, HIDDEN)
HIDDEN_INSIDE = (HIDDEN, HIDDEN, HIDDEN, SEEN, SEEN)
STAFF = (SIGN_IN, HIDDEN, HIDDEN, HIDDEN, SEEN)
ACTS = (SIGN_IN, NO_GET, NO_GET, NO_GET, NO_GET)
EXPECTED: dict[str, tuple[int, ...]] = {
    "seasons": PUBLIC,
    "tracks": PUBLIC,
    "season": PUBLIC,
    "proposals": PUBLIC,
    "proposal": PUBLIC,
    "track": PUBLIC,
    "rules": PUBLIC,
    "rules_version": PUBLIC,
    "entries": PUBLIC,
    "entry": PUBLIC,
    "invitation": PUBLIC,
    "propose": SIGNED,
    "enter": SIGNED,
    "teams": SIGNED,
    "new_team": SIGNED,
    "team": OF_TEAM,
    "edit_entry": OF_TEAM_ALONE,
    "name_reviewer": OF_TEAM_ALONE,
    "withdraw_entry": OF_TEAM_ALONE,
    "submissions": HIDDEN_INSIDE,
    "download": HIDDEN_INSIDE,
    "manifest": HIDDEN_INSIDE,
    "desk": STAFF,
    "track_desk": STAFF,
    "track_settings": STAFF,
    "track_phases_desk": STAFF,
    "track_rules_desk": STAFF,
} | dict.fromkeys(
    (
        "open_season",
        "new_track",
        "comment_proposal",
        "decide_proposal",
        "withdraw_proposal",
        "start_track",
        "advance_phase",
        "invite",
        "leave_team",
        "resend_invitation",
        "accept_invitation",
        "decline_invitation",
        "disqualify_entry",
        "mark_baseline",
        "upload",
        "submit_git",
        "withdraw_invitation",
        "remove_member",
        "pass_captaincy",
        "offer_merge",
        "accept_merge",
        "decline_merge",
        "withdraw_merge",
        "note_consent",
    ),
    ACTS,
)


def addresses(world: World) -> dict[str, str]:
    """Every address of the app, filled with what belongs to the team that is asked for."""
    proposal = domain.propose_track(
        actor=person(),
        season=world.season,
        batch=world.season.batches.get(),
        topic="Compilers",
        category="tools",
        owner="A university",
        description="Build one.",
        rules="Be kind.",
        format="Source.",
    )
    invitation, key = domain.invite(actor=world.captain, team=world.team, email="guest@example.org")
    filled: dict[str, Any] = {
        "season": world.season.slug,
        "track": world.track.slug,
        "number": 1,
        "key": key,
        "invitation": invitation.code,
        "user": world.member.code,
    }
    third = make.team(of=world.season)
    offer = domain.offer_merge(actor=third.memberships.get().user, team=third, into=world.team)
    codes = {
        "proposals/": proposal.code,
        "teams/": world.team.code,
        "entries/": world.entry.code,
        "submissions/": world.submission.code,
        "merges/": offer.code,
    }
    found = {}
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        code = next((value for start, value in codes.items() if route.startswith(start)), "")
        names = pattern.pattern.converters
        values = {name: code if name == "code" else filled[name] for name in names}
        found[str(pattern.name)] = reverse(f"competitions:{pattern.name}", kwargs=values)
    return found


def test_every_address_is_asked_for(world: World) -> None:
    assert set(addresses(world)) == set(EXPECTED)


@pytest.mark.parametrize("who", range(5), ids=["stranger", "person", "other", "member", "staff"])
def test_who_gets_what(world: World, who: int) -> None:
    users = [None, person(), world.other, world.member, world.staff]
    client = signed_in(users[who])
    got = {name: client.get(url).status_code for name, url in addresses(world).items()}
    assert got == {name: codes[who] for name, codes in EXPECTED.items()}


def test_staff_of_another_season_are_strangers(world: World) -> None:
    client = signed_in(world.staff_elsewhere)
    got = {name: client.get(url).status_code for name, url in addresses(world).items()}
    assert got == {name: codes[1] for name, codes in EXPECTED.items()}


def test_every_post_asks_for_the_token(world: World) -> None:
    client = signed_in(world.captain, enforce_csrf_checks=True)
    before = make.Entry.objects.values_list("state", flat=True)
    for name, url in addresses(world).items():
        assert client.post(url).status_code == 403, name
    assert set(before.all()) == {"entered"}


def test_acts_on_what_is_another_teams_are_hidden(world: World) -> None:
    client = signed_in(world.other)
    urls = addresses(world)
    acts = ["invite", "leave_team", "resend_invitation", "withdraw_invitation", "edit_entry"]
    acts += ["name_reviewer", "withdraw_entry", "upload", "submit_git", "new_track", "open_season"]
    acts += ["start_track", "advance_phase", "track_rules_desk", "note_consent", "remove_member"]
    acts += ["pass_captaincy", "offer_merge", "accept_merge", "decline_merge", "withdraw_merge"]
    got = {name: client.post(urls[name], {"reason": "x"}).status_code for name in acts}
    assert got == dict.fromkeys(acts, 404)
    for name in ("disqualify_entry", "decide_proposal"):
        assert client.post(urls[name], {"reason": "x"}).status_code == 403
    world.entry.refresh_from_db()
    assert (world.entry.state, world.entry.title) == ("entered", "An engine")
    assert world.entry.submissions.count() == 1
    assert world.team.memberships.count() == 2
    assert world.team.invitations.get().state == "open"


def test_a_withdrawn_entry_is_for_its_team_and_the_staff(world: World) -> None:
    domain.withdraw_entry(actor=world.captain, entry=world.entry)
    url = reverse("competitions:entry", args=[world.entry.code])
    got = [signed_in(one).get(url).status_code for one in (None, world.other, world.member)]
    assert got == [404, 404, 200]
    assert (
        "An engine"
        not in signed_in(None)
        .get(reverse("competitions:entries", args=[world.season.slug, "kernel"]))
        .content.decode()
    )


def test_a_draft_is_for_the_staff(world: World) -> None:
    draft = make.draft_track(of=world.season.batches.get(), slug="secret", title="Secret bait")
    url = reverse("competitions:track", args=[world.season.slug, draft.slug])
    season = reverse("competitions:season", args=[world.season.slug])
    tracks = reverse("competitions:tracks")
    for user, seen in ((None, False), (world.member, False), (world.staff, True)):
        client = signed_in(user)
        assert (client.get(url).status_code == 200) is seen
        for page in (season, tracks):
            assert ("Secret bait" in client.get(page).content.decode()) is seen


def test_a_draft_season_is_for_the_staff(world: World) -> None:
    hidden = make.season(slug="hidden", title="Hidden bait", opened=False)
    url = reverse("competitions:season", args=[hidden.slug])
    assert signed_in(world.member).get(url).status_code == 404
    listed = signed_in(None).get(reverse("competitions:seasons")).content.decode()
    assert "Hidden bait" not in listed


@pytest.mark.parametrize("kind", [plan.kind for plan in make.PHASES])
def test_names_are_shown_when_the_phase_says_so(world: World, kind: PhaseKind) -> None:
    make.advance(world.track, to=kind)
    public = kind == PhaseKind.RESULT
    pages = [
        reverse("competitions:track", args=[world.season.slug, "kernel"]),
        reverse("competitions:entries", args=[world.season.slug, "kernel"]),
        reverse("competitions:entry", args=[world.entry.code]),
    ]
    for user, seen in ((None, public), (world.other, public), (world.member, True)):
        client = signed_in(user)
        for page in pages:
            text = client.get(page).content.decode()
            assert "An engine" in text
            assert (world.team.name in text) is seen, (user, page)


def test_the_public_page_of_an_entry_tells_nothing_of_its_team(world: World) -> None:
    text = signed_in(None).get(reverse("competitions:entry", args=[world.entry.code])).content
    baits = [world.team.name, world.team.code, world.submission.code, world.submission.digest]
    baits += [world.captain.display_name, world.member.display_name, world.entry.reviewer.code]
    assert [bait for bait in baits if bait in text.decode()] == []
