"""What people are told and how: chosen, refused, followed."""

from __future__ import annotations

from datetime import datetime

import pytest

from concours.platform.accounts.models import User
from concours.platform.core.errors import Refused
from concours.platform.notifications import domain
from concours.platform.notifications.domain.preferences import zone_named
from concours.platform.notifications.enums import Channel, Kind
from concours.platform.notifications.models import ChannelChoice, Mail, Notification, Preference
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from tests.factories import competitions as make
from tests.factories.people import person

pytestmark = pytest.mark.django_db


def joined_by(user: User) -> None:
    """Somebody joins a team of `user`, who is told of it."""
    make.team(of=make.season(), captain=user, members=2)
    domain.follow()


@pytest.mark.parametrize(
    ("channel", "rows", "mails"),
    [(Channel.MAIL, 1, 1), (Channel.DIGEST, 1, 0), (Channel.PAGE, 1, 0), (Channel.OFF, 0, 0)],
)
def test_each_channel_does_what_it_says(
    news: datetime, channel: Channel, rows: int, mails: int
) -> None:
    user = person()
    domain.choose(actor=user, channels={"team": channel}, time_zone="UTC")

    joined_by(user)

    assert Notification.objects.filter(user=user).count() == rows
    assert Mail.objects.filter(user=user).count() == mails


@pytest.mark.parametrize(
    ("channels", "zone", "code"),
    [
        ({"security": "off"}, "UTC", "not-to-be-turned-off"),
        ({"security": "digest"}, "UTC", "not-to-be-turned-off"),
        ({"team": "pigeon"}, "UTC", "unknown-channel"),
        ({"weather": "mail"}, "UTC", "unknown-channel"),
        ({}, "Mars/Olympus", "unknown-time-zone"),
        ({}, "../../etc/passwd", "unknown-time-zone"),
        ({}, "", "unknown-time-zone"),
    ],
)
def test_what_cannot_be_chosen_changes_nothing(
    news: datetime, channels: dict[str, str], zone: str, code: str
) -> None:
    user = person()
    before = record.head()

    with pytest.raises(Refused) as refusal:
        domain.choose(actor=user, channels=channels, time_zone=zone)

    assert refusal.value.code == code
    assert record.head() == before
    assert not ChannelChoice.objects.exists()
    assert not Preference.objects.exists()


def test_a_choice_is_recorded_by_the_names_of_what_changed(news: datetime) -> None:
    user = person()

    domain.choose(actor=user, channels={"team": "off", "phase": "mail"}, time_zone="Asia/Shanghai")
    domain.choose(actor=user, channels={"team": "off", "phase": "mail"}, time_zone="Asia/Shanghai")

    [event] = Event.objects.filter(verb="notices.chosen")
    assert event.data == '{"changed":["team","time-zone"]}'
    assert domain.zone_of(user=user).key == "Asia/Shanghai"


def test_a_zone_that_is_gone_from_this_machine_reads_as_utc() -> None:
    user = person()
    Preference.objects.create(user=user, time_zone="Europe/Atlantis")

    assert domain.zone_of(user=user).key == "UTC"
    assert [zone_named(name).key for name in ("", "/etc/passwd", "\0", "UTC")] == ["UTC"] * 4


def test_stopping_by_link_leaves_the_page_and_what_always_goes(news: datetime) -> None:
    user = person()

    assert domain.stop_mail(user=user, kind=Kind.TEAM)
    assert not domain.stop_mail(user=user, kind=Kind.TEAM)
    assert not domain.stop_mail(user=user, kind=Kind.SECURITY)

    chosen = domain.choices_of(user=user)
    assert (chosen[Kind.TEAM], chosen[Kind.SECURITY]) == (Channel.PAGE, Channel.MAIL)
