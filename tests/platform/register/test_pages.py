from __future__ import annotations

import csv
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from concours.platform.core import clock
from concours.platform.register import domain
from concours.platform.register.models import Project
from concours.platform.register.reading import History, Step
from tests.factories import donations as giving
from tests.factories import governance, people
from tests.factories import register as make

pytestmark = pytest.mark.django_db

BAIT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def kite():
    return make.project(
        slug="kite", name="Kite", name_zh="风筝", summary="Flies.", summary_zh="会飞。",
        areas=["storage"], donors=["ada", "acme"], signed_on=date(2023, 6, 11),
        homepage="https://kite.example/", more_donors=True,
    )  # fmt: skip


def test_the_list_is_public_and_shows_the_funnel(client: Client, kite: Project):
    make.project(slug="lock", name="Lock", stage="candidate")

    page = client.get("/projects/").content.decode()

    assert "Kite" in page
    assert "Lock" in page
    assert page.count("stat-value") == 5
    assert 'href="?stage=candidate"' in page


def test_filters_apply_and_htmx_gets_the_results_alone(client: Client, kite: Project):
    make.project(slug="lock", name="Lock", stage="candidate")

    whole = client.get("/projects/", {"q": "kite"})
    part = client.get("/projects/", {"stage": "candidate"}, **HTMX)

    assert "/projects/kite/" in whole.content.decode()
    assert "/projects/lock/" not in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "/projects/lock/" in part.content.decode()
    assert "/projects/kite/" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_funnel_links_keep_the_other_filters(client: Client, kite: Project):
    page = client.get("/projects/", {"q": "kite & co", "area": "storage"}).content.decode()
    assert "?q=kite+%26+co&amp;area=storage&amp;stage=incubating" in page


@pytest.mark.parametrize(
    "query",
    [
        {"stage": "famous"},
        {"area": "no-such"},
        {"cursor": "x"},
        {"cursor": "-1"},
        {"cursor": "9" * 30},
        {"q": "x" * 300},
        {"donor": "'"},
        {"register": "nothing"},
        {"year": "x"},
        {"year": "99999999999999999999"},
    ],
)
def test_odd_queries_answer_with_a_page(client: Client, kite: Project, query):
    assert client.get("/projects/", query).status_code == 200


def test_nothing_found_says_what_to_do(client: Client, kite: Project):
    page = client.get("/projects/", {"q": "submarine"}).content.decode()
    assert "Nothing fits" in page
    assert "Show all projects" in page


def test_an_empty_register_says_so(client: Client):
    assert "No project yet" in client.get("/projects/").content.decode()


def test_pages_follow_by_cursor(client: Client, monkeypatch):
    monkeypatch.setattr("concours.platform.register.interfaces.pages.A_PAGE", 2)
    for number in range(5):
        make.project(slug=f"p{number}", name=f"Number {number}")
    seen, query = [], {}
    for _ in range(3):
        context = client.get("/projects/", query).context
        seen += [card["href"].split("/")[2] for card in context["cards"]]
        query = {"cursor": context["next"]}
    assert seen == ["p0", "p1", "p2", "p3", "p4"]


def test_a_project_names_its_donors_and_says_that_there_are_more(client: Client, kite: Project):
    make.project(slug="sail", name="Sail", donors=["ada"])
    make.project(slug="apart", name="Apart")

    page = client.get("/projects/kite/").content.decode()

    assert "Ada Löwe" in page
    assert "Acme Works" in page
    assert "person" in page
    assert 'datetime="2023-06-11' in page
    assert "further donors" in page
    assert "/projects/sail/" in page
    assert "/projects/apart/" not in page


def test_chinese_readers_get_chinese(client: Client, kite: Project):
    with translation.override("zh-hans"):
        page = client.get("/projects/kite/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "风筝" in page
    assert "会飞。" in page
    assert "顶点工坊" in page


def test_an_unknown_project_is_not_found(client: Client):
    assert client.get("/projects/nothing/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_for_reading(client: Client, kite: Project, method):
    assert getattr(client, method)("/projects/").status_code == 405
    assert getattr(client, method)("/projects/kite/").status_code == 405


def test_bait_in_every_text_is_shown_as_text(client: Client):
    domain.import_register(
        actor=make.ACTOR,
        areas=[domain.AreaPlan(slug="bait", name=f"A{BAIT}")],
        donors=[domain.DonorPlan(slug="bait", name=f"D{BAIT}")],
        projects=[
            domain.ProjectPlan(
                slug="bait",
                name=f"P{BAIT}",
                summary=f"S{BAIT}",
                stage="candidate",
                licence=BAIT,
                areas=["bait"],
                donors=["bait"],
            )
        ],
    )
    for address in ("/projects/", "/projects/bait/", "/projects/?q=" + "%3Cscript%3Ealert"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_administration_shows_and_never_changes(client: Client, kite: Project):
    client.force_login(people.operator())

    assert client.get("/admin/register/project/").status_code == 200
    assert client.get(f"/admin/register/project/{kite.pk}/change/").status_code == 200
    client.post(f"/admin/register/project/{kite.pk}/change/", {"name": "Changed"})
    client.post(f"/admin/register/project/{kite.pk}/delete/", {"post": "yes"})
    assert client.get("/admin/register/project/add/").status_code == 403
    assert Project.objects.get().name == "Kite"


def fleet(*, name: str = "Sail", area: str = "Storage") -> None:
    """A project in another register."""
    steps = (
        Step(stage="preparation", on=date(2024, 1, 1)),
        Step(stage="incubating", on=date(2024, 1, 31)),
        Step(stage="graduated", on=date(2025, 3, 1)),
    )
    history = History(slug="sail", name=name, steps=steps, digest="d" * 64, area=area)
    domain.import_histories(actor=make.ACTOR, projects=[history], register="fleet")


def test_the_list_is_our_own_register_unless_another_is_asked_for(client: Client, kite: Project):
    fleet()

    ours = client.get("/projects/").content.decode()
    theirs = client.get("/projects/?register=fleet").content.decode()
    every = client.get("/projects/?register=every").content.decode()

    assert ("/projects/kite/" in ours, "/projects/fleet-sail/" in ours) == (True, False)
    assert ("/projects/kite/" in theirs, "/projects/fleet-sail/" in theirs) == (False, True)
    assert ("/projects/kite/" in every, "/projects/fleet-sail/" in every) == (True, True)
    assert 'href="?stage=graduated&amp;register=fleet"' in theirs


def test_the_list_is_filtered_by_the_year_of_entry(client: Client, kite: Project):
    fleet()
    found = client.get("/projects/", {"register": "every", "year": "2024"}).content.decode()
    assert "/projects/fleet-sail/" in found
    assert "/projects/kite/" not in found
    assert "1 project<" in found


def test_a_projects_page_tells_its_way(client: Client):
    kite = make.project(slug="kite", stage="candidate")
    domain.carry_out(
        actor=make.ACTOR, project=kite, to="preparation", on=date(2024, 5, 6),
        reason=f"Four votes. {BAIT}", decision="AR-7",
    )  # fmt: skip

    page = client.get("/projects/kite/").content.decode()

    assert "on a day that is not known" in page
    assert '<time datetime="2024-05-06">' in page
    assert "AR-7" in page
    assert "Four votes. &lt;script&gt;" in page
    assert page.count('aria-current="step"') == 1


def test_a_project_without_history_says_so(client: Client, kite: Project):
    kite.changes.all().delete()
    assert "does not know when it came" in client.get("/projects/kite/").content.decode()


def test_a_project_of_another_register_names_it_and_asks_for_no_donor(client: Client):
    fleet()
    page = client.get("/projects/fleet-sail/").content.decode()
    assert 'href="/projects/?register=fleet"' in page
    assert "No donor is named" not in page


def test_the_figures_are_on_a_page_and_in_a_file(client: Client, kite: Project):
    fleet()

    page = client.get("/projects/figures/?register=fleet").content.decode()
    rows = list(
        csv.DictReader(client.get("/projects/figures.csv?register=fleet").text.splitlines())
    )

    assert "425" in page  # days from entry to graduation
    assert "/projects/?area=storage&amp;register=fleet" in page
    assert "/projects/?year=2024&amp;register=fleet" in page
    found = {(row["table"], row["row"], row["column"]): row["value"] for row in rows}
    assert found["ways", "entry-graduated", "median"] == "425.0"
    assert found["register", "fleet", "number"] == "1"
    assert found["areas", "storage", "graduated"] == "1"


@pytest.mark.parametrize("address", ["/projects/figures/", "/projects/figures.csv"])
def test_figures_of_an_empty_register_and_of_none(client: Client, address):
    assert client.get(address).status_code == 200
    assert client.get(address + "?register=every").status_code == 200
    assert client.get(address + "?register=nothing").status_code == 404


def test_figures_show_bait_as_text_in_both_languages(client: Client):
    fleet(name="Sail", area=f"A{BAIT}")
    for language in ("en", "zh-hans"):
        with translation.override(language):
            page = client.get(
                "/projects/figures/?register=fleet", HTTP_ACCEPT_LANGUAGE=language
            ).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_project_leads_to_its_donation_reviews_and_votes(client: Client):
    with clock.frozen_at(giving.SPRING):
        donation = giving.completed(slug="tool")
    project = Project.objects.get(slug="tool")
    governance.charter("openharmony")
    vote = governance.called(of=governance.review(project=project, to="preparation"))

    page = client.get("/projects/tool/").text
    shown = client.get(f"/governance/votes/{vote.code}/").text

    assert f'href="/donations/{donation.code}/"' in page
    assert f'href="/governance/access-reviews/{vote.review.code}/"' in page
    assert f'href="/governance/votes/{vote.code}/"' in page
    assert 'href="/projects/tool/criteria/"' in page
    assert "/governance/access-reviews/new/" not in page
    assert 'href="/projects/tool/"' in shown
    assert f'href="/governance/access-reviews/{vote.review.code}/"' in shown
    client.force_login(people.organiser())
    assert "/governance/access-reviews/move/?project=tool" in client.get("/projects/tool/").text


def test_a_donation_under_way_is_not_led_to(client: Client):
    """Another donation of the same name is nobody's to know of."""
    with clock.frozen_at(giving.SPRING):
        under_way = giving.draft(slug="kite")
    make.project(slug="kite")
    assert under_way.code not in client.get("/projects/kite/").text
