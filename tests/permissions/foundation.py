"""What the foundation keeps, in the world of the matrix."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from concours.platform.competitions.models import Entry, Membership
from concours.platform.core import clock
from concours.platform.criteria import domain as criteria
from concours.platform.criteria.domain import add_report
from concours.platform.governance import domain as governing
from concours.platform.handover import domain as handing
from concours.platform.incubation import domain as incubating
from concours.platform.profiles.domain import hide as hide_profile
from concours.platform.profiles.domain import revoke as revoke_credential
from concours.platform.profiles.models import Credential
from concours.platform.review.models import Assignment, Review
from tests.factories import (
    assessments,
    donations,
    governance,
    handover,
    incubation,
    profiles,
    register,
)
from tests.factories.people import person
from tests.permissions.world import NOW, World


def handed_over(world: World, entry: Entry) -> None:
    """The paid winner is a project: of its reviews one goes along, and one of its members has not
    agreed to be named; another winner is asked."""
    quiet = person(name=world.bait("name of a quiet member"))
    Membership.objects.create(team=entry.team, user=quiet, joined_at=NOW)
    made = handover.agreed(folder=world.folder, of=entry.track)
    kept, given = Review.objects.filter(assignment__entry=entry).order_by("pk")
    for review_, word in ((kept, "review kept back"), (given, "review that goes along")):
        review_.comment = world.bait(word)
        review_.save(update_fields=["comment"])
    with clock.frozen_at(handover.AFTER):
        handing.give_leave(actor=given.assignment.reviewer, handover=made)
    project = handover.act(made).project
    assert project is not None
    with clock.frozen_at(handover.AFTER):
        other = handing.ask(actor=handover.ACTOR, entry=_reviewed_by_winner(entry))
    for one in (made, other):
        world.put("handovers", one.code)
    world.put("ask", other.entry.code, of=entry.track)
    world.put("dossiers", project.slug)


def _reviewed_by_winner(entry: Entry) -> Entry:
    """A winner's entry that the reviewer of `entry` judged: of their two, one won at least."""
    rows = handing.desk_rows(track=entry.track)
    judged = Assignment.objects.filter(reviewer=entry.reviewer).values_list("entry_id", flat=True)
    return next(row.win.entry for row in rows if row.win.entry.pk in set(judged))


def assessed(world: World, project: Any) -> None:
    """An assessment with evidence for everybody and for organisers alone."""
    assessment = assessments.assessment(project=project)
    row = assessments.row(assessment, "NE-20")
    assessments.evidence(row, name="minutes.pdf")
    contract = assessments.evidence(
        row,
        name=f"{world.bait('name of a contract')}.txt",
        content=world.bait("text of a contract").encode(),
        confidential=True,
    )
    add_report(actor=assessments.ACTOR, assessment=assessment, content=assessments.report())
    world.put("assessments", assessment.code)
    world.put("rows", row.code)
    world.put("evidence", contract.code)
    world.put("maintainers", "nobody")
    world.put("criteria-reports", assessment.reports.get().code)


def incubated(world: World) -> None:
    """A project that incubates, with all that belongs to it; who is invited, and why somebody
    stands aside, is for staff and that person. The winner mentors, the coder maintains."""
    winner, coder, somebody = (world.people[role] for role in ("winner", "coder", "somebody"))
    with clock.frozen_at(NOW - timedelta(days=400)):
        incubation.programme()
        project = register.project(stage="incubating", since=(NOW - timedelta(days=400)).date())
        criteria.name_maintainer(actor=assessments.ACTOR, project=project, user=coder)
        incubating.tend_incubations()
        mentor = incubation.mentor(user=winner)
        held = incubation.mentoring(of=project, by=mentor)
        found = incubating.incubation_of(project=project)
        assert found is not None
        report = incubation.report(found)
        milestone = incubation.milestone(found)
        health = incubating.add_health(
            actor=assessments.ACTOR, project=project, content=incubation.health()
        )
    incubating.tend_incubations()
    incubating.declare_conflict(
        actor=winner,
        mentor=mentor,
        project=register.project(),
        reason=world.bait("reason of a conflict"),
    )
    invited = incubation.invitation(user=somebody, why=world.bait("why somebody is invited"))
    world.put("projects", project.slug)
    world.put("periods", 2)
    world.put("periodic-reports", report.code)
    world.put("annual-reviews", found.reviews.get().code)
    world.put("health-reports", health.code)
    world.put("mentors", invited.code)
    world.put("mine", "decline")
    world.put("programmes", 1)
    for act in ("agree", "assign", "read"):
        world.put("do", act)
    assert held.ended_at is None
    assert milestone.moves == 0


def governed(world: World) -> None:
    """A secret vote that is open: whoever judges appeals sits in the body and has cast a ballot."""
    judge = world.people["judge"]
    assert judge is not None
    charter = governance.secret_charter()
    seat = governing.seat_member(
        actor=governance.ACTOR, body=governance.body(), user=judge, role="member"
    )
    vote = governance.called()
    governing.open_vote(vote=vote)
    governing.cast_ballot(
        actor=judge, vote=vote, choice=-1, reason=world.bait("reason of a secret ballot")
    )
    world.put("charters", charter.number)
    world.put("bodies", "pmc")
    world.put("unseat", seat.code)
    world.put("access-reviews", vote.review.code)
    world.put("votes", vote.code)


def showing(world: World) -> None:
    """Who won shows it, took a credential along, and had one revoked; somebody chose and hid."""
    winner, somebody = world.people["winner"], world.people["somebody"]
    assert winner is not None
    assert somebody is not None
    profiles.shown(winner, "entries")
    profiles.shown(somebody)
    hide_profile(actor=somebody)
    kept, revoked = profiles.issued(winner), profiles.issued(winner)
    Credential.objects.filter(pk=kept.pk).update(
        document=kept.document.replace("urn:uuid:", world.bait("subject of a credential"))
    )
    revoke_credential(
        actor=world.people["operator"],
        credential=revoked,
        reason=world.bait("reason for a revocation"),
    )
    for one in (kept, revoked):
        world.put("credentials", one.code)
    world.put("status", 1)
    world.put("people", winner.code)


def given(world: World) -> None:
    """A donation under way and a completed one: neither shows mandates or findings.

    The donor acts for one of those who give what is under way, and for none of the others.
    """
    for name, make in (("under-way", donations.ready), ("given", donations.completed)):
        with clock.frozen_at(donations.SPRING):
            donation = make(slug=name)
        mandate = donation.mandates.all()[0]
        mandate.office = world.bait(f"office in a donation {name}")
        mandate.save(update_fields=["office"])
        if name == "under-way":
            world.people["donor"] = mandate.user
            donation.name = world.bait("name of a donation under way")
            donation.save(update_fields=["name"])
        world.put("donations", donation.code)
        world.put("papers/paper", mandate.paper.code)
        world.put("assets", donation.assets.get().code)
    world.put("acts", "submit")
    world.put("versions", 1)
