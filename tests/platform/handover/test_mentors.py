"""Winners and outstanding reviewers, invited to mentor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.handover import domain
from concours.platform.incubation.domain import answer_invitation
from concours.platform.incubation.models import Mentor
from concours.platform.record.models import Event
from concours.platform.review.domain import rate_review
from concours.platform.review.models import Assignment
from tests.factories import competitions, handover, register
from tests.factories.competitions import ACTOR, captain_of
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db


def rated(track: Any, *, rating: int = 5) -> list[User]:
    """Every review of the track is rated; its reviewers."""
    duties = Assignment.objects.filter(round__track=track).select_related("entry", "reviewer")
    with clock.frozen_at(handover.AFTER):
        for duty in duties:
            captain = captain_of(duty.entry.team)
            alias = duty.round.pseudonyms.get(kind="reviewer", subject_id=duty.reviewer_id).alias
            rate_review(actor=captain, entry=duty.entry, alias=alias, rating=rating)
    return [duty.reviewer for duty in duties]


def codes(rows: Any) -> set[str]:
    return {one.user.code for one in rows}


def test_captains_of_winners_are_listed_and_members_by_their_word(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    track, team = made.entry.track, made.entry.team
    member = person()
    team.memberships.create(user=member, joined_at=handover.AFTER)
    captains = {captain_of(row.win.entry.team).code for row in domain.desk_rows(track=track)}
    assert codes(domain.winning_people(actor=ACTOR, track=track)) == captains
    with clock.frozen_at(handover.AFTER):
        domain.say(actor=member, handover=made, named=False, mentors=True)
    assert codes(domain.winning_people(actor=ACTOR, track=track)) == captains | {member.code}
    User.objects.filter(pk=member.pk).update(under_age=True)
    assert codes(domain.winning_people(actor=ACTOR, track=track)) == captains


def test_outstanding_reviewers_meet_the_rule_of_the_bonus(tmp_path: Path) -> None:
    track = handover.settled(folder=tmp_path)
    assert domain.read_reviewers(actor=ACTOR, track=track) == []
    reviewers = rated(track)
    rows = domain.read_reviewers(actor=ACTOR, track=track)
    assert codes(rows) == {one.code for one in reviewers}
    assert {(one.kept, one.owed, one.ratings, one.mean) for one in rows} == {(2, 2, 2, 5.0)}


def test_useless_reviews_are_not_outstanding(tmp_path: Path) -> None:
    track = handover.settled(folder=tmp_path)
    rated(track, rating=3)
    assert domain.reviewers_counted(track=track) == 0


def test_looking_at_them_is_recorded_and_for_staff_alone(tmp_path: Path) -> None:
    track = handover.settled(folder=tmp_path)
    rated(track)
    staff = organiser(season=track.season)
    assert domain.read_reviewers(actor=staff, track=track)
    event = Event.objects.get(verb="identities.read")
    assert event.actor == f"user:{staff.code}"
    assert json.loads(event.data) == {"reviewers": 6, "reason": "mentors"}
    for user in (person(), captain_of(track.entries.first().team), organiser(season=_other())):
        with pytest.raises(NotPermitted):
            domain.read_reviewers(actor=user, track=track)
        with pytest.raises(NotPermitted):
            domain.winning_people(actor=user, track=track)
    assert Event.objects.filter(verb="identities.read").count() == 1


def test_several_are_invited_at_once_with_the_reason(tmp_path: Path) -> None:
    register.project()
    track = handover.settled(folder=tmp_path, technical_area="storage")
    rated(track)
    winner = handover.winner(track)
    captain = captain_of(winner.team)
    others = {one.user.code for one in domain.read_reviewers(actor=ACTOR, track=track)}
    with clock.frozen_at(handover.AFTER):
        invited = domain.invite(actor=organiser(), track=track, people={captain.code, *others})
    assert invited == Mentor.objects.count() == len({captain.code, *others})
    mentor = Mentor.objects.get(user=captain)
    assert winner.title in mentor.why
    assert [area.slug for area in mentor.areas.all()] == ["storage"]
    # What somebody reviewed is told to nobody, not even by what it is called.
    titles = set(track.entries.values_list("title", flat=True))
    for other in Mentor.objects.exclude(user__in=_captains(track)):
        assert [title for title in titles if title in other.why] == []
    with clock.frozen_at(handover.AFTER):
        answer_invitation(actor=captain, mentor=mentor, accepts=True)
        assert domain.invite(actor=ACTOR, track=track, people=[captain.code]) == 0


def test_the_reason_is_in_the_language_of_who_is_invited(tmp_path: Path) -> None:
    track = handover.settled(folder=tmp_path, title="Track", title_zh="赛道")
    captain = captain_of(handover.winner(track).team)
    User.objects.filter(pk=captain.pk).update(language="zh-hans")
    domain.invite(actor=ACTOR, track=track, people=[captain.code])
    assert "赛道" in Mentor.objects.get().why


def test_only_who_is_listed_is_invited(tmp_path: Path, refuses: Any) -> None:
    track = handover.settled(folder=tmp_path)
    with refuses("not-listed"):
        domain.invite(actor=ACTOR, track=track, people=[person().code])
    with refuses("nobody"):
        domain.invite(actor=ACTOR, track=track, people=[])
    captain = captain_of(handover.winner(track).team)
    with pytest.raises(NotPermitted):
        domain.invite(actor=organiser(season=track.season), track=track, people=[captain.code])
    assert not Mentor.objects.exists()


def _captains(track: Any) -> list[User]:
    return [captain_of(row.win.entry.team) for row in domain.desk_rows(track=track)]


def _other() -> Any:
    return competitions.season()
