"""Every page that matters, in a real browser: narrow and wide, light and dark, both languages.

Each page is looked at twice, in looks that differ in all three, a desk of staff once; over all
pages every combination occurs. A picture of each is left in PICTURES.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import new_context, sign_in
from tests.browser.examining import examine, troubles_of
from tests.browser.installation import PASSWORD, Site

SEASON = "/seasons/open-atom-2022/"
RUNNING = SEASON + "tracks/hyperbench-blockchain-measurement/"
ENDED = "/seasons/played/tracks/miniblink-lean-browser/"
ENTRANT = "miniblink-lean-browser-1-1@played.example"
JUROR = "juror-miniblink-lean-browser-1@played.example"

PUBLIC = {
    "home": "/",
    "seasons": "/seasons/",
    "season": SEASON,
    "season-played": "/seasons/played/",
    "tracks": "/tracks/",
    "track": RUNNING,
    "track-played": ENDED,
    "rules": RUNNING + "rules/",
    "prizes": RUNNING + "prizes/",
    "no-entries": RUNNING + "entries/",
    "entries": ENDED + "entries/",
    "proposals": SEASON + "call/",
    "proposal": "/proposals/{proposal}/",
    "no-standings": RUNNING + "standings/",
    "standings": ENDED + "standings/",
    "no-result": RUNNING + "result/",
    "result": ENDED + "result/",
    "result-check": ENDED + "result/check/",
    "entry": "/entries/{entry}/",
    "projects": "/projects/",
    "project": "/projects/{project}/",
    "record": "/record/",
    "event": "/record/{event}/",
    "record-verify": "/record/verify/",
    "verify-credential": "/credentials/verify/",
    "about": "/about/",
    "search": "/search/?q=browser",
    "search-nothing": "/search/?q=zzzz",
    "login": "/account/login/",
    "sign-up": "/account/signup/",
    "reset": "/account/password/reset/",
    "api-docs": "/api/v1/docs",
    "not-found": "/no/such/page/",
}
OPERATOR = {
    "account": "/account/",
    "keys": "/account/keys/",
    "staff": "/account/staff/open-atom-2022/",
    "propose": SEASON + "call/propose/",
    "season-desk": SEASON + "desk/",
    "track-desk": RUNNING + "desk/",
    "track-phases": RUNNING + "desk/phases/",
    "track-settings": RUNNING + "desk/settings/",
    "track-rules-desk": RUNNING + "desk/rules/",
    "review-desk": RUNNING + "desk/review/",
    "review-desk-played": ENDED + "desk/review/",
    "review-plan": SEASON + "tracks/vearch-vector-search/desk/review/",
    "review-advice": RUNNING
    + "desk/review/advice/?entries=20&reviews=3&finalists=5&agreement=fair",
    "review-screening": ENDED + "desk/review/screening/",
    "result-desk": RUNNING + "result/desk/",
    "result-desk-played": ENDED + "result/desk/",
    "proposal-to-decide": "/proposals/{proposal}/",
    "rehearsal": "/rehearsal/",
    "admin": "/admin/",
    "admin-tracks": "/admin/competitions/track/",
}
ENTRANT_PAGES = {
    "profile": "/account/profile/",
    "affiliations": "/account/affiliations/",
    "my-teams": "/teams/",
    "team": "/teams/{team}/",
    "new-team": "/teams/new/",
    "enter": RUNNING + "enter/",
    "my-reviews": "/reviews/",
    "my-review": "/reviews/{review}/",
    "my-entry": "/entries/{mine}/",
    "my-entry-reviews": "/entries/{mine}/reviews/",
    "my-standing": ENDED + "standings/",
    "shown": "/account/shown/",
    "credentials": "/account/credentials/",
    "password": "/account/password/change/",
    "email": "/account/email/",
}
JUROR_PAGES = {
    "jury": "/jury/",
    "jury-track": ENDED + "jury/",
    "jury-score": ENDED + "jury/{entry}/",
}
VISITS = [
    (name, path, person)
    for person, pages in (
        ("", PUBLIC),
        ("operator", OPERATOR),
        (ENTRANT, ENTRANT_PAGES),
        (JUROR, JUROR_PAGES),
    )
    for name, path in pages.items()
]


@dataclass(frozen=True)
class Look:
    language: str
    width: int
    dark: bool

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{'dark' if self.dark else 'light'}"

    def opposite(self) -> Look:
        other = {"en": "zh-hans", "zh-hans": "en"}[self.language]
        return Look(other, {390: 1280, 1280: 390}[self.width], not self.dark)


ENGLISH = [Look("en", width, dark) for width in (1280, 390) for dark in (False, True)]


def looks_for(number: int, person: str) -> list[Look]:
    """Two opposite looks; one for the desks of staff and jurors, taken in turn."""
    if person in {"operator", JUROR}:
        look = ENGLISH[number // 2 % 4]
        return [look if number % 2 else look.opposite()]
    look = ENGLISH[number % 4]
    return [look, look.opposite()]


CASES = [
    pytest.param(path, person, name, look, id=f"{name}-{look}")
    for number, (name, path, person) in enumerate(VISITS)
    for look in looks_for(number, person)
]


class Visitors:
    """One browser context a person and look, signed in once a person."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self._site = browser, site
        self._contexts: dict[tuple[str, Look], BrowserContext] = {}
        self._cookies: dict[str, list[dict[str, object]]] = {}

    def page(self, person: str, look: Look) -> Page:
        key = person, look
        if key not in self._contexts:
            context = self._new(look)
            if person:
                context.add_cookies(self._session(person))  # type: ignore[arg-type]
            self._contexts[key] = context
        return self._contexts[key].new_page()

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()

    def _new(self, look: Look) -> BrowserContext:
        return new_context(
            self._browser,
            base=self._site.url,
            width=look.width,
            dark=look.dark,
            language=look.language,
        )

    def _session(self, person: str) -> list[dict[str, object]]:
        if person not in self._cookies:
            context = self._new(ENGLISH[0])
            if person == "operator":
                sign_in(context.new_page(), self._site.operator, self._site.password)
            else:
                sign_in(context.new_page(), person, PASSWORD)
            self._cookies[person] = [
                {**cookie} for cookie in context.cookies() if cookie["name"] == "sessionid"
            ]
            context.close()
        return self._cookies[person]


@pytest.fixture(scope="module")
def visitors(browser: Browser, site: Site) -> Iterator[Visitors]:
    made = Visitors(browser, site)
    yield made
    made.close()


@pytest.fixture(scope="module")
def places(site: Site, played: str, visitors: Visitors) -> dict[str, str]:
    """The codes in addresses that differ from run to run."""
    for email in (ENTRANT, JUROR):
        site.inside("give_password", email=email, password=PASSWORD)
    proposal = site.inside(
        "propose",
        season="open-atom-2022",
        email=ENTRANT,
        topic="Package managers that explain what they do",
        category="tools",
        owner="Package Commons",
        description="Every solver decides; **few say why**. We ask for one that does.",
        rules="1. Entries are open source.\n2. Tests can fail.",
        format="A git repository with a `README`.",
        prizes="CNY 100,000 in four prizes.",
    )
    anyone = visitors.page("", ENGLISH[0])
    entrant = visitors.page(ENTRANT, ENGLISH[0])
    return {
        "proposal": proposal["code"],
        "entry": _linked(anyone, ENDED + "standings/", r"/entries/([^/]+)/$"),
        "project": _linked(anyone, "/projects/", r"/projects/([^/]+)/$"),
        "event": _linked(anyone, "/record/", r"/record/(\d+)/$"),
        "team": _linked(entrant, "/teams/", r"/teams/((?!new)[^/]+)/$"),
        "mine": _linked(entrant, "/teams/", r"/entries/([^/]+)/$"),
        "review": _linked(entrant, "/reviews/", r"/reviews/([^/]+)/$"),
    }


def _linked(page: Page, path: str, pattern: str) -> str:
    """The code in the first link on the page at `path` whose address fits `pattern`."""
    page.goto(path)
    links = page.locator("main a").evaluate_all("all => all.map(a => a.pathname)")
    found = next(filter(None, (re.match(pattern, link) for link in links)), None)
    assert found, f"no link to {pattern} on {path}: {links}"
    return found[1]


@pytest.mark.parametrize(("path", "person", "name", "look"), CASES)
def test_page(
    path: str,
    person: str,
    name: str,
    look: Look,
    visitors: Visitors,
    places: dict[str, str],
) -> None:
    page = visitors.page(person, look)
    troubles: list[str] = []
    troubles_of(page, into=troubles)

    answer = page.goto(path.format(**places))

    assert answer is not None
    assert answer.status == (404 if name == "not-found" else 200)
    assert page.url.removeprefix(answer.url) == ""
    examine(page, name=f"{name}-{look}", language=look.language)
    assert troubles == []
    page.close()


def test_every_look_occurs() -> None:
    looks = {case.values[3] for case in CASES}

    assert len(looks) == 8
