"""The world of the matrix, furnished: seasons and their tracks, and what belongs to none."""

from __future__ import annotations

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
from concours.platform.competitions.models import Entry, Invitation, Team
from concours.platform.core import clock
from concours.platform.evaluations.models import CaseResult
from concours.platform.feeds.domain.keys import make_key as make_calendar_key
from concours.platform.feeds.domain.news import NEWS
from concours.platform.integrity.domain import make_report
from concours.platform.leaderboards.enums import Visibility
from concours.platform.notifications.domain import follow
from concours.platform.notifications.models import Notification
from concours.platform.review.domain import send_reminders
from concours.platform.review.models import Assignment
from concours.platform.webhooks.domain import create_webhook
from tests.factories import (
    appeals,
    awards,
    boards,
    competitions,
    register,
    review,
)
from tests.factories import evaluations as runs
from tests.factories.people import operator, organisation, organiser, person
from tests.permissions.foundation import assessed, given, governed, handed_over, incubated, showing
from tests.permissions.world import NOW, SPRING, World


def furnish(folder: Path) -> World:
    """About ten seconds."""
    world = World(folder)
    with clock.frozen_at(SPRING):
        batch = _seasons(world)
    _reviewed(world, batch)
    _appealed(world, batch)
    handed_over(world, _paid(world, batch))
    _coded(world, batch)
    with clock.frozen_at(NOW):
        _around(world, batch)
        governed(world)
        showing(world)
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
    assessed(world, project)
    incubated(world)
    given(world)
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
