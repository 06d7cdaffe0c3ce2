"""Votes from the call to the project's new stage."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from concours.governance import preset_text, recount
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.governance import domain
from concours.platform.governance.enums import Choice, ReviewState, VoidReason, VoteState
from concours.platform.governance.models import Ballot, Vote
from concours.platform.notifications.domain import follow
from concours.platform.notifications.models import Notification
from concours.platform.record import domain as record
from concours.platform.register.domain import carry_out, history_of
from tests.factories import donations, governance, register
from tests.factories.governance import ACTOR, NOW
from tests.factories.people import organisation, person

pytestmark = pytest.mark.django_db


def events() -> list[dict[str, Any]]:
    return [vars(event) for event in record.iterate()]


def refusal(act: Any, **arguments: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(**arguments)
    return refused.value.code


@pytest.mark.parametrize("secret", [False, True])
def test_a_vote_that_passes_moves_the_project(secret: bool) -> None:
    governance.charter(ballots='"secret"' if secret else '"open"')
    people = governance.members(5)
    vote = governance.opened()
    for one in people[:4]:
        governance.cast(vote, one)

    vote = governance.closed(vote)

    review = vote.review
    review.refresh_from_db()
    review.project.refresh_from_db()
    assert (vote.state, vote.outcome["result"]) == (VoteState.CLOSED, "passed")
    assert (review.state, review.project.stage) == (ReviewState.PASSED, "incubating")
    assert history_of(project=review.project)[-1].decision == review.code
    [again] = recount(events())
    assert again.faults == ()
    assert again.ballots == 4


def test_a_vote_that_fails_leaves_the_project() -> None:
    governance.charter()
    people = governance.members(5)
    vote = governance.opened()
    for one in people[:4]:
        governance.cast(vote, one)
    governance.cast(vote, people[4], -1, reason="The licence is not clear.")

    vote = governance.closed(vote)

    vote.review.project.refresh_from_db()
    assert vote.outcome["result"] == "vetoed"
    assert vote.review.state == ReviewState.REFUSED
    assert vote.review.project.stage == "preparation"
    assert recount(events())[0].faults == ()


def test_a_step_of_two_votes_needs_both() -> None:
    governance.charter("lf-ai-data")
    council, board = governance.members(3, of="tac"), governance.members(2, of="board")
    project = register.project(stage="incubating")
    review = governance.review(project=project, to="graduated")

    first = governance.opened(of=review)
    for one in council[:2]:
        governance.cast(first, one)
    governance.closed(first)
    project.refresh_from_db()
    between = project.stage
    with clock.frozen_at(first.closes_at):
        second = governance.called(of=review)
    with clock.frozen_at(second.opens_at):
        domain.open_vote(vote=second)
    governance.cast(second, board[0])
    governance.closed(second)

    project.refresh_from_db()
    assert (first.body.slug, second.body.slug) == ("tac", "board")
    assert (between, project.stage) == ("incubating", "graduated")
    assert [one.agrees for one in recount(events())] == [True, True]


def test_the_office_decides_a_step_without_votes() -> None:
    governance.charter("open-atom-like")
    project = register.project(stage="candidate")
    review = governance.review(project=project, to="preparation")

    refused = refusal(governance.called, of=review)
    domain.decide_by_office(actor=ACTOR, review=review, passes=True, reason="Complete.")

    project.refresh_from_db()
    assert refused == "no-vote"
    assert project.stage == "preparation"


@pytest.mark.parametrize(
    ("stage", "to"),
    [
        ("candidate", "incubating"),
        ("preparation", "graduated"),
        ("incubating", "preparation"),
        ("graduated", "graduated"),
        ("archived", "incubating"),
    ],
)
def test_a_skipped_stage_is_refused(stage: str, to: str) -> None:
    governance.charter()
    project = register.project(stage=stage)

    assert refusal(governance.review, project=project, to=to) == "no-such-step"


def test_two_reviews_and_two_votes_on_one_project_are_refused() -> None:
    governance.charter()
    review = governance.review()
    governance.called(of=review)

    assert refusal(governance.review, project=review.project) == "review-open"
    assert refusal(governance.called, of=review) == "vote-live"
    assert refusal(domain.withdraw_review, actor=ACTOR, review=review, reason="No.") == "vote-live"


def test_no_vote_opens_before_the_days_of_comment_are_over() -> None:
    governance.charter("cncf")
    review = governance.review()
    days = timedelta(days=14)

    early = refusal(governance.called, of=review, opens_at=NOW + days - timedelta(seconds=1))
    vote = governance.called(of=review, opens_at=NOW + days)

    assert early == "too-early"
    assert refusal(domain.open_vote, vote=vote) == "too-early"


def test_a_ballot_counts_in_its_window_alone() -> None:
    governance.charter()
    [voter] = governance.members(1)
    vote = governance.opened()
    cast = {"actor": voter, "vote": vote, "choice": 1}

    for moment, code in (
        (vote.opens_at - timedelta(microseconds=1), "too-early"),
        (vote.closes_at, "vote-ended"),
    ):
        with clock.frozen_at(moment):
            assert refusal(domain.cast_ballot, **cast) == code
    with clock.frozen_at(vote.closes_at - timedelta(microseconds=1)):
        domain.cast_ballot(**cast)  # type: ignore[arg-type]


def test_a_changed_ballot_replaces_the_one_before_which_is_kept() -> None:
    governance.charter()
    people = governance.members(4)
    vote = governance.opened()
    for one in people:
        governance.cast(vote, one)
    governance.cast(vote, people[0], -1, reason="I read the code.")

    vote = governance.closed(vote)

    rows = Ballot.objects.filter(vote=vote, voter=people[0])
    assert list(rows.values_list("choice", "current")) == [(1, False), (-1, True)]
    assert vote.outcome["result"] == "vetoed"


def test_a_change_is_refused_where_the_charter_forbids_it() -> None:
    governance.charter(may_change="false")
    [voter] = governance.members(1)
    vote = governance.opened()
    governance.cast(vote, voter)

    assert refusal(governance.cast, vote=vote, voter=voter, choice=0) == "cast-already"


def test_a_no_needs_its_reason_where_the_charter_asks_for_it() -> None:
    governance.charter()
    [voter] = governance.members(1)
    vote = governance.opened()

    assert refusal(governance.cast, vote=vote, voter=voter, choice=-1, reason=" ") == (
        "reason-needed"
    )


def test_only_who_sat_there_at_the_opening_has_a_vote() -> None:
    governance.charter()
    governance.members(1)
    vote = governance.opened()
    [late] = governance.members(1)

    for stranger in (late, person()):
        with pytest.raises(NotPermitted):
            governance.cast(vote, stranger)


@pytest.mark.parametrize(("rule", "yes"), [('"stands"', 4), ('"drops"', 3)])
def test_who_loses_the_role_in_mid_vote_counts_as_the_charter_says(rule: str, yes: int) -> None:
    governance.charter(lost_role=rule)
    people = governance.members(4)
    vote = governance.opened()
    for one in people:
        governance.cast(vote, one)
    seat = people[0].body_memberships.get()

    domain.unseat_member(actor=ACTOR, membership=seat)
    vote = governance.closed(vote)

    assert vote.outcome["yes"] == yes
    assert recount(events())[0].faults == ()


def test_who_acted_for_a_donor_has_no_vote_on_its_project() -> None:
    with clock.frozen_at(donations.SPRING):
        project = donations.completed().project
    assert project is not None
    acting = donations.domain.parties_of(project).people
    governance.charter()
    [other] = governance.members(1)
    for key in sorted(acting):
        domain.seat_member(
            actor=ACTOR,
            body=governance.body(),
            user=User.objects.get(pk=key),
            role="member",
            since=NOW,
        )
    vote = governance.opened(of=governance.review(project=project, to="preparation"))

    assert {one["voter"]: one["recused"] for one in vote.electorate if one["recused"]} == {
        f"user:{User.objects.get(pk=key).code}": ["donor"] for key in acting
    }
    assert {one["voter"] for one in vote.electorate if not one["recused"]} == {f"user:{other.code}"}


def test_donors_colleagues_and_who_stands_aside_have_no_vote() -> None:
    governance.charter()
    donor, colleague, speaker, aside, plain = governance.members(5)
    organisation(name="ACME  Works", members=[donor])
    organisation(name="Some University", members=[colleague, speaker])
    project = register.project(stage="preparation", donors=["acme"])
    vote = governance.called(of=governance.review(project=project, spokesperson=speaker))
    domain.stand_aside(actor=aside, vote=vote, reason="A friend works there.")

    vote = domain.open_vote(vote=vote)

    recused = {one["voter"]: one["recused"] for one in vote.electorate}
    assert recused == {
        f"user:{donor.code}": ["donor"],
        f"user:{colleague.code}": ["affiliation"],
        f"user:{speaker.code}": ["affiliation"],
        f"user:{aside.code}": ["declared"],
        f"user:{plain.code}": [],
    }
    for one in (donor, colleague, speaker, aside):
        assert refusal(governance.cast, vote=vote, voter=one) == "no-vote"
    governance.cast(vote, plain)
    assert recount([*events(), *_closing(vote)])[0].faults == ()


def _closing(vote: Vote) -> list[dict[str, Any]]:
    governance.closed(vote)
    return [event for event in events() if event["verb"] == "vote.closed"]


def test_a_person_who_donated_has_no_vote() -> None:
    governance.charter()
    voter = person(name="ada löwe")
    domain.seat_member(actor=ACTOR, body=governance.body(), user=voter, role="member")
    project = register.project(stage="preparation", donors=["ada"])

    vote = governance.opened(of=governance.review(project=project))

    assert [one["recused"] for one in vote.electorate] == [["donor"]]


def test_standing_aside_after_casting_takes_the_ballot_out() -> None:
    governance.charter()
    people = governance.members(5)
    vote = governance.opened()
    for one in people:
        governance.cast(vote, one)

    domain.stand_aside(actor=people[0], vote=vote, reason="I was offered a job.")
    again = refusal(domain.stand_aside, actor=people[0], vote=vote, reason="Again.")
    vote = governance.closed(vote)

    assert again == "aside-already"
    assert (vote.outcome["yes"], vote.outcome["aside"]) == (
        4,
        [[f"user:{people[0].code}", "recused"]],
    )
    assert recount(events())[0].faults == ()


def test_missed_meetings_suspend_from_the_vote() -> None:
    governance.charter("cncf")
    there, away = governance.members(2, of="toc")
    for day in (1, 2, 3):
        moment = NOW + timedelta(days=day)
        with clock.frozen_at(moment):
            domain.note_meeting(
                actor=ACTOR, body=governance.body("toc"), title="", held_at=moment, present=[there]
            )
    with clock.frozen_at(NOW + timedelta(days=4)):
        vote = governance.opened()

    assert [one["suspended"] for one in vote.electorate] == [False, True]
    assert refusal(governance.cast, vote=vote, voter=away) == "no-vote"
    governance.cast(vote, there)
    governance.closed(vote)
    assert recount(events())[0].faults == ()


def test_a_project_archived_during_its_vote_voids_it() -> None:
    governance.charter()
    [voter] = governance.members(1)
    vote = governance.opened()
    carry_out(
        actor=ACTOR, project=vote.review.project, to="archived", on=NOW.date(), reason="Given up."
    )

    cast = refusal(governance.cast, vote=vote, voter=voter)
    done = domain.tend_votes()

    vote.refresh_from_db()
    vote.review.refresh_from_db()
    assert (cast, done) == ("project-moved", 1)
    assert (vote.state, vote.void_reason) == (VoteState.VOID, VoidReason.PROJECT_MOVED)
    assert vote.review.state == ReviewState.VOID
    [again] = recount(events())
    assert (again.outcome, again.faults) == (None, ())


def test_a_vote_without_voters_is_void_and_another_can_be_called() -> None:
    governance.charter()
    review = governance.review()
    vote = governance.opened(of=review)

    again = governance.called(of=review)

    assert (vote.state, vote.void_reason) == (VoteState.VOID, VoidReason.NOBODY)
    assert again.state == VoteState.CALLED


def test_a_vote_that_is_called_off_ends_without_a_count() -> None:
    governance.charter()
    governance.members(1)
    vote = governance.opened()

    vote = domain.call_off(actor=ACTOR, vote=vote, reason="Two members ask for a meeting.")

    assert vote.void_reason == VoidReason.CALLED_OFF
    assert vote.review.state == ReviewState.OPEN
    assert refusal(domain.call_off, actor=ACTOR, vote=vote, reason="Again") == "vote-ended"
    assert refusal(domain.close_vote, vote=vote) == "wrong-state"


def test_the_clock_opens_and_counts_votes_once() -> None:
    governance.charter()
    governance.members(1)
    vote = governance.called()

    with clock.frozen_at(vote.opens_at):
        opened = [domain.tend_votes(), domain.tend_votes()]
    with clock.frozen_at(vote.opens_at - timedelta(hours=1)):
        jumped = domain.tend_votes()
    with clock.frozen_at(vote.closes_at):
        counted = [domain.tend_votes(), domain.tend_votes()]

    assert (opened, jumped, counted) == ([1, 0], 0, [1, 0])


def test_a_register_that_refuses_leaves_the_decision_standing() -> None:
    governance.charter()
    people = governance.members(4)
    vote = governance.opened()
    for one in people:
        governance.cast(vote, one)
    project = vote.review.project
    # A change dated after the clock's day: the register takes no earlier one.
    project.changes.create(
        from_stage="candidate",
        to_stage="preparation",
        on=(vote.closes_at + timedelta(days=2)).date(),
        recorded_at=NOW,
    )

    review = governance.closed(vote).review
    stuck = review.stuck
    with clock.frozen_at(vote.closes_at + timedelta(days=3)):
        moved = domain.tend_votes()

    review.refresh_from_db()
    project.refresh_from_db()
    assert "change before" in stuck
    assert (moved, review.stuck, project.stage) == (1, "", "incubating")


def test_roles_and_dates_that_cannot_be_are_refused() -> None:
    governance.charter()
    [voter] = governance.members(1)
    seat = voter.body_memberships.get()
    body = governance.body()
    seating = {"actor": ACTOR, "body": body, "user": voter}

    assert refusal(domain.seat_member, **seating, role="member") == "seated-already"
    assert refusal(domain.seat_member, **seating, role="emperor") == "unknown-role"
    with clock.frozen_at(NOW - timedelta(days=1)):
        assert refusal(domain.unseat_member, actor=ACTOR, membership=seat) == "dates-disordered"
    domain.unseat_member(actor=ACTOR, membership=seat)
    assert refusal(domain.unseat_member, actor=ACTOR, membership=seat) == "unseated-already"
    assert (
        refusal(
            domain.note_meeting,
            actor=ACTOR,
            body=body,
            title="",
            held_at=NOW + timedelta(days=1),
            present=[],
        )
        == "meeting-to-come"
    )


def test_a_charter_is_used_only_when_it_is_whole() -> None:
    unset = refusal(domain.adopt_charter, actor=ACTOR, text=preset_text("open-atom-like"))
    broken = refusal(domain.adopt_charter, actor=ACTOR, text="format = 1")
    governance.charter()
    twice = refusal(governance.charter)

    assert (unset, broken, twice) == ("threshold-unset", "bad-charter", "charter-in-force")


@pytest.mark.parametrize(
    "act",
    [
        lambda user, vote: domain.adopt_charter(actor=user, text=""),
        lambda user, vote: domain.open_review(
            actor=user, project=vote.review.project, to="archived", summary="x"
        ),
        lambda user, vote: domain.call_off(actor=user, vote=vote, reason="x"),
        lambda user, vote: domain.cast_ballot(actor=user, vote=vote, choice=1),
        lambda user, vote: domain.stand_aside(actor=user, vote=vote, reason="x"),
        lambda user, vote: domain.seat_member(actor=user, body=vote.body, user=user, role="member"),
    ],
)
def test_strangers_may_do_nothing(act: Any) -> None:
    governance.charter()
    governance.members(1)
    vote = governance.opened()

    with pytest.raises(NotPermitted):
        act(person(), vote)


def test_no_secret_choice_is_in_the_record_or_readable_in_the_database() -> None:
    governance.secret_charter()
    people = governance.members(4)
    vote = governance.opened()
    for one in people[:3]:
        governance.cast(vote, one, reason="BaitReason")
    governance.cast(vote, people[3], -1, reason="BaitReason")

    before = [event for event in events() if event["verb"] == "ballot.cast"]
    rows = list(Ballot.objects.values_list("choice", "reason", "salt"))
    governance.closed(vote)

    assert [sorted(json.loads(event["data"])) for event in before] == [
        ["commitment", "project", "review"]
    ] * 4
    assert rows == [(None, "", "")] * 4
    after = json.dumps(events(), default=str)
    assert "BaitReason" not in after
    closing = json.loads(next(e["data"] for e in events() if e["verb"] == "vote.closed"))
    assert sorted(closing["outcome"]) == [
        "abstain", "members", "no", "quorum_of", "result", "steps", "vetoes", "yes",
    ]  # fmt: skip
    assert [sorted(one) for one in closing["ballots"]] == [["choice", "reasoned", "tracker"]] * 4


def test_a_voter_finds_the_own_secret_ballot_in_the_list() -> None:
    governance.secret_charter()
    people = governance.members(4)
    vote = governance.opened()
    for one in people[1:]:
        governance.cast(vote, one)
    own = domain.opened(governance.cast(vote, people[0], -1, reason="Mine."))

    vote = governance.closed(vote)

    assert [one for one in vote.listed if one["tracker"] == own.tracker] == [
        {"tracker": own.tracker, "choice": -1, "reasoned": True, "reason": "Mine."}
    ]


def test_choices_are_those_of_the_engine() -> None:
    governance.charter()
    [voter] = governance.members(1)
    vote = governance.opened()

    assert refusal(governance.cast, vote=vote, voter=voter, choice=2) == "no-ballot"
    assert sorted(Choice.values) == [-1, 0, 1]


def test_voters_and_who_speaks_for_the_project_are_told() -> None:
    follow()
    governance.charter()
    [voter] = governance.members(1)
    speaker, stranger = person(), person()
    vote = governance.opened(of=governance.review(spokesperson=speaker))
    governance.cast(vote, voter)
    governance.closed(vote)

    follow()

    told = Notification.objects.order_by("pk").values_list("user_id", "verb")
    expected = ["vote.called", "vote.opened", "vote.closed"]
    assert [verb for user, verb in told if user == voter.pk] == expected
    assert [verb for user, verb in told if user == speaker.pk] == expected
    assert not [verb for user, verb in told if user == stranger.pk]
