"""The feed of stage changes: what the register shows to everyone, and nobody's name."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client

from concours.platform.core import clock
from concours.platform.register import domain
from tests.factories import governance, incubation, people
from tests.factories import register as make

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def _moved() -> None:
    kite = make.project(slug="kite", name="Kite <b>", name_zh="风筝", stage="candidate")
    domain.change_stage(
        actor=people.organiser(name="Bait Person"),
        project=kite, to="preparation", on=date(2024, 5, 6), reason="Four votes.", decision="AR-7",
    )  # fmt: skip


@pytest.mark.usefixtures("_moved")
def test_a_change_of_stage_is_news(client: Client):
    body = client.get("/projects/news.atom").content

    assert b"Bait Person" not in body
    (entry,) = ElementTree.fromstring(body).iter(ATOM + "entry")  # noqa: S314 - our own feed
    assert entry.findtext(ATOM + "title") == "Kite <b> is now: in preparation"
    assert entry.findtext(ATOM + "summary") == "2024-05-06\nFour votes.\nAR-7"


@pytest.mark.usefixtures("_moved")
def test_the_same_as_json_in_chinese_and_only_when_new(client: Client):
    answer = client.get("/projects/news.json?language=zh-hans")

    (item,) = answer.json()["items"]
    assert item["title"] == "风筝的阶段变更为：筹备中"
    assert item["url"].endswith("/projects/kite/")
    again = client.get(
        "/projects/news.json?language=zh-hans", headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


def test_without_news_the_feed_is_empty(client: Client):
    make.project()
    assert client.get("/projects/news.json").json()["items"] == []


def test_votes_and_reports_are_news_with_their_pages(client: Client):
    governance.charter()
    vote = governance.called()
    with clock.frozen_at(incubation.NOW):
        report = incubation.report(incubation.incubation())

    items = client.get("/projects/news.json").json()["items"]

    told = {item["title"]: item["url"] for item in items}
    project = vote.review.project
    assert told[f"{project.name}: a vote was called"].endswith(f"/{vote.code}/")
    name = report.incubation.project.name
    page = told[f"{name}: a periodic report was handed in"]
    assert page.endswith(f"/{report.code}/")
    assert client.get(page).status_code == 200
    assert report.submitted_by.name not in str(items)
