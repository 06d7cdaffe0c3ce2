"""A real provider and passkeys in a real browser, and the pages about one's account.

Browsers allow passkeys for names alone, not for numbers: these tests go to localhost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.examining import examine
from tests.browser.installation import SETTINGS, Site, serving
from tests.factories.providers import RealProvider, provider


@pytest.fixture
def named(site: Site) -> Site:
    return replace(site, url=site.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def page(open_page: Opener, named: Site) -> Page:
    """The operator, signed in, at a machine with a passkey store that asks for a finger."""
    opened = open_page("/account/", at=named, person=(named.operator, named.password))
    give_store(opened)
    return opened


def give_store(page: Page) -> None:
    """A passkey store in the machine, as the browser's own tools make one."""
    session = page.context.new_cdp_session(page)
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


@pytest.fixture(scope="module")
def vouched(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Site, RealProvider]]:
    """An installation that lets one provider vouch, and the provider."""
    data = tmp_path_factory.mktemp("vouched")
    (data / "oidc-there.secret").write_text("a-secret-of-the-client")
    with provider() as there:
        told = {"id": "there", "name": "Somewhere", "client_id": "us", "issuer": there.issuer}
        lines = [f"{key} = '{value}'" for key, value in told.items()]
        (data / SETTINGS).write_text("\n".join(["[[oidc]]", *lines, ""]))
        with serving(data, empty=True) as running:
            yield replace(running, url=running.url.replace("127.0.0.1", "localhost")), there


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
    page.wait_for_url(f"{named.url}/")
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


def test_from_a_provider_to_a_passkey_of_ones_own(
    open_page: Opener, vouched: tuple[Site, RealProvider]
) -> None:
    site, there = vouched
    page = open_page("/account/login/", at=site)
    examine(page, name="sign-in-with-provider", language="en")
    page.get_by_role("link", name="Somewhere").click()
    examine(page, name="provider-confirm", language="en")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"{there.issuer}/**")
    page.locator("input[name=sub]").fill("lin@example.org")
    page.get_by_role("button", name="Authorize").click()

    page.wait_for_url("**/account/3rdparty/signup/")
    examine(page, name="provider-sign-up", language="en")
    page.locator("input[name=name]").fill("Lin Wei")
    page.locator("input[name=email]").fill("lin@example.org")
    page.locator("main form button[type=submit]").first.click()
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})\r?$", site.mail_to("lin@example.org"), re.M)
    assert code
    page.locator("input[name=code]").fill(code[1])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{site.url}/")

    give_store(page)
    page.goto("/account/2fa/webauthn/add/")
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    # Without a password the new key itself is what the person proves themselves by from now on.
    page.get_by_role("link", name="Use a security key").click()
    page.locator("#mfa_webauthn_reauthenticate").click()
    page.wait_for_url("**/recovery-codes/**")
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(f"{site.url}/")
    page.goto("/account/")
    page.get_by_role("heading", name="Lin Wei").wait_for()
    assert "a-secret-of-the-client" not in site.log.read_text(encoding="utf-8")
