"""A newcomer hands in a baseline as it is and finds it on the leaderboard: real queue and box."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.examining import examine, picture
from tests.browser.installation import PASSWORD, Site, serving

TRACK = "/seasons/open-atom-2022/tracks/carsmos-driving-algorithm/"
EVALUATED_MS = 600_000
"""The first run of an installation compiles the engine's loops."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation of its own: its worker evaluates."""
    with serving(tmp_path_factory.mktemp("newcomer")) as running:
        yield running


@pytest.mark.slow
def test_a_newcomer_reaches_the_leaderboard(site: Site, open_page: Opener, tmp_path: Path) -> None:
    [person] = site.inside("people", names=["Nova Driver"], host="driver.example", scopes=["read"])
    site.inside("give_password", email=person["email"], password=PASSWORD)
    page = open_page(person=(person["email"], PASSWORD))

    page.goto(TRACK)
    page.get_by_role("link", name="New here? Your first score in five steps").click()
    examine(page, name="newcomer-start", language="en")
    with page.expect_download() as loading:
        page.get_by_role("link", name="follow.zip").click()
    archive = tmp_path / "follow.zip"
    loading.value.save_as(archive)

    page.get_by_role("link", name="track's page").click()
    page.get_by_role("link", name="Enter this track").click()
    page.get_by_label("Name to enter under").fill("Nova")
    page.get_by_label("Title").fill("First ride")
    page.get_by_label("I accept the rules").check()
    page.get_by_role("button", name="Enter the track").click()
    page.locator("input[type=file]").set_input_files(archive)
    page.get_by_role("button", name="Upload").click()
    picture(page, name="newcomer-queued")

    scored = page.get_by_text("Scored", exact=True).first
    expect(scored).to_be_visible(timeout=EVALUATED_MS)
    page.locator("a[href^='/evaluations/']").first.click()
    expect(page.get_by_role("link", name="Replay train01")).to_be_visible()
    examine(page, name="newcomer-run", language="en")

    replay = open_page(TRACK + "boards/practice/", person=None, language="zh-hans", width=390)
    expect(replay.get_by_text("First ride").first).to_be_visible()
    examine(replay, name="newcomer-board-zh", language="zh-hans")
