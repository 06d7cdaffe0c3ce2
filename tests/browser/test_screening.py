"""Staff screen a closed round: the queue reads well where flags and tests are listed."""

from __future__ import annotations

from tests.browser.conftest import Opener
from tests.browser.examining import examine
from tests.browser.installation import Site

PAGE = "/seasons/played/tracks/hyperbench-blockchain-measurement/desk/review/screening/"


def test_staff_screen_a_round_in_either_language(
    site: Site, played: str, open_page: Opener
) -> None:
    assert played in PAGE
    staff = (site.operator, site.password)
    page = open_page(PAGE, person=staff, language="en", width=1280)
    page.set_default_timeout(90_000)  # the first screening of an installation compiles its loops
    page.get_by_role("button", name="Screen the reviews").click()
    page.wait_for_url(f"**{PAGE}")
    page.get_by_role("heading", name="What was tested").wait_for()
    assert page.get_by_text("how long a review took is not kept").count() == 1
    examine(page, name="screened-en", language="en")
    other = open_page(PAGE, person=staff, language="zh-hans", width=390, dark=True)
    other.get_by_role("heading", name="检验了什么").wait_for()
    examine(other, name="screened-zh", language="zh-hans")
