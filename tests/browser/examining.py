"""What every page owes its reader, whatever it says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.installation import ROOT

PICTURES = Path(os.environ.get("CONCOURS_PICTURES", ROOT / "var/pictures"))
GRAVE = {"serious", "critical"}
_AXE = Axe()
_ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
_WIDER_THAN_THE_WINDOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const name = e => e.tagName.toLowerCase() + (e.className ? "." + e.className : "");
  return ["the page is " + document.documentElement.scrollWidth + " px wide"].concat(
    [...document.body.querySelectorAll("*")]
      .filter(e => e.getBoundingClientRect().right > width + 1)
      .slice(0, 5)
      .map(name));
}"""


def examine(page: Page, *, name: str, language: str) -> None:
    """Picture the page, then assert what every page owes: see `faults`."""
    picture(page, name=name)
    found = faults(page, language=language)
    assert found == [], f"{page.url}: " + "; ".join(found)


def picture(page: Page, *, name: str) -> Path:
    """A picture of the whole page in PICTURES."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def faults(page: Page, *, language: str) -> list[str]:
    """One heading, a title, the right language, no scroll sideways, nothing grave from axe."""
    found: list[str] = []
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} h1 headings")
    if not page.title().strip(" ·").removesuffix("Concours").strip(" ·"):
        found.append("no title of its own")
    lang = page.locator("html").get_attribute("lang")
    if lang != language:
        found.append(f"lang is {lang}")
    found += page.evaluate(_WIDER_THAN_THE_WINDOW)
    return found + _grave(_AXE.run(page, options=_ONLY_VIOLATIONS).response)


def _grave(response: dict[str, Any]) -> list[str]:
    return [
        f"axe {violation['id']}: {node['html'][:200]}"
        for violation in response["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"][:4]
    ]


def troubles_of(page: Page, *, into: list[str]) -> None:
    """Collect script errors and what the console calls errors, CSP violations among them.

    A page that answers 4xx makes Chromium write one too; that is no trouble.
    """
    page.on("pageerror", lambda error: into.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            into.append(f"{page.url}: {message.text}")
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )
