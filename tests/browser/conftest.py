"""The real server, in a process of its own on a database of its own, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(os.environ.get("CONCOURS_PICTURES", ROOT / "var/pictures"))
SEASON = ROOT / "seasons/open-atom-2022"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all browser tests: they share the server."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Site:
    """A running installation."""

    url: str
    data: Path
    log: Path
    operator: str
    password: str

    def command(self, *arguments: str) -> str:
        """What `concours <arguments>` prints, on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "concours", *arguments],
            env=environment(self.data),
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def mail_to(self, address: str) -> str:
        """The last mail to `address` that the server printed; waits for it a little."""
        for _ in range(100):
            text = self.log.read_text(encoding="utf-8", errors="replace")
            mails = [part for part in text.split("MIME-Version") if f"To: {address}" in part]
            if mails:
                return mails[-1]
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address}")


def environment(data: Path) -> dict[str, str]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("CONCOURS", "DJANGO", "COV"))
    }
    return {**kept, "CONCOURS_DATA": str(data), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`concours serve` with the shipped season, just as `make run` starts it."""
    data = tmp_path_factory.mktemp("site")
    log, port = data / "server.log", free_port()
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "concours",
                "serve",
                "--port",
                str(port),
                "--rehearse",
                str(SEASON),
            ],
            env=environment(data),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server=server, log=log)
        found = re.search(r"Operator: (\S+), password (\S+)", log.read_text(encoding="utf-8"))
        assert found, log.read_text(encoding="utf-8")
        yield Site(url, data, log, found[1], found[2])
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(url: str, *, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


@pytest.fixture(scope="session")
def played(site: Site) -> str:
    """The slug of a season that the simulated crowd has played to its awards."""
    site.command("demo", "--teams", "40", "--slug", "played")
    return "played"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
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
        width: int = 1280,
        dark: bool = False,
        language: str = "en",
        person: tuple[str, str] | None = None,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale={"en": "en-GB", "zh-hans": "zh-CN"}[language],
            base_url=site.url,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                troubles.append(f"{page.url}: {message.text}")
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        if person is not None:
            sign_in(page, *person)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/")
