"""The pictures of README: made anew with CONCOURS_UPDATE_PICTURES=1, else held to be there.

Either way the pages that they show have to render as they do in the pictures' size.
"""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import new_context
from tests.browser.installation import ROOT, Site

FOLDER = ROOT / "docs/pictures"
WIDTH, HEIGHT = 1280, 800
LARGEST = 250_000
"""Bytes: a reader on a slow line sees README in a second or two."""
TRACK = "/seasons/played/tracks/miniblink-lean-browser/"
PAGES = {
    "season": ("/seasons/open-atom-2022/", "h1", ".calendar"),
    "standings": (TRACK + "standings/", ".stats", "tbody tr svg"),
    "result": (TRACK + "result/", "", ".card"),
}
"""Address, what stands at the top (the page's own top without one), what has to be seen."""
LANGUAGES = {"en": "en", "zh": "zh-hans"}
UPDATE = os.environ.get("CONCOURS_UPDATE_PICTURES") == "1"


@pytest.mark.parametrize("short", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_picture(name: str, short: str, site: Site, played: str, browser: Browser) -> None:
    path, top, shown = PAGES[name]
    language = LANGUAGES[short]
    context = new_context(browser, base=site.url, width=WIDTH, height=HEIGHT, language=language)
    page = context.new_page()

    answer = page.goto(path)

    assert answer is not None
    assert answer.status == 200
    expect(page.locator("html")).to_have_attribute("lang", language)
    if top:
        page.locator(f"main {top}").evaluate(
            "element => scrollTo(0, element.getBoundingClientRect().top - 48)"
        )
    expect(page.locator(f"main {shown}").first).to_be_in_viewport()
    file = FOLDER / f"{name}-{short}.png"
    if UPDATE:
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=file)
    context.close()
    assert size_of(file) == (WIDTH, HEIGHT)
    assert file.stat().st_size < LARGEST


@pytest.mark.parametrize(("readme", "short"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_readme_shows_pictures_in_its_own_language(readme: str, short: str) -> None:
    named = re.findall(r"docs/pictures/([\w-]+)\.png", (ROOT / readme).read_text("utf-8"))

    assert named
    assert {f"{name}-{short}" for name in PAGES} >= set(named)


def size_of(file: Path) -> tuple[int, int]:
    """Width and height from the header of a PNG."""
    head = file.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    return width, height
