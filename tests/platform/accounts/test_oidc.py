"""Signing in through a real provider on loopback, and every way in which that must fail."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from concours.platform.accounts.models import User
from concours.platform.core.identity_config import OidcProvider
from concours.platform.record.models import Event
from tests.factories.people import person
from tests.factories.providers import RealProvider, provider

pytestmark = pytest.mark.django_db

SECRET = "a-secret-that-only-the-file-knows"
VICTIM = "victim@example.org"


@pytest.fixture(scope="module")
def running() -> Iterator[RealProvider]:
    with provider() as made:
        yield made


@pytest.fixture
def there(running: RealProvider, settings: Any, tmp_path: Path) -> RealProvider:
    """The provider as it is by itself, known to the installation as "there"."""
    running.discovery, running.told, running.tokens, running.forged = {}, {}, None, False
    running.asked.clear()
    running.secrets.clear()
    secret_file = tmp_path / "there.secret"
    secret_file.write_text(f"{SECRET}\n")
    settings.OIDC_PROVIDERS = (known(running, secret_file),)
    cache.clear()
    return running


def known(running: RealProvider, secret_file: Path, **changed: Any) -> OidcProvider:
    fields = {
        "id": "there",
        "name": "Somewhere",
        "issuer": running.issuer,
        "client_id": "concours",
        "secret_file": secret_file,
        "trust_verified_email": False,
        **changed,
    }
    return OidcProvider(**fields)


def leave(client: Client, *, process: str = "login") -> str:
    """Press the button; the address at the provider to which the page leads."""
    page = client.post(
        reverse("openid_connect_login", args=["there"]) + f"?process={process}"
    ).content.decode()
    return led_to(page)


def led_to(page: str) -> str:
    found = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)">', page)
    assert found, page
    return unescape(found[1])


def agree(there: RealProvider, address: str, *, sub: str, **claims: Any) -> str:
    """The person signs in over there; the path and query with which they come back."""
    requests.put(f"{there.issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def go_through(client: Client, there: RealProvider, *, process: str = "login", **who: Any) -> Any:
    return client.get(agree(there, leave(client, process=process), **who))


def finish_sign_up(client: Client, *, name: str, email: str) -> Any:
    return client.post(reverse("socialaccount_signup"), {"name": name, "email": email}, follow=True)


def type_code(client: Client) -> None:
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.outbox[-1].body, re.MULTILINE)
    assert code
    client.post(reverse("account_email_verification_sent"), {"code": code[1]})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_from_the_button_to_an_account(client: Client, there: RealProvider) -> None:
    go_through(client, there, sub="lin", email="lin@example.org", name="Lin Wei")
    page = client.get(reverse("socialaccount_signup")).content.decode()
    assert 'value="lin@example.org"' in page
    assert 'value="Lin Wei"' in page

    finish_sign_up(client, name="Lin W.", email="lin@example.org")
    assert not signed_in(client)  # the provider's word on the address is not taken
    type_code(client)

    assert signed_in(client)
    user = User.objects.get(email="lin@example.org")
    assert user.name == "Lin W."
    account = SocialAccount.objects.get(user=user)
    assert (account.provider, account.uid, account.extra_data) == ("there", "lin", {})
    data = json.loads(Event.objects.get(verb="user.signed-up").data)
    assert data["provider"] == "there"
    assert data.keys() == {"address_digest", "provider"}


def test_coming_again_signs_in(client: Client, there: RealProvider) -> None:
    user = joined(there, sub="lin")
    go_through(client, there, sub="lin", email="quite@another.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.email != "quite@another.example"


def joined(there: RealProvider, *, sub: str, **fields: Any) -> User:
    user = person(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    SocialAccount.objects.create(user=user, provider="there", uid=sub)
    return user


def test_what_is_sent_carries_pkce_state_and_nonce_and_no_secret(
    client: Client, there: RealProvider
) -> None:
    address = leave(client)
    sent = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    assert sent["code_challenge_method"] == "S256"
    assert len(sent["nonce"]) >= 32
    assert len(sent["state"]) >= 16
    assert sent["response_type"] == "code"
    assert SECRET not in address
    assert leave(client) != address


def test_nobody_chooses_parameters_by_the_address(client: Client, there: RealProvider) -> None:
    path = reverse("openid_connect_login", args=["there"])
    page = client.post(f"{path}?scope=admin&auth_params=prompt%3Dnone%26nonce%3Dmine")
    sent = parse_qs(urlsplit(led_to(page.content.decode())).query)
    assert "prompt" not in sent
    assert sent["nonce"] != ["mine"]
    assert sorted(sent["scope"][0].split()) == ["email", "openid", "profile"]


def test_the_secret_is_read_from_its_file_at_each_use(
    client: Client, there: RealProvider, settings: Any
) -> None:
    joined(there, sub="lin")
    settings.OIDC_PROVIDERS[0].secret_file.write_text("renewed")
    go_through(client, there, sub="lin")
    assert there.secrets == ["renewed"]
    assert SECRET not in repr(settings.OIDC_PROVIDERS)
    assert SECRET not in repr(settings.SOCIALACCOUNT_PROVIDERS)


def test_another_persons_address_takes_nothing_over(client: Client, there: RealProvider) -> None:
    victim = person(email=VICTIM)
    EmailAddress.objects.create(user=victim, email=VICTIM, verified=True, primary=True)
    for number, verified in enumerate([False, True, "false", "true"]):
        attacker = Client()
        go_through(attacker, there, sub=f"m{number}", email=VICTIM, email_verified=verified)
        assert not signed_in(attacker)
        finish_sign_up(attacker, name="Mallory", email=VICTIM)
        assert not signed_in(attacker)
    assert list(User.objects.values_list("email", flat=True)) == [VICTIM]
    assert not SocialAccount.objects.exists()
    assert list(EmailAddress.objects.values_list("user_id", "email")) == [(victim.pk, VICTIM)]


@pytest.mark.parametrize("claim", [True, False, "true", None])
def test_an_unproven_address_does_not_count_as_verified(
    client: Client, there: RealProvider, settings: Any, claim: object
) -> None:
    """Only `true` counts, and only from a provider whose word the settings take."""
    there_trusted = known(there, settings.OIDC_PROVIDERS[0].secret_file, trust_verified_email=True)
    settings.OIDC_PROVIDERS = (there_trusted,)
    go_through(client, there, sub="new", email="new@example.org", email_verified=claim)
    finish_sign_up(client, name="New", email="new@example.org")
    assert EmailAddress.objects.get(email="new@example.org").verified is (claim is True)
    assert signed_in(client) is (claim is True)


def test_trust_is_in_the_address_told_and_in_no_other(
    client: Client, there: RealProvider, settings: Any
) -> None:
    trusted = known(there, settings.OIDC_PROVIDERS[0].secret_file, trust_verified_email=True)
    settings.OIDC_PROVIDERS = (trusted,)
    go_through(client, there, sub="new", email="mine@example.org", email_verified=True)
    finish_sign_up(client, name="New", email=VICTIM)
    assert [user.email for user in User.objects.all()] == ["mine@example.org"]
    assert not EmailAddress.objects.filter(email=VICTIM).exists()


BAD_TOKENS = {
    "another audience": lambda claims: {**claims, "aud": "another-application"},
    "two audiences": lambda claims: {**claims, "aud": ["concours", "another-application"]},
    "another party": lambda claims: {**claims, "azp": "another-application"},
    "another issuer": lambda claims: {**claims, "iss": "https://elsewhere.example"},
    "another nonce": lambda claims: {**claims, "nonce": "of-another-sign-in"},
    "no nonce": lambda claims: {k: v for k, v in claims.items() if k != "nonce"},
    "no audience": lambda claims: {k: v for k, v in claims.items() if k != "aud"},
    "over": lambda claims: {**claims, "exp": claims["iat"] - 3_600},
    "no end": lambda claims: {k: v for k, v in claims.items() if k != "exp"},
    "of the future": lambda claims: {**claims, "iat": claims["iat"] + 3_600},
    "another person": lambda claims: {**claims, "sub": "somebody-else"},
}


@pytest.mark.parametrize("bad", BAD_TOKENS)
def test_a_token_that_proves_nothing_signs_nobody_in(
    client: Client, there: RealProvider, bad: str
) -> None:
    joined(there, sub="lin")
    joined(there, sub="somebody-else")
    there.tokens = BAD_TOKENS[bad]
    answer = go_through(client, there, sub="lin")
    assert answer.status_code == 401
    assert "gave no answer that proves who you are" in answer.content.decode()
    assert not signed_in(client)


def test_the_control_signs_in(client: Client, there: RealProvider) -> None:
    """The same way as above with a token signed anew and otherwise unchanged."""
    joined(there, sub="lin")
    there.tokens = dict
    go_through(client, there, sub="lin")
    assert signed_in(client)


def test_a_token_that_another_key_signed(client: Client, there: RealProvider) -> None:
    joined(there, sub="lin")
    there.forged = True
    assert go_through(client, there, sub="lin").status_code == 401
    assert not signed_in(client)


def test_what_is_told_of_another_person(client: Client, there: RealProvider) -> None:
    joined(there, sub="lin")
    joined(there, sub="victim")
    there.told = {"sub": "victim"}
    assert go_through(client, there, sub="lin").status_code == 401
    assert not signed_in(client)


def test_a_provider_that_calls_itself_another(client: Client, there: RealProvider) -> None:
    there.discovery = {"issuer": "https://accounts.example.com"}
    answer = client.post(reverse("openid_connect_login", args=["there"]))
    assert answer.status_code == 401


def test_an_endpoint_without_tls(client: Client, there: RealProvider) -> None:
    there.discovery = {"token_endpoint": "http://accounts.example.com/token"}
    assert client.post(reverse("openid_connect_login", args=["there"])).status_code == 401


def test_the_answer_of_another_issuer(client: Client, there: RealProvider) -> None:
    joined(there, sub="lin")
    back = agree(there, leave(client), sub="lin")
    answer = client.get(f"{back}&iss=https%3A%2F%2Felsewhere.example")
    assert answer.status_code == 401
    assert there.secrets == []  # the code was not handed on
    assert not signed_in(client)


def test_an_answer_must_name_its_issuer_where_that_is_promised(
    client: Client, there: RealProvider
) -> None:
    joined(there, sub="lin")
    there.discovery = {"authorization_response_iss_parameter_supported": True}
    assert client.get(agree(there, leave(client), sub="lin")).status_code == 401
    back = agree(there, leave(client), sub="lin")
    client.get(f"{back}&iss={there.issuer}")
    assert signed_in(client)


def test_an_answer_for_another_providers_sign_in(
    client: Client, there: RealProvider, settings: Any
) -> None:
    """Mix-up: begun with one provider, brought back to the address of another."""
    joined(there, sub="lin")
    second = known(there, settings.OIDC_PROVIDERS[0].secret_file, id="second")
    settings.OIDC_PROVIDERS = (*settings.OIDC_PROVIDERS, second)
    back = agree(there, leave(client), sub="lin").replace("/there/", "/second/")
    assert client.get(back).status_code == 401
    assert not signed_in(client)


def test_the_same_number_at_two_providers_is_two_people(
    client: Client, there: RealProvider, settings: Any
) -> None:
    user = joined(there, sub="lin")
    SocialAccount.objects.filter(user=user).update(provider="second")
    go_through(client, there, sub="lin", email="x@example.org")
    assert not signed_in(client)


def test_an_answer_in_another_browser_or_twice(client: Client, there: RealProvider) -> None:
    joined(there, sub="lin")
    back = agree(there, leave(client), sub="lin")
    assert Client().get(back).status_code == 401
    client.get(back)
    assert signed_in(client)
    client.logout()
    assert client.get(back).status_code == 401


def test_a_provider_that_is_down(
    client: Client, there: RealProvider, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    down = known(there, settings.OIDC_PROVIDERS[0].secret_file, issuer="http://127.0.0.1:9")
    settings.OIDC_PROVIDERS = (down,)
    with caplog.at_level(logging.DEBUG):
        answer = client.post(reverse("openid_connect_login", args=["there"]))
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Somewhere does not answer at the moment" in page
    assert reverse("account_reset_password") in page
    assert "sign-in through there failed: ConnectionError" in caplog.text


def test_a_provider_that_goes_down_on_the_way(
    client: Client, there: RealProvider, caplog: pytest.LogCaptureFixture
) -> None:
    back = agree(there, leave(client), sub="lin", email="bait@example.org")
    there.discovery = {"token_endpoint": "http://127.0.0.1:9/token"}
    with caplog.at_level(logging.DEBUG):
        answer = client.get(back)
    assert answer.status_code == 503
    ours = " ".join(record.getMessage() for record in caplog.records if "concours" in record.name)
    code = parse_qs(urlsplit(back).query)["code"][0]
    for bait in (SECRET, "bait", code):
        assert bait not in ours
        assert bait not in answer.content.decode()


def test_who_says_no_comes_back_to_a_page(client: Client, there: RealProvider) -> None:
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    path = reverse("openid_connect_callback", args=["there"])
    answer = client.get(f"{path}?error=access_denied&state={state}", follow=True)
    assert answer.status_code == 200
    assert not signed_in(client)


def test_an_unknown_provider_is_not_there(client: Client, there: RealProvider) -> None:
    for name in ("openid_connect_login", "openid_connect_callback"):
        assert client.get(reverse(name, args=["nowhere"])).status_code == 404


def test_joining_and_parting_are_events(client: Client, there: RealProvider) -> None:
    user = person(password="correct horse battery")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.force_login(user)
    address = reverse("openid_connect_login", args=["there"]) + "?process=connect"
    first = client.post(address)
    assert first.headers["Location"].startswith(reverse("account_reauthenticate"))
    there_again = client.post(first.headers["Location"], {"password": "correct horse battery"})
    assert there_again.headers["Location"] == address
    assert client.get(address).status_code == 200
    go_through(client, there, process="connect", sub="lin", email="elsewhere@example.org")
    account = SocialAccount.objects.get(user=user)
    assert EmailAddress.objects.get(user=user).email == user.email

    client.post(reverse("socialaccount_connections"), {"account": account.pk})
    assert not SocialAccount.objects.exists()
    told = Event.objects.filter(subject=f"user:{user.code}").order_by("seq")
    assert [(event.verb, json.loads(event.data)) for event in told] == [
        ("identity.joined", {"provider": "there"}),
        ("identity.parted", {"provider": "there"}),
    ]


def test_an_identity_of_somebody_else_is_not_joined(client: Client, there: RealProvider) -> None:
    owner = joined(there, sub="lin")
    client.force_login(person())
    go_through(client, there, process="connect", sub="lin")
    assert SocialAccount.objects.get().user == owner


def test_the_sign_in_page_names_the_provider(client: Client, there: RealProvider) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert reverse("openid_connect_login", args=["there"]) in page
    assert "Somewhere" in page


def test_a_provider_does_not_stand_in_for_the_second_factor(
    client: Client, there: RealProvider
) -> None:
    user = joined(there, sub="lin")
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    answer = go_through(client, there, sub="lin")
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)
    assert client.get(reverse("accounts:overview")).status_code == 302
    assert client.get("/api/v1/account/me").status_code == 401


def test_the_session_has_another_key_after_the_sign_in(client: Client, there: RealProvider) -> None:
    joined(there, sub="lin")
    back = agree(there, leave(client), sub="lin")
    planted = client.session.session_key
    client.get(back)
    assert signed_in(client)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_nobody_is_led_on_to_another_site(
    client: Client, there: RealProvider, elsewhere: str
) -> None:
    joined(there, sub="lin")
    path = reverse("openid_connect_login", args=["there"])
    page = client.post(f"{path}?{urlencode({'process': 'login', 'next': elsewhere})}")
    answer = client.get(agree(there, led_to(page.content.decode()), sub="lin"))
    assert signed_in(client)
    assert answer.headers["Location"] == "/"


def test_the_control_is_led_on_within_the_site(client: Client, there: RealProvider) -> None:
    joined(there, sub="lin")
    path = reverse("openid_connect_login", args=["there"])
    page = client.post(f"{path}?process=login&next=/account/")
    answer = client.get(agree(there, led_to(page.content.decode()), sub="lin"))
    assert answer.headers["Location"] == "/account/"


def test_a_trusted_provider_takes_no_account_over_either(
    client: Client, there: RealProvider, settings: Any
) -> None:
    trusted = known(there, settings.OIDC_PROVIDERS[0].secret_file, trust_verified_email=True)
    settings.OIDC_PROVIDERS = (trusted,)
    victim = person(email=VICTIM)
    EmailAddress.objects.create(user=victim, email=VICTIM, verified=True, primary=True)
    go_through(client, there, sub="mallory", email=VICTIM, email_verified=True)
    finish_sign_up(client, name="Mallory", email=VICTIM)
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()
    assert list(EmailAddress.objects.values_list("user_id", "email")) == [(victim.pk, VICTIM)]


def test_an_address_that_somebody_claimed_before_and_never_proved(
    client: Client, there: RealProvider
) -> None:
    """An account made in advance under another's address does not become theirs through it."""
    Client().post(
        reverse("account_signup"),
        {
            "name": "Mallory",
            "email": VICTIM,
            "password1": "correct horse battery",
            "password2": "correct horse battery",
        },
    )
    planted = User.objects.get(email=VICTIM)
    go_through(client, there, sub="owner", email=VICTIM, email_verified=True)
    answer = finish_sign_up(client, name="Owner", email=VICTIM)
    assert answer.status_code == 200
    assert not SocialAccount.objects.filter(user=planted).exists()
    assert not signed_in(client)


def test_no_token_of_the_provider_lies_in_the_session(client: Client, there: RealProvider) -> None:
    go_through(client, there, sub="new", email="new@example.org")
    assert "token" not in client.session["socialaccount_sociallogin"]


def test_two_providers_that_know_us_by_one_name(
    client: Client, there: RealProvider, settings: Any
) -> None:
    first = settings.OIDC_PROVIDERS[0]
    settings.OIDC_PROVIDERS = (known(there, first.secret_file, id="first"), first)
    go_through(client, there, sub="lin", email="lin@example.org")
    finish_sign_up(client, name="Lin", email="lin@example.org")
    type_code(client)
    assert SocialAccount.objects.get().provider == "there"
