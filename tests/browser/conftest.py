"""A running installation, and a real browser in which a script error fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from concours.peerreview import AssignmentProblem, assign, consensus, simulate
from tests.browser.examining import troubles_of
from tests.browser.installation import Site, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all browser tests: they share the server."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def compiled() -> None:
    """The engine's kernels, compiled and kept on disk before a page waits for them."""
    n, seed = 24, b"compile"
    organisation = np.arange(n) // 2
    problem = AssignmentProblem(
        n_entries=n,
        reviewer_entry=np.arange(n),
        reviews_per_entry=4,
        conflicts=np.array([[2, 7]]),
        reviewer_groups=organisation,
        entry_groups=organisation,
        parts=4,
    )
    drawn = assign(problem, seed=seed)
    reviews = simulate.reviews_for(
        drawn.pairs,
        np.arange(n) * 4,
        bias_sd=8,
        noise_sd=6,
        seed=seed,
        n_reviewers=n,
        low=0,
        high=100,
        step=1,
    )
    consensus(reviews, seed=seed, top=3)


@pytest.fixture(scope="session")
def site(compiled: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation whose clock stays in the registration of the season's first batch."""
    with serving(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def played(site: Site) -> str:
    """The slug of a season that the simulated crowd has played to its awards."""
    site.command("demo", "--teams", "40", "--slug", "played")
    return "played"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed after the last of these tests: its loop keeps later ones from Django's database."""
    named = os.environ.get("CONCOURS_CHROMIUM")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.fail("no Chromium: run scripts/setup_browser.sh, or set CONCOURS_CHROMIUM")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield launched
        launched.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(site: Site, browser: Browser) -> Iterator[Opener]:
    """Opens a page of the site in a fresh browser; fails on script errors and CSP violations."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_(
        path: str = "/",
        *,
        at: Site | None = None,
        person: tuple[str, str] | None = None,
        javascript: bool = True,
        **looks: object,
    ) -> Page:
        base = (at or site).url
        context = new_context(browser, base=base, javascript=javascript, **looks)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        troubles_of(page, into=troubles)
        if person is not None:
            sign_in(page, *person)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def new_context(
    browser: Browser,
    *,
    base: str,
    width: int = 1280,
    height: int = 900,
    dark: bool = False,
    language: str = "en",
    javascript: bool = True,
) -> BrowserContext:
    """A browser as somebody has it: a width in CSS pixels, a colour scheme, a language."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale={"en": "en-GB", "zh-hans": "zh-CN"}[language],
        timezone_id="Asia/Shanghai",
        base_url=base,
        reduced_motion="reduce",
        java_script_enabled=javascript,
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    return context


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/")
