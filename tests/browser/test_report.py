"""The report of an agent's runs, opened from a file as its reader opens it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from concours.driving import reporting
from concours.driving.results import Driven
from tests.browser.examining import troubles_of
from tests.factories.results import fails, hits, well

Opener = Callable[..., Page]
BAIT = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def three() -> list[Driven]:
    return [well(), hits(), fails(f"ValueError: {BAIT}", log=BAIT)]


@pytest.fixture
def report(browser: Browser, tmp_path: Path, three: list[Driven]) -> Iterator[Opener]:
    """Opens a report from disk; fails on script errors and refused contents."""
    troubles: list[str] = []
    contexts = []

    def open_(
        driven: Sequence[Driven] | None = None,
        *,
        at: str = "",
        width: int = 1280,
        dark: bool = False,
        locale: str = "en-GB",
    ) -> Page:
        file = tmp_path / "report.html"
        file.write_text(reporting.html(driven or three, agent="follow.py"), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        troubles_of(page, into=troubles)
        page.goto(file.as_uri() + at)
        expect(page.locator("html[data-ready]")).to_be_attached()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def names(page: Page) -> list[str]:
    return page.locator("#runs .scenario a").all_inner_texts()


def test_a_scenario_is_opened_and_a_loss_leads_to_its_time_and_place(report: Opener) -> None:
    page = report()

    page.get_by_role("link", name="hits").click()
    expect(page.get_by_role("heading", name="hits")).to_be_focused()
    before = page.locator("#stage").screenshot()
    loss = page.locator(".loss").filter(has_text="Collisions")
    when = loss.locator(".when").inner_text()
    loss.click()

    expect(page.locator("#clock")).to_have_text(when.removesuffix(" s"))
    expect(loss).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#said")).to_contain_text("Collisions: collision with It")
    assert page.locator("#stage").screenshot() != before
    assert page.locator("#marks .lost").count() == page.locator(".loss").count()


def test_the_address_leads_to_a_run_and_back_leads_out(report: Opener) -> None:
    page = report(at="#run-1")

    expect(page.get_by_role("heading", name="hits")).to_be_visible()
    page.get_by_role("link", name="fails →").click()
    expect(page.get_by_role("heading", name="fails")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="hits")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="hits")).to_be_focused()
    expect(page.locator("#run")).to_be_hidden()


def test_what_was_measured_is_told_in_the_readers_language(report: Opener) -> None:
    english = report(at="#run-1").locator("#measures").inner_text()
    chinese = report(at="#run-1", locale="zh-CN").locator("#measures").inner_text()

    assert "1 collision\t" in english
    assert "0 red lights\t" in english
    assert "1 次碰撞\t" in chinese
    assert not re.search("collision|red light|time|line|over|of the", chinese)


def test_rows_are_sorted_by_keyboard(report: Opener) -> None:
    page = report()
    by_score = page.get_by_role("columnheader", name="Score").get_by_role("button")

    by_score.press("Enter")
    rising = names(page)
    expect(by_score).to_be_focused()
    by_score.press("Enter")

    assert sorted(rising) == ["fails", "hits", "well"]
    assert rising[-1] == "well"
    assert names(page)[0] == "well"
    expect(page.get_by_role("columnheader", name="Score")).to_have_attribute(
        "aria-sort", "descending"
    )


def test_another_preset_judges_the_overview_and_the_run(report: Opener) -> None:
    page = report(at="#run-1")
    ours = page.locator("#worth").inner_text()
    means = page.locator("#mean").text_content()

    page.get_by_role("combobox", name="Score by").select_option("carla-2.1")

    expect(page.locator("#worth")).not_to_have_text(ours)
    expect(page.locator("#measures")).to_contain_text("Way driven")
    assert page.locator("#mean").text_content() != means


def test_curves_show_values_and_lead_to_their_times(report: Opener) -> None:
    page = report(at="#run-1")
    canvas = page.locator("#curve-speed canvas")

    canvas.hover(position={"x": 300, "y": 60})
    expect(page.locator("#curve-speed .tip")).to_contain_text("Speed")
    canvas.click(position={"x": 300, "y": 60})

    # What a press sought is shown with the next picture.
    expect(page.locator("#clock")).not_to_have_text(re.compile(r"0\..*|1\.00"))


def test_language_is_switched_in_the_overview_and_in_a_run(report: Opener) -> None:
    page = report()

    page.get_by_role("button", name="Switch to Chinese").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("columnheader", name="主要失分")).to_be_visible()
    page.get_by_role("link", name="hits").click()
    expect(page.get_by_role("heading", name="失分")).to_be_visible()
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="Lost points")).to_be_visible()


def test_a_fault_is_told_and_nothing_of_a_stranger_runs(report: Opener) -> None:
    page = report()

    expect(page.locator("#runs .reason", has_text=BAIT)).to_be_visible()
    page.get_by_role("link", name="fails").click()
    expect(page.locator("#fault")).to_have_text(f"ValueError: {BAIT}")
    page.get_by_text("What the agent printed").click()
    expect(page.locator("#log pre")).to_have_text(BAIT)
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("width", [320, 390, 768, 1100, 1600])
def test_no_width_scrolls_sideways(report: Opener, width: int) -> None:
    long = "A_very_long_name_of_a_scenario_without_any_place_to_break_it_at_all" * 2
    page = report([hits(long), well()], width=width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name=long).click()
    expect(page.locator("#run")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("at", ["", "#run-1", "#run-2"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible(report: Opener, dark: bool, at: str, width: int) -> None:
    page = report(at=at, dark=dark, width=width)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
