"""Pages of the register: what is kept between requests never shows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.core.cache import caches
from django.test import Client

from concours.platform.core import clock
from concours.platform.core.cursor import page_after
from concours.platform.record import domain as record
from concours.platform.register import domain
from concours.platform.register.domain import browsing, keeping
from concours.platform.register.models import Project
from concours.platform.register.reading import History, Step
from tests.factories import people
from tests.factories import register as make

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "/projects/",
    "/projects/?q=kite",
    "/projects/?q=nothing",
    "/projects/?area=storage&stage=incubating",
    "/projects/?donor=ada&q=e",
    "/projects/?year=2024",
    "/projects/?register=every",
    "/projects/figures/?register=every",
)


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen_at(datetime(2026, 3, 5, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def seven():
    for number, stage in enumerate(["candidate", "incubating", "incubating", "graduated"] * 2):
        make.project(
            slug=f"kite-{number}", name=f"Kite {number}", stage=stage,
            areas=["storage"] if number % 2 else ["security", "storage"],
            donors=["ada"] if number % 3 else ["acme", "ada"],
            since=date(2023 + number % 2, 5, 6),
        )  # fmt: skip


def shown(client: Client, address: str, **headers: str) -> str:
    """The page without what each answer has of its own."""
    return re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"', "", client.get(address, **headers).text
    )


def pages(client: Client) -> list[str]:
    return [shown(client, address) for address in ADDRESSES]


def rename_a_donor() -> None:
    domain.import_register(
        actor=make.ACTOR, donors=[domain.DonorPlan(slug="ada", name="Ada King", kind="person")]
    )


def rename_an_area() -> None:
    domain.import_register(
        actor=make.ACTOR, areas=[domain.AreaPlan(slug="storage", name="Disks", name_zh="磁盘")]
    )


def add_a_donor() -> None:
    domain.import_register(actor=make.ACTOR, donors=[domain.DonorPlan(slug="bo", name="Bo")])


def add_an_area() -> None:
    domain.import_register(actor=make.ACTOR, areas=[domain.AreaPlan(slug="new", name="New")])


def add_a_project() -> None:
    make.project(slug="kite-9", name="Kite 9", donors=["ada"], areas=["storage"])


def move_a_project() -> None:
    project = Project.objects.filter(stage="candidate").first()
    domain.carry_out(
        actor=make.ACTOR, project=project, to="preparation", on=date(2025, 1, 2), reason="Voted."
    )


def give_a_project_another_donor() -> None:
    plan = domain.ProjectPlan(
        slug="kite-1", name="Kite 1", stage="incubating", areas=["security"], donors=["acme"]
    )
    domain.import_register(actor=make.ACTOR, projects=[plan])


def take_in_a_register() -> None:
    step = Step(stage="incubating", on=date(2024, 3, 4))
    sail = History(slug="sail", name="Sail", steps=(step,), digest="d" * 64, area="Fleet")
    domain.import_histories(actor=make.ACTOR, projects=[sail], register="fleet")


CHANGES = (
    rename_a_donor,
    rename_an_area,
    add_a_donor,
    add_an_area,
    add_a_project,
    move_a_project,
    give_a_project_another_donor,
    take_in_a_register,
)


@pytest.mark.parametrize("change", CHANGES)
def test_after_each_change_the_pages_are_as_if_nothing_was_kept(client: Client, seven, change):
    before = pages(client)
    change()

    warm = pages(client)
    caches["pages"].clear()
    cold = pages(client)

    assert warm == cold
    assert warm != before


def test_readers_of_both_languages_share_what_is_kept_and_get_their_own_words(client, seven):
    english = shown(client, "/projects/?q=kite", HTTP_ACCEPT_LANGUAGE="en")
    chinese = shown(client, "/projects/?q=kite", HTTP_ACCEPT_LANGUAGE="zh-hans")
    caches["pages"].clear()
    assert shown(client, "/projects/?q=kite", HTTP_ACCEPT_LANGUAGE="zh-hans") == chinese
    assert "存储" in chinese
    assert "存储" not in english


@pytest.mark.parametrize(
    "filters",
    [
        dict(zip(("text", "area", "donor"), values, strict=True))
        for values in product(["", "kite", "kite 3", "no"], ["", "storage"], ["", "acme"])
    ],
)
def test_a_page_is_what_a_search_finds_cut_at_the_cursor(seven, filters):
    user = people.person()
    last = Project.objects.order_by("pk").last()
    for stage, size, after in product(["", "incubating"], [1, 3], range(last.pk + 2)):
        browsed = domain.browse(user=user, after=after, size=size, stage=stage, **filters)
        found = domain.search(user=user, stage=stage, **filters)
        assert browsed.page == page_after(found, field="id", after=after, size=size)
        assert browsed.funnel == domain.funnel(domain.search(user=user, **filters))


def test_a_search_that_finds_too_many_is_not_kept(seven, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(browsing, "MOST_KEPT", 3)

    def look(text: str) -> None:
        domain.browse(user=people.person(), after=0, size=3, text=text)

    look("kite")
    look("kite-1")
    user = people.person()
    with django_assert_num_queries(3):  # the state, the texts, the rows
        domain.browse(user=user, after=0, size=3, text="kite")
    with django_assert_num_queries(2):
        domain.browse(user=user, after=0, size=3, text="kite-1")


def test_the_state_is_of_the_last_event_of_each_kind(seven):
    before = keeping.state()
    record.append(actor=make.ACTOR, verb="other.thing", subject="project:kite-1", data={})
    assert keeping.state() == before
    rename_a_donor()
    assert keeping.state() != before


def test_a_list_costs_the_same_however_long_it_is(client: Client, seven, django_assert_num_queries):
    client.get("/projects/")
    with django_assert_num_queries(7):
        client.get("/projects/")
