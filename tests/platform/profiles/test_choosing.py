"""Nothing is shown until somebody says so, and gone when they say so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from concours.platform.accounts.domain import note_consent, say_under_age
from concours.platform.accounts.models import User
from concours.platform.core.actors import System
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.profiles import domain
from concours.platform.profiles.models import Profile
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from tests.factories import competitions, profiles
from tests.factories.people import person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NOBODY = "aaaaaaaaaaaa"


def seen(user: User) -> int:
    """How the page answers a stranger; the API alike."""
    page = Client().get(f"/people/{user.code}/profile/")
    api = Client().get(f"/api/v1/people/{user.code}/profile")
    assert page.status_code == api.status_code
    return int(page.status_code)


def test_it_is_off_by_default_on_by_choice_and_gone_at_once() -> None:
    user = person()

    answers = [seen(user)]
    domain.choose(actor=user, sections=["entries"], indexed=False)
    answers.append(seen(user))
    domain.show(actor=user)
    answers.append(seen(user))
    domain.hide(actor=user)
    answers.append(seen(user))

    assert answers == [404, 404, 200, 404]
    assert list(Event.objects.values_list("verb", flat=True)) == [
        "profile.chosen",
        "profile.shown",
        "profile.hidden",
    ]


def test_a_hidden_profile_looks_like_one_that_never_was() -> None:
    user = person()
    never = Client().get(f"/people/{NOBODY}/profile/").content.decode()
    profiles.shown(user)
    domain.hide(actor=user)

    hidden = Client().get(f"/people/{user.code}/profile/").content.decode()
    api = Client().get(f"/api/v1/people/{user.code}/profile").content
    nobody = Client().get(f"/api/v1/people/{NOBODY}/profile").content

    def without_the_record(page: str) -> str:
        page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page)
        return page.split('class="site-footer"')[0].replace(user.code, NOBODY)

    assert user.name not in hidden
    assert without_the_record(hidden) == without_the_record(never)
    assert api == nobody


def test_only_the_chosen_sections_are_on_the_page_and_in_the_api(tmp_path: Path) -> None:
    result = profiles.decided(folder=tmp_path)
    user = profiles.winner(result)
    profiles.shown(user, "entries")

    page = Client().get(f"/people/{user.code}/profile/").content.decode()
    api = Client().get(f"/api/v1/people/{user.code}/profile").json()

    assert [one["name"] for one in api["sections"]] == ["entries"]
    assert "Place 1 of 12" in page
    for word in ("First prize", "Peer reviews", "reviews done in time", "Awards"):
        assert word not in page.split("<main")[1].split("</main")[0]
        assert word not in json.dumps(api)


def test_the_page_of_a_person_leads_to_what_they_show() -> None:
    user = person()
    profiles.shown(user)
    link = f'href="/people/{user.code}/profile/"'

    shown = Client().get(f"/people/{user.code}/").content.decode()
    domain.hide(actor=user)
    hidden = Client().get(f"/people/{user.code}/").content.decode()

    assert (link in shown, link in hidden) == (True, False)


def test_each_line_leads_to_the_event_that_proves_it(tmp_path: Path) -> None:
    user = profiles.winner(profiles.decided(folder=tmp_path))
    profiles.shown(user)
    event = Event.objects.get(verb="result.published")

    page = Client().get(f"/people/{user.code}/profile/").content.decode()
    api = Client().get(f"/api/v1/people/{user.code}/profile").json()

    assert f'href="/record/{event.seq}/"' in page
    assert event.digest in page
    assert api["sections"][0]["deeds"][0]["events"] == [{"seq": event.seq, "digest": event.digest}]


def test_search_engines_are_asked_not_to_list_it_unless_somebody_wants_that() -> None:
    user = person()
    profiles.shown(user)
    asked = Client().get(f"/people/{user.code}/profile/")
    profiles.shown(user, indexed=True)
    listed = Client().get(f"/people/{user.code}/profile/")

    assert asked["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in asked.content.decode()
    assert "X-Robots-Tag" not in listed
    assert "noindex" not in listed.content.decode()


def test_the_preview_is_what_others_see_then(tmp_path: Path, signed_in: SignIn) -> None:
    user = profiles.winner(profiles.decided(folder=tmp_path))
    browser = signed_in(user)
    browser.post("/account/shown/", {"sections": ["entries", "awards"]})
    assert seen(user) == 404

    preview = browser.get("/account/shown/").content.decode()
    browser.post("/account/shown/on/")
    public = Client().get(f"/people/{user.code}/profile/").content.decode()

    def told(page: str) -> str:
        start = page.index('aria-labelledby="told-')
        return page[start : page.index("</section>", page.rindex('aria-labelledby="told-'))]

    assert told(preview) == told(public)
    assert "First prize" in told(public)


def test_it_is_turned_off_from_its_page(signed_in: SignIn) -> None:
    user = person()
    profiles.shown(user)

    answer = signed_in(user).post("/account/shown/off/", follow=True)

    assert "Nobody can see a profile of yours." in answer.content.decode()
    assert seen(user) == 404


def test_nothing_chosen_is_not_shown_and_unknown_sections_are_refused() -> None:
    user = person()
    before = record.head()

    with pytest.raises(Refused, match="nothing-chosen"):
        raise _refusal(lambda: domain.show(actor=user))
    with pytest.raises(Refused, match="unknown-section"):
        raise _refusal(lambda: domain.choose(actor=user, sections=["money"], indexed=False))
    with pytest.raises(NotPermitted):
        domain.choose(actor=Client().get("/").wsgi_request.user, sections=[], indexed=False)

    assert record.head() == before
    assert not Profile.objects.exists()


def _refusal(act: Callable[[], object]) -> Refused:
    """The refusal of `act`, told by its code."""
    with pytest.raises(Refused) as caught:
        act()
    return Refused(caught.value.code, caught.value.code)


def test_people_under_age_show_one_once_a_guardian_consents() -> None:
    user = person()
    say_under_age(actor=user, under_age=True)
    domain.choose(actor=user, sections=["entries"], indexed=False)
    assert _refusal(lambda: domain.show(actor=user)).code == "consent-needed"

    note_consent(actor=System("tests"), user=user, season=competitions.season())
    domain.show(actor=user)
    assert seen(user) == 200

    say_under_age(actor=user, under_age=False)
    assert seen(user) == 200
    say_under_age(actor=user, under_age=True)
    assert seen(user) == 404


def test_closed_accounts_show_nothing() -> None:
    user = person()
    profiles.shown(user)

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert seen(user) == 404


def test_nothing_changes_where_nothing_is_to_change() -> None:
    user = person()
    profiles.shown(user)
    before = record.head()

    domain.show(actor=user)

    assert record.head() == before
    domain.hide(actor=user)
    before = record.head()
    domain.hide(actor=user)
    assert record.head() == before


def test_ones_own_page_asks_for_a_sign_in(client: Client) -> None:
    for path in ("/account/shown/", "/account/credentials/"):
        assert client.get(path).status_code == 302
    for path in ("/account/shown/on/", "/account/shown/off/"):
        assert client.post(path).status_code == 302
        assert client.get(path).status_code == 405
