"""The style guide in a real browser: what scripts add, what works without, who may not be hindered.

The page is handed to the browser with the headers it was served with, its content policy included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import include, path
from django.utils import translation

from concours.platform.web.interfaces.style_guide import style_guide

playwright_api = pytest.importorskip("playwright.sync_api")
axe_api = pytest.importorskip("axe_playwright_python.sync_playwright")

urlpatterns = [path("style-guide/", style_guide), path("", include("concours.platform.urls"))]

pytestmark = [
    pytest.mark.browser,
    # One process holds one Playwright: this one is closed before that of tests/browser begins.
    pytest.mark.xdist_group("browser"),
    pytest.mark.urls(__name__),
    pytest.mark.django_db,
]

STATIC = Path(__file__).parents[3] / "src/concours/platform/web/static"
CHROMIUM = Path("/usr/bin/chromium")
HOST = "https://concours.test"
FRAGMENT = '<time datetime="2023-03-01T12:30:00Z" data-local="datetime">1 Mar, 12:30 UTC</time>'
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass
class Site:
    """One served page, and what the browser asked for or complained of."""

    body: bytes
    headers: dict[str, str]
    complaints: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    swaps: list[tuple[str, str | None]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def answer(self, route: Any) -> None:
        request = route.request
        where = urlsplit(request.url)
        if not request.url.startswith(HOST):
            self.foreign.append(request.url)
            route.abort()
        elif request.headers.get("hx-request"):
            self.swaps.append((request.method, request.headers.get("x-csrftoken")))
            route.fulfill(body=FRAGMENT, headers=self.headers)
        elif request.method == "POST":
            self.posts.append(where.path)
            route.fulfill(status=204)
        elif where.path.startswith("/static/"):
            file = STATIC / where.path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        else:
            route.fulfill(body=self.body, headers=self.headers)


@pytest.fixture(params=["en", "zh-hans"])
def site(request: pytest.FixtureRequest, client: Client) -> Site:
    with translation.override(None):
        response = client.get("/style-guide/", headers={"accept-language": request.param})
    assert response.status_code == 200
    assert "Content-Security-Policy" in response
    return Site(body=response.content, headers=dict(response.items()))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    where = str(CHROMIUM) if CHROMIUM.exists() else None
    with pytest.MonkeyPatch.context() as patch, playwright_api.sync_playwright() as playwright:
        # Playwright keeps a loop in this thread, and Django then takes every query for a mistake.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        try:
            launched = playwright.chromium.launch(executable_path=where, args=["--no-sandbox"])
        except playwright_api.Error:
            pytest.fail("no Chromium: run scripts/setup_browser.sh")
        yield launched
        launched.close()


def visit(browser: Any, site: Site, **options: Any) -> Any:
    context = browser.new_context(timezone_id="Asia/Shanghai", **options)
    page = context.new_page()
    page.on("console", lambda message: site.complaints.append(message.text))
    page.on("pageerror", lambda error: site.complaints.append(str(error)))
    page.route("**/*", site.answer)
    page.goto(f"{HOST}/style-guide/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_nothing_hinders_a_reader(browser: Any, site: Site, scheme: str, width: int) -> None:
    page = visit(browser, site, color_scheme=scheme, viewport={"width": width, "height": 800})

    found = axe_api.Axe().run(page).response["violations"]
    serious = [fault for fault in found if fault["impact"] in {"serious", "critical"}]
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert serious == []
    assert overflow <= 0
    assert site.complaints == []
    assert site.foreign == []


def test_the_theme_is_switched_and_kept(browser: Any, site: Site) -> None:
    page = visit(browser, site, color_scheme="light", viewport={"width": 1280, "height": 800})
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    switch = page.locator("header button.theme-switch").first

    switch.click()
    assert page.evaluate(paper) == light
    switch.click()
    dark = page.evaluate(paper)
    page.reload()

    assert dark != light
    assert page.evaluate(paper) == dark
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_question_is_asked_before_the_form_goes(browser: Any, site: Site) -> None:
    page = visit(browser, site)
    button = page.locator("form[data-confirm] button")
    sent_before = list(site.posts)

    button.click()
    assert page.locator("#confirm").is_visible()
    page.locator("#confirm button[value=no]").click()
    page.wait_for_timeout(100)
    refused = list(site.posts)
    button.click()
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("#confirm button[value=yes]").click()

    assert sent_before == refused == []
    assert len(site.posts) == 1


def test_fragments_are_fetched_and_enhanced_under_the_content_policy(
    browser: Any, site: Site
) -> None:
    page = visit(browser, site)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()

    page.locator("button[hx-post]").click()
    page.wait_for_selector("#asked time[data-utc]")
    page.wait_for_selector("#polled time[data-utc]")

    assert site.swaps[0] == ("POST", token)
    assert ("GET", None) in site.swaps
    assert "20:30" in (page.locator("#asked").text_content() or "")
    assert site.complaints == []


def test_keys(browser: Any, site: Site) -> None:
    page = visit(browser, site, viewport={"width": 390, "height": 800})

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-narrow"
    page.keyboard.type("j?")
    assert page.evaluate("document.activeElement.value") == "j?"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr[data-here] td").first.text_content() == "2"
    page.keyboard.press("k")
    assert page.locator("tr[data-here] td").first.text_content() == "1"
    page.keyboard.press("Shift+?")
    assert page.locator("#keys").is_visible()


def test_times_are_local_and_utc_stays_in_the_title(browser: Any, site: Site) -> None:
    page = visit(browser, site)
    time = page.locator("time[data-local=datetime]").last

    title, shown = time.get_attribute("title"), time.text_content()
    stamp = time.get_attribute("datetime")
    local = page.evaluate("stamp => new Date(stamp).getHours()", stamp)

    assert title
    assert title.endswith("UTC")
    assert shown
    assert "UTC" not in shown
    assert f"{local:02d}:" in shown
    assert page.locator(".countdown[data-soon]").count() == 1


def test_without_scripts_the_page_stands(browser: Any, site: Site) -> None:
    page = visit(browser, site, java_script_enabled=False, viewport={"width": 390, "height": 800})

    assert not page.locator(".theme-switch").first.is_visible()
    assert not page.locator(".copy").first.is_visible()
    assert "UTC" in (page.locator("time[data-local=datetime]").last.text_content() or "")
    page.locator("details.menu.small summary").click()
    assert page.locator("details.menu.small a[href='/projects/']").is_visible()
