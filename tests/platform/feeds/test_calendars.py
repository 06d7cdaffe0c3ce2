"""Calendars: valid by RFC 5545, in UTC, with drafts nowhere and one's own behind a secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from concours.platform.competitions.models import Track
from concours.platform.core import clock
from concours.platform.feeds import domain
from concours.platform.feeds.models import CalendarKey
from concours.platform.notifications.domain import choose
from concours.platform.record.models import Event
from tests.factories import competitions as make
from tests.factories import review
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spring(spring: datetime) -> None:
    """The clock stands in registration."""


def url(track: Track) -> str:
    return f"/seasons/{track.season.slug}/tracks/{track.slug}/calendar.ics"


def events_in(body: bytes) -> list[Any]:
    """The events of a calendar, after what RFC 5545 asks of each has been looked at."""
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(body)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert not calendar.errors
    found = list(calendar.walk("VEVENT"))
    for event in found:
        assert not event.errors
        assert event["UID"]
        assert event["DTSTAMP"].dt.tzinfo is not None
        assert event["DTSTART"].to_ical().endswith(b"Z")
    assert len({str(event["UID"]) for event in found}) == len(found)
    return found


def test_a_track_tells_each_deadline_in_utc_with_an_alarm(client: Client) -> None:
    track = make.track(title="Drives, and; more\\", title_zh="驾驶")

    response = client.get(url(track))
    chinese = client.get(url(track), {"language": "zh-hans"})

    events = events_in(response.content)
    assert response["content-type"] == "text/calendar; charset=utf-8"
    assert [event["DTSTART"].dt for event in events] == sorted(
        [track.registration_closes_at, *(phase.ends_at for phase in track.phases.all())]
    )
    assert str(events[0]["SUMMARY"]).endswith("Drives, and; more\\")
    [alarm] = events[-1].walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(days=-1)
    assert "(UTC)" in str(events[0]["DESCRIPTION"])
    assert all("驾驶" in str(event["SUMMARY"]) for event in events_in(chinese.content))


def test_what_is_past_alarms_nobody(client: Client) -> None:
    track = make.track()
    with clock.frozen_at(datetime(2023, 4, 1, tzinfo=UTC)):
        events = events_in(client.get(url(track)).content)

    alarmed = [event["DTSTART"].dt for event in events if event.walk("VALARM")]
    assert alarmed == [event["DTSTART"].dt for event in events if event["DTSTART"].dt.month > 4]


def test_a_season_leaves_out_draft_tracks_also_for_its_staff() -> None:
    shown = make.track(title="Shown one")
    make.draft_track(of=shown.batch, title="Bait draft")
    hidden = make.season(opened=False, title="Bait season")
    staff = Client()
    staff.force_login(organiser())

    for client in (Client(), staff):
        body = client.get(f"/seasons/{shown.season.slug}/calendar.ics").content.decode()
        assert "Shown one" in body
        assert "Bait" not in body
        assert client.get(f"/seasons/{hidden.slug}/calendar.ics").status_code == 404


def test_a_draft_track_has_no_calendar() -> None:
    track = make.draft_track()
    assert Client().get(url(track)).status_code == 404


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    track = make.track()
    etag = client.get(url(track))["etag"]

    make.team(of=track.season)
    same = client.get(url(track), headers={"if-none-match": etag})
    Track.objects.filter(pk=track.pk).update(
        registration_closes_at=track.registration_closes_at + timedelta(days=1)
    )
    moved = client.get(url(track), headers={"if-none-match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert moved.status_code == 200
    assert moved["etag"] != etag


def test_ones_own_shows_tracks_and_duties_without_names(tmp_path: Path) -> None:
    round_ = review.assigned(entries=8, folder=tmp_path)
    other = make.track(title="Not mine")
    user = round_.assignments.order_by("pk")[0].reviewer
    choose(actor=user, channels={}, time_zone="Asia/Shanghai")
    with clock.frozen_at(review.DURING):
        key = domain.make_key(actor=user)
        response = Client().get(f"/calendar/{key}.ics")

    events = events_in(response.content)
    body = response.content.decode().replace("\r\n ", "")
    assert str(round_.track) in body
    assert "Reviews are due (3 left)" in body
    assert str(other) not in body
    assert "X-WR-TIMEZONE:Asia/Shanghai" in body
    assert "(CST)" in str(events[0]["DESCRIPTION"])
    others = round_.track.entries.exclude(team__memberships__user=user)
    names = {row.title for row in others} | {row.team.name for row in others}
    assert not [name for name in names if f" {name}\n" in body or f": {name}" in body]
    assert user.email not in body
    assert response["cache-control"] == "private, max-age=300"


def test_a_key_is_kept_as_a_digest_and_a_new_one_ends_the_former() -> None:
    user = person()
    first = domain.make_key(actor=user)
    second = domain.make_key(actor=user)

    codes = [Client().get(f"/calendar/{key}.ics").status_code for key in (first, second)]
    assert codes == [404, 200]
    assert CalendarKey.objects.filter(user=user).count() == 1
    stored = str(list(CalendarKey.objects.values())) + "".join(
        event.data + event.subject for event in Event.objects.all()
    )
    assert first not in stored
    assert second not in stored
    assert domain.end_key(actor=user)
    assert not domain.end_key(actor=user)
    assert Client().get(f"/calendar/{second}.ics").status_code == 404


@pytest.mark.parametrize("key", ["x", "2" * 40, "a" * 2_000, "%00", "me"])
def test_a_guessed_key_opens_nothing(key: str) -> None:
    domain.make_key(actor=person())
    assert Client().get(f"/calendar/{key}.ics").status_code == 404


def test_a_key_reads_and_changes_nothing() -> None:
    key = domain.make_key(actor=person())
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(), method)(f"/calendar/{key}.ics").status_code == 405


def test_a_closed_account_has_no_calendar() -> None:
    user = person()
    key = domain.make_key(actor=user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert Client().get(f"/calendar/{key}.ics").status_code == 404


def test_the_page_shows_an_address_once(client: Client) -> None:
    user = person()
    client.force_login(user)

    before = client.get("/account/calendar/").content.decode()
    made = client.post("/account/calendar/")
    after = client.get("/account/calendar/").content.decode()

    address = made.context["address"]
    assert address.startswith("http://127.0.0.1:8000/calendar/")
    assert ".ics" not in before + after
    path = address.removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    client.post("/account/calendar/end/")
    assert client.get(path).status_code == 404
