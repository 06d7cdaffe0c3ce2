from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from concours.platform.rehearsal import domain
from concours.platform.rehearsal.models import ClockShift
from tests.factories.competitions import draft_track, track
from tests.factories.people import operator, organiser, person

pytestmark = pytest.mark.django_db

MAY = datetime(2023, 5, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _rehearsal(settings: Any) -> None:
    settings.REHEARSAL = True


def reads_now() -> datetime:
    with clock.shifted(domain.current_shift()):
        return clock.now()


def test_the_clock_goes_where_it_is_told_and_back() -> None:
    boss = operator()
    for moment in (MAY, datetime(2099, 1, 1, tzinfo=UTC)):
        domain.set_clock(actor=boss, to=moment)
        assert timedelta() <= reads_now() - moment < timedelta(seconds=3)
    domain.return_to_real_time(actor=boss)
    assert abs(reads_now() - datetime.now(UTC)) < timedelta(seconds=3)
    assert list(Event.objects.values_list("verb", flat=True)) == [
        "rehearsal.clock-set",
        "rehearsal.clock-set",
        "rehearsal.clock-returned",
    ]


@pytest.mark.parametrize(
    "moment", [datetime(1999, 12, 31, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)]
)
def test_years_out_of_range_are_refused(moment: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        domain.set_clock(actor=operator(), to=moment)
    assert refusal.value.code == "out-of-range"
    assert not ClockShift.objects.exists()


def test_only_operators_move_it() -> None:
    for user in (person(), organiser()):
        with pytest.raises(NotPermitted):
            domain.set_clock(actor=user, to=MAY)
        with pytest.raises(NotPermitted):
            domain.return_to_real_time(actor=user)
    assert not ClockShift.objects.exists()
    assert not Event.objects.exists()


def test_outside_a_rehearsal_it_stands_where_the_world_does(settings: Any) -> None:
    domain.set_clock(actor=operator(), to=MAY)
    settings.REHEARSAL = False
    assert domain.current_shift() == timedelta()
    for act in (domain.return_to_real_time, domain.set_clock):
        with pytest.raises(Refused) as refusal:
            act(actor=operator(), **({"to": MAY} if act is domain.set_clock else {}))
        assert refusal.value.code == "not-a-rehearsal"


def test_a_crash_leaves_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_kwargs: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("concours.platform.rehearsal.domain.time.record.append", crash)
    with pytest.raises(OSError, match="disk"):
        domain.set_clock(actor=operator(), to=MAY)
    assert not ClockShift.objects.exists()


def test_the_page_moves_the_clock_of_every_page(client: Client) -> None:
    client.force_login(operator())
    url = reverse("rehearsal:clock")
    assert client.post(url, {"to": "2023-05-01T00:00:00"}).status_code == 302
    assert "2023-05-01T00:00" in Client().get(reverse("record:verify")).content.decode()
    assert client.get(url).context["moved"]
    client.post(reverse("rehearsal:real"))
    assert not client.get(url).context["moved"]


def test_the_page_offers_what_comes_next(client: Client, spring: datetime) -> None:
    running, drafted = track(title="Running track"), draft_track(title="Drafted track")
    client.force_login(operator())
    page = client.get(reverse("rehearsal:clock"))
    moments = [at for at, _before, _boundaries in page.context["presets"]]
    assert moments == sorted(moments)
    assert all(at > spring for at in moments)
    assert running.registration_closes_at in moments
    told = page.content.decode()
    assert "Running track" in told
    assert "Drafted track" in told
    assert drafted.registration_closes_at.strftime('value="%Y-%m-%dT%H:%M:%S"') in told


@pytest.mark.parametrize("given", ["", "soon", "1066-10-14T09:00:00", "2023-13-01T00:00:00"])
def test_a_wrong_moment_is_refused_on_the_form(client: Client, given: str) -> None:
    client.force_login(operator())
    answer = client.post(reverse("rehearsal:clock"), {"to": given})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not ClockShift.objects.exists()


@pytest.mark.parametrize("who", ["person", "organiser"])
def test_others_find_no_such_page(client: Client, who: str) -> None:
    client.force_login(person() if who == "person" else organiser())
    url = reverse("rehearsal:clock")
    assert client.get(url).status_code == 404
    assert client.post(url, {"to": "2023-05-01T00:00:00"}).status_code == 404
    assert client.post(reverse("rehearsal:real")).status_code == 404
    assert not ClockShift.objects.exists()


def test_in_earnest_there_is_no_such_page(client: Client, settings: Any) -> None:
    settings.REHEARSAL = False
    client.force_login(operator())
    assert client.get(reverse("rehearsal:clock")).status_code == 404
