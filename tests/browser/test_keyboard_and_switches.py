"""What readers turn and press: language, theme, keys; and the site for those without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.installation import Site

TRACK = "/seasons/open-atom-2022/tracks/hyperbench-blockchain-measurement/"
_FOCUS_SHOWS = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
}"""


def test_the_language_switch_keeps_the_page(open_page: Opener) -> None:
    page = open_page("/search/?q=browser")

    page.get_by_role("button", name="简体中文").first.click()

    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert page.url.endswith("/search/?q=browser")
    page.goto("/seasons/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.get_by_role("button", name="English").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_theme_switch_holds_on_the_next_page(open_page: Opener) -> None:
    page = open_page("/", dark=False)
    switch = page.locator("button.theme-switch").first
    by_day = _background(page)

    switch.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    switch.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert _background(page) != by_day

    page.goto("/about/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert _background(page) != by_day
    page.locator("button.theme-switch").first.click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile("."))
    assert _background(page) == by_day


def _background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_the_first_tab_skips_to_the_content(open_page: Opener) -> None:
    page = open_page("/about/")

    page.keyboard.press("Tab")
    expect(page.locator("a.skip-link")).to_be_focused()
    expect(page.locator("a.skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_a_slash_searches_and_a_question_mark_helps(open_page: Opener) -> None:
    page = open_page("/about/")

    page.keyboard.press("/")
    expect(page.locator("#search-wide")).to_be_focused()
    page.keyboard.type("what/if?")
    expect(page.locator("#search-wide")).to_have_value("what/if?")
    expect(page.locator("#keys")).to_be_hidden()

    page.locator("#search-wide").blur()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_slash_opens_the_menu_where_the_search_hides_in_it(open_page: Opener) -> None:
    page = open_page("/about/", width=390)

    page.keyboard.press("/")

    expect(page.locator("#search-narrow")).to_be_focused()


def test_j_and_k_walk_the_rows_of_a_table(open_page: Opener) -> None:
    page = open_page("/record/")
    rows = page.locator("table[data-rows] tbody tr")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("data-here", "")
    page.keyboard.press("k")

    expect(rows.nth(0)).to_have_attribute("data-here", "")
    expect(rows.nth(1)).not_to_have_attribute("data-here", "")


def test_signing_in_takes_no_mouse_and_focus_always_shows(open_page: Opener, site: Site) -> None:
    page = open_page("/about/")

    _tab_to(page, page.get_by_role("link", name="Sign in").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/**")
    _tab_to(page, page.locator("input[name=login]"))
    page.keyboard.type(site.operator)
    _tab_to(page, page.locator("input[name=password]"))
    page.keyboard.type(site.password)
    page.keyboard.press("Enter")

    expect(page.get_by_label("Account").first).to_be_visible()


def _tab_to(page: Page, wanted: object) -> None:
    """Press Tab until `wanted` has the focus; at each stop the focus must be seen."""
    for _ in range(40):
        if wanted.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            assert page.evaluate(_FOCUS_SHOWS)
            return
        page.keyboard.press("Tab")
        assert page.evaluate(_FOCUS_SHOWS), page.evaluate("document.activeElement.outerHTML")
    raise AssertionError("Tab does not reach it")


def test_a_question_is_asked_before_what_cannot_be_undone(open_page: Opener, site: Site) -> None:
    page = open_page(TRACK + "desk/", person=(site.operator, site.password))
    advance = page.get_by_role("button", name=re.compile("^Advance to"))
    posted: list[str] = []
    page.on("request", lambda sent: posted.append(sent.url) if sent.method == "POST" else None)

    advance.click()
    expect(page.locator("#confirm")).to_be_visible()
    page.locator("#confirm").get_by_role("button", name="Cancel").click()

    expect(page.locator("#confirm")).to_be_hidden()
    assert posted == []
    assert page.url.endswith(TRACK + "desk/")


def test_without_scripts_one_switches_language_and_enters(open_page: Opener, site: Site) -> None:
    page = open_page(TRACK, javascript=False, person=(site.operator, site.password))

    page.get_by_role("button", name="简体中文").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert page.url.endswith(TRACK)
    page.get_by_role("button", name="English").first.click()
    page.get_by_role("link", name="Enter this track").click()
    page.get_by_label("Title").fill("Plain pages")
    page.get_by_label("I accept the rules").check()
    page.get_by_role("button", name="Enter the track").click()

    expect(page.get_by_text("You are in.")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Plain pages")


def test_without_scripts_the_narrow_menu_opens(open_page: Opener) -> None:
    page = open_page("/about/", javascript=False, width=390)

    page.get_by_text("Menu", exact=True).click()
    page.locator("#search-narrow").fill("browser")
    page.locator("#search-narrow").press("Enter")

    page.wait_for_url("**/search/?q=browser")
