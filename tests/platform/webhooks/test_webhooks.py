"""Webhooks from the record to a real receiver: what is said, how it is signed, how it fails."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client, override_settings
from standardwebhooks.webhooks import Webhook as Checker
from standardwebhooks.webhooks import WebhookVerificationError

from concours.platform.background import _work_apart
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Track
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.notifications import domain as notifications
from concours.platform.notifications.models import Notification
from concours.platform.record import domain as record
from concours.platform.record.models import Event, Follower
from concours.platform.webhooks import domain
from concours.platform.webhooks.domain import delivering
from concours.platform.webhooks.domain.delivering import PAUSES
from concours.platform.webhooks.domain.signing import signature
from concours.platform.webhooks.enums import DeliveryState, WebhookState
from concours.platform.webhooks.interfaces.tasks import send_due
from concours.platform.webhooks.models import Delivery, Webhook
from tests.conftest import SPRING
from tests.factories import competitions as make
from tests.factories.people import organiser, person
from tests.factories.receivers import Receiver, misbehaving, receiver, silent

pytestmark = pytest.mark.django_db
VERBS = ["phase.advanced", "track.closed"]


@pytest.fixture(autouse=True)
def _news(db: None, spring: datetime) -> None:
    """The clock stands in spring, and what is recorded from now on is news."""
    for name in ("webhooks", "notifications"):
        Follower.objects.update_or_create(name=name, defaults={"seq": record.head()[0]})


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def hook(url: str, *, track: Track, verbs: list[str] | None = None) -> tuple[Webhook, str]:
    return domain.create_webhook(
        actor=organiser(season=track.season), season=track.season, url=url, verbs=verbs or VERBS
    )


def send() -> list[str]:
    """Read on in the record and send what is due, here and now."""
    domain.follow()
    return [domain.deliver(code=code) for code in domain.claim_due()]


def test_a_message_is_signed_so_that_the_standards_own_library_takes_it(there: Receiver) -> None:
    track = make.track(title="Drives")
    made, secret = hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)

    assert send() == [DeliveryState.DELIVERED]

    [(headers, body)] = there.calls
    moment = int(SPRING.timestamp())
    assert headers["webhook-timestamp"] == str(moment)
    assert secret.startswith("whsec_")
    checker = Checker(secret)
    signed = checker.sign(headers["webhook-id"], SPRING, body.decode())
    assert headers["webhook-signature"] == signed
    now = datetime.now(SPRING.tzinfo)
    fresh = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(
            secret=secret, message_id="msg_1", timestamp=int(now.timestamp()), body=body.decode()
        ),
    }
    assert checker.verify(body.decode(), fresh) == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        checker.verify(body.decode().replace("Drives", "Other"), fresh)
    assert made.season_id == track.season_id


def test_it_says_what_the_public_feed_says(there: Receiver) -> None:
    track = make.track(title="Drives")
    hook(there.url, track=track)
    team = make.team(of=track.season, members=2)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    send()

    [(_headers, body)] = there.calls
    event = Event.objects.filter(verb="phase.advanced").latest("seq")
    assert json.loads(body) == {
        "type": "phase.advanced",
        "timestamp": event.at.isoformat(timespec="seconds"),
        "data": {
            "season": track.season.slug,
            "track": track.slug,
            "title": "Drives: peer review begins",
            "url": f"http://127.0.0.1:8000/seasons/{track.season.slug}/tracks/{track.slug}/",
            "event": event.seq,
            "digest": event.digest,
        },
    }
    assert team.name not in body.decode()


def test_only_wanted_events_of_the_own_season_that_are_public_are_told(there: Receiver) -> None:
    track, elsewhere = make.track(), make.track()
    hidden = make.track(of=track.batch, title="Bait track")
    hook(there.url, track=track, verbs=["track.closed"])
    hook(there.url, track=hidden, verbs=["phase.advanced"])
    Track.objects.filter(pk=hidden.pk).update(state="draft", phase=None)
    with transaction.atomic():
        record.append(
            actor=make.ACTOR, verb="phase.advanced", subject=hidden, season=hidden.season.slug,
            data={"from": "final", "to": "result"},
        )  # fmt: skip
    make.advance(elsewhere, to=PhaseKind.PEER_REVIEW)

    assert send() == []
    assert not Delivery.objects.exists()


def test_an_event_is_told_once_however_often_the_record_is_read(there: Receiver) -> None:
    track = make.track()
    hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    send()
    Follower.objects.filter(name="webhooks").update(seq=0)

    assert send() == []
    assert len(there.calls) == 1


def test_failures_are_tried_again_over_a_day_under_one_id_then_set_aside(there: Receiver) -> None:
    track = make.track()
    made, _secret = hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    there.statuses = [500] * 50
    moment, states = SPRING, []
    for pause in (*PAUSES, timedelta()):
        with clock.frozen_at(moment):
            states += send()
            assert send() == []
        moment += pause

    assert states == [DeliveryState.WAITING] * len(PAUSES) + [DeliveryState.FAILED]
    assert timedelta(hours=23) < moment - SPRING < timedelta(hours=26)
    assert len({headers["webhook-id"] for headers, _body in there.calls}) == 1
    assert len({headers["webhook-timestamp"] for headers, _body in there.calls}) == len(PAUSES) + 1
    made.refresh_from_db()
    assert made.state == WebhookState.SET_ASIDE


def test_the_owner_is_told_that_it_was_set_aside(there: Receiver) -> None:
    track = make.track()
    made, _secret = hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    there.statuses = [410]

    assert send() == [DeliveryState.FAILED]
    notifications.follow()

    row = Notification.objects.get(verb="webhook.set-aside")
    assert row.user_id == made.owner_id
    [told] = notifications.told_to(made.owner, [row])
    assert made.code in told.path
    assert there.url not in told.title + told.text


def test_what_waits_goes_when_it_is_resumed(there: Receiver) -> None:
    track = make.track()
    made, _secret = hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    there.statuses = [410]
    send()
    make.advance(track, to=PhaseKind.FINAL)
    assert send() == []

    domain.resume(actor=made.owner, webhook=made)

    assert send() == [DeliveryState.DELIVERED]
    with pytest.raises(Refused):
        domain.resume(actor=made.owner, webhook=made)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 429, 500, 503])
def test_every_answer_but_a_yes_is_a_failure(there: Receiver, status: int) -> None:
    track = make.track()
    hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    there.statuses = [status]

    assert send() == [DeliveryState.WAITING]
    assert Delivery.objects.get().status == status


def test_a_message_can_be_sent_again_under_its_id(there: Receiver) -> None:
    track = make.track()
    made, _secret = hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    send()
    row = Delivery.objects.get()

    domain.resend(actor=made.owner, delivery=row)
    with pytest.raises(Refused):
        domain.resend(actor=made.owner, delivery=row)
    assert send() == [DeliveryState.DELIVERED]

    assert [headers["webhook-id"] for headers, _body in there.calls] == [row.code] * 2
    with pytest.raises(NotPermitted):
        domain.resend(actor=person(), delivery=row)


def test_messages_go_in_order_one_at_a_time(there: Receiver) -> None:
    track = make.track()
    hook(there.url, track=track)
    make.advance(track, to=PhaseKind.FINAL)
    there.statuses = [500]

    assert send() == [DeliveryState.WAITING]
    assert send() == []
    with clock.frozen_at(SPRING + timedelta(minutes=1)):
        assert send() + send() == [DeliveryState.DELIVERED] * 2
    titles = [json.loads(body)["data"]["title"].split(": ")[1] for _headers, body in there.calls]
    assert titles == ["peer review begins", "peer review begins", "final begins"]


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_never_answers_holds_up_nobody_else(there: Receiver) -> None:
    track = make.track()
    with misbehaving(silent) as port:
        hook(f"http://127.0.0.1:{port}/", track=track)
        hook(there.url, track=track)
        make.advance(track, to=PhaseKind.PEER_REVIEW)
        assert send_due() == 2

        def work() -> None:
            with clock.frozen_at(SPRING):
                _work_apart("webhooks")
            connections.close_all()

        started = time.monotonic()
        workers = [threading.Thread(target=work) for _ in range(2)]
        for one in workers:
            one.start()
        while not there.calls and time.monotonic() - started < 20:
            time.sleep(0.05)
        reached = time.monotonic() - started
        for one in workers:
            one.join()
        whole = time.monotonic() - started

    assert len(there.calls) == 1
    assert reached < 4
    assert whole < 13
    assert sorted(Delivery.objects.values_list("state", "fault")) == [
        (DeliveryState.DELIVERED, ""),
        (DeliveryState.WAITING, "timeout"),
    ]


def test_the_secret_is_stored_encrypted_and_the_record_knows_no_address(there: Receiver) -> None:
    made, secret = hook(there.url, track=make.track())

    stored = str(list(Webhook.objects.values()))
    events = "".join(event.data + event.subject for event in Event.objects.all())
    assert secret.removeprefix("whsec_") not in stored
    assert there.url not in events
    assert str(there.port) not in events
    domain.remove_webhook(actor=made.owner, webhook=made)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://10.0.0.1/", "address-not-public"),
        ("https://169.254.169.254/latest/meta-data/", "address-not-public"),
        ("http://example.org/", "address-scheme"),
        ("https://example.org:22/", "address-port"),
        ("javascript:alert(1)", "address-scheme"),
        ("https://a b/", "address-bad-address"),
    ],
)
def test_where_no_webhook_may_lead(url: str, code: str) -> None:
    track = make.track()
    before = record.head()
    with pytest.raises(Refused) as refusal:
        domain.create_webhook(
            actor=organiser(season=track.season), season=track.season, url=url, verbs=VERBS
        )
    assert refusal.value.code == code
    assert record.head()[0] == before[0]
    assert not Webhook.objects.exists()


def test_in_earnest_loopback_is_refused_also_for_webhooks_made_before(there: Receiver) -> None:
    track = make.track()
    hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    with override_settings(REHEARSAL=False):
        assert send() == [DeliveryState.WAITING]
        with pytest.raises(Refused):
            hook(there.url, track=track)

    assert there.calls == []
    assert Delivery.objects.get().fault == "scheme"


@pytest.mark.parametrize("verbs", [[], ["jury.scored"], ["phase.advanced", "person.created"]])
def test_verbs_that_are_not_offered_are_refused(there: Receiver, verbs: list[str]) -> None:
    track = make.track()
    with pytest.raises(Refused) as refusal:
        domain.create_webhook(
            actor=organiser(season=track.season), season=track.season, url=there.url, verbs=verbs
        )
    assert refusal.value.code == "no-verbs"


def test_the_desk_is_the_seasons_organisers_alone(there: Receiver) -> None:
    track = make.track()
    made, _secret = hook(there.url, track=track)
    other = make.track()
    desk = f"/seasons/{track.season.slug}/desk/webhooks/"
    pages = [("get", desk), ("get", f"{desk}{made.code}/")] + [
        ("post", f"{desk}{made.code}/{act}/") for act in ("resume", "remove")
    ]
    for user in (person(), organiser(season=other.season)):
        client = Client()
        client.force_login(user)
        for method, path in pages:
            assert getattr(client, method)(path).status_code == 404
    for method, path in pages:
        assert getattr(Client(), method)(path).status_code == 302
    assert Webhook.objects.count() == 1


def test_the_pages_make_show_resend_and_remove(there: Receiver) -> None:
    track = make.track()
    client = Client()
    client.force_login(organiser(season=track.season))
    desk = f"/seasons/{track.season.slug}/desk/webhooks/"

    made = client.post(desk, {"url": there.url, "verbs": VERBS})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in client.get(desk).content.decode()
    refused = client.post(desk, {"url": "https://10.0.0.1/", "verbs": VERBS})
    assert "not on the public internet" in refused.content.decode()
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    send()
    row = Delivery.objects.get()
    page = desk + row.webhook.code + "/"
    assert row.code in client.get(page).content.decode()
    assert client.post(f"{page}messages/{row.code}/resend/").status_code == 302
    assert send() == [DeliveryState.DELIVERED]
    assert client.post(page + "remove/")["location"] == desk
    assert client.get(page).status_code == 404


def test_ended_messages_are_forgotten_after_a_month(there: Receiver) -> None:
    track = make.track()
    hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    send()
    with clock.frozen_at(SPRING + timedelta(days=29)):
        assert domain.sweep() == 0
    with clock.frozen_at(SPRING + timedelta(days=31)):
        assert domain.sweep() == 1


def test_another_secret_of_the_installation_sets_it_aside(there: Receiver, settings: Any) -> None:
    """As after a restore of a backup without secrets: no receiver could check the signature."""
    track = make.track()
    made, _secret = hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    settings.SECRET_KEY = "another"

    assert send() == [DeliveryState.FAILED]

    made.refresh_from_db()
    assert (made.state, made.deliveries.get().fault) == (WebhookState.SET_ASIDE, "secret-lost")
    assert there.calls == []


def test_one_that_is_removed_while_its_message_is_sent_is_gone(there: Receiver) -> None:
    track = make.track()
    made, _secret = hook(there.url, track=track)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    domain.follow()
    [code] = domain.claim_due()
    row = Delivery.objects.select_related("webhook__season").get(code=code)
    made.delete()

    assert delivering._note(row, status=200, fault="") == "gone"
