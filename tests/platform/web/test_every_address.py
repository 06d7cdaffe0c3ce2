"""What holds at every address there is, for strangers, people and operators."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from concours.platform.competitions.enums import PhaseKind
from concours.platform.record.models import Event
from tests.factories.competitions import (
    advance,
    captain_of,
    draft_track,
    entry,
    season,
    submission,
    track,
)
from tests.factories.people import operator, organisation, person
from tests.platform.web.addresses import addresses

pytestmark = pytest.mark.django_db

ALL = addresses()
POLICY = "Content-Security-Policy"
EXPECTED_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Offences(HTMLParser):
    """Collects what the policy would block: inline scripts, styles, handlers, other hosts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = given.get("type") or ""
        self._script = tag == "script" and "src" not in given and "json" not in kind
        if tag == "style" or "style" in given:
            self.found.append(f"<{tag} style>")
        for name, value in attrs:
            if name.startswith(("on", "hx-on")):
                self.found.append(f"<{tag} {name}>")
            loads = (tag, name) in {
                ("script", "src"),
                ("img", "src"),
                ("link", "href"),
                ("iframe", "src"),
                ("form", "action"),
            }
            if loads and re.match(r"(https?:)?//|javascript:", value or ""):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.found.append(f"inline script {data.strip()[:40]!r}")


def offences(answer: Any) -> list[str]:
    if not answer["Content-Type"].startswith("text/html"):
        return []
    parser = Offences()
    parser.feed(answer.content.decode())
    return parser.found


def missing(answer: Any) -> list[str]:
    """The headers that every answer has to carry and this one does not."""
    policy = answer.get(POLICY, "")
    wrong = [
        f"{name} is {answer.get(name)}"
        for name, value in EXPECTED_HEADERS.items()
        if answer.get(name) != value
    ]
    if "default-src 'none'" not in policy or "unsafe" in policy:
        wrong.append(f"policy {policy!r}")
    return wrong


def test_the_walk_finds_the_whole_project() -> None:
    found = {address.path for address in ALL}
    assert len(ALL) > 80
    for path in ("/", "/account/login/", "/api/v1/record/head", "/admin/", "/record/1/"):
        assert path in found
    assert not [path for path in found if re.search(r"[<>()?\\]", path)]


def test_a_stranger_breaks_nothing(client: Client) -> None:
    wrong = []
    for address in ALL:
        answer = client.get(address.path)
        if answer.status_code >= 500:
            wrong.append(f"{address}: {answer.status_code}")
        wrong += [f"{address}: {what}" for what in (*missing(answer), *offences(answer))]
    assert wrong == []


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_a_post_without_the_csrf_token_changes_nothing(who: str) -> None:
    """Refused, or not an address to post to."""
    client = Client(enforce_csrf_checks=True)
    if who == "operator":
        client.force_login(operator())
    before = Event.objects.count()
    wrong = []
    for address in ALL:
        answer = client.post(address.path)
        # The signed link in a mail is proof enough (RFC 8058); this one is not signed.
        known = "/api/" not in address.path and "unsubscribe" not in address.path
        fine = {403, 405} if known else {401, 403, 404, 405}
        if answer.status_code not in fine:
            wrong.append(f"{address}: {answer.status_code}")
        wrong += [f"{address}: {what}" for what in missing(answer)]
    assert wrong == []
    assert Event.objects.count() == before


def test_an_operator_finds_no_broken_page(client: Client) -> None:
    client.force_login(operator())
    wrong = []
    for address in ALL:
        if address.path == "/admin/logout/":
            continue
        answer = client.get(address.path)
        if answer.status_code >= 500:
            wrong.append(f"{address}: {answer.status_code}")
        wrong += [f"{address}: {what}" for what in offences(answer)]
    assert wrong == []


@pytest.fixture
def furnished(spring: Any, tmp_path: Any) -> dict[str, Any]:
    """A season with something of everything in it."""
    running = track(title="Running track")
    entered = entry(in_track=running, title="An entry")
    submission(of=entered, folder=tmp_path)
    other = entry(in_track=running)
    submission(of=other, folder=tmp_path)
    draft_track(of=running.batch)
    organisation(members=[captain_of(entered.team)])
    return {"track": running, "entry": entered, "season": running.season}


def _crawl(client: Client, start: list[str], most: int = 150) -> tuple[set[str], list[str]]:
    """Follow every link of the project from `start`. Returns what was seen and what was wrong."""
    seen: set[str] = set()
    wrong: list[str] = []
    waiting = list(start)
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status_code >= 400:
            wrong.append(f"{path}: {answer.status_code}")
        wrong += [f"{path}: {what}" for what in offences(answer)]
        if answer["Content-Type"].startswith("text/html") and answer.status_code == 200:
            links = re.findall(r'<a\b[^>]*?href="([^"]+)"', answer.content.decode())
            waiting += [link.split("#")[0] for link in links if _ours(link)]
        if answer.status_code in (301, 302):
            waiting.append(answer["Location"].split("#")[0])
    return seen, wrong


def _ours(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("//", "/static/", "/api/v1/openapi"))


@pytest.mark.parametrize("who", ["stranger", "entrant", "operator"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_link_leads_nowhere(
    client: Client, furnished: dict[str, Any], who: str, language: str
) -> None:
    client.cookies["django_language"] = language
    if who == "entrant":
        client.force_login(captain_of(furnished["entry"].team))
    elif who == "operator":
        client.force_login(operator())
    start = ["/", "/account/", "/record/", "/about/", "/search/?q=track", "/rehearsal/"]
    seen, wrong = _crawl(client, start if who == "operator" else start[:-1])
    assert wrong == []
    assert len(seen) > 15


def test_addresses_for_machines(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert "no-cache" in client.get("/healthz")["Cache-Control"]
    assert b"Disallow: /account/" in client.get("/robots.txt").content
    icon = client.get("/favicon.ico")
    assert icon.status_code == 302
    assert icon["Location"].endswith(".svg")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    user = person(password="correct horse battery")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    login = reverse("account_login")
    assert client.get(login).cookies["csrftoken"]["samesite"] == "Lax"
    answer = client.post(login, {"login": user.email, "password": "correct horse battery"})
    assert answer.cookies["sessionid"]["samesite"] == "Lax"
    assert answer.cookies["sessionid"]["httponly"]


def test_a_season_of_every_phase_has_pages(client: Client, furnished: dict[str, Any]) -> None:
    running = advance(furnished["track"], to=PhaseKind.FINAL)
    _seen, wrong = _crawl(client, [reverse("competitions:season", args=[running.season.slug])])
    assert wrong == []


def test_before_there_is_a_season_the_pages_say_so(client: Client) -> None:
    season(opened=False)
    _seen, wrong = _crawl(client, ["/", "/record/", "/seasons/", "/tracks/", "/search/"])
    assert wrong == []
