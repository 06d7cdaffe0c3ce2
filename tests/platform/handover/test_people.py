"""Accounts that merge and leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.platform.accounts.domain.holdings import Erasing
from concours.platform.core import clock
from concours.platform.handover import domain
from concours.platform.handover.domain.people import against_merging, erased, exported
from concours.platform.handover.enums import HandoverState
from concours.platform.handover.models import Handover
from tests.factories import handover
from tests.factories.people import person

pytestmark = pytest.mark.django_db


def test_two_wishes_of_one_team_keep_accounts_apart(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    captain, member = handover.captain(made), person()
    made.entry.team.memberships.create(user=member, joined_at=handover.AFTER)
    for user in (captain, member):
        with clock.frozen_at(handover.AFTER):
            domain.say(actor=user, handover=made, named=True, mentors=True)
    assert len(list(against_merging(captain, member))) == 1
    assert list(against_merging(captain, person())) == []


def test_one_takes_along_what_one_said(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    captain, reviewer = handover.captain(made), handover.reviewers(made)[0]
    with clock.frozen_at(handover.AFTER):
        domain.say(actor=captain, handover=made, named=True, mentors=False)
        domain.give_leave(actor=reviewer, handover=made)
    assert exported(captain).data["wishes"][0]["named"] is True
    assert exported(captain).data["agreed"][0]["entry__code"] == made.entry.code
    assert len(exported(reviewer).data["leaves"]) == 1
    assert exported(person()).data == {"wishes": [], "leaves": [], "agreed": []}


def test_an_erased_captain_agrees_no_longer(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    erased(Erasing(user=handover.captain(made), names=()))
    made = Handover.objects.get(pk=made.pk)
    assert (made.state, made.agreed_by) == (HandoverState.DECLINED, None)


def test_an_erased_reviewer_s_text_goes(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path, leaves=1)
    assert len(domain.beside(dossier=made.dossier)["reviews"]) == 1
    erased(Erasing(user=handover.reviewers(made)[0], names=()))
    assert domain.beside(dossier=made.dossier)["reviews"] == []
