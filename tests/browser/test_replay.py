"""The replay of a run, opened from a file as its reader opens it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from concours.driving import roads, viewing
from concours.driving.world.trace import Trace
from tests.browser.examining import troubles_of
from tests.driving.roads.maps import fork
from tests.factories.traces import car, small

Opener = Callable[..., Page]
BAIT = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def replay(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens the replay of a trace from disk; fails on script errors and refused contents."""
    troubles: list[str] = []
    contexts = []

    def open_(
        trace: Trace | None = None,
        *,
        width: int = 1280,
        dark: bool = False,
        locale: str = "en-GB",
        network: bool = True,
    ) -> Page:
        file = tmp_path / "replay.html"
        ground = roads.loads(fork()) if network else None
        file.write_text(viewing.html(trace or small(), ground), encoding="utf-8")
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
        page.goto(file.as_uri())
        expect(page.locator("html[data-ready]")).to_be_attached()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def seconds(page: Page) -> float:
    return float(page.locator("#clock").inner_text())


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def picture(page: Page) -> bytes:
    return page.locator("#stage").screenshot()


def test_it_plays_to_the_end_and_again(replay: Opener) -> None:
    page = replay()
    first = picture(page)
    page.get_by_role("combobox", name="Playback speed").select_option("8")

    page.get_by_role("button", name="Play", exact=True).click()

    expect(page.locator("#clock")).to_have_text("4.00")
    again = page.get_by_role("button", name="Play again")
    expect(again).to_be_visible()
    assert picture(page) != first
    page.get_by_role("combobox", name="Playback speed").select_option("0.25")
    again.click()
    page.get_by_role("button", name="Pause").click()
    assert seconds(page) < 1.0


def test_the_slider_seeks(replay: Opener) -> None:
    page = replay()
    slider = page.get_by_role("slider", name="Time")

    slider.fill("2.2")
    expect(page.locator("#clock")).to_have_text("2.20")
    slider.press("End")
    expect(page.locator("#clock")).to_have_text("4.00")
    slider.press("ArrowLeft")
    expect(page.locator("#clock")).to_have_text("3.90")
    expect(slider).to_have_attribute("aria-valuetext", "3.90 s")


def test_keys_play_step_and_go_to_the_ends(replay: Opener) -> None:
    page = replay()

    page.keyboard.press("End")
    expect(page.locator("#clock")).to_have_text("4.00")
    page.keyboard.press("Home")
    expect(page.locator("#clock")).to_have_text("0.00")
    page.keyboard.press(".")
    page.keyboard.press(".")
    expect(page.locator("#clock")).to_have_text("0.20")
    page.keyboard.press(",")
    expect(page.locator("#clock")).to_have_text("0.10")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.keyboard.press("Shift+>")
    expect(page.get_by_role("combobox", name="Playback speed")).to_have_value("2")


def test_an_entity_is_followed_until_the_view_is_moved(replay: Opener) -> None:
    page = replay()
    follow = page.get_by_role("combobox", name="Follow")
    page.get_by_role("slider", name="Time").fill("2")

    page.get_by_role("button", name="Other").click()
    expect(follow).to_have_value("1")
    expect(page.locator("#detail")).to_contain_text("off the roads")
    page.locator("#stage").click(position={"x": 12, "y": 300})
    box = page.locator("#stage").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 230)
    page.mouse.up()
    expect(follow).to_have_value("-1")
    page.keyboard.press("f")
    expect(follow).to_have_value("1")
    page.keyboard.press("]")
    expect(follow).to_have_value("0")


def test_a_click_on_the_scene_chooses_whom_it_meets(replay: Opener) -> None:
    page = replay()
    page.get_by_role("slider", name="Time").fill("2")
    page.get_by_role("button", name="Other").click()
    page.keyboard.press("]")  # the ego stands in the middle now
    page.keyboard.press("[")
    box = page.locator("#stage").bounding_box()
    assert box is not None

    page.keyboard.press("]")
    page.locator("#stage").click(position={"x": box["width"] / 2, "y": box["height"] / 2})

    expect(page.get_by_role("button", name="Ego")).to_have_attribute("aria-pressed", "true")


def test_the_wheel_and_the_buttons_zoom(replay: Opener) -> None:
    page = replay()
    before = picture(page)

    page.get_by_role("button", name="Zoom in").click()
    near = picture(page)
    page.locator("#stage").hover()
    page.mouse.wheel(0, 400)
    page.wait_for_timeout(100)

    assert before != near != picture(page)


def test_an_absent_entity_is_shown_as_absent(replay: Opener) -> None:
    page = replay()
    other = page.get_by_role("button", name="Other")

    expect(other).to_have_class(re.compile("absent"))
    page.get_by_role("slider", name="Time").fill("2")
    expect(other).not_to_have_class(re.compile("absent"))
    expect(other).to_contain_text("23 km/h")
    page.keyboard.press("u")
    expect(other).to_contain_text("6.4 m/s")


def test_plots_storyboard_and_collisions_lead_to_their_times(replay: Opener) -> None:
    page = replay()

    page.get_by_role("button", name="2.00 s").click()
    expect(page.locator("#clock")).to_have_text("2.00")
    row = page.locator(".row.k-event .lane")
    width = (row.bounding_box() or {"width": 0})["width"]
    row.click(position={"x": width / 4, "y": 5})
    # What a press sought is shown with the next picture.
    expect(page.locator("#clock")).to_have_text(re.compile(r"0\.9[7-9]|1\.0[0-3]"))
    canvas = page.locator("#plot-speed canvas")
    canvas.hover(position={"x": 300, "y": 60})
    expect(page.locator("#plot-speed .tip")).to_contain_text("Ego")
    canvas.click(position={"x": 300, "y": 60})
    expect(page.locator("#clock")).not_to_have_text(re.compile(r"0\..*|1\.0.*"))


def test_language_and_theme_are_switched_and_kept(replay: Opener) -> None:
    page = replay()
    day = background(page)

    page.get_by_role("button", name="Switch to Chinese").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", name="故事板")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert background(page) != day
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_chinese_browser_in_the_dark_is_met_in_kind(replay: Opener) -> None:
    page = replay(locale="zh-CN", dark=True)

    expect(page.get_by_role("heading", name="参与者")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_help_opens_and_closes_by_keys(replay: Opener) -> None:
    page = replay()

    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 768, 1600])
def test_no_width_scrolls_sideways(replay: Opener, width: int) -> None:
    long = "A very long name of a scenario_without_any_place_to_break_it_anywhere_at_all" * 2
    page = replay(small(long, actors=(car(long), car("b"))), width=width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_names_of_strangers_are_shown_and_not_run(replay: Opener) -> None:
    page = replay(small(BAIT, actors=(car(BAIT), car("b")), notes=(BAIT,)))

    expect(page.get_by_role("heading", level=1)).to_have_text(BAIT)
    expect(page.locator("#findings")).to_contain_text(BAIT)
    assert page.locator("img").count() == 0


def test_without_a_map_a_grid_is_drawn(replay: Opener) -> None:
    page = replay(network=False)

    assert len(picture(page)) > 2000
    page.get_by_role("slider", name="Time").fill("3")
    expect(page.locator("#clock")).to_have_text("3.00")


@pytest.mark.parametrize("dark", [False, True])
def test_it_is_accessible(replay: Opener, dark: bool) -> None:
    page = replay(dark=dark)
    page.get_by_role("slider", name="Time").fill("2")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
