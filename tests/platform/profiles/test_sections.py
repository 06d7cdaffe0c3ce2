"""What each section tells, by which events, and what never stands in it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from concours.platform.accounts.domain.deeds import sections_in_order
from concours.platform.accounts.models import User
from concours.platform.awards.domain.deeds import awards_of, entries_of
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Phase
from concours.platform.core import clock
from concours.platform.governance import domain as governing
from concours.platform.governance.domain.deeds import committees_of
from concours.platform.incubation import domain as incubating
from concours.platform.incubation.domain.deeds import mentoring_of
from concours.platform.record.models import Event
from concours.platform.review import domain as reviewing
from concours.platform.review.domain.deeds import RATED_WITHIN, reviews_of
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind
from concours.platform.review.models import Assignment, ReviewRound
from tests.factories import awards, competitions, governance, incubation, profiles, review
from tests.factories.people import person

pytestmark = pytest.mark.django_db


def verbs(deed: Any) -> list[str]:
    return [Event.objects.get(seq=one.seq, digest=one.digest).verb for one in deed.events]


def hide_names(track: Any) -> None:
    Phase.objects.filter(track=track).update(names_visible=False)


def test_sections_are_in_order_and_named_once() -> None:
    names = [one.name for one in sections_in_order()]

    assert set(profiles.ALL) <= set(names)
    assert len(set(names)) == len(names)


def test_a_place_is_told_with_its_team_and_the_result_that_proves_it(tmp_path: Path) -> None:
    result = profiles.decided(folder=tmp_path)
    user = profiles.winner(result)
    line = result.lines.order_by("position")[0]

    [deed] = entries_of(user)

    assert deed.title == line.entry.title
    assert (deed.data["place"], deed.data["of"]) == (1, 12)
    assert deed.data["team"] == line.entry.team.name
    assert verbs(deed) == ["result.published"]
    assert list(entries_of(person())) == []


def test_awards_are_told_without_money(tmp_path: Path) -> None:
    result = profiles.decided(folder=tmp_path)

    [deed] = awards_of(profiles.winner(result))

    assert deed.data["award"] == "First prize"
    assert verbs(deed) == ["result.published"]
    assert "1000000" not in json.dumps(deed.data).replace("_", "")


def test_a_result_that_is_a_draft_or_was_replaced_tells_nothing(tmp_path: Path) -> None:
    result = awards.computed(folder=tmp_path)
    user = profiles.winner(result)

    assert (list(entries_of(user)), list(awards_of(user))) == ([], [])


def test_teams_without_a_public_name_are_not_told_of(tmp_path: Path) -> None:
    result = profiles.decided(folder=tmp_path)
    user = profiles.winner(result)
    hide_names(result.track)

    assert (list(entries_of(user)), list(awards_of(user))) == ([], [])


def test_an_entry_that_was_taken_out_is_not_told_of(tmp_path: Path) -> None:
    result = profiles.decided(folder=tmp_path)
    user = profiles.winner(result)
    entry = result.lines.order_by("position")[0].entry
    entry.state = "disqualified"
    entry.save(update_fields=["state"])

    assert (list(entries_of(user)), list(awards_of(user))) == ([], [])


def a_reviewer(round_: ReviewRound) -> User:
    found: User = round_.assignments.order_by("pk")[0].reviewer
    return found


def rate(duty: Assignment, rating: int) -> None:
    alias = aliases_of(round=duty.round, kind=AliasKind.REVIEWER)[duty.reviewer_id]
    captain = competitions.captain_of(duty.entry.team)
    reviewing.rate_review(actor=captain, entry=duty.entry, alias=alias, rating=rating)


def rate_all(round_: ReviewRound) -> None:
    """All reviews, by the teams, a week after the standings; numbers follow from the reviewer."""
    with clock.frozen_at(review.AFTER + timedelta(days=7)):
        for duty in round_.assignments.select_related("round__track__phase", "entry__team"):
            rate(duty, 1 + duty.reviewer_id % 5)


def test_reviews_are_told_by_the_round_alone(tmp_path: Path) -> None:
    round_ = profiles.reviewed(folder=tmp_path)

    [deed] = reviews_of(a_reviewer(round_))

    assert (deed.data["at_least"], deed.data["as_reviewers"]) == (3, 12)
    assert verbs(deed) == ["standings.published"]
    assert "usefulness" not in deed.data


def test_everybody_is_told_of_like_at_least_ten(tmp_path: Path) -> None:
    round_ = profiles.reviewed(folder=tmp_path)
    rate_all(round_)
    people = {duty.reviewer for duty in round_.assignments.select_related("reviewer")}

    told = [json.dumps(next(iter(reviews_of(one))).data, sort_keys=True) for one in people]

    assert len(told) == 12
    assert len(set(told)) == 1
    assert json.loads(told[0])["usefulness"]["as_reviewers"] == 12


def test_a_rating_moves_nothing_until_all_are_in_and_nothing_after(tmp_path: Path) -> None:
    round_ = profiles.reviewed(folder=tmp_path)
    user = a_reviewer(round_)
    [first, second, *_rest] = round_.assignments.filter(reviewer=user).select_related(
        "round__track__phase", "entry__team"
    )
    seen = []
    for day, act in ((1, lambda: rate(first, 5)), (40, lambda: rate(second, 1))):
        with clock.frozen_at(review.AFTER + timedelta(days=day)):
            seen.append(next(iter(reviews_of(user))).data)
            act()
            seen.append(next(iter(reviews_of(user))).data)

    assert seen[0] == seen[1]
    assert "usefulness" not in seen[1]
    assert "usefulness" in seen[2]
    assert seen[2] == seen[3]
    assert timedelta(days=1) < RATED_WITHIN < timedelta(days=40)


def test_of_a_small_round_and_one_that_is_not_released_nothing_is_told(tmp_path: Path) -> None:
    small = profiles.reviewed(folder=tmp_path, entries=9)
    computed = review.computed(entries=12, folder=tmp_path).round

    assert list(reviews_of(a_reviewer(small))) == []
    assert list(reviews_of(a_reviewer(computed))) == []


def test_standings_that_are_not_shown_now_are_not_told_of(tmp_path: Path) -> None:
    round_ = review.published(entries=12, folder=tmp_path).round
    competitions.advance(round_.track, to=PhaseKind.RESULT)
    Phase.objects.filter(track=round_.track).update(scores_visible=False)

    assert list(reviews_of(a_reviewer(round_))) == []


def test_whoever_did_less_than_all_others_is_not_told_of(tmp_path: Path) -> None:
    round_ = review.published(entries=14, folder=tmp_path, but_first=True).round
    competitions.advance(round_.track, to=PhaseKind.RESULT)
    first = a_reviewer(round_)
    other = round_.assignments.exclude(reviewer=first).order_by("pk")[0].reviewer

    assert list(reviews_of(first)) == []
    assert next(iter(reviews_of(other))).data["as_reviewers"] == 13


def test_seats_are_told_with_the_event_of_each() -> None:
    with clock.frozen_at(governance.NOW):
        governance.charter()
        [member, other] = governance.members(2)
        governing.unseat_member(actor=governance.ACTOR, membership=other.body_memberships.get())

    [seat] = committees_of(member)
    [ended] = committees_of(other)

    assert seat.data["role"] == "member"
    assert (seat.data["until"] is None, ended.data["until"] is None) == (True, False)
    assert (verbs(seat), verbs(ended)) == (["member.seated"], ["member.seated"])
    assert seat.events != ended.events
    assert list(committees_of(person())) == []


@pytest.mark.parametrize("secret", [False, True])
def test_votes_are_counted_where_ballots_are_open(secret: bool) -> None:
    with clock.frozen_at(governance.NOW):
        if secret:
            governance.secret_charter()
        else:
            governance.charter()
        [voter, silent] = governance.members(2)
        vote = governance.opened()
        governance.cast(vote, voter)
    with clock.frozen_at(vote.opens_at):
        before = next(iter(committees_of(voter))).data["open_votes"]
    governance.closed(vote)

    [voted], [did_not] = committees_of(voter), committees_of(silent)

    assert before == 0
    assert voted.data["open_votes"] == (0 if secret else 1)
    assert verbs(voted) == ["member.seated", *([] if secret else ["vote.closed"])]
    assert did_not.data["open_votes"] == 0


def test_a_seat_that_begins_later_is_not_told_of_yet() -> None:
    with clock.frozen_at(governance.NOW):
        governance.charter()
        user = person()
        governing.seat_member(
            actor=governance.ACTOR,
            body=governance.body(),
            user=user,
            role="member",
            since=governance.NOW + timedelta(days=5),
        )
        assert list(committees_of(user)) == []
    with clock.frozen_at(governance.NOW + timedelta(days=5)):
        assert len(list(committees_of(user))) == 1


def test_mentoring_is_told_with_what_was_signed_off_until_it_ended() -> None:
    with clock.frozen_at(incubation.NOW):
        began = incubation.incubation()
        looked_after = incubation.mentoring(of=began.project)
    later = incubation.NOW + timedelta(days=100)
    mentor = looked_after.mentor
    with clock.frozen_at(later):
        report = incubation.report(began)
        incubating.act_on_report(actor=mentor.user, report=report, kind="signed-off")
        incubating.end_mentoring(actor=mentor.user, mentoring=looked_after, reason="no time")

    [deed] = mentoring_of(mentor.user)

    assert deed.title == str(began.project)
    assert deed.data == {
        "project": began.project.name,
        "since": incubation.NOW.isoformat(),
        "until": later.isoformat(),
        "reports_signed_off": 1,
    }
    assert verbs(deed) == ["mentor.assigned", "mentor.released"]
    assert "no time" not in repr(deed)
    assert list(mentoring_of(person())) == []
