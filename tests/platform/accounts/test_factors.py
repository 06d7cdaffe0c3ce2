"""Second factors: set up, asked for, recorded; and staff who may not act without one."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from concours.platform import settings as shipped
from concours.platform.accounts import domain
from concours.platform.accounts.domain.permissions import organised_season_ids
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.accounts.rules import is_operator, is_organiser, waits_for_second_factor
from concours.platform.core.errors import NotPermitted
from concours.platform.record.models import Event
from tests.factories.competitions import season
from tests.factories.passkeys import SecurityKey
from tests.factories.people import operator, organiser, person

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_limits_of_others() -> None:
    cache.clear()


def with_address(**fields: Any) -> User:
    user = person(password=PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, user: User) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def prove(client: Client) -> None:
    """Type the password once more, as changes of factors ask for."""
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def verbs(user: User) -> list[tuple[str, Any]]:
    told = Event.objects.filter(subject=f"user:{user.code}").order_by("seq")
    return [(event.verb, json.loads(event.data)) for event in told]


def test_an_app_is_set_up_and_then_asked_for(client: Client) -> None:
    user = with_address()
    sign_in(client, user)
    prove(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page)
    assert secret, page
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])})
    assert [verb for verb, _data in verbs(user)][:1] == ["factor.added"]

    other = Client()
    answer = sign_in(other, user)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in other.session
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in other.session


def test_factors_change_only_for_whoever_knows_the_password(client: Client) -> None:
    sign_in(client, with_address())
    for name in ("mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert reverse("account_reauthenticate") in answer.headers["Location"]


def test_a_code_opens_and_a_recovery_code_opens_once() -> None:
    user = with_address()
    TOTP.activate(user, SECRET)
    client = Client()
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert client.session["_auth_user_id"] == str(user.pk)

    prove(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    for opened in (True, False):
        later = Client()
        sign_in(later, user)
        later.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert ("_auth_user_id" in later.session) is opened
        cache.clear()


def test_the_secret_is_encrypted_where_it_lies() -> None:
    user = with_address()
    TOTP.activate(user, SECRET)
    stored = json.dumps(Authenticator.objects.get(user=user).data)
    assert SECRET not in stored
    assert Authenticator.objects.get(user=user).wrap().validate_code(code_of(SECRET))


def test_a_factor_of_another_secret_opens_nothing_and_breaks_nothing(settings: Any) -> None:
    """As after a restore of a backup without secrets."""
    user = with_address()
    TOTP.activate(user, SECRET)
    settings.SECRET_KEY = "another"
    client = Client()
    sign_in(client, user)

    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_each_change_is_an_event_that_names_kinds_alone(client: Client) -> None:
    user = with_address()
    sign_in(client, user)
    prove(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page)
    assert secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])})
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))
    told = verbs(user)
    assert ("factor.added", {"kind": "totp"}) in told
    assert ("factor.removed", {"kind": "totp"}) in told
    assert {verb for verb, _ in told} <= {"factor.added", "factor.removed"}
    assert secret[1] not in str([vars(event) for event in Event.objects.all()])


def test_another_persons_key_is_not_removed(client: Client) -> None:
    owner, other = with_address(), with_address()
    key = Authenticator.objects.create(user=owner, type="webauthn", data={"name": "Key"})
    sign_in(client, other)
    prove(client)
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_rights_of_staff_rest_without_a_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = frozenset({"operators", "organisers"})
    of = season()
    boss, staff = operator(), organiser(season=of)
    assert not is_operator(boss)
    assert not is_organiser(boss, None)
    assert not is_organiser(staff, of.pk)
    assert organised_season_ids(staff) == frozenset()
    assert waits_for_second_factor(boss)
    assert waits_for_second_factor(staff)
    assert not waits_for_second_factor(person())

    for user in (boss, staff):
        TOTP.activate(user, SECRET)
    boss, staff = User.objects.get(pk=boss.pk), User.objects.get(pk=staff.pk)
    assert is_operator(boss)
    assert is_organiser(staff, of.pk)
    assert organised_season_ids(staff) == {of.pk}
    assert not waits_for_second_factor(staff)


def test_recovery_codes_alone_are_no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = frozenset({"operators"})
    boss = operator()
    Authenticator.objects.create(user=boss, type="recovery_codes", data={})
    assert not is_operator(boss)


def test_only_whom_the_settings_name(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = frozenset({"operators"})
    of = season()
    assert is_organiser(organiser(season=of), of.pk)
    settings.SECOND_FACTOR_FOR = frozenset({"organisers"})
    assert is_operator(operator())


def test_the_administration_is_shut_and_the_account_page_says_why(
    client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR_FOR = frozenset({"operators"})
    client.force_login(operator())
    assert client.get("/admin/").status_code in {302, 403}
    page = client.get(reverse("accounts:overview")).content.decode()
    assert "Your rights as staff rest until you have a second factor." in page
    assert reverse("mfa_index") in page


def test_sessions_are_listed_and_ended() -> None:
    user = with_address()
    here, there = Client(headers={"user-agent": "Here/1"}), Client(headers={"user-agent": "There"})
    sign_in(here, user)
    sign_in(there, user)
    page = here.get(reverse("accounts:sessions")).content.decode()
    assert "Here/1" in page
    assert "There" in page

    session = UserSession.objects.get(user=user, user_agent="There")
    here.post(reverse("accounts:end-session", args=[session.pk]))
    assert there.get(reverse("accounts:overview")).status_code == 302
    assert here.get(reverse("accounts:overview")).status_code == 200
    assert verbs(user)[-1] == ("sessions.ended", {"count": 1})


def test_all_others_are_ended_at_once() -> None:
    user = with_address()
    clients = [Client() for _ in range(3)]
    for client in clients:
        sign_in(client, user)
    clients[0].post(reverse("accounts:end-other-sessions"))
    alive = [client.get(reverse("accounts:overview")).status_code for client in clients]
    assert alive == [200, 302, 302]
    assert verbs(user)[-1] == ("sessions.ended", {"count": 2})


def test_others_sessions_are_neither_seen_nor_ended() -> None:
    owner, other = with_address(), with_address()
    bait, client = Client(headers={"user-agent": "Bait/9"}), Client()
    sign_in(bait, owner)
    sign_in(client, other)
    session = UserSession.objects.get(user=owner)
    assert "Bait/9" not in client.get(reverse("accounts:sessions")).content.decode()
    assert client.post(reverse("accounts:end-session", args=[session.pk])).status_code == 404
    with pytest.raises(NotPermitted):
        domain.end_sessions(actor=other, sessions=[session])
    assert bait.get(reverse("accounts:overview")).status_code == 200


def challenge_in(client: Client) -> str:
    return str(client.session["mfa.webauthn.state"]["challenge"])


def ask_to_sign_in(client: Client) -> None:
    client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})


@pytest.mark.parametrize("verified", [True, False])
def test_a_passkey_alone_signs_in_whom_the_device_has_verified(
    client: Client, verified: bool
) -> None:
    key = SecurityKey(with_address())
    key.registered()
    ask_to_sign_in(client)
    answer = key.answer(challenge_in(client), verified=verified)
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert ("_auth_user_id" in client.session) is verified


def test_a_key_that_was_found_opens_nothing_by_a_challenge_for_a_second_factor(
    client: Client,
) -> None:
    """The finder's own account gives a challenge that asks for no finger and no PIN."""
    key = SecurityKey(with_address())
    key.registered()
    finder = with_address()
    TOTP.activate(finder, SECRET)
    sign_in(client, finder)
    client.get(reverse("mfa_authenticate"))
    answer = key.answer(challenge_in(client), verified=False)
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert "_auth_user_id" not in client.session


def test_a_key_beside_the_password_needs_a_touch_alone(client: Client) -> None:
    key = SecurityKey(with_address())
    key.registered()
    sign_in(client, key.user)
    client.get(reverse("mfa_authenticate"))
    answer = key.answer(challenge_in(client), verified=False)
    client.post(reverse("mfa_authenticate"), {"credential": answer})
    assert client.session["_auth_user_id"] == str(key.user.pk)


def test_an_answer_of_another_key_opens_nothing(client: Client) -> None:
    key = SecurityKey(with_address())
    key.registered()
    forged = SecurityKey(key.user, name=key.name)
    ask_to_sign_in(client)
    answer = forged.answer(challenge_in(client), verified=True)
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", "null", '"x"', '{"response": 3}', "{"])
def test_nonsense_instead_of_a_passkey_is_refused(client: Client, nonsense: str) -> None:
    ask_to_sign_in(client)
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": nonsense})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_new_password_by_mail_does_not_stand_in_for_the_second_factor(client: Client) -> None:
    user = with_address()
    TOTP.activate(user, SECRET)
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)
    assert link, mail.outbox[-1].body
    form = client.get(link[1], follow=True)
    fresh = {"password1": "another horse battery", "password2": "another horse battery"}
    client.post(form.redirect_chain[-1][0], fresh)
    user.refresh_from_db()
    assert user.check_password("another horse battery")
    assert "_auth_user_id" not in client.session

    answer = client.post(
        reverse("account_login"), {"login": user.email, "password": "another horse battery"}
    )
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_codes_are_not_guessed_without_end(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = shipped.ACCOUNT_RATE_LIMITS
    user = with_address()
    TOTP.activate(user, SECRET)
    for _try in range(6):
        client = Client()
        sign_in(client, user)
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert "_auth_user_id" not in client.session


def test_a_code_is_good_once() -> None:
    user = with_address()
    TOTP.activate(user, SECRET)
    code = code_of(SECRET)
    opened = []
    for _time in range(2):
        client = Client()
        sign_in(client, user)
        client.post(reverse("mfa_authenticate"), {"code": code})
        opened.append("_auth_user_id" in client.session)
    assert opened == [True, False]


def test_recovery_codes_do_not_lie_readable() -> None:
    user = with_address()
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    stored = json.dumps(list(Authenticator.objects.filter(user=user).values("data")))
    assert not [code for code in codes if code in stored]


def test_a_key_to_the_api_of_staff_rests_with_their_rights(client: Client, settings: Any) -> None:
    """What the settings tie to a second factor is not had by a key either."""
    of = season(opened=False)
    staff = organiser(season=of)
    _token, key = domain.create_token(actor=staff, name="k", scopes=list(Scope), days=3)
    bearer = {"Authorization": f"Bearer {key}"}
    path = f"/api/v1/seasons/{of.slug}"
    seen = []
    for wanted in (frozenset(), frozenset({"organisers"})):
        settings.SECOND_FACTOR_FOR = wanted
        seen.append(client.get(path, headers=bearer).status_code)
    assert seen == [200, 404]
