"""What the public and staff each see of the record: in pages, in the API, in files."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.core.actors import System
from concours.platform.record import domain
from concours.platform.record.models import Event
from tests.factories.competitions import batch, draft_track, season
from tests.factories.people import operator, organiser, person

pytestmark = pytest.mark.django_db

BAIT = "the-reviewer-is-zhang"
ACTOR = System("whoever-acted")


def note(*, of: str = "", subject: str = "thing:1", count: int = 1, data: Any = None) -> None:
    with transaction.atomic():
        for _number in range(count):
            domain.append(
                actor=ACTOR,
                verb="thing.done",
                subject=subject,
                season=of,
                data=data or {"secret": BAIT},
            )


def all_faces(client: Client, query: dict[str, str] | None = None) -> str:
    """Everything that a reader can get at about the events there are."""
    seqs = Event.objects.values_list("seq", flat=True)
    addresses = [
        reverse("record:events"),
        reverse("record:verify"),
        reverse("record:chain"),
        "/api/v1/record/head",
        "/api/v1/record/events",
        *(reverse("record:event", args=[seq]) for seq in seqs),
        *(f"/api/v1/record/events/{seq}" for seq in seqs),
    ]
    answers = [client.get(address, query or {}) for address in addresses]
    return "".join(
        b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
        for answer in answers
    )


def test_everyone_sees_that_it_happened_and_nobody_what() -> None:
    note(of=season().slug)
    last = Event.objects.order_by("-seq")[0]
    for client in (Client(), Client()):
        told = all_faces(client)
        assert "thing.done" in told
        assert last.digest in told
        assert BAIT not in told
        assert ACTOR.name not in told
        client.force_login(person())
        assert BAIT not in all_faces(client)


def test_a_seasons_organiser_sees_its_events_whole_and_no_others() -> None:
    mine, other = season(), season()
    note(of=mine.slug, data={"mine": "seen"})
    note(of=other.slug)
    note(of="", data={"everywhere": BAIT})
    client = Client()
    client.force_login(organiser(season=mine))
    told = all_faces(client)
    assert "seen" in told
    assert BAIT not in told


def test_operators_see_everything(client: Client) -> None:
    note()
    client.force_login(operator())
    told = all_faces(client)
    assert BAIT in told
    assert ACTOR.name in told


def test_a_key_shows_what_its_owner_may_see(client: Client) -> None:
    note()
    for user, seen in ((operator(), True), (person(), False)):
        _token, key = create_token(actor=user, name="k", scopes=[Scope.READ], days=1)
        answer = client.get("/api/v1/record/events", headers={"Authorization": f"Bearer {key}"})
        assert (BAIT in answer.content.decode()) is seen


def test_drafts_are_not_named_and_naming_them_finds_nothing() -> None:
    secret = season(slug="secret-season", opened=False)
    open_one = season(slug="open-season")
    track = draft_track(of=batch(of=open_one), slug="secret-track")
    client = Client()
    assert "secret-" not in all_faces(client)
    for query in (
        {"season": secret.slug},
        {"subject": f"season:{secret.slug}"},
        {"subject": f"track:{track.code}"},
    ):
        page = client.get(reverse("record:events"), query)
        assert page.context["events"] == []
        assert client.get("/api/v1/record/events", query).json()["items"] == []
    client.force_login(organiser())
    assert "secret-season" in all_faces(client)
    assert client.get(reverse("record:events"), {"season": secret.slug}).context["events"]


def test_people_are_not_listed_by_their_codes() -> None:
    """A code leads to the page that names its person."""
    user = person()
    note(subject=f"user:{user.code}")
    client = Client()
    query = {"subject": f"user:{user.code}"}
    for reader in (None, person()):
        if reader is not None:
            client.force_login(reader)
        assert user.code not in all_faces(client)
        assert client.get("/api/v1/record/events", query).json()["items"] == []
    client.force_login(user)
    assert user.code in all_faces(client)
    (own,) = client.get("/api/v1/record/events", query).json()["items"]
    assert own["data"] is None


def test_pages_run_from_the_newest_back_and_forth(client: Client) -> None:
    note(count=120)
    url = reverse("record:events")
    first = client.get(url)
    assert [event.seq for event in first.context["events"]] == list(range(120, 70, -1))
    assert first.context["newer"] is None
    second = client.get(url, {"cursor": first.context["older"]})
    third = client.get(url, {"cursor": second.context["older"]})
    assert [event.seq for event in third.context["events"]] == list(range(20, 0, -1))
    assert third.context["older"] is None
    back = client.get(url, {"cursor": third.context["newer"]})
    assert back.context["events"] == second.context["events"]
    assert (
        client.get(url, {"cursor": back.context["newer"]}).context["events"]
        == (first.context["events"])
    )


def test_the_api_runs_through_all_events_once(client: Client) -> None:
    note(count=25)
    seen, cursor = [], None
    while True:
        query = {"limit": 10, **({"cursor": cursor} if cursor else {})}
        answer = client.get("/api/v1/record/events", query).json()
        seen += [item["seq"] for item in answer["items"]]
        cursor = answer["older"]
        if cursor is None:
            break
    assert seen == list(range(25, 0, -1))


@pytest.mark.parametrize("cursor", ["x", "-1", "0", "9" * 19, "9" * 40, "１２", "1e3"])
def test_a_nonsense_cursor_is_no_error(client: Client, cursor: str) -> None:
    note()
    assert client.get(reverse("record:events"), {"cursor": cursor}).status_code == 200
    assert client.get("/api/v1/record/events", {"cursor": cursor}).status_code in (200, 422)


def test_filters_take_season_and_subject(client: Client) -> None:
    one = season()
    note(of=one.slug, subject="entry:abc")
    note(subject="entry:xyz")
    url = reverse("record:events")
    by_subject = client.get(url, {"subject": "entry:abc"}).context["events"]
    assert [event.subject for event in by_subject] == ["entry:abc"]
    by_season = client.get(url, {"season": one.slug}).context["events"]
    assert {event.season for event in by_season} == {one.slug}
    bait = "<script>alert(1)</script>"
    assert bait not in client.get(url, {"subject": bait}).content.decode()


def test_the_export_is_whole_for_operators_and_verifies(client: Client) -> None:
    note(count=3)
    client.force_login(operator())
    answer = client.get(reverse("record:export"))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    report = domain.verify_lines(lines, expected_head=domain.head()[1])
    assert report.holds
    assert report.count == 3
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("who", ["nobody", "person", "organiser of all"])
def test_the_export_is_for_operators_alone(client: Client, who: str) -> None:
    note()
    if who != "nobody":
        client.force_login(person() if who == "person" else organiser())
    answer = client.get(reverse("record:export"))
    assert answer.status_code == 403
    assert BAIT not in answer.content.decode()


def test_the_chain_of_digests_is_for_everyone_and_anchors_the_export(client: Client) -> None:
    note(count=3)
    answer = client.get(reverse("record:chain"))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines == [
        f"{seq} {digest}" for seq, digest in Event.objects.values_list("seq", "digest")
    ]
    again = client.get(reverse("record:chain"), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    note()
    changed = client.get(reverse("record:chain"), headers={"If-None-Match": answer["ETag"]})
    assert changed.status_code == 200


def test_an_event_that_is_not_there_is_not_found(client: Client) -> None:
    for seq in (1, 10**30):
        assert client.get(reverse("record:event", args=[seq])).status_code == 404
        assert client.get(f"/api/v1/record/events/{seq}").status_code == 404


def test_the_head_is_on_the_page_that_explains_it(client: Client) -> None:
    note()
    count, digest = domain.head()
    assert client.get("/api/v1/record/head").json() == {"count": count, "digest": digest}
    page = client.get(reverse("record:verify")).content.decode()
    assert f"concours record verify --head {digest}" in page


def test_a_page_of_events_takes_few_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    one = season()
    for number in range(50):
        note(of=one.slug, subject=f"track:{one.slug}/t{number}")
    with django_assert_max_num_queries(12):
        client.get(reverse("record:events"))


def test_text_in_events_is_text(client: Client) -> None:
    note(data={"name": "<script>alert(1)</script>"})
    client.force_login(operator())
    page = client.get(reverse("record:event", args=[1])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
