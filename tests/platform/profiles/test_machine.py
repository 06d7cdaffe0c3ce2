"""Whatever people choose, in whatever order: nothing stands anywhere that they did not choose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, TestCase
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from concours.credentials import Why
from concours.platform.accounts import domain as accounts
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.governance import domain as governing
from concours.platform.profiles import domain
from concours.platform.profiles.models import Credential
from tests.examples import examples
from tests.factories import competitions, governance
from tests.factories.profiles import ALL, LATER

CODE = re.compile(r"^([a-z0-9]{5}-[a-z0-9]{5})$", re.MULTILINE)
NUMBER = 3
people = st.integers(0, NUMBER - 1)
sections = st.sets(st.sampled_from(ALL))


@dataclass
class Wish:
    """What one person wants and is, as a reader of the rules would have it."""

    shown: bool = False
    sections: set[str] = field(default_factory=set)
    under_age: bool = False
    consent: bool = False
    gone: bool = False
    exists: bool = False

    @property
    def may(self) -> bool:
        return not self.under_age or self.consent

    @property
    def seen(self) -> bool:
        return self.shown and self.may and not self.gone


class Choosing(RuleBasedStateMachine):
    """Three people with a seat each; any act at any time."""

    @initialize()
    def found(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.clock = clock.frozen_at(LATER)
        with clock.frozen_at(governance.NOW):
            governance.charter()
            self.people: list[User] = governance.members(NUMBER)
            self.season = competitions.season()
        self.clock.__enter__()
        for one in self.people:
            governing.unseat_member(actor=governance.ACTOR, membership=one.body_memberships.get())
        self.wishes = [Wish() for _ in self.people]
        self.texts: dict[str, str] = {}
        self.revoked: set[str] = set()
        self.holder: dict[str, int] = {}

    def attempt(self, act: Any, **arguments: Any) -> Any:
        try:
            with transaction.atomic():
                return act(**arguments)
        except Refused:
            return None

    def actor(self, who: int) -> User:
        self.people[who].refresh_from_db()
        return self.people[who]

    @rule(who=people, chosen=sections, indexed=st.booleans())
    def choose(self, who: int, chosen: set[str], indexed: bool) -> None:
        if not self.wishes[who].gone:
            domain.choose(actor=self.actor(who), sections=chosen, indexed=indexed)
            self.wishes[who].sections, self.wishes[who].exists = chosen, True

    @rule(who=people)
    def show(self, who: int) -> None:
        wish = self.wishes[who]
        if wish.gone:
            return
        done = self.attempt(domain.show, actor=self.actor(who)) is not None
        assert done == bool(wish.sections and wish.may)
        wish.shown = wish.shown or done

    @rule(who=people)
    def hide(self, who: int) -> None:
        if not self.wishes[who].gone:
            domain.hide(actor=self.actor(who))
            self.wishes[who].shown = False

    @rule(who=people, young=st.booleans())
    def say_age(self, who: int, young: bool) -> None:
        wish = self.wishes[who]
        if wish.gone:
            return
        accounts.say_under_age(actor=self.actor(who), under_age=young)
        if young != wish.under_age:
            wish.under_age, wish.consent = young, False

    @rule(who=people)
    def consent(self, who: int) -> None:
        wish = self.wishes[who]
        done = self.attempt(
            accounts.note_consent,
            actor=System("tests"),
            user=self.actor(who),
            season=self.season,
        )
        wish.consent = wish.consent or done is not None

    @rule(who=people, chosen=sections, named=st.booleans())
    def issue(self, who: int, chosen: set[str], named: bool) -> None:
        wish = self.wishes[who]
        if wish.gone:
            return
        made: Credential | None = self.attempt(
            domain.issue, actor=self.actor(who), sections=chosen, named=named
        )
        assert (made is not None) == (wish.may and "committees" in chosen)
        if made is not None:
            assert (self.people[who].name in made.document) == named
            self.texts[made.code], self.holder[made.code] = made.document, who

    @rule(which=st.integers(0, 20))
    def revoke(self, which: int) -> None:
        if self.texts:
            code = sorted(self.texts)[which % len(self.texts)]
            who = self.holder[code]
            if not self.wishes[who].gone:
                found = Credential.objects.get(code=code)
                self.attempt(domain.revoke, actor=self.actor(who), credential=found)
                self.revoked.add(code)

    @rule(who=people)
    def erase(self, who: int) -> None:
        wish = self.wishes[who]
        if wish.gone:
            return
        with TestCase.captureOnCommitCallbacks(execute=True):
            ticket = accounts.begin_erasure(actor=self.actor(who))
        accounts.erase_person(actor=self.actor(who), ticket=ticket, code=self.code())
        wish.gone, wish.under_age, wish.consent = True, False, False
        self.revoked |= {code for code, holder in self.holder.items() if holder == who}

    @rule(kept=people, other=people)
    def merge(self, kept: int, other: int) -> None:
        wish, going = self.wishes[kept], self.wishes[other]
        if kept == other or wish.gone or going.gone:
            return
        with TestCase.captureOnCommitCallbacks(execute=True):
            ticket = accounts.begin_merge(actor=self.actor(kept), email=self.actor(other).email)
        done = self.attempt(
            accounts.merge_accounts, actor=self.actor(kept), ticket=ticket, code=self.code()
        )
        if done is None:
            return
        if not wish.exists and going.exists:
            wish.shown, wish.sections, wish.exists = going.shown, going.sections, True
        if going.under_age and not wish.under_age:
            wish.under_age, wish.consent = True, going.consent
        self.wishes[other] = Wish(gone=True)
        for code, holder in self.holder.items():
            if holder == other:
                self.holder[code] = kept

    def code(self) -> str:
        found = CODE.search(mail.outbox[-1].body)
        assert found is not None
        return found[1]

    @invariant()
    def strangers_see_what_was_chosen_and_nothing_else(self) -> None:
        for who, wish in enumerate(self.wishes):
            code = self.people[who].code
            page = Client().get(f"/people/{code}/profile/")
            api = Client().get(f"/api/v1/people/{code}/profile")
            assert (page.status_code == 200) == (api.status_code == 200) == wish.seen
            if not wish.seen:
                assert f"Member {who}" not in page.content.decode()
                continue
            told = [one["name"] for one in api.json()["sections"]]
            # Committee work is all that these people did.
            assert told == [one for one in ("committees",) if one in wish.sections]
            seat = "/governance/bodies/pmc/" in page.content.decode()
            assert seat == ("committees" in wish.sections)

    @invariant()
    def credentials_hold_until_they_are_revoked(self) -> None:
        for code, text in self.texts.items():
            verdict = domain.check(given=text)
            assert verdict.holds == (code not in self.revoked)
            assert verdict.holds or verdict.checks[-1].why is Why.REVOKED

    def teardown(self) -> None:
        if hasattr(self, "block"):
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            mail.outbox.clear()


@pytest.mark.django_db
def test_whatever_people_choose() -> None:
    run_state_machine_as_test(
        Choosing,
        settings=settings(
            max_examples=examples(40),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
