"""Mails through a real SMTP server that is there, goes away and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from concours.platform.accounts.models import User
from concours.platform.background import _work_apart
from concours.platform.core import clock
from concours.platform.notifications import domain
from concours.platform.notifications.domain import posting
from concours.platform.notifications.enums import MailState
from concours.platform.notifications.interfaces.tasks import post_if_due
from concours.platform.notifications.models import Mail, Notification
from tests.factories import competitions as make
from tests.factories.mailboxes import Mailbox, MailServer
from tests.factories.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    box.start()
    settings = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": box.port,
        "EMAIL_TIMEOUT": 2,
    }
    with override_settings(**settings):
        yield box
    box.stop()


def told(user: User, *, name: str = "") -> User:
    """`user`, whose team somebody has just joined; they want a mail about that."""
    fields: dict[str, Any] = {"name": name} if name else {}
    make.team(of=make.season(), captain=user, members=2, **fields)
    domain.follow()
    return user


def states() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


def test_a_mail_says_it_in_the_language_and_zone_of_its_reader(
    news: datetime, mailbox: Mailbox
) -> None:
    track = make.track(title="A track", title_zh="一个赛道")
    entry = make.entry(in_track=track)
    user = make.captain_of(entry.team)
    user.language = "zh-hans"
    user.save()
    domain.choose(actor=user, channels={}, time_zone="Asia/Shanghai")
    domain.follow()
    Mail.objects.all().delete()
    with clock.frozen_at(track.phase.ends_at - timedelta(hours=3)):  # type: ignore[union-attr]
        domain.tell_occasions()
        assert domain.post() == 1

    [message] = mailbox.messages
    body = message.get_content()  # type: ignore[attr-defined]
    assert "一个赛道" in str(message["subject"])
    assert "2023年3月1日" in body
    assert "08:00" in body or "8:00" in body
    assert "CST" in body
    assert str(message["to"]) == user.email
    assert f"http://127.0.0.1:8000/seasons/{track.season.slug}/tracks/{track.slug}/" in body


def test_a_server_that_is_down_loses_nothing_and_sends_nothing_twice(
    news: datetime, mailbox: Mailbox
) -> None:
    users = [told(person()) for _ in range(3)]
    mailbox.stop()
    with clock.frozen_at(news + timedelta(minutes=1)):
        assert domain.post() == 0
        tried = Mail.objects.order_by("pk").values_list("tries", flat=True)
        assert list(tried) == [1, 1, 1]
        assert not domain.due()

    mailbox.start()
    with clock.frozen_at(news + timedelta(minutes=3)):
        assert domain.post() == 3
        assert domain.post() == 0

    assert states() == [MailState.SENT] * 3
    assert sorted(str(one["to"]) for one in mailbox.messages) == sorted(u.email for u in users)


def test_pauses_grow_to_an_hour_and_end_after_a_week(news: datetime, mailbox: Mailbox) -> None:
    told(person())
    mailbox.stop()
    moment, pauses = news, []
    while states() == [MailState.WAITING]:
        with clock.frozen_at(moment):
            domain.post()
        following = Mail.objects.get().next_try_at
        pauses.append((following - moment).total_seconds())
        moment = following

    assert pauses[:9] == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert states() == [MailState.GIVEN_UP]
    assert moment - news > timedelta(days=7)
    assert Notification.objects.filter(read_at__isnull=True).exists()


def test_what_one_mailbox_refuses_keeps_no_other_back(news: datetime, mailbox: Mailbox) -> None:
    gone, there = told(person()), told(person())
    mailbox.refused.add(gone.email)

    assert domain.post() == 1

    assert states() == [MailState.REFUSED, MailState.SENT]
    assert [str(one["to"]) for one in mailbox.messages] == [there.email]


def test_a_server_that_asks_to_wait_is_asked_again(news: datetime, mailbox: Mailbox) -> None:
    told(person())
    mailbox.answers = ["451 4.3.0 later, please"]

    assert domain.post() == 0
    assert states() == [MailState.WAITING]
    with clock.frozen_at(news + timedelta(minutes=1)):
        assert domain.post() == 1
    assert len(mailbox.messages) == 1


def test_a_worker_that_dies_with_its_batch_leaves_it_to_the_next(
    news: datetime, mailbox: Mailbox
) -> None:
    told(person())
    assert len(posting._claim()) == 1

    assert domain.post() == 0
    with clock.frozen_at(news + posting.LEASE + timedelta(seconds=1)):
        assert domain.post() == 1
    assert len(mailbox.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_the_queue_carries_it(news: datetime, mailbox: Mailbox) -> None:
    told(person())

    assert post_if_due()
    assert post_if_due()
    _work_apart("mail")

    assert len(mailbox.messages) == 1
    assert not post_if_due()


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@example.org\nBcc: b@example.org", "x@closed.invalid"]
)
def test_an_address_that_is_none_gets_nothing_and_stops_nobody(
    news: datetime, mailbox: Mailbox, address: str
) -> None:
    user, other = told(person()), told(person())
    User.objects.filter(pk=user.pk).update(email=address)

    assert domain.post() == 1

    assert states() == [MailState.WITHHELD, MailState.SENT]
    assert [str(one["to"]) for one in mailbox.messages] == [other.email]


def test_a_title_puts_nothing_into_the_headers(news: datetime, mailbox: Mailbox) -> None:
    """The platform refuses such a title; a row that got it otherwise does no harm."""
    track = make.track()
    user = make.captain_of(make.entry(in_track=track).team)
    type(track).objects.filter(pk=track.pk).update(
        title="A\r\nBcc: thief@example.org\r\n\r\nBody", title_zh=""
    )
    with clock.frozen_at(track.phase.ends_at - timedelta(hours=3)):  # type: ignore[union-attr]
        domain.tell_occasions()
        domain.post()

    message = next(one for one in mailbox.messages if "Bcc" in str(one["subject"]))
    assert message["bcc"] is None
    assert str(message["to"]) == user.email
    assert "\n" not in str(message["subject"])


def test_what_may_not_be_seen_any_longer_is_not_sent(news: datetime, mailbox: Mailbox) -> None:
    user = told(person(), name="Bait team")
    user.memberships.all().delete()

    assert domain.post() == 0

    assert states() == [MailState.WITHHELD]
    assert mailbox.messages == []


def test_who_turned_a_kind_off_meanwhile_gets_no_mail(news: datetime, mailbox: Mailbox) -> None:
    user = told(person())
    domain.choose(actor=user, channels={"team": "page"}, time_zone="UTC")

    assert domain.post() == 0
    assert states() == [MailState.WITHHELD]


def test_the_link_in_the_header_ends_the_kind_with_one_post(
    news: datetime, mailbox: Mailbox
) -> None:
    user = told(person())
    domain.post()
    [message] = mailbox.messages
    link = str(message["list-unsubscribe"]).strip().strip("<>")
    path = link.removeprefix("http://127.0.0.1:8000")
    client = Client(enforce_csrf_checks=True)

    asked = client.get(path)
    assert asked.status_code == 200
    assert domain.choices_of(user=user)["team"] == "mail"  # type: ignore[index]
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert str(message["list-unsubscribe-post"]) == "List-Unsubscribe=One-Click"
    assert answer.status_code == 200
    assert domain.choices_of(user=user)["team"] == "page"  # type: ignore[index]
    assert user.email not in asked.content.decode() + answer.content.decode()
    assert user.name not in asked.content.decode()


@pytest.mark.parametrize("token", ["x", "a:b:c", "WyJ4IiwgInRlYW0iXQ:1abc:zzz"])
def test_a_guessed_link_is_no_page(db: None, token: str) -> None:
    client = Client()
    path = reverse("notifications:unsubscribe", args=[token])

    assert client.get(path).status_code == client.post(path).status_code == 404


def test_a_digest_goes_once_a_day_in_the_readers_morning(news: datetime, mailbox: Mailbox) -> None:
    user = person()
    domain.choose(actor=user, channels={"team": "digest"}, time_zone="America/Los_Angeles")
    told(user, name="First of the day")
    told(user, name="Second of the day")
    # Noon in UTC is four in the morning there.
    assert domain.make_digests() == 0
    with clock.frozen_at(news + timedelta(hours=4, minutes=1)):
        assert (domain.make_digests(), domain.make_digests()) == (1, 0)
        told(user, name="Third, later")
        assert domain.make_digests() == 0
        assert domain.post() == 1
    with clock.frozen_at(news + timedelta(hours=28, minutes=1)):
        assert domain.make_digests() == 1
        assert domain.post() == 1

    first, second = (one.get_content() for one in mailbox.messages)  # type: ignore[attr-defined]
    assert "First of the day" in first
    assert "Second of the day" in first
    assert "Third" not in first
    assert "Third, later" in second
    assert "First" not in second


def test_a_mail_server_that_is_killed_loses_nothing(news: datetime, tmp_path: Path) -> None:
    server = MailServer(tmp_path / "mail")
    settings = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": server.port,
    }
    with override_settings(**settings):
        server.start()
        first = told(person())
        assert domain.post() == 1
        server.kill()
        others = [told(person()) for _ in range(3)]
        with clock.frozen_at(news + timedelta(minutes=1)):
            assert domain.post() == 0
        server.start()
        try:
            with clock.frozen_at(news + timedelta(minutes=5)):
                assert domain.post() == 3
        finally:
            server.kill()

    messages = server.messages()
    assert sorted(str(one["to"]) for one in messages) == sorted(u.email for u in [first, *others])
    assert len({str(one["message-id"]) for one in messages}) == 4
