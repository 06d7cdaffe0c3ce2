from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.awards import domain
from concours.platform.awards.models import MoneyRequest, Payout, Receipt
from concours.platform.core import clock
from tests.factories import awards, competitions
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
BAIT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _july() -> Iterator[None]:
    with clock.frozen_at(awards.RESULT):
        yield


def url(payout: Payout, page: str, *more: Any) -> str:
    track = payout.pool.track
    return reverse(f"awards:{page}", args=[track.season.slug, track.slug, *more])


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def call(user: Any, method: str, path: str, body: Any = None, scope: str = "") -> Any:
    scopes = [Scope(scope)] if scope else [Scope.READ, Scope.ENTER, Scope.ORGANISE]
    _token, key = create_token(actor=user, name="tests", scopes=scopes, days=30)
    return Client().generic(
        method,
        f"/api/v1/money/{path}",
        data="" if body is None else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def test_two_organisers_release_and_pay(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    season = payout.pool.track.season
    one, two = client_of(organiser(season=season)), client_of(organiser(season=season))
    user = payout.shares.get().user
    for lack in domain.lacks_of(payout):
        place = url(
            payout, "confirm-paper", payout.code, lack.kind, lack.user.code if lack.user else "-"
        )
        assert one.post(place, {"what": "seen"}).status_code == 302
    assert one.post(url(payout, "ask-release", payout.code)).status_code == 302
    request = MoneyRequest.objects.get()
    confirm = url(payout, "confirm-request", request.code)

    own = one.post(confirm)
    payout.refresh_from_db()
    assert own.status_code in {302, 409, 422}
    assert payout.released_minor == 0
    assert two.post(confirm).status_code == 302
    pay = url(payout, "pay", payout.code, user.code)
    wrong = one.post(pay, {"amount": "20000", "reference": "T-1", "paid_on": "2023-07-09"})
    right = one.post(pay, {"amount": "4000.50", "reference": BAIT, "paid_on": "2023-07-09"})

    assert wrong.status_code == 422
    assert "So much is not due" in wrong.content.decode()
    assert right.status_code == 302
    assert json.loads(Receipt.objects.get().content)["amount_minor"] == 400_050
    page = two.get(url(payout, "payout", payout.code)).content.decode()
    assert BAIT not in page
    assert "4,000.50" in page
    desk = two.get(url(payout, "money"))
    assert desk.status_code == 200
    assert "The books balance" in desk.content.decode()


def test_a_refused_form_keeps_what_was_typed(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    client = client_of(organiser(season=payout.pool.track.season))
    answer = client.post(
        url(payout, "ask-claw-back", payout.code),
        {"amount": "99999999", "reason": "Disqualified after the result"},
    )
    assert answer.status_code == 422
    assert "Disqualified after the result" in answer.content.decode()
    assert not MoneyRequest.objects.exists()


def test_the_winner_sees_what_is_missing_and_declares(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path, members=2)
    payout.shares.all().delete()
    captain, member = [row.user for row in payout.entry.team.memberships.order_by("-captain", "pk")]
    place = reverse("awards:won", args=[payout.code])
    page = client_of(captain).get(place).content.decode()
    assert "The captain says which member gets which share" in page
    form = {f"member_{captain.code}": "2", f"member_{member.code}": "1"}
    assert client_of(captain).post(place, form).status_code == 302
    assert dict(payout.shares.values_list("user_id", "parts")) == {captain.pk: 2, member.pk: 1}
    page = client_of(member).get(place).content.decode()
    assert "Identity: " in page
    assert f"member_{member.code}" not in page
    listed = client_of(member).get(reverse("awards:winnings")).content.decode()
    assert payout.entry.title in listed
    # The way there, from any page.
    menu = client_of(member).get("/about/").content.decode()
    assert f'href="{reverse("awards:winnings")}"' in menu


def test_nobody_else_reads_of_money(tmp_path: Path) -> None:
    payout = awards.released(folder=tmp_path, parts=[1, 1])
    one, two = [share.user for share in payout.shares.all()]
    receipt = awards.pay(of=payout, user=one, amount_minor=1_000, reference="Bait-Reference")
    season = payout.pool.track.season
    of_receipt = reverse("awards:receipt", args=[season.slug, receipt.number])
    elsewhere = organiser(season=competitions.season())
    staff = organiser(season=season)

    def read(user: Any, path: str) -> int:
        return client_of(user).get(path).status_code

    pages = [url(payout, "money"), url(payout, "payout", payout.code)]
    won = reverse("awards:won", args=[payout.code])
    seen = {
        name: [read(user, path) for path in (*pages, won, of_receipt)]
        for name, user in (
            ("stranger", person()),
            ("elsewhere", elsewhere),
            ("payee", one),
            ("member", two),
            ("staff", staff),
        )
    }
    assert seen == {
        "stranger": [404, 404, 404, 404],
        "elsewhere": [404, 404, 404, 404],
        "payee": [404, 404, 200, 200],
        "member": [404, 404, 200, 404],
        "staff": [200, 200, 404, 200],
    }
    for user in (person(), elsewhere):
        assert call(user, "GET", "payouts").json() == []
        assert call(user, "GET", f"payouts/{payout.code}").status_code == 404
        assert call(user, "GET", f"receipts/{season.slug}/1").status_code == 404
        track = f"tracks/{season.slug}/{payout.pool.track.slug}"
        assert call(user, "GET", track).status_code in {403, 404}
        assert call(user, "GET", f"{track}/requests").status_code in {403, 404}
    (own,) = call(two, "GET", "payouts").json()
    assert [payee["receipts"] for payee in own["payees"]] == [[], []]


def test_the_public_reads_totals_and_no_person(tmp_path: Path, client: Client) -> None:
    payout = awards.released(folder=tmp_path, parts=[1, 1])
    user = payout.shares.first().user
    receipt = awards.pay(of=payout, user=user, amount_minor=123_400, reference="Bait-Reference")
    season = payout.pool.track.season
    page = client.get(reverse("awards:season-money", args=[season.slug])).content.decode()
    told = client.get(f"/api/v1/money/seasons/{season.slug}").json()
    assert 'value="123400"' in page
    for secret in (user.display_name, user.code, "Bait-Reference", payout.code, receipt.code):
        assert secret not in page
    assert told == [
        {
            "currency": "CNY",
            "funded": 2_500_000,
            "awarded": 2_200_002,
            "reserved": 0,
            "pool": 0,
            "held": 1_200_002,
            "released": 876_600,
            "paid": 123_400,
            "owed": 0,
            "sponsor": 0,
        }
    ]


def test_a_receipt_is_in_both_languages_and_can_be_checked(tmp_path: Path) -> None:
    payout = awards.released(folder=tmp_path)
    user = payout.shares.get().user
    receipt = awards.pay(of=payout, user=user, amount_minor=5)
    place = reverse("awards:receipt", args=[payout.pool.track.season.slug, receipt.number])
    page = client_of(user).get(place).content.decode()
    for words in (
        "Receipt",
        "收据",
        "Paid to",
        "收款人",
        receipt.code,
        receipt.digest,
        receipt.salt,
    ):
        assert words in page


def test_through_the_api(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    season = payout.pool.track.season
    one, two = organiser(season=season), organiser(season=season)
    user = payout.shares.get().user
    place = f"payouts/{payout.code}"
    assert call(one, "POST", f"{place}/release").status_code in {409, 422, 400}
    for lack in call(user, "GET", place).json()["missing"]:
        answer = call(one, "POST", f"{place}/papers", {**lack, "what": "seen"})
        assert answer.status_code == 201, answer.content
    asked = call(one, "POST", f"{place}/release").json()
    assert call(one, "POST", f"requests/{asked['code']}", {"confirm": True}).status_code >= 400
    done = call(two, "POST", f"requests/{asked['code']}", {"confirm": True}).json()
    assert (done["state"], done["asked_by"]) == ("confirmed", f"user:{one.code}")
    body = {"user": user.code, "amount_minor": 7, "reference": "T-1", "paid_on": "2023-07-10"}
    assert call(user, "POST", f"{place}/payments", body).status_code in {403, 404}
    assert call(one, "POST", f"{place}/payments", body, scope="read").status_code in {401, 403}
    paid = call(one, "POST", f"{place}/payments", body)
    assert paid.status_code == 201
    assert call(user, "GET", f"receipts/{season.slug}/1").json() == paid.json()
    assert call(user, "GET", place).json()["paid_minor"] == 7
