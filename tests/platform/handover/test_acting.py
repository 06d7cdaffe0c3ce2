"""Asking, agreeing, the one act, and taking it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from concours.platform.accounts.models import User
from concours.platform.appeals.domain import dismiss_appeal
from concours.platform.awards.models import Award
from concours.platform.competitions.domain import disqualify_entry, pass_captaincy
from concours.platform.competitions.models import Membership
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.governance.domain import open_review
from concours.platform.handover import domain
from concours.platform.handover.document import digest_of
from concours.platform.handover.enums import HandoverState
from concours.platform.handover.models import Dossier, Handover
from concours.platform.record.domain import verify
from concours.platform.record.models import Event
from concours.platform.register.models import Project
from tests.factories import (
    appeals,
    assessments,
    awards,
    donations,
    governance,
    handover,
    register,
)
from tests.factories.competitions import ACTOR
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def after() -> Any:
    with clock.frozen_at(handover.AFTER):
        yield


def test_a_winner_becomes_a_candidate_with_its_dossier(tmp_path: Path) -> None:
    register.project()
    made = handover.agreed(folder=tmp_path, technical_area="storage")
    staff = organiser()
    done = handover.act(made, actor=staff, name_zh="获奖作品", summary="Wins.")
    project = Project.objects.get(slug="winning-work")
    assert (done.state, done.project) == (HandoverState.DONE, project)
    assert (project.stage, project.name_zh) == ("candidate", "获奖作品")
    assert [area.slug for area in project.areas.all()] == ["storage"]
    assert not project.donations.exists()
    dossier = Dossier.objects.get(handover=done)
    assert digest_of(dossier.content) == dossier.digest
    event = Event.objects.get(verb="handover.done")
    assert event.actor == f"user:{staff.code}"
    assert json.loads(event.data)["digest"] == dossier.digest
    registered = Event.objects.get(verb="project.registered", subject="project:winning-work")
    assert json.loads(registered.data)["source"] == dossier.digest
    assert verify().holds


def test_a_second_try_says_where_it_is(tmp_path: Path, refuses: Any) -> None:
    made = handover.done(folder=tmp_path)
    with refuses("handed-over"):
        handover.act(made, slug="again", name="Again")
    with refuses("handed-over"):
        domain.ask(actor=ACTOR, entry=made.entry)
    with pytest.raises(Exception, match="Winning work"):
        handover.act(made, slug="again", name="Again")


def test_not_before_a_result(tmp_path: Path, refuses: Any) -> None:
    result = awards.computed(folder=tmp_path)
    entry = result.lines.get(position=1).entry
    with refuses("no-result"):
        domain.ask(actor=ACTOR, entry=entry)


def test_not_who_won_nothing(tmp_path: Path, refuses: Any, after: None) -> None:
    track = handover.settled(folder=tmp_path)
    winners = Award.objects.values("entry_id")
    loser = track.entries.exclude(pk__in=winners).first()
    with refuses("no-winner"):
        domain.ask(actor=ACTOR, entry=loser)


def test_not_who_was_disqualified(tmp_path: Path, refuses: Any, after: None) -> None:
    made = handover.agreed(folder=tmp_path)
    disqualify_entry(actor=ACTOR, entry=made.entry, reason="It was not theirs.")
    made.entry.refresh_from_db()
    with refuses("disqualified"):
        handover.act(made)
    with refuses("disqualified"):
        domain.ask(actor=ACTOR, entry=made.entry)


def test_not_while_appeals_may_be_filed(tmp_path: Path, refuses: Any) -> None:
    track = appeals.ended(folder=tmp_path)
    with clock.frozen_at(appeals.LATER):
        made = domain.ask(actor=ACTOR, entry=handover.winner(track))
        domain.agree(actor=handover.captain(made), handover=made)
    with refuses("appeals-to-come"):
        handover.act(made, at=appeals.LATER)


def test_not_while_an_appeal_is_open(tmp_path: Path, refuses: Any) -> None:
    track = appeals.ended(folder=tmp_path)
    filed = appeals.appeal(by=appeals.ranked(track)[2], at=appeals.LATER)
    made = handover.agreed(folder=tmp_path, of=track)
    with refuses("appeals-open"):
        handover.act(made)
    with clock.frozen_at(handover.AFTER):
        dismiss_appeal(actor=ACTOR, appeal=filed, decision="Too late.")
    assert handover.act(made).state == HandoverState.DONE


def test_not_while_changes_are_drafted(tmp_path: Path, refuses: Any) -> None:
    track = appeals.ended(folder=tmp_path)
    with clock.frozen_at(appeals.LATER):
        appeals.change_set(of=track)
    made = handover.agreed(folder=tmp_path, of=track)
    with refuses("changes-drafted"):
        handover.act(made)


def test_only_with_the_captain_s_agreement(tmp_path: Path, refuses: Any, after: None) -> None:
    made = handover.asked(folder=tmp_path)
    with refuses("not-agreed"):
        handover.act(made)
    captain = handover.captain(made)
    domain.agree(actor=captain, handover=made)
    domain.decline(actor=captain, handover=made)
    with refuses("not-agreed"):
        handover.act(made)
    with refuses("declined-already"):
        domain.decline(actor=captain, handover=made)


def test_a_new_captain_is_asked_anew(tmp_path: Path, refuses: Any, after: None) -> None:
    made = handover.agreed(folder=tmp_path)
    successor = _member(made)
    pass_captaincy(actor=handover.captain(made), team=made.entry.team, user=successor)
    with refuses("another-captain"):
        handover.act(made)
    domain.agree(actor=successor, handover=made)
    assert handover.act(made).state == HandoverState.DONE


def test_nobody_answers_for_the_captain(tmp_path: Path, after: None) -> None:
    made = handover.asked(folder=tmp_path)
    for user in (person(), _member(made), organiser()):
        with pytest.raises(NotPermitted):
            domain.agree(actor=user, handover=made)


def test_asked_once_and_again_after_a_no(tmp_path: Path, refuses: Any, after: None) -> None:
    made = handover.asked(folder=tmp_path)
    with refuses("asked-already"):
        domain.ask(actor=ACTOR, entry=made.entry)
    domain.decline(actor=handover.captain(made), handover=made)
    assert domain.ask(actor=ACTOR, entry=made.entry) == made
    made.refresh_from_db()
    assert made.state == HandoverState.ASKED


def test_only_the_foundation_s_staff_acts(tmp_path: Path, after: None) -> None:
    made = handover.agreed(folder=tmp_path)
    seasons = organiser(season=made.entry.track.season)
    for user in (person(), handover.captain(made), seasons):
        with pytest.raises(NotPermitted):
            handover.act(made, actor=user)
    assert not Project.objects.exists()


def test_a_name_that_is_taken_is_refused(tmp_path: Path, refuses: Any) -> None:
    register.project(slug="winning-work")
    made = handover.agreed(folder=tmp_path)
    with refuses("name-taken"):
        handover.act(made)
    with refuses("bad-slug"):
        handover.act(made, slug="Not a name")


def test_taken_back_it_is_archived_and_may_come_again(tmp_path: Path, refuses: Any) -> None:
    made = handover.done(folder=tmp_path)
    with clock.frozen_at(handover.AFTER):
        with refuses("reason-needed"):
            domain.take_back(actor=ACTOR, handover=made, reason=" ")
        back = domain.take_back(actor=ACTOR, handover=made, reason="The licence is not theirs.")
    project = Project.objects.get()
    assert (back.state, project.stage) == (HandoverState.TAKEN_BACK, "archived")
    assert domain.dossier_of(user=person(), project=project) is None
    again = handover.agreed(folder=tmp_path, of=made.entry.track)
    assert again.pk != made.pk
    handover.act(again, slug="not-used", name="Not used")
    project.refresh_from_db()
    assert (project.stage, Project.objects.count()) == ("candidate", 1)
    assert Dossier.objects.count() == 2
    assert verify().holds


def test_an_access_review_ends_taking_back(tmp_path: Path, refuses: Any) -> None:
    made = handover.done(folder=tmp_path)
    with clock.frozen_at(handover.AFTER):
        governance.charter("open-atom-like")
        open_review(actor=ACTOR, project=made.project, to="preparation", summary="Please.")
        with refuses("reviewed"):
            domain.take_back(actor=ACTOR, handover=made, reason="Too late.")


def test_a_donation_that_was_signed_ends_taking_back(tmp_path: Path, refuses: Any) -> None:
    made = handover.done(folder=tmp_path)
    project = made.project
    assert project is not None
    with clock.frozen_at(donations.SPRING):
        donations.completed(slug=project.slug)
    with clock.frozen_at(handover.AFTER), refuses("donated"):
        domain.take_back(actor=ACTOR, handover=made, reason="Too late.")
    project.refresh_from_db()
    assert project.stage == "candidate"


def test_it_is_attached_as_evidence_once(tmp_path: Path, refuses: Any) -> None:
    made = handover.done(folder=tmp_path)
    with clock.frozen_at(handover.AFTER):
        row = assessments.row(assessments.assessment(project=made.project), "NE-20")
        evidence = domain.attach(actor=organiser(), dossier=made.dossier, row=row)
        assert evidence.digest == made.dossier.digest
        assert evidence.file.read().decode() == made.dossier.content
        with refuses("attached-already"):
            domain.attach(actor=organiser(), dossier=made.dossier, row=row)
        other = assessments.row(assessments.assessment(), "NE-20")
        with refuses("other-project"):
            domain.attach(actor=organiser(), dossier=made.dossier, row=other)
        with pytest.raises(NotPermitted):
            domain.attach(actor=handover.captain(made), dossier=made.dossier, row=row)


def test_one_handover_an_entry(tmp_path: Path) -> None:
    made = handover.asked(folder=tmp_path)
    assert Handover.objects.filter(entry=made.entry).count() == 1


def _member(made: Handover) -> User:
    user = person()
    Membership.objects.create(team=made.entry.team, user=user, joined_at=handover.AFTER)
    return user
