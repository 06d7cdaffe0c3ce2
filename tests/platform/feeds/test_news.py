"""Atom and JSON Feed: valid, conditional, and with nothing in them that the public may not see."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client

from concours.platform.competitions import domain as competitions
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Track
from concours.platform.integrity.domain import make_report
from tests.factories import awards
from tests.factories import competitions as make
from tests.factories.people import operator, organiser

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _spring(spring: datetime) -> None:
    """The clock stands in registration."""


def place(track: Track) -> str:
    return f"/seasons/{track.season.slug}/tracks/{track.slug}/"


def entries(body: bytes) -> list[Any]:
    """The entries of an Atom feed, after what RFC 4287 asks of it has been looked at."""
    root = ElementTree.fromstring(body)  # noqa: S314 - our own feed
    assert root.tag == ATOM + "feed"
    for node in (root, *root.findall(ATOM + "entry")):
        for needed in ("id", "title", "updated"):
            assert len(node.findall(ATOM + needed)) == 1, needed
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert [one for one in root.findall(ATOM + "link") if one.get("rel") == "self"]
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    assert len({one.id for one in parsed.entries}) == len(parsed.entries)
    return list(parsed.entries)


def items(body: bytes) -> list[dict[str, Any]]:
    """The items of a JSON feed, after what version 1.1 asks of it has been looked at."""
    document = json.loads(body)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(document["title"], str)
    assert urlsplit(document["home_page_url"]).scheme == "http"
    assert urlsplit(document["feed_url"]).scheme == "http"
    assert isinstance(document["authors"], list)
    for item in document["items"]:
        assert isinstance(item["id"], str)
        assert "content_text" in item or "content_html" in item
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None
    assert len({item["id"] for item in document["items"]}) == len(document["items"])
    found: list[dict[str, Any]] = document["items"]
    return found


def test_both_forms_tell_the_same_newest_first(client: Client) -> None:
    track = make.track(title="Drives")
    make.advance(track, to=PhaseKind.PEER_REVIEW)

    atom = client.get(place(track) + "news.atom")
    feed = client.get(place(track) + "news.json")

    titles = [one.title for one in entries(atom.content)]
    assert titles == ["Drives: peer review begins", "Drives has started"]
    assert [item["title"] for item in items(feed.content)] == titles
    assert atom["content-type"].startswith("application/atom+xml")
    assert feed["content-type"].startswith("application/feed+json")
    assert entries(atom.content)[0].link == "http://127.0.0.1:8000" + place(track)


def test_a_feed_speaks_the_language_asked_for(client: Client) -> None:
    track = make.track(title="Drives", title_zh="驾驶")

    chinese = client.get(place(track) + "news.json", {"language": "zh-hans"})
    other = client.get(place(track) + "news.json", {"language": "xx"})

    assert json.loads(chinese.content)["language"] == "zh-hans"
    assert "驾驶" in chinese.content.decode()
    assert json.loads(other.content)["language"] == "en"
    assert chinese["etag"] != other["etag"]


def test_results_and_integrity_are_news(tmp_path: Path, client: Client) -> None:
    result = awards.published(folder=tmp_path)
    season = result.track.season
    make_report(actor=operator(), season=season)

    titles = [
        item["title"] for item in items(client.get(f"/seasons/{season.slug}/news.json").content)
    ]

    assert titles[0] == "An integrity report of the season"
    assert f"Result published: {result.track}" in titles
    assert f"Standings published: {result.track}" in titles
    assert titles[-1] == "The season is open"


@pytest.mark.parametrize("form", ["atom", "json"])
def test_drafts_are_nowhere_also_for_staff(form: str) -> None:
    shown = make.track(title="Shown one")
    draft = make.track(of=shown.batch, title="Bait track")
    Track.objects.filter(pk=draft.pk).update(state="draft", phase=None)
    hidden = make.season(opened=False, title="Bait season", slug="bait-season")
    competitions.create_batch(
        actor=operator(), season=hidden, number=1, title="Bait batch",
        starts_at=make.day(2023, 1, 1), final_at=make.day(2023, 7, 1),
    )  # fmt: skip
    staff = Client()
    staff.force_login(organiser())
    for client in (Client(), staff):
        for path in (
            f"/seasons/{shown.season.slug}/news.{form}",
            f"/seasons/{shown.season.slug}/record.{form}",
            f"/record/feed.{form}",
        ):
            body = client.get(path).content.decode()
            assert shown.season.slug in body
            assert not [bait for bait in ("Bait", "bait-season", draft.slug + "<") if bait in body]
            assert f"/{draft.slug}/" not in body
        for path in (
            "/seasons/bait-season/news.",
            "/seasons/bait-season/record.",
            place(draft) + "news.",
        ):
            assert client.get(path + form).status_code == 404


def test_the_record_names_nobody(client: Client) -> None:
    team = make.team(of=make.season(), members=2)
    people = [row.user for row in team.memberships.all()]

    for form, read in (("atom", entries), ("json", items)):
        response = client.get(f"/record/feed.{form}")
        assert len(read(response.content)) >= 4
        body = response.content.decode()
        assert not [user for user in people if user.code in body or user.email in body]
        assert team.name not in body


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    track, other = make.track(), make.track()
    path = place(track) + "news.atom"
    etag = client.get(path)["etag"]

    make.advance(other, to=PhaseKind.PEER_REVIEW)
    same = client.get(path, headers={"if-none-match": etag})
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    news = client.get(path, headers={"if-none-match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert same["etag"] == etag
    assert news.status_code == 200


def test_a_title_cannot_break_out_of_a_feed(client: Client) -> None:
    track = make.track(title="</title><script>alert(1)</script>]]>&")

    atom, feed = (client.get(place(track) + f"news.{form}") for form in ("atom", "json"))

    assert b"<script>" not in atom.content
    assert entries(atom.content)[0].title
    assert items(feed.content)[0]["title"].startswith("</title><script>")


def test_pages_name_their_feeds(client: Client) -> None:
    track = make.track()
    for page, feed in (
        (place(track), place(track) + "news.atom"),
        (f"/seasons/{track.season.slug}/", f"/seasons/{track.season.slug}/news.atom"),
        ("/record/", "/record/feed.atom"),
    ):
        body = client.get(page).content.decode()
        assert f'href="{feed}?language=en"' in body
        assert client.get(feed, {"language": "en"}).status_code == 200
    assert client.get(place(track) + "news.rss").status_code == 404
