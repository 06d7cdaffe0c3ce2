"""Names of people and organisations that hide, turn or burst; talk without end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts import domain as accounts
from concours.platform.accounts.enums import OrganisationKind, Scope
from concours.platform.accounts.models import Organisation, User
from concours.platform.competitions import domain
from concours.platform.competitions.domain.proposals import MOST_COMMENTS, MOST_WAITING
from concours.platform.competitions.models import ProposalComment, TrackProposal
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.web.markdown import render
from tests.factories import competitions as make
from tests.factories.people import person

pytestmark = pytest.mark.django_db
TURNED = "Ada\u202enimda"


def refused(code: str, act: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code


def test_nobody_takes_a_name_that_reads_as_another() -> None:
    user = person(name="Ada")
    refused(
        "bad-text",
        lambda: accounts.edit_profile(actor=user, name=TURNED, biography="", language="en"),
    )
    refused(
        "bad-text",
        lambda: accounts.edit_profile(actor=user, name="Ada", biography="\0", language="en"),
    )
    refused(
        "bad-text",
        lambda: accounts.create_token(actor=user, name=TURNED, scopes=[Scope.READ], days=1),
    )
    user.refresh_from_db()
    assert (user.name, user.biography) == ("Ada", "")


def test_nor_signs_up_under_one(client: Client) -> None:
    wanted = {
        "name": TURNED,
        "email": "ada@example.org",
        "password1": "correct horse 9",
        "password2": "correct horse 9",
    }
    answer = client.post("/account/signup/", wanted)
    assert answer.status_code == 200
    assert "cannot be kept" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("name", "code"), [(TURNED, "bad-text"), ("\ufdfa" * 200, "name-length"), ("x\0", "bad-text")]
)
def test_nor_founds_an_organisation_under_one(name: str, code: str) -> None:
    founder = person()
    refused(
        code,
        lambda: accounts.create_organisation(
            actor=founder, name=name, kind=OrganisationKind.COMPANY, abroad=False
        ),
    )
    assert not Organisation.objects.exists()


def _proposal(season: Any, batch: Any, proposer: User) -> TrackProposal:
    texts = dict.fromkeys(("topic", "category", "owner", "description", "rules", "format"), "x")
    return domain.propose_track(actor=proposer, season=season, batch=batch, **texts)


def test_a_call_is_not_flooded(spring: Any) -> None:
    batch, flooder = make.batch(), person()
    for _ in range(MOST_WAITING):
        proposal = _proposal(batch.season, batch, flooder)
    refused("too-many-proposals", lambda: _proposal(batch.season, batch, flooder))
    assert TrackProposal.objects.count() == MOST_WAITING

    def say() -> ProposalComment:
        return domain.comment_on_proposal(actor=flooder, proposal=proposal, text="x")

    for _ in range(MOST_COMMENTS):
        say()
    refused("too-many-comments", say)
    assert ProposalComment.objects.count() == MOST_COMMENTS
    with clock.frozen_at(spring + timedelta(days=1)):
        say()


def test_a_costly_text_is_costly_once() -> None:
    text = "[" * 20_000
    render.cache_clear()
    assert render(text) is render(text)
    assert render.cache_info().hits == 1
