"""The bell, the list, marking and undoing, and the form of channels; without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.notifications import domain
from concours.platform.notifications.models import Notification
from tests.factories import competitions as make
from tests.factories.people import person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGE = "/notifications/"


def told(user: User, **fields: str) -> Notification:
    make.team(of=make.season(), captain=user, members=2, **fields)
    domain.follow()
    return Notification.objects.filter(user=user).latest("pk")


def key_of(user: User, scope: Scope) -> dict[str, str]:
    """Headers with a new API key of `user`."""
    _token, key = create_token(actor=user, name="test", scopes=[scope], days=30)
    return {"Authorization": f"Bearer {key}"}


def unread(user: User) -> int:
    return Notification.objects.filter(user=user, read_at__isnull=True).count()


def test_the_bell_counts_on_every_page_and_strangers_have_none(
    news: datetime, signed_in: SignIn
) -> None:
    user = person()
    told(user)

    home = signed_in(user).get("/about/").content.decode()
    strange = Client().get("/about/").content.decode()

    assert 'aria-label="Notifications: 1 unread"' in home
    assert "/notifications/" not in strange


def test_the_list_shows_ones_own_alone(news: datetime, signed_in: SignIn) -> None:
    user, other = person(), person()
    told(user, name="Mine it is")
    foreign = told(other, name="Bait of another")
    client = signed_in(user)

    page = client.get(PAGE).content.decode()

    assert "Mine it is" in page
    assert "Bait" not in page
    for path in ("", "read/", "unread/"):
        address = f"{PAGE}{foreign.code}/{path}"
        answer = client.post(address) if path else client.get(address)
        assert answer.status_code == 404
    assert unread(other) == 1


def test_nobody_reads_without_signing_in(news: datetime) -> None:
    row = told(person())
    for path in (PAGE, PAGE + "preferences/", f"{PAGE}{row.code}/"):
        assert Client().get(path).status_code == 302
    for path in (PAGE + "all-read/", PAGE + "undo/", f"{PAGE}{row.code}/read/"):
        assert Client().post(path).status_code == 302
    assert unread(row.user) == 1


def test_opening_marks_read_and_leads_there(news: datetime, signed_in: SignIn) -> None:
    user = person()
    row = told(user)
    client = signed_in(user)

    answer = client.get(f"{PAGE}{row.code}/")

    team = user.memberships.get().team
    assert answer["location"] == reverse("competitions:team", args=[team.code])
    assert unread(user) == 0
    client.post(f"{PAGE}{row.code}/unread/")
    assert unread(user) == 1


def test_all_read_spares_what_came_later_and_can_be_undone(
    news: datetime, signed_in: SignIn
) -> None:
    user = person()
    seen = told(user)
    client = signed_in(user)
    told(user)

    answer = client.post(PAGE + "all-read/", {"up_to": seen.pk})
    assert unread(user) == 1
    shown = client.get(answer["location"])
    moment = shown.context["undo"]
    client.post(PAGE + "undo/", {"moment": moment.isoformat()})

    assert unread(user) == 2


def test_filters_by_season_and_unread(news: datetime, signed_in: SignIn) -> None:
    user = person()
    first = told(user, name="Of the first")
    told(user, name="Of the second")
    domain.mark_read(actor=user, notification=first)
    client = signed_in(user)

    unread_alone = client.get(PAGE, {"unread": "1"}).content.decode()
    of_first = client.get(PAGE, {"season": first.season}).content.decode()

    assert "Of the second" in unread_alone
    assert "Of the first" not in unread_alone
    assert "Of the first" in of_first
    assert "Of the second" not in of_first


@pytest.mark.parametrize(
    "query", [{"cursor": "x"}, {"cursor": "-1"}, {"cursor": "9" * 40}, {"cursor": "１"}]
)
def test_a_cursor_that_is_none_is_no_page(
    db: None, signed_in: SignIn, query: dict[str, str]
) -> None:
    assert signed_in(person()).get(PAGE, query).status_code == 404


@pytest.mark.parametrize("moment", ["", "x", "2023-02-30T00:00:00Z", "2023-02-01", "0" * 5000])
def test_an_undo_of_nothing_is_nothing(news: datetime, signed_in: SignIn, moment: str) -> None:
    user = person()
    row = told(user)
    domain.mark_read(actor=user, notification=row)

    assert signed_in(user).post(PAGE + "undo/", {"moment": moment}).status_code == 302
    assert signed_in(user).get(PAGE, {"undo": moment}).status_code == 200
    assert unread(user) == 0


def test_pages_of_thirty(news: datetime, signed_in: SignIn) -> None:
    user = person()
    make.team(of=make.season(), captain=user, members=5)
    Notification.objects.all().delete()
    Notification.objects.bulk_create(
        Notification(
            user=user, key=f"k{n}", kind="team", verb="team.left", subject="team:x", at=news,
            wish="page",
        )
        for n in range(65)
    )  # fmt: skip
    client = signed_in(user)
    cursor, seen = "0", []
    while cursor:
        context = client.get(PAGE, {"cursor": cursor}).context
        seen += [one.notification.key for one in context["told"]]
        cursor = str(context["next"] or "")

    assert seen == [f"k{n}" for n in reversed(range(65))]


def test_the_form_keeps_what_was_chosen_and_pages_use_the_zone(
    news: datetime, signed_in: SignIn
) -> None:
    user = person()
    row = told(user)
    client = signed_in(user)
    form = client.get(PAGE + "preferences/").context["form"]
    values = {name: form[name].initial for name in form.fields}
    values |= {"time_zone": "Asia/Shanghai", "team": "page", "security": "off"}

    answer = client.post(PAGE + "preferences/", values)

    assert answer.status_code == 302
    assert "security" not in form.fields
    assert domain.choices_of(user=user)["security"] == "mail"  # type: ignore[index]
    page = client.get(PAGE).content.decode()
    assert "1 Feb 2023, 20:00 (CST)" in page
    assert row.at.hour == 12


def test_the_form_refuses_what_is_not_offered(news: datetime, signed_in: SignIn) -> None:
    user = person()
    client = signed_in(user)
    form = client.get(PAGE + "preferences/").context["form"]
    values = {name: form[name].initial for name in form.fields}

    answer = client.post(PAGE + "preferences/", values | {"time_zone": "Mars/Olympus"})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert domain.zone_of(user=user).key == "UTC"


@pytest.mark.parametrize(
    "next_page", ["https://elsewhere.example/", "//elsewhere.example/", "record", "-1", "\\x"]
)
def test_a_way_back_leads_to_this_site_alone(
    news: datetime, signed_in: SignIn, next_page: str
) -> None:
    user = person()
    row = told(user)

    answer = signed_in(user).post(f"{PAGE}{row.code}/read/", {"next": next_page})

    assert answer["location"] == PAGE


def test_the_api_tells_and_marks_ones_own(news: datetime) -> None:
    user, other = person(), person()
    for name in ("First", "Second", "Third"):
        told(user, name=name)
    foreign = told(other, name="Bait of another")
    client = Client(headers=key_of(user, Scope.READ))

    first = client.get("/api/v1/notifications", {"limit": 2}).json()
    second = client.get("/api/v1/notifications", {"cursor": first["older"]}).json()
    codes = [item["code"] for item in first["items"] + second["items"]]
    marked = client.post(f"/api/v1/notifications/{codes[0]}/read")
    refused = client.post(f"/api/v1/notifications/{foreign.code}/read")

    titles = [item["title"] for item in first["items"] + second["items"]]
    assert [title.split("“")[1][:-1] for title in titles] == ["Third", "Second", "First"]
    assert second["older"] is None
    assert (marked.status_code, refused.status_code) == (204, 404)
    unread_left = client.get("/api/v1/notifications", {"unread": "true"}).json()
    assert [item["code"] for item in unread_left["items"]] == codes[1:]
    assert unread(other) == 1
    assert Client().get("/api/v1/notifications").status_code == 401
    narrow = Client(headers=key_of(user, Scope.ENTER))
    assert narrow.get("/api/v1/notifications").status_code == 403
