"""An installation with something of everything, and bait in all that is not for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core import mail
from django.test import Client, TestCase, override_settings

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.appeals.models import AppealJudge
from concours.platform.awards.domain import ask_claw_back
from concours.platform.competitions import domain as competing
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Invitation, Membership, Team, Track
from concours.platform.core import clock
from concours.platform.criteria import domain as criteria
from concours.platform.criteria.domain import add_report
from concours.platform.evaluations.models import CaseResult
from concours.platform.feeds.domain.keys import make_key as make_calendar_key
from concours.platform.feeds.domain.news import NEWS
from concours.platform.governance import domain as governing
from concours.platform.handover import domain as handing
from concours.platform.incubation import domain as incubating
from concours.platform.integrity.domain import make_report
from concours.platform.leaderboards.enums import Visibility
from concours.platform.notifications.domain import follow
from concours.platform.notifications.models import Notification
from concours.platform.profiles.domain import hide as hide_profile
from concours.platform.profiles.domain import revoke as revoke_credential
from concours.platform.profiles.models import Credential
from concours.platform.review.domain import send_reminders
from concours.platform.review.models import Assignment, Review
from concours.platform.webhooks.domain import create_webhook
from tests.factories import (
    appeals,
    assessments,
    awards,
    boards,
    competitions,
    donations,
    governance,
    handover,
    incubation,
    profiles,
    register,
    review,
)
from tests.factories import evaluations as runs
from tests.factories.people import operator, organisation, organiser, person

NOW = appeals.LATER
"""When everybody looks: reviews are over, a second appeal phase is open."""
SPRING = review.SPRING
EVERYBODY = (
    "stranger", "somebody", "entrant", "reviewer", "appellant", "juror", "judge", "winner",
    "coder", "donor", "organiser", "other organiser", "operator",
)  # fmt: skip


@dataclass
class World:
    """`people` by role, `values` by the part of an address that stands before them: pairs of a
    track's slug (None: of any) and the value. `baits` are words, by what they are in; `mails` what
    was sent meanwhile, and to whom."""

    folder: Path
    people: dict[str, User | None] = field(default_factory=dict)
    values: dict[str, list[tuple[str | None, str]]] = field(default_factory=dict)
    baits: dict[str, str] = field(default_factory=dict)
    mails: list[tuple[str, set[str]]] = field(default_factory=list)

    def put(self, place: str, value: Any, *, of: Track | None = None) -> None:
        self.values.setdefault(place, []).append((of.slug if of else None, str(value)))

    def bait(self, what: str) -> str:
        """A word that occurs nowhere else."""
        word = f"Bait{len(self.baits):02}{''.join(part.title() for part in what.split())}"
        self.baits[what] = word
        return word


def furnish(folder: Path) -> World:
    """About ten seconds."""
    world = World(folder)
    with clock.frozen_at(SPRING):
        batch = _seasons(world)
    _reviewed(world, batch)
    _appealed(world, batch)
    _handed_over(world, _paid(world, batch))
    _coded(world, batch)
    with clock.frozen_at(NOW):
        _around(world, batch)
        _governed(world)
        _showing(world)
    world.put("projects", world.values["dossiers"][0][1])
    world.mails = [(f"{one.subject}\n{one.body}", set(one.to)) for one in mail.outbox]
    return world


def _seasons(world: World) -> Any:
    season = competitions.season(slug="open-season", title="Open season")
    batch = competitions.batch(of=season)
    hidden = competitions.season(
        slug="draft-season", title=world.bait("draft season"), opened=False
    )
    draft = competitions.draft_track(of=batch, slug="draft", title=world.bait("draft track"))
    world.put("seasons", season.slug)
    world.put("seasons", hidden.slug)
    world.put("tracks", draft.slug, of=draft)
    world.people |= {
        "stranger": None,
        "somebody": person(name="Some Body"),
        "organiser": organiser(season=season),
        "other organiser": organiser(season=hidden),
        "operator": operator(),
    }
    return batch


def _reviewed(world: World, batch: Any) -> None:
    """A track in the midst of peer review: names, reviews and reviewers are secret."""
    with clock.frozen_at(SPRING):
        track = competitions.track(of=batch, slug="reviewed", reviews_per_entry=2, finalists=2)
        captain = person(name="Cap Tain", email=f"{world.bait('address')}@example.org".lower())
        world.baits["address"] = captain.email
        team = competitions.team(of=track.season, captain=captain, name=world.bait("team"))
        entry = competitions.entry(in_track=track, by=team)
        files = {"README.md": world.bait("code").encode()}
        competitions.submission(of=entry, folder=world.folder, files=files)
        world.baits["invited address"] = "bait-invited@example.net"
        _invite(captain, team, world.baits["invited address"])
        # A link of another team: whoever holds it reads that team's name.
        other = competitions.team(of=track.season, name=world.bait("team of a known link"))
        _link, key = competing.invite(
            actor=competitions.captain_of(other), team=other, email="known@example.net"
        )
        create_token(actor=captain, name=world.bait("name of a key"), scopes=[Scope.READ], days=300)
        organisation(name="Open University", members=[captain])
    round_ = review.assigned(track=track, entries=5, folder=world.folder)
    duties = Assignment.objects.filter(round=round_).order_by("pk")
    duty = duties.filter(entry=entry).select_related("reviewer")[0]
    review.write(duty, comment=world.bait("review before its release"))
    late, mailing = review.CLOSES - timedelta(days=1), TestCase.captureOnCommitCallbacks
    with clock.frozen_at(late), mailing(execute=True):
        send_reminders(round=round_)
    world.people |= {"entrant": captain, "reviewer": duty.reviewer}
    world.put("tracks", track.slug, of=track)
    _entry(world, entry)
    world.put("teams", team.code)
    world.put("invitations", Invitation.objects.get(team=team).code)
    world.put("invitations/key", key)
    for one in (duty, duties.filter(reviewer=captain)[0]):
        world.put("reviews", one.code)
        world.put("duties", one.code)
    world.put("reviews/alias", "nothing")
    world.put("screening", "nothing", of=track)


def _invite(captain: User, team: Team, email: str) -> None:
    """Through the page, and the mail is sent: here no transaction ends by itself."""
    at_once = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    client = Client()
    client.force_login(captain)
    with override_settings(TASKS=at_once), TestCase.captureOnCommitCallbacks(execute=True):
        client.post(f"/teams/{team.code}/invite/", {"email": email})


def _entry(world: World, entry: Entry) -> None:
    track = entry.track
    for place in ("entries", "jury", "new"):
        world.put(place, entry.code, of=track)
    for submission in entry.submissions.all():
        world.put("submissions", submission.code)


def _appealed(world: World, batch: Any) -> None:
    """A track with published standings and result, in its second appeal phase."""
    track = appeals.judged(folder=world.folder, of=batch, slug="appealed")
    entry = appeals.ranked(track)[1]
    text = world.bait("appeal")
    appeal = appeals.appeal(by=entry, reason=text)
    track = competitions.advance(track, to=PhaseKind.FINAL)
    juror = awards.juror(of=track)
    awards.score_all(track=track)
    finalist = awards.finalists(track)[0]
    awards.score(by=juror, entry=finalist, comment=world.bait("comment of a juror"))
    awards.pool(of=track)
    track = competitions.advance(track, to=PhaseKind.APPEAL)
    with clock.frozen_at(NOW):
        judge: AppealJudge = appeals.judge(of=track)
        changes = appeals.strike(of=track, entry=entry, title=world.bait("staged change"))
    world.people |= {
        "appellant": appeals.captain(entry),
        "juror": juror.user,
        "judge": judge.user,
    }
    world.put("tracks", track.slug, of=track)
    _entry(world, entry)
    _entry(world, finalist)
    world.put("appeals", appeal.code, of=track)
    world.put("changes", changes.code, of=track)
    world.put("items", changes.changes.get().pk, of=track)
    world.put("drop", changes.changes.get().pk, of=track)
    world.put("judges", judge.user.code, of=track)
    world.put("jurors", juror.user.code, of=track)


def _paid(world: World, batch: Any) -> Entry:
    """A track whose first prize is paid; names and scores are public."""
    payout = awards.released(folder=world.folder, of=batch, slug="paid")
    winner = competitions.captain_of(payout.entry.team)
    reference = world.bait("reference of a payment")
    receipt = awards.pay(
        of=payout, user=winner, amount_minor=payout.amount_minor, reference=reference
    )
    track = payout.entry.track
    with clock.frozen_at(NOW):
        request = ask_claw_back(
            actor=awards.DESK,
            payout=payout,
            amount_minor=1_000,
            reason=world.bait("reason for money"),
        )
    world.people["winner"] = winner
    world.put("tracks", track.slug, of=track)
    _entry(world, payout.entry)
    world.put("teams", payout.entry.team.code)
    for place in ("awards", "payouts"):
        world.put(place, payout.code, of=track)
    world.put("pools", payout.pool.code, of=track)
    world.put("requests", request.code, of=track)
    world.put("receipts/number", receipt.number)
    for place in ("pay", "repay", "papers/user"):
        world.put(place, winner.code, of=track)
    world.put("papers", "identity", of=track)
    world.put("papers/paper", 1, of=track)
    return payout.entry


def _handed_over(world: World, entry: Entry) -> None:
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
        other = handing.ask(
            actor=handover.ACTOR, entry=handing.desk_rows(track=entry.track)[1].win.entry
        )
    for one in (made, other):
        world.put("handovers", one.code)
    world.put("ask", other.entry.code, of=entry.track)
    world.put("dossiers", project.slug)


def _coded(world: World, batch: Any) -> None:
    """A track judged by a machine, with a public board that has a sealed column."""
    with clock.frozen_at(SPRING):
        track = runs.track(of=batch, slug="coded", publish_source_days=7)
        made = boards.Field(
            folder=world.folder,
            track=track,
            evaluator=runs.evaluator(of=track, folder=world.folder),
            staff=organiser(season=track.season),
            worker=runs.worker(),
            moment=SPRING,
        )
    entry = made.enter("A coder’s work")
    world.baits["sealed value"] = "987.625"
    run = made.score(entry, 3.0, margin=987.625, log=world.bait("log of a run"))
    made.score(made.enter("Another’s work"), 5.0)
    made.board()
    made.board(split="ranking", visibility=Visibility.SEALED)
    world.people["coder"] = made.captain(entry)
    world.put("tracks", track.slug, of=track)
    _entry(world, entry)
    world.put("evaluations", run.code)
    world.put("cases", CaseResult.objects.filter(evaluation=run)[0].case)
    world.put("evaluators", made.evaluator.code)
    world.put("workers", made.worker.name)
    for split in ("practice", "ranking"):
        world.put("boards", split, of=track)
        world.put("sources", split, of=track)
        world.put("machine", split, of=track)
        world.put("machine-scores", split, of=track)
    world.put("sources/code", entry.code, of=track)
    world.put("start", "sums", of=track)
    world.put("sets", "nothing", of=track)
    world.put("sets/act", "apply", of=track)


def _around(world: World, batch: Any) -> None:
    """What belongs to no track."""
    project = register.project()
    proposal = competing.propose_track(
        actor=world.people["somebody"],
        season=batch.season,
        batch=batch,
        topic="A proposal",
        category="software",
        owner="Some Works",
        description="Of a track.",
        rules="Be kind.",
        format="online",
    )
    make_report(actor=world.people["operator"], season=batch.season)
    world.put("projects", project.slug)
    _assessed(world, project)
    _incubated(world)
    _given(world)
    world.put("proposals", proposal.code)
    world.put("integrity", 1)
    for seq in (1, 20, 60):
        world.put("record", seq)
        world.put("events", seq)
    for place in ("rules/number", "result/number", "affiliations/pk", "everywhere/pk", "staff/pk"):
        world.put(place, 1)
    for place in ("sessions/pk", "keys/pk"):
        world.put(place, 1)
    for place, value in (("files/name", "result.json"), ("files/file", "nothing")):
        world.put(place, value)
    world.put("keys", "nothing")
    _told(world, batch)
    for role in ("somebody", "entrant"):
        world.put("people", world.people[role].code)  # type: ignore[union-attr]


def _assessed(world: World, project: Any) -> None:
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


def _incubated(world: World) -> None:
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


def _governed(world: World) -> None:
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


def _showing(world: World) -> None:
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


def _given(world: World) -> None:
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


def _told(world: World, batch: Any) -> None:
    """Notifications, a calendar by a secret address, a webhook; and merges that nobody proposed."""
    entrant, staff = world.people["entrant"], world.people["organiser"]
    assert entrant is not None
    follow()
    told = Notification.objects.filter(user=entrant).order_by("pk")
    world.put("notifications", told[0].code)
    world.put("calendar", make_calendar_key(actor=entrant))
    webhook, _secret = create_webhook(
        actor=staff,
        season=batch.season,
        url=f"https://93.184.216.34/{world.bait('address of a webhook')}",
        verbs=[NEWS[0]],
    )
    world.put("webhooks", webhook.code)
    world.put("consents", entrant.code)
    world.put("members", entrant.code)
    for place in ("messages", "merges", "unsubscribe"):
        world.put(place, "nothing")
    world.put("alarms", 1)
