from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from concours.platform.register.models import Project
from tests.factories import people
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
        seen += [project.slug for project, _text in context["rows"]]
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
    from concours.platform.register import domain

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
