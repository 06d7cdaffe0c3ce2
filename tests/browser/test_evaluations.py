"""Boards, the desk of evaluations, workers and runs: in both languages, narrow, dark, by keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.examining import examine
from tests.browser.installation import PASSWORD, Site, serving

LOOKS = [
    pytest.param({"language": "en", "width": 1280}, id="en"),
    pytest.param({"language": "zh-hans", "width": 390, "dark": True}, id="zh-narrow-dark"),
    pytest.param({"language": "en", "width": 320}, id="en-narrowest"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation of its own: its worker is set aside."""
    with serving(tmp_path_factory.mktemp("evaluations")) as running:
        yield running


@pytest.fixture(scope="module")
def held(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("adding")
    found: dict[str, str] = site.inside("evaluated", folder=str(folder), password=PASSWORD)
    return found


@pytest.mark.parametrize("looks", LOOKS)
def test_the_board(
    held: dict[str, str], open_page: Opener, looks: dict[str, Any], request: Any
) -> None:
    page = open_page(held["track"] + "boards/practice/", **looks)

    expect(page.locator("table tbody tr")).to_have_count(8)
    word = {"en": "baseline, out of competition", "zh-hans": "基线，不参与竞赛"}[looks["language"]]
    expect(page.get_by_text(word)).to_have_count(1)
    _examined(page, "board", looks, request)


@pytest.mark.parametrize("looks", LOOKS)
def test_the_desk_of_evaluations(
    site: Site, held: dict[str, str], open_page: Opener, looks: dict[str, Any], request: Any
) -> None:
    staff = (site.operator, site.password)
    page = open_page(held["track"] + "evaluations/", person=staff, **looks)

    expect(page.get_by_text("its disk is looked after")).to_be_visible()
    expect(page.get_by_role("link", name=held["faulted"])).to_be_visible()
    _examined(page, "evaluations-desk", looks, request)


@pytest.mark.parametrize("looks", LOOKS)
def test_workers(
    site: Site, held: dict[str, str], open_page: Opener, looks: dict[str, Any], request: Any
) -> None:
    page = open_page("/workers/", person=(site.operator, site.password), **looks)

    expect(page.get_by_text("its disk is looked after")).to_be_visible()
    _examined(page, "workers", looks, request)


@pytest.mark.parametrize("looks", LOOKS)
def test_an_entrants_place_in_the_queue(
    held: dict[str, str], open_page: Opener, looks: dict[str, Any], request: Any
) -> None:
    page = open_page(f"/entries/{held['entry']}/", person=(held["email"], PASSWORD), **looks)

    ahead = {"en": "2 runs ahead", "zh-hans": "前面还有 2"}[looks["language"]]
    expect(page.locator("#evaluations")).to_contain_text(ahead)
    _examined(page, "queue", looks, request)


@pytest.mark.parametrize("looks", LOOKS)
@pytest.mark.parametrize("what", ["faulted", "failed"])
def test_a_run_that_came_to_nothing_says_why(
    site: Site,
    held: dict[str, str],
    open_page: Opener,
    looks: dict[str, Any],
    what: str,
    request: Any,
) -> None:
    staff = (site.operator, site.password)
    page = open_page(f"/evaluations/{held[what]}/", person=staff, **looks)

    reason = {
        ("faulted", "en"): "The track’s evaluator gave no result.",
        ("faulted", "zh-hans"): "赛道的评测器没有给出结果。",
        ("failed", "en"): "There is no main.py",
        ("failed", "zh-hans"): "There is no main.py",
    }[what, looks["language"]]
    expect(page.locator("#run")).to_contain_text(reason)
    _examined(page, f"run-{what}", looks, request)


def test_by_keys_alone_an_entry_is_found_and_a_run_is_queued_again(
    site: Site, held: dict[str, str], open_page: Opener
) -> None:
    page = open_page(held["track"] + "boards/practice/")
    _reach(page, "input[name=q]:focus, #find:focus")
    page.keyboard.type("Zeno")
    page.keyboard.press("Enter")
    expect(page.locator("table tbody tr")).to_have_count(1)

    desk = open_page(held["track"] + "evaluations/", person=(site.operator, site.password))
    _reach(desk, f"form[action$='/{held['faulted']}/requeue/'] button:focus")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("The run waits again.")).to_be_visible()
    expect(desk.locator(f"a[href='/evaluations/{held['faulted']}/']")).to_have_count(1)


def _reach(page: Page, focused: str) -> None:
    """Press Tab until that has the focus, which must be seen. Fails after 200 times."""
    main = "main " + focused.replace(", ", ", main ")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.locator(main).count():
            assert page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
                " || getComputedStyle(document.activeElement).boxShadow !== 'none'"
            )
            return
    raise AssertionError(f"{focused} is not reached by keys")


def _examined(page: Page, name: str, looks: dict[str, Any], request: Any) -> None:
    examine(page, name=f"{name}-{request.node.callspec.id}", language=looks["language"])
