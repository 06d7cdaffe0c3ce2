"""Front page and search."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.competitions import domain
from concours.platform.core import clock
from concours.platform.core.actors import System
from tests.factories import donations as giving
from tests.factories import governance, register
from tests.factories.competitions import batch, captain_of, draft_track, entry, season, team, track
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db

BAIT = "Zanzibar"
ACTOR = System("tests")


def found(client: Client, text: str) -> str:
    """The page of results, without the search boxes that repeat the question."""
    page = client.get(reverse("web:search"), {"q": text}).content.decode()
    return page.partition("<main")[2].replace(f'value="{text}"', "")


def test_the_front_page_shows_the_season_that_runs(client: Client) -> None:
    season(title="The one that runs")
    domain.create_season(
        actor=ACTOR,
        slug="later",
        title="A later one",
        starts_at=datetime(2025, 1, 1, tzinfo=UTC),
        ends_at=datetime(2025, 12, 1, tzinfo=UTC),
    )
    with clock.frozen_at(datetime(2023, 2, 1, tzinfo=UTC)):
        assert "The one that runs" in client.get("/").content.decode()


def test_a_draft_is_on_nobodys_front_page(client: Client) -> None:
    season(title=BAIT, opened=False)
    assert BAIT not in client.get("/").content.decode()
    client.force_login(organiser())
    assert BAIT in client.get("/").content.decode()


def test_the_front_page_speaks_chinese_where_somebody_wrote_it(client: Client) -> None:
    season(title="Open competition", title_zh="开源大赛")
    client.cookies["django_language"] = "zh-hans"
    assert "开源大赛" in client.get("/").content.decode()


def test_search_finds_all_kinds(client: Client, spring: Any) -> None:
    of = season(title="Alpha season", slug="alpha")
    running = track(of=batch(of=of), title="Alpha track")
    entry(in_track=running, title="Alpha entry")
    page = found(client, "ALPHA")
    for title in ("Alpha season", "Alpha track", "Alpha entry"):
        assert title in page


def test_every_word_has_to_occur(client: Client) -> None:
    season(title="Alpha season")
    assert "Alpha season" in found(client, "season alpha")
    assert "Alpha season" not in found(client, "alpha absent")


def test_search_finds_no_drafts(client: Client) -> None:
    hidden = season(title=f"{BAIT} season", slug="hidden", opened=False)
    draft_track(of=batch(of=season()), title=f"{BAIT} track")
    draft_track(of=batch(of=hidden), title=f"{BAIT} track of a draft")
    for user in (None, person()):
        if user is not None:
            client.force_login(user)
        page = client.get(reverse("web:search"), {"q": BAIT})
        results = page.context["found"]
        assert (results.seasons, results.tracks, results.entries) == ([], [], [])
    client.force_login(organiser())
    results = client.get(reverse("web:search"), {"q": BAIT}).context["found"]
    assert len(results.seasons) == 1
    assert len(results.tracks) == 2


def test_search_does_not_find_entries_by_who_is_behind_them(client: Client, spring: Any) -> None:
    running = track()
    named = team(of=running.season, name=BAIT, captain=person(name=BAIT))
    made = entry(in_track=running, by=named, title="A quiet title", abstract=f"By {BAIT}.")
    for user in (None, person(), captain_of(made.team)):
        if user is not None:
            client.force_login(user)
        assert "A quiet title" not in found(client, BAIT)
    page = found(client, "quiet")
    assert "A quiet title" in page
    assert BAIT not in page


def test_withdrawn_entries_are_found_by_their_team_alone(client: Client, spring: Any) -> None:
    made = entry(in_track=track(), title=BAIT)
    domain.withdraw_entry(actor=captain_of(made.team), entry=made, reason="no time")
    address = reverse("competitions:entry", args=[made.code])
    assert address not in found(client, BAIT)
    client.force_login(captain_of(made.team))
    assert address in found(client, BAIT)


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'", "x" * 5_000, "z " * 500, "\ud83d"])
def test_no_question_breaks_the_search(client: Client, text: str) -> None:
    season(title="Alpha")
    answer = client.get(reverse("web:search"), {"q": text.encode("utf-8", "replace")})
    assert answer.status_code == 200
    assert "Alpha" not in answer.content.decode().partition("<main")[2]


def test_titles_and_questions_with_markup_are_text(client: Client, spring: Any) -> None:
    bait = "<script>alert(1)</script>"
    running = track(of=batch(of=season(title=f"s{bait}")), title=f"t{bait}")
    entry(in_track=running, title=f"e{bait}")
    for page in (found(client, bait), found(client, "alert"), client.get("/").content.decode()):
        assert bait not in page
        assert "&lt;script&gt;" in page


def test_refusals_have_pages_with_a_way_on(client: Client) -> None:
    missing = client.get("/no-such-page/")
    assert missing.status_code == 404
    assert 'href="/"' in missing.content.decode()


def test_search_finds_projects_their_reviews_and_votes(client: Client) -> None:
    governance.charter()
    project = register.project(slug="zephyr", name="Zephyr", name_zh="和风", stage="preparation")
    vote = governance.called(of=governance.review(project=project))
    other = governance.review(summary="As calm as a zephyr can be.")

    for text in ("ZEPHYR", "和风"):
        page = found(client, text)
        assert reverse("governance:review", args=[vote.review.code]) in page
        assert reverse("governance:vote", args=[vote.code]) in page
        assert "/projects/zephyr/" in page
    assert reverse("governance:review", args=[other.code]) in found(client, "calm zephyr")
    assert reverse("governance:review", args=[other.code]) not in found(client, "absent zephyr")


def test_search_finds_donations_for_those_who_may_see_them(client: Client) -> None:
    with clock.frozen_at(giving.SPRING):
        under_way = giving.draft(slug="tool", name=BAIT, summary=f"{BAIT} summary")
        done = giving.completed(slug="done-deal")
    for user in (None, person()):
        if user is not None:
            client.force_login(user)
        results = client.get(reverse("web:search"), {"q": BAIT})
        assert results.context["donations"] == []
        assert under_way.code not in results.content.decode()
        assert f"/donations/{done.code}/" in found(client, "done-deal")
    for user in (under_way.proposed_by, organiser()):
        client.force_login(user)
        assert f"/donations/{under_way.code}/" in found(client, BAIT.lower())
        assert under_way.code not in found(client, f"{BAIT} summary")


def test_search_for_nothing_finds_nothing(client: Client) -> None:
    governance.charter()
    governance.review()
    results = client.get(reverse("web:search"), {"q": "  "})
    assert results.context["donations"] == []
    assert results.context["decisions"].reviews == []


def test_an_address_that_takes_forms_alone_leads_back_to_the_form(client: Client) -> None:
    """Whoever signs in again after sending a form comes there by GET."""
    made = team(of=season())
    client.force_login(captain_of(made))

    answer = client.get(f"/teams/{made.code}/invite/")

    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Send the form again" in page
    assert f'href="/teams/{made.code}/"' in page
    assert client.get("/merges/nothing/accept/").content.count(b"Back to the form") == 1
