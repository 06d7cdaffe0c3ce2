from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.factories import register as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def kite():
    return make.project(
        slug="kite", name="Kite", name_zh="风筝", areas=["storage"], donors=["ada"],
        signed_on=date(2023, 6, 11), licence="MIT", since=date(2024, 1, 2),
    )  # fmt: skip


def test_a_project_is_given_whole(client: Client, kite):
    assert client.get("/api/v1/projects/kite").json() == {
        "slug": "kite",
        "name": "Kite",
        "name_zh": "风筝",
        "summary": "",
        "summary_zh": "",
        "stage": "incubating",
        "in_register": "own",
        "homepage": "",
        "licence": "MIT",
        "areas": [{"slug": "storage", "name": "Storage", "name_zh": "存储"}],
        "donors": [
            {
                "slug": "ada",
                "name": "Ada Löwe",
                "name_zh": "",
                "kind": "person",
                "signed_on": "2023-06-11",
            }
        ],
        "more_donors": False,
        "history": [
            {
                "from_stage": "",
                "to_stage": "incubating",
                "on": "2024-01-02",
                "reason": "",
                "decision": "",
                "cause": "",
            }
        ],
    }


def test_an_unknown_project_is_not_found(client: Client):
    assert client.get("/api/v1/projects/nothing").status_code == 404


def test_search_and_filters(client: Client, kite):
    make.project(slug="lock", name="Lock", areas=["security"], stage="candidate")

    def slugs(**query):
        return [item["slug"] for item in client.get("/api/v1/projects/", query).json()["items"]]

    assert slugs() == ["kite", "lock"]
    assert slugs(q="风筝") == ["kite"]
    assert slugs(area="security") == ["lock"]
    assert slugs(donor="ada") == ["kite"]
    assert slugs(stage="candidate") == ["lock"]
    assert slugs(q="lock", stage="incubating") == []
    assert slugs(year=2024) == ["kite"]
    assert slugs(in_register="fleet") == []
    assert slugs(in_register="every") == ["kite", "lock"]


def test_figures_are_those_of_the_page(client: Client, kite):
    told = client.get("/api/v1/projects/figures").json()

    assert (told["in_register"], told["number"], told["undated"]) == ("own", 1, 0)
    assert told["funnel"][2] == {
        "stage": "incubating", "stood": 1, "moved_on": 0, "archived": 0, "still": 1,
    }  # fmt: skip
    assert told["years"] == [{"year": 2024, "entered": 1, "graduated": 0, "archived": 0}]
    assert told["areas"][0]["slug"] == "storage"
    assert told["areas"][0]["counts"]["incubating"] == 1
    assert told["times"][2]["still"] == 1
    assert client.get("/api/v1/projects/figures?in_register=nothing").status_code == 404


def test_pages_follow_by_cursor(client: Client):
    for number in range(5):
        make.project(slug=f"p{number}", name=f"Number {number}")
    seen, cursor = [], 0
    while cursor is not None:
        page = client.get("/api/v1/projects/", {"cursor": cursor, "limit": 2}).json()
        seen += [item["slug"] for item in page["items"]]
        cursor = page["next"]
    assert seen == ["p0", "p1", "p2", "p3", "p4"]


def test_a_list_costs_the_same_number_of_queries_however_long(
    client: Client, django_assert_max_num_queries
):
    for number in range(8):
        make.project(slug=f"p{number}", name=f"Number {number}", areas=["storage"], donors=["ada"])
    with django_assert_max_num_queries(8):
        client.get("/api/v1/projects/")


@pytest.mark.parametrize(
    "query",
    [{"stage": "famous"}, {"area": "A'"}, {"limit": 0}, {"limit": 201}, {"cursor": -1}],
)
def test_odd_queries_are_refused(client: Client, query):
    assert client.get("/api/v1/projects/", query).status_code in {400, 422}


def test_areas(client: Client, kite):
    areas = client.get("/api/v1/projects/areas").json()
    assert [area["slug"] for area in areas] == ["storage", "security"]
