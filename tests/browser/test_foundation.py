"""A donation from its draft to the witness, and a secret vote from the question to the recount."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.examining import PICTURES, examine
from tests.browser.installation import PASSWORD, Site

PEOPLE = ["Dora Donor", "Faye Signer", "Wit Witness", "Paul Proposer"]
MEMBERS = [f"{name} Member" for name in "Ann Ben Cleo Dan".split()]


def accounts(site: Site, names: list[str], host: str) -> dict[str, tuple[str, str]]:
    """By first name the address and password of new accounts."""
    made = site.inside("people", names=names, host=host, scopes=["read"])
    for one in made:
        site.inside("give_password", email=one["email"], password=PASSWORD)
    return {one["name"].split()[0]: (one["email"], PASSWORD) for one in made}


def press(page: Page, name: str) -> None:
    """Press a button and say yes to what it asks."""
    page.get_by_role("button", name=name).click()
    page.locator("#confirm button[value=yes]").click()


def test_a_donation_is_drafted_signed_and_witnessed(site: Site, open_page: Opener) -> None:
    people = accounts(site, PEOPLE, "giving.example")
    page = open_page("/donations/new/", person=people["Paul"])
    examine(page, name="donation-propose", language="en")
    page.locator("input[name=name]").fill("The Paper Kite")
    page.locator("input[name=name_zh]").fill("纸风筝")
    page.locator("input[name=slug]").fill("paper-kite")
    page.locator("textarea[name=summary]").fill("Flies where the wind is.")
    page.locator("input[name=areas]").first.check()
    page.locator("input[name=homepage]").fill("https://kite.example.org/")
    page.locator("input[name=licence]").fill("MulanPSL-2.0")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("h1")).to_have_text("The Paper Kite")
    expect(page.get_by_text("Name a donor").first).to_be_visible()
    examine(page, name="donation-draft", language="en")
    address = page.url.removeprefix(site.url)

    site.inside(
        "make_ready",
        slug="paper-kite",
        donor=people["Dora"][0],
        signer=people["Faye"][0],
        witness=people["Wit"][0],
    )
    donor = open_page(address, person=people["Dora"])
    examine(donor, name="donation-to-sign", language="en")
    donor.goto(address + "agreement/")
    examine(donor, name="agreement", language="en")
    donor.locator("input[name=password]").fill("not the password")
    press(donor, "Sign this version")
    expect(donor.locator("[role=alert]").first).to_be_visible()
    examine(donor, name="agreement-refused", language="en")
    sign(donor, "Sign this version")
    print_agreement(donor, address)

    sign(open_page(address + "agreement/", person=people["Faye"]), "Sign this version")
    witness = open_page(
        address + "agreement/", person=people["Wit"], language="zh-hans", width=390, dark=True
    )
    examine(witness, name="agreement-witness-zh", language="zh-hans")
    sign(witness, "签署此版本")

    anyone = open_page(address)
    examine(anyone, name="donation-completed", language="en")
    expect(anyone.get_by_text("Wit Witness")).to_be_visible()
    anyone.goto("/projects/paper-kite/")
    examine(anyone, name="project-given", language="en")
    assert anyone.locator(f'a[href="{address}"]').count() == 1
    narrow = open_page(address, language="zh-hans", width=390, dark=True)
    examine(narrow, name="donation-completed-zh", language="zh-hans")


def sign(page: Page, button: str) -> None:
    page.locator("input[name=password]").fill(PASSWORD)
    press(page, button)
    page.wait_for_url("**/donations/*/#ceremony")


def print_agreement(page: Page, address: str) -> None:
    """The page for printing, and what a browser makes of it on paper."""
    page.goto(address + "agreement/versions/1/print/")
    examine(page, name="agreement-print", language="en")
    digest = re.search(r"SHA-256 ([0-9a-f]{64})", page.locator("tfoot").inner_text())
    assert digest
    pdf = Path(PICTURES) / "agreement.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True)
    content = pdf.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", content)) > 1
    # A4, in points.
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", content)


@pytest.fixture
def voters(site: Site) -> dict[str, tuple[str, str]]:
    return accounts(site, MEMBERS, "toc.example")


def test_a_secret_vote_from_the_question_to_the_recount(
    site: Site, open_page: Opener, voters: dict[str, tuple[str, str]]
) -> None:
    told = site.inside("govern", members=[email for email, _password in voters.values()])
    staff = open_page(
        f"/governance/access-reviews/new/?project={told['project']}",
        person=(site.operator, site.password),
    )
    examine(staff, name="review-new", language="en")
    staff.locator("select[name=to]").select_option("incubating")
    staff.locator("textarea[name=summary]").fill("Please take us in.")
    staff.get_by_role("button", name="Ask", exact=True).click()
    expect(staff.locator("h1")).to_have_text("Kite")
    review = staff.url.removeprefix(site.url)
    staff.locator("textarea[name=text]").fill("A comment that everyone reads.")
    staff.get_by_role("button", name="Comment", exact=True).click()
    staff.locator("article", has_text="A comment that everyone reads.").wait_for()
    press(staff, "Call the vote")
    staff.wait_for_url("**/governance/votes/*/")
    vote = staff.url.removeprefix(site.url)
    site.inside("tend")

    voter = open_page(vote, person=voters["Ann"], language="zh-hans", width=390, dark=True)
    examine(voter, name="vote-to-cast-zh", language="zh-hans")
    voter.locator("input[name=choice][value='1']").check()
    voter.locator("textarea#id_reason").fill("Only I know that I wrote this.")
    press(voter, "投票")
    voter.get_by_text("Only I know that I wrote this.").first.wait_for()
    examine(voter, name="vote-cast-zh", language="zh-hans")
    staff.goto(vote)
    expect(staff.get_by_text("Only I know that I wrote this.")).to_have_count(0)
    examine(staff, name="vote-open", language="en")

    others = [voters[name][0] for name in ("Ben", "Cleo", "Dan")]
    site.inside("vote_on", vote=vote.split("/")[-2], members=others)
    for language, width in (("en", 1280), ("zh-hans", 390)):
        anyone = open_page(vote, language=language, width=width, dark=width == 390)
        expect(anyone.locator("#count")).to_be_visible()
        expect(anyone.locator("#listed")).to_be_visible()
        examine(anyone, name=f"vote-counted-{language}", language=language)
        anyone.goto(review)
        examine(anyone, name=f"review-passed-{language}", language=language)
        anyone.goto(f"/projects/{told['project']}/")
        examine(anyone, name=f"project-voted-{language}", language=language)
    assert "all agree, and the record holds" in site.command("vote", "recount", "--site")

    staff.goto(f"/governance/access-reviews/move/?project={told['project']}")
    examine(staff, name="move-none", language="en")


def test_staff_move_a_project_by_hand(site: Site, open_page: Opener) -> None:
    told = site.inside("leave_to_the_office")
    address = f"/governance/access-reviews/move/?project={told['project']}"
    operator = (site.operator, site.password)
    narrow = open_page(address, person=operator, language="zh-hans", width=390, dark=True)
    examine(narrow, name="move-zh", language="zh-hans")
    page = open_page(address, person=operator)
    examine(page, name="move", language="en")
    page.locator("select[name=to]").select_option("archived")
    page.locator("select[name=body]").select_option("toc")
    page.locator("input[name=decided]").fill("Minutes 4 of 2023")
    page.locator("input[name=on]").fill("2023-02-09")
    page.locator("textarea[name=reason]").fill("All papers are there.")
    press(page, "Move it")
    page.get_by_text("The charter puts this step to a vote").wait_for()
    examine(page, name="move-refused", language="en")
    page.locator("select[name=to]").select_option("preparation")
    press(page, "Move it")
    page.wait_for_url(f"**/projects/{told['project']}/")
    examine(page, name="project-moved", language="en")
    narrow.goto(f"/projects/{told['project']}/")
    examine(narrow, name="project-moved-zh", language="zh-hans")
    narrow.goto("/search/?q=" + "手工风筝")
    examine(narrow, name="search-decisions-zh", language="zh-hans")
