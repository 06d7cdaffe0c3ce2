"""The pool of mentors: invited, in it, away; load, conflicts, and leaving in mid-plan."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from concours.platform.accounts.domain.holdings import Erasing
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.criteria import domain as criteria
from concours.platform.incubation import domain
from concours.platform.incubation.domain.people import HOLDING
from concours.platform.incubation.enums import Hindrance, MentorState
from concours.platform.incubation.models import DeclaredConflict, Mentor, Mentoring
from concours.platform.incubation.rules import visible_conflicts, visible_mentors
from concours.platform.record.domain import verify
from concours.platform.record.models import Event
from tests.factories import incubation, register
from tests.factories.people import operator, organisation, organiser, person

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
BAIT = "Because of the affair in Basel."


def not_assigned(mentor: Mentor) -> str:
    project = register.project()
    return refusal(lambda: incubation.mentoring(of=project, by=mentor))


def refusal(act: Any) -> str:
    before = (Mentoring.objects.count(), Event.objects.count())
    with pytest.raises(Refused) as raised:
        act()
    assert (Mentoring.objects.count(), Event.objects.count()) == before
    return raised.value.code


def events(verb: str) -> list[Event]:
    return list(Event.objects.filter(verb=verb).order_by("seq"))


def test_an_invitation_is_answered_by_who_was_invited_alone() -> None:
    register.project()
    made = domain.invite_mentor(
        actor=organiser(), person=person(), areas=["storage"], why="You won with a file system."
    )

    with pytest.raises(NotPermitted):
        domain.answer_invitation(actor=organiser(), mentor=made, accepts=True)
    accepted = domain.answer_invitation(actor=made.user, mentor=made, accepts=True)

    assert made.state == MentorState.INVITED
    assert accepted.state == MentorState.ACTIVE
    assert [one.slug for one in accepted.areas.all()] == ["storage"]
    assert (
        refusal(lambda: domain.answer_invitation(actor=made.user, mentor=made, accepts=False))
        == "wrong-state"
    )
    assert verify().faults == ()


def test_the_record_does_not_say_who_was_invited_or_why() -> None:
    made = incubation.invitation(why=BAIT)

    [event] = events("mentor.invited")
    assert made.user.code not in event.data + event.subject
    assert BAIT not in event.data


@pytest.mark.parametrize("staff", [operator, organiser])
def test_who_is_invited_is_seen_by_staff_and_that_person(staff: Any) -> None:
    invited, accepted = incubation.invitation(), incubation.mentor()
    declined = incubation.invitation()
    domain.answer_invitation(actor=declined.user, mentor=declined, accepts=False)

    assert set(visible_mentors(NOBODY)) == {accepted}
    assert set(visible_mentors(person())) == {accepted}
    assert set(visible_mentors(invited.user)) == {invited, accepted}
    assert set(visible_mentors(staff())) == {invited, accepted, declined}


def test_nobody_is_invited_twice_and_who_declined_is_invited_anew() -> None:
    made = incubation.invitation()

    again = refusal(lambda: incubation.invitation(user=made.user))
    domain.answer_invitation(actor=made.user, mentor=made, accepts=False)
    anew = incubation.invitation(user=made.user, why="Please.")

    assert again == "invited-already"
    assert (anew.pk, anew.state, anew.answered_at) == (made.pk, MentorState.INVITED, None)


def test_what_cannot_be_invited() -> None:
    gone = person(is_active=False)

    assert refusal(lambda: incubation.invitation(user=gone)) == "account-closed"
    assert refusal(lambda: incubation.invitation(areas=["no-such"])) == "unknown-area"
    assert refusal(lambda: incubation.invitation(why="a\x00b")) == "bad-text"
    with pytest.raises(NotPermitted):
        domain.invite_mentor(actor=person(), person=person(), areas=[], why="")
    assert Mentor.objects.count() == 0


def test_an_invitation_is_taken_back() -> None:
    made = incubation.invitation()

    gone = domain.withdraw_invitation(actor=organiser(), mentor=made)

    assert gone.state == MentorState.LEFT
    assert (
        refusal(lambda: domain.answer_invitation(actor=made.user, mentor=made, accepts=True))
        == "wrong-state"
    )


@pytest.mark.parametrize("load", [0, 21, -1])
def test_a_load_that_is_none(load: int) -> None:
    made = incubation.invitation()

    code = refusal(
        lambda: domain.answer_invitation(
            actor=made.user, mentor=made, accepts=True, most_projects=load
        )
    )

    assert code == "bad-load"


def test_a_full_mentor_takes_no_further_project_until_one_leaves_incubation() -> None:
    mentor = incubation.mentor(most_projects=1)
    held = incubation.mentoring(by=mentor)

    full = not_assigned(mentor)
    domain.end_mentoring(actor=mentor.user, mentoring=held, reason="No time.")
    further = incubation.mentoring(by=mentor)

    assert full == "load-full"
    assert domain.load_of(mentor) == 1
    assert further.ended_at is None


@pytest.mark.parametrize("stage", ["candidate", "graduated", "archived"])
def test_only_projects_on_their_way_have_mentors(stage: str) -> None:
    project = register.project(stage=stage)

    mentor = incubation.mentor()

    code = refusal(lambda: incubation.mentoring(of=project, by=mentor))

    assert code == "wrong-stage"


def test_who_pauses_keeps_projects_and_takes_no_others() -> None:
    mentor = incubation.mentor()
    held = incubation.mentoring(by=mentor)

    domain.set_terms(actor=mentor.user, mentor=mentor, areas=[], most_projects=3, pauses=True)

    assert not_assigned(mentor) == "takes-none"
    assert Mentoring.objects.get(pk=held.pk).ended_at is None
    domain.set_terms(actor=mentor.user, mentor=mentor, areas=[], most_projects=3, pauses=False)
    assert incubation.mentoring(by=mentor).ended_at is None


def test_hindrances_are_computed_from_the_register_and_affiliations() -> None:
    project = register.project(donors=["acme", "ada"])
    maintainer = person()
    criteria.name_maintainer(actor=incubation.ACTOR, project=project, user=maintainer)
    organisation(name="Their Firm", members=[maintainer, colleague := person()])
    organisation(name="ACME  works", members=[employee := person()])
    mentors = [
        incubation.mentor(user=one)
        for one in (maintainer, colleague, employee, person(name="Ada Löwe"), person())
    ]
    declaring = incubation.mentor()
    domain.declare_conflict(
        actor=declaring.user, mentor=declaring, project=project, reason="My brother."
    )

    found = domain.hindrances_of(project=project, mentors=[*mentors, declaring])

    assert [found.get(one.pk) for one in mentors] == [
        [Hindrance.OWN],
        [Hindrance.AFFILIATION],
        [Hindrance.DONOR],
        [Hindrance.DONOR],
        None,
    ]
    assert found[declaring.pk] == [Hindrance.DECLARED]
    for one in [*mentors[:4], declaring]:
        assert refusal(lambda one=one: incubation.mentoring(of=project, by=one)) == "hindered"


def test_a_former_maintainer_is_not_hindered() -> None:
    project = register.project()
    named = criteria.name_maintainer(actor=incubation.ACTOR, project=project, user=person())
    criteria.remove_maintainer(actor=incubation.ACTOR, maintainer=named)

    made = incubation.mentoring(of=project, by=incubation.mentor(user=named.user))

    assert made.ended_at is None


def test_nobody_is_assigned_twice_and_only_staff_assign() -> None:
    held = incubation.mentoring()

    assert (
        refusal(lambda: incubation.mentoring(of=held.project, by=held.mentor)) == "mentors-already"
    )
    with pytest.raises(NotPermitted):
        domain.assign_mentor(actor=held.mentor.user, mentor=held.mentor, project=register.project())


def test_who_leaves_in_mid_plan_leaves_every_project() -> None:
    mentor = incubation.mentor()
    held = [incubation.mentoring(by=mentor) for _ in range(2)]

    gone = domain.leave_pool(actor=mentor.user, mentor=mentor, reason=BAIT)

    assert gone.state == MentorState.LEFT
    assert domain.load_of(mentor) == 0
    [event] = events("mentor.left")
    assert json.loads(event.data) == {"projects": [one.project.slug for one in held]}
    assert (
        refusal(lambda: domain.end_mentoring(actor=mentor.user, mentoring=held[0], reason="x"))
        == "mentoring-ended"
    )
    assert not_assigned(mentor) == "takes-none"


def test_a_declared_conflict_ends_the_mentoring_and_its_reason_is_confidential() -> None:
    held = incubation.mentoring()
    mentor = held.mentor

    domain.declare_conflict(actor=mentor.user, mentor=mentor, project=held.project, reason=BAIT)

    assert Mentoring.objects.get(pk=held.pk).ended_at is not None
    assert not Event.objects.filter(data__contains="Basel").exists()
    assert list(visible_conflicts(NOBODY)) == list(visible_conflicts(person())) == []
    assert [one.reason for one in visible_conflicts(mentor.user)] == [BAIT]
    assert [one.reason for one in visible_conflicts(organiser())] == [BAIT]
    with pytest.raises(NotPermitted):
        domain.declare_conflict(actor=organiser(), mentor=mentor, project=held.project, reason="x")


def test_what_a_person_takes_along_and_what_goes_with_them() -> None:
    held = incubation.mentoring(by=incubation.mentor(why=BAIT))
    user = held.mentor.user
    other = incubation.mentor()
    domain.declare_conflict(actor=user, mentor=held.mentor, project=register.project(), reason=BAIT)

    data = HOLDING.exported(user).data
    before = list(HOLDING.against_erasing(user))
    merging = list(HOLDING.against_merging(user, other.user))
    domain.end_mentoring(actor=user, mentoring=held, reason=BAIT)
    after = list(HOLDING.against_erasing(user))
    HOLDING.erased(Erasing(user=user, names=("x",)))

    assert [one["why"] for one in data["mentor"]] == [BAIT]
    assert [one["project__slug"] for one in data["mentored"]] == [held.project.slug]
    assert [one["reason"] for one in data["conflicts"]] == [BAIT]
    assert (len(before), len(merging), len(after)) == (1, 1, 0)
    mentor = Mentor.objects.get(user=user)
    assert (mentor.state, mentor.why) == (MentorState.LEFT, "")
    assert Mentoring.objects.get(pk=held.pk).ended_why == ""
    assert DeclaredConflict.objects.get(mentor=mentor).reason == "–"
    assert HOLDING.exported(person()).data["mentor"] == []
