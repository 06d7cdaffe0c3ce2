"""A whole season track, played by people: a newcomer, eight peers, a juror and an operator.

The newcomer, the juror and the operator use a browser; the peers use the API, as scripts would.
Nothing is called behind the interfaces but to make the peers' and the juror's accounts.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client import Client, zipped
from tests.browser.conftest import Opener
from tests.browser.examining import examine
from tests.browser.installation import PASSWORD, ROOT, Site, serving

TRACK = "open-atom-2022/tracks/hyperbench-blockchain-measurement"
CODE = "open-atom-2022/hyperbench-blockchain-measurement"
PAGE = f"/seasons/{TRACK}/"
NEWCOMER = "newcomer@entrants.example"
PEERS = [f"{name} Peer" for name in "Ada Bela Chidi Dana Emil Fumi Gita Hana".split()]
REVIEWS = 4
"""The track's reviews per entry; nine entries are what a draw in two parts takes."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation of its own: the journey moves its clock."""
    with serving(tmp_path_factory.mktemp("journey")) as running:
        yield running


@dataclass
class Cast:
    """Who plays, each in the window they work in."""

    newcomer: Page
    operator: Page
    juror: Page
    peers: list[Client]
    juror_client: Client
    juror_email: str


@pytest.mark.slow
def test_a_season_from_sign_up_to_prizes(site: Site, open_page: Opener, tmp_path: Path) -> None:
    newcomer = open_page()
    sign_up(newcomer, site)
    cast = assemble(site, open_page, newcomer)

    entry = enter_and_submit(newcomer, archive=pack_sources(tmp_path))
    for number, peer in enumerate(cast.peers):
        enter_by_key(peer, number)
    go_to(cast.operator, "2023-04-01T00:00:00")
    advance(cast.operator, "Peer review")
    assign(cast.operator)

    write_first_review(newcomer, archive_of_a_peer=r"peer-\d")
    for client in (key_of(newcomer, site), *cast.peers):
        review_the_rest(client)
    go_to(cast.operator, "2023-05-01T00:00:00")
    close_and_publish_standings(cast.operator)
    advance(cast.operator, "Appeal")
    read_standing(newcomer, entry)

    go_to(cast.operator, "2023-05-12T00:00:00")
    advance(cast.operator, "Final")
    appoint(cast.operator, cast.juror_email)
    score_first_finalist(cast.juror)
    score_the_rest(cast.juror_client)
    go_to(cast.operator, "2023-06-10T00:00:00")
    advance(cast.operator, "Result")
    publish_result(cast.operator)

    read_result(newcomer)
    assert "The record holds" in site.command("record", "verify")


def sign_up(page: Page, site: Site) -> None:
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("Name").fill("Nova Comer")
    page.get_by_label("Email").fill(NEWCOMER)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=code]").wait_for()
    examine(page, name="journey-code", language="en")

    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", site.mail_to(NEWCOMER), re.MULTILINE)
    assert code, site.mail_to(NEWCOMER)
    page.locator("input[name=code]").fill(code[1])
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_label("Account")).to_be_visible()


def assemble(site: Site, open_page: Opener, newcomer: Page) -> Cast:
    made = site.inside(
        "people", names=PEERS, host="peers.example", scopes=["read", "enter", "review"]
    )
    [juror] = site.inside("people", names=["Vera Juror"], host="jury.example", scopes=["review"])
    site.inside("give_password", email=juror["email"], password=PASSWORD)
    return Cast(
        newcomer=newcomer,
        operator=open_page(person=(site.operator, site.password)),
        juror=open_page(person=(juror["email"], PASSWORD), width=390, dark=True),
        peers=[Client(site, key=peer["key"]) for peer in made],
        juror_client=Client(site, key=juror["key"]),
        juror_email=juror["email"],
    )


def pack_sources(folder: Path) -> Path:
    """This project's own peer-review engine as the newcomer's work."""
    path = folder / "engine.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for source in sorted((ROOT / "src/concours/peerreview").glob("*.py")):
            archive.add(source, arcname=f"engine/{source.name}")
        readme = b"# An engine that measures chains\n\nIt **explains** each figure.\n"
        header = tarfile.TarInfo("engine/README.md")
        header.size = len(readme)
        archive.addfile(header, io.BytesIO(readme))
    return path


def enter_and_submit(page: Page, *, archive: Path) -> str:
    """Returns the address of the newcomer's entry."""
    page.goto(PAGE)
    page.get_by_role("link", name="Enter this track").click()
    page.get_by_label("Name to enter under").fill("Nova")
    page.get_by_label("Title").fill("Blocks under the microscope")
    page.get_by_label("Abstract").fill("Load models that *tell* what they leave out.")
    examine(page, name="journey-enter", language="en")
    page.get_by_label("I accept the rules").check()
    page.get_by_role("button", name="Enter the track").click()
    expect(page.get_by_text("You are in.")).to_be_visible()

    page.locator("input[type=file]").set_input_files(archive)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="Submission 1")).to_be_visible()
    shown = page.locator("#submission-1")
    expect(shown).to_contain_text("Archive, SHA-256")
    expect(shown.locator("[data-copy]").first).to_have_attribute(
        "data-copy", re.compile("^[0-9a-f]{64}$")
    )
    examine(page, name="journey-entry", language="en")
    return page.url


def enter_by_key(peer: Client, number: int) -> None:
    team = peer.post("/teams", season="open-atom-2022", name=f"Peers {number}")
    rules = peer.get(f"/seasons/{TRACK}/rules")[-1]["number"]
    entry = peer.post(
        f"/seasons/{TRACK}/entries",
        team=team["code"],
        title=f"Bench {number}",
        abstract="Measures what it says.",
        accept_rules=rules,
    )
    content = zipped(**{"README.md": f"# peer-{number}\n", "main.py": f"print({number})\n"})
    submission = peer.upload(
        f"/entries/{entry['code']}/submissions", name="bench.zip", content=content
    )
    assert submission["state"] == "ready"


def go_to(page: Page, moment: str) -> None:
    """Move the rehearsal's clock to `moment`, in UTC."""
    page.goto("/rehearsal/")
    page.locator("input[name=to]").first.fill(moment)
    page.get_by_role("button", name="Move the clock").click()
    expect(page.get_by_text("The clock was moved.")).to_be_visible()


def advance(page: Page, phase: str) -> None:
    page.goto(PAGE + "desk/")
    page.get_by_role("button", name=f"Advance to “{phase}”").click()
    agree(page)
    expect(page.get_by_text(f"The track is in its next phase: {phase}.")).to_be_visible()
    examine(page, name=f"journey-desk-{phase.lower().replace(' ', '-')}", language="en")


def agree(page: Page) -> None:
    page.locator("#confirm").get_by_role("button", name="Yes, go on").click()


def assign(page: Page) -> None:
    page.goto(PAGE + "desk/review/")
    page.get_by_role("button", name="Assign the reviews").click()
    agree(page)
    expect(page.get_by_text("Reviews are assigned and the seed is revealed.")).to_be_visible()
    examine(page, name="journey-review-desk", language="en")


def write_first_review(page: Page, *, archive_of_a_peer: str) -> None:
    page.goto("/reviews/")
    expect(page.locator("tbody tr")).to_have_count(REVIEWS)
    examine(page, name="journey-my-reviews", language="en")
    page.get_by_role("link", name="Write the next one").click()
    expect(page.locator("main")).to_contain_text(re.compile(archive_of_a_peer))
    expect(page.locator("main")).not_to_contain_text("Peers ")
    for criterion in page.locator(".scale").all():
        criterion.locator("input[value='7']").check()
    expect(page.locator("#total")).to_contain_text("70")
    page.get_by_label("Comment for the team").fill("Clear, **short**, and it runs.")
    examine(page, name="journey-review", language="en")
    page.get_by_role("button", name="Submit the review").click()
    expect(page.get_by_text("Your review is saved.")).to_be_visible()
    expect(page.get_by_text(f"1 / {REVIEWS}")).to_be_visible()


def key_of(page: Page, site: Site) -> Client:
    """The newcomer makes a key to go on by script."""
    page.goto("/account/keys/")
    page.get_by_label("Name").fill("my reviews")
    page.get_by_label("read and write my reviews").check()
    page.get_by_role("button", name="Make the key").click()
    page.locator("input[name=password]").fill(PASSWORD)  # whose browser it is is asked once more
    page.locator("main form button[type=submit]").first.click()
    return Client(site, key=page.locator("#new-key").inner_text())


def review_the_rest(client: Client) -> None:
    """Each reviewer writes what they still owe; better numbered benches get better points."""
    for duty in client.get("/review/duties"):
        if duty["state"] == "submitted":
            continue
        criteria = client.get(f"/review/duties/{duty['code']}")["criteria"]
        number = int(re.sub(r"\D", "", duty["title"]) or "9")
        written = client.put(
            f"/review/duties/{duty['code']}/review",
            scores={one["key"]: max(0, one["max_points"] - 9 + number) for one in criteria},
            comment="Read, run, weighed.",
        )
        assert written["points_milli"] > 0 or number == 0


def close_and_publish_standings(page: Page) -> None:
    page.goto(PAGE + "desk/review/")
    page.get_by_role("button", name="Close the reviews").click()
    agree(page)
    page.get_by_role("button", name="Compute the standings").click()
    page.get_by_role("button", name="Publish the standings").click()
    agree(page)
    expect(page.get_by_text("The standings are published.").first).to_be_visible()


def read_standing(page: Page, entry: str) -> None:
    page.goto(PAGE + "standings/")
    own = page.locator("tr[aria-current=true]")
    expect(own).to_have_count(1)
    expect(own).to_contain_text("Blocks under the microscope")
    expect(own.locator("td.rank")).to_have_text("1")
    expect(own.locator("svg.whisker")).to_be_visible()
    expect(own).to_contain_text("Finalist")
    examine(page, name="journey-standings", language="en")
    page.goto(f"{entry}reviews/")
    expect(page.get_by_role("heading", name=re.compile("^Reviewer "))).to_have_count(REVIEWS)
    expect(page.get_by_text("Read, run, weighed.").first).to_be_visible()
    examine(page, name="journey-released-reviews", language="en")


def appoint(page: Page, email: str) -> None:
    page.goto(PAGE + "result/desk/")
    page.locator("input[name=email]").fill(email)
    page.get_by_role("button", name="Appoint").click()
    expect(page.get_by_text("Vera Juror is of the jury now.")).to_be_visible()
    examine(page, name="journey-result-desk", language="en")


def score_first_finalist(page: Page) -> None:
    page.goto("/jury/")
    page.locator("main").get_by_role("link", name="HyperBench").first.click()
    page.get_by_role("link", name="Score Blocks under the microscope").click()
    page.get_by_label("Points").fill("91.5")
    page.get_by_label("Comment").fill("The figures repeat.")
    examine(page, name="journey-score", language="en")
    page.get_by_role("button", name="Save the score").click()
    expect(page.get_by_text("91.5", exact=False).first).to_be_visible()


def score_the_rest(client: Client) -> None:
    jury = f"/awards/{CODE}/jury"
    for number, finalist in enumerate(client.get(jury)):
        if finalist["points_milli"] is None:
            client.put(f"{jury}/{finalist['entry']}", points_milli=60_000 + 1_000 * number)


def publish_result(page: Page) -> None:
    page.goto(PAGE + "result/desk/")
    page.get_by_role("button", name="Compute a draft").click()
    expect(page.get_by_text("Draft 1 is computed.")).to_be_visible()
    page.get_by_role("button", name="Publish the result").click()
    agree(page)
    expect(page.get_by_text("The result is published.")).to_be_visible()


def read_result(page: Page) -> None:
    page.goto(PAGE + "result/")
    own = page.locator("tr[aria-current=true]")
    expect(own).to_contain_text("Blocks under the microscope")
    expect(own).to_contain_text("91.5")
    expect(own).to_contain_text("First prize")
    expect(own).to_contain_text("80,000")
    examine(page, name="journey-result", language="en")
    page.goto(PAGE + "result/check/")
    expect(page.get_by_text("It comes out the same")).to_be_visible()
