"""Passkeys with a virtual authenticator in a real browser, and the pages about one's account.

Browsers allow passkeys for names alone, not for numbers: these tests go to localhost.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.examining import examine
from tests.browser.installation import Site


@pytest.fixture
def named(site: Site) -> Site:
    return replace(site, url=site.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def page(open_page: Opener, named: Site) -> Page:
    """The operator, signed in, at a machine with a passkey store that asks for a finger."""
    opened = open_page("/account/", at=named, person=(named.operator, named.password))
    session = opened.context.new_cdp_session(opened)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return opened


def prove(page: Page, site: Site) -> None:
    if "reauthenticate" in page.url:
        page.locator("input[name=password]").fill(site.password)
        page.locator("main form button[type=submit]").first.click()


def test_a_passkey_is_added_signs_in_and_is_removed(page: Page, named: Site) -> None:
    page.goto("/account/2fa/webauthn/add/")
    prove(page, named)
    page.locator("input[name=name]").fill("This machine")
    page.locator("input[name=passwordless]").check()
    examine(page, name="passkey-add", language="en")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    examine(page, name="recovery-codes", language="en")
    page.goto("/account/2fa/webauthn/")
    page.get_by_text("This machine").wait_for()
    examine(page, name="passkeys", language="en")

    page.context.clear_cookies()
    page.goto("/account/login/")
    examine(page, name="sign-in-with-passkey", language="en")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/")
    page.goto("/account/sessions/")
    examine(page, name="sessions", language="en")

    page.goto("/account/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    prove(page, named)
    page.locator("main form button[type=submit]").click()
    page.get_by_text("This machine").wait_for(state="detached")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/account/", "account"),
        ("/account/2fa/", "factors"),
        ("/account/merge/", "merge"),
        ("/account/export/", "export"),
        ("/account/erase/", "erase"),
    ],
)
def test_the_pages_about_ones_account(
    open_page: Opener, site: Site, path: str, name: str, language: str
) -> None:
    narrow = language == "zh-hans"
    page = open_page(
        path,
        person=(site.operator, site.password),
        language=language,
        width=390 if narrow else 1280,
        dark=narrow,
    )
    examine(page, name=f"identity-{name}-{language}", language=language)
