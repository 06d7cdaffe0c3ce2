"""Teams in real life: members go, captains change, two become one, some are under age."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.domain import create_token, note_consent, say_under_age
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import Affiliation, User
from concours.platform.competitions import domain
from concours.platform.competitions.enums import InvitationState
from concours.platform.competitions.models import Entry, Participation, Team, TeamMerge
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review import domain as review
from concours.platform.review.models import ReviewRound
from tests.factories import competitions as make
from tests.factories import review as rounds
from tests.factories.competitions import day
from tests.factories.people import organisation, organiser, person

pytestmark = pytest.mark.django_db
SPRING = day(2023, 2, 1)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def key_of(user: User, *scopes: Scope) -> dict[str, str]:
    _token, key = create_token(actor=user, name="test", scopes=list(scopes), days=30)
    return {"Authorization": f"Bearer {key}"}


def refused(code: str, act: Callable[[], Any]) -> None:
    before = record.head()
    with pytest.raises(Refused) as refusal, clock.frozen_at(SPRING):
        act()
    assert refusal.value.code == code
    assert record.head() == before


def captain_of(team: Team) -> User:
    return team.memberships.get(captain=True).user


def others_of(team: Team) -> list[User]:
    return [row.user for row in team.memberships.filter(captain=False).select_related("user")]


def enter(track: Any, team: Team, **fields: Any) -> Entry:
    with clock.frozen_at(SPRING):
        return domain.enter_track(
            actor=captain_of(team), track=track, team=team, title="Work", accepted_rules=1, **fields
        )


class TestRemovingAMember:
    def test_the_captain_removes_and_the_record_names_whom_by_code(self) -> None:
        track = make.track()
        team = make.team(of=track.season, members=3)
        gone = others_of(team)[0]
        entry = enter(track, team)
        with clock.frozen_at(SPRING):
            domain.remove_member(actor=captain_of(team), team=team, user=gone)
        assert gone not in others_of(team)
        assert not Participation.objects.filter(entry=entry, user=gone).exists()
        event = Event.objects.get(verb="team.member-removed")
        assert json.loads(event.data) == {"user": gone.code}

    def test_the_named_reviewer_passes_the_duty_on_first(self) -> None:
        track = make.track()
        team = make.team(of=track.season, members=2)
        (member,) = others_of(team)
        entry = enter(track, team, reviewer=member)
        remove = lambda: domain.remove_member(  # noqa: E731
            actor=captain_of(team), team=team, user=member
        )
        refused("reviewer-stays", remove)
        with clock.frozen_at(SPRING):
            domain.name_reviewer(actor=member, entry=entry, reviewer=captain_of(team))
            remove()
        assert others_of(team) == []

    def test_strangers_members_the_captain_and_those_outside_stay_as_they_are(self) -> None:
        track = make.track()
        team = make.team(of=track.season, members=2)
        (member,), captain, stranger = others_of(team), captain_of(team), person()
        for actor in (member, stranger, organiser(season=track.season)):
            with pytest.raises(NotPermitted):
                domain.remove_member(actor=actor, team=team, user=member)
        remove = domain.remove_member
        refused("captain-stays", lambda: remove(actor=captain, team=team, user=captain))
        refused("not-a-member", lambda: remove(actor=captain, team=team, user=stranger))
        assert team.memberships.count() == 2

    def test_a_team_does_not_fall_below_its_track(self) -> None:
        track = make.track(team_size_min=2)
        team = make.team(of=track.season, members=2)
        enter(track, team)
        refused(
            "team-too-small",
            lambda: domain.remove_member(
                actor=captain_of(team), team=team, user=others_of(team)[0]
            ),
        )


class TestTheFreezeDate:
    def test_from_that_moment_on_nobody_joins_leaves_or_is_removed(self) -> None:
        freeze = SPRING + timedelta(days=3)
        track = make.track(teams_freeze_at=freeze)
        team = make.team(of=track.season, members=2)
        enter(track, team)
        (member,) = others_of(team)
        acts: list[Callable[[], Any]] = [
            lambda: domain.leave_team(actor=member, team=team),
            lambda: domain.remove_member(actor=captain_of(team), team=team, user=member),
            lambda: domain.invite(actor=captain_of(team), team=team, email="a@example.org"),
        ]
        for act in acts:
            with clock.frozen_at(freeze), pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.code == "team-frozen"
        with clock.frozen_at(freeze - timedelta(seconds=1)):
            acts[0]()
        assert others_of(team) == []

    def test_it_is_not_after_registration(self) -> None:
        with pytest.raises(Refused) as refusal:
            make.track(teams_freeze_at=day(2023, 12, 1))
        assert refusal.value.code == "dates-in-wrong-order"


class TestPassingTheTeamOn:
    def test_the_captain_becomes_a_member_frozen_or_not(self) -> None:
        track = make.track()
        team = make.team(of=track.season, members=2)
        first, (second,) = captain_of(team), others_of(team)
        enter(track, team)
        with clock.frozen_at(day(2023, 6, 1)):
            domain.pass_captaincy(actor=first, team=team, user=second)
        assert (captain_of(team), others_of(team)) == (second, [first])
        with pytest.raises(NotPermitted):
            domain.pass_captaincy(actor=first, team=team, user=first)

    def test_only_to_a_member_who_is_not_it_already(self) -> None:
        season = make.season()
        team = make.team(of=season, members=2)
        captain = captain_of(team)
        give = domain.pass_captaincy
        refused("captain-already", lambda: give(actor=captain, team=team, user=captain))
        refused("not-a-member", lambda: give(actor=captain, team=team, user=person()))
        gone = others_of(team)[0]
        User.objects.filter(pk=gone.pk).update(is_active=False)
        gone.refresh_from_db()
        refused("account-closed", lambda: give(actor=captain, team=team, user=gone))


class TestTwoTeamsBecomeOne:
    def offer(self, team: Team, into: Team) -> TeamMerge:
        with clock.frozen_at(SPRING):
            return domain.offer_merge(actor=captain_of(team), team=team, into=into)

    def test_people_and_entries_come_over_with_both_captains_word(self) -> None:
        track, season = make.track(), None
        season = track.season
        small, large = make.team(of=season, members=2), make.team(of=season, members=2)
        other = make.track(of=make.batch(of=season, number=7))
        entry, theirs = enter(track, small), enter(other, large)
        people = {captain_of(small), *others_of(small)}

        offer = self.offer(small, large)
        with pytest.raises(NotPermitted):
            domain.accept_merge(actor=captain_of(small), offer=offer)
        with pytest.raises(NotPermitted):
            domain.accept_merge(actor=others_of(large)[0], offer=offer)
        captain = captain_of(large)
        with clock.frozen_at(SPRING):
            domain.accept_merge(actor=captain, offer=offer)

        assert captain_of(large) == captain
        assert people <= set(others_of(large))
        assert not small.memberships.exists()
        entry.refresh_from_db()
        assert entry.team == large
        for one in (entry, theirs):
            assert one.participations.count() == 4
        data = json.loads(Event.objects.get(verb="team.merged").data)
        assert (data["from"], data["entries"]) == (small.code, [entry.code])
        refused("offer-over", lambda: domain.accept_merge(actor=captain, offer=offer))

    def test_not_where_both_are_in_a_track(self) -> None:
        track = make.track()
        one, other = make.team(of=track.season), make.team(of=track.season)
        enter(track, one)
        enter(track, other)
        refused(
            "both-entered",
            lambda: domain.offer_merge(actor=captain_of(one), team=one, into=other),
        )

    def test_not_beyond_the_size_nor_once_frozen_nor_across_seasons(self) -> None:
        track = make.track(team_size_max=2)
        one, other = make.team(of=track.season, members=2), make.team(of=track.season)
        enter(track, one)
        offer = lambda: domain.offer_merge(  # noqa: E731
            actor=captain_of(other), team=other, into=one
        )
        refused("team-too-large", offer)
        with clock.frozen_at(track.registration_closes_at), pytest.raises(Refused) as refusal:
            offer()
        assert refusal.value.code == "team-frozen"
        strange = make.team(of=make.season())
        refused(
            "other-season",
            lambda: domain.offer_merge(actor=captain_of(one), team=one, into=strange),
        )
        refused("same-team", lambda: domain.offer_merge(actor=captain_of(one), team=one, into=one))

    def test_what_changed_since_the_offer_is_looked_at_again(self) -> None:
        track = make.track()
        one, other = make.team(of=track.season), make.team(of=track.season)
        offer = self.offer(one, other)
        enter(track, one)
        enter(track, other)
        refused("both-entered", lambda: domain.accept_merge(actor=captain_of(other), offer=offer))
        assert one.memberships.count() == other.memberships.count() == 1

    def test_somebody_of_both_stays_once_and_one_elsewhere_stops_it(self) -> None:
        track = make.track()
        shared = person()
        one, other = make.team(of=track.season, captain=shared), make.team(of=track.season)
        from django.db import transaction

        from concours.platform.competitions.domain.teams import add_member

        with clock.frozen_at(SPRING), transaction.atomic():
            add_member(actor=shared, team=other, user=shared)
        with clock.frozen_at(SPRING):
            domain.accept_merge(actor=captain_of(other), offer=self.offer(one, other))
        assert other.memberships.filter(user=shared).count() == 1

        busy = person()
        third = make.team(of=track.season, captain=busy)
        enter(track, third)
        fourth = make.team(of=track.season, captain=busy)
        enter(track, other)
        offer = self.offer(fourth, other)
        refused("in-two-teams", lambda: domain.accept_merge(actor=captain_of(other), offer=offer))
        assert fourth.memberships.count() == 1

    def test_offers_are_declined_withdrawn_and_one_at_a_time(self) -> None:
        season = make.season()
        one, other = make.team(of=season), make.team(of=season)
        offer = self.offer(one, other)
        refused(
            "offered-already",
            lambda: domain.offer_merge(actor=captain_of(one), team=one, into=other),
        )
        with pytest.raises(NotPermitted):
            domain.withdraw_merge(actor=captain_of(other), offer=offer)
        domain.decline_merge(actor=captain_of(other), offer=offer)
        refused("offer-over", lambda: domain.withdraw_merge(actor=captain_of(one), offer=offer))
        domain.withdraw_merge(actor=captain_of(one), offer=self.offer(one, other))
        states = set(TeamMerge.objects.values_list("state", flat=True))
        assert states == {InvitationState.DECLINED, InvitationState.WITHDRAWN}


class TestPassingReviewsOn:
    @pytest.fixture
    def round_(self, tmp_path: Path) -> ReviewRound:
        made = rounds.planned(entries=8, folder=tmp_path)
        with clock.frozen_at(SPRING):
            team = make.team(of=made.track.season, members=3, name="Trio")
            entry = enter(made.track, team)
            make.submission(of=entry, folder=tmp_path)
        rounds.to_review(made)
        with clock.frozen_at(rounds.OPENS):
            return review.assign_reviews(actor=make.ACTOR, round=made)

    def parts(self, round_: ReviewRound) -> tuple[Entry, User, list[User]]:
        entry = Entry.objects.select_related("team", "reviewer").get(team__name="Trio")
        return entry, captain_of(entry.team), others_of(entry.team)

    def move(self, round_: ReviewRound, entry: Entry, actor: User, to: User) -> int:
        with clock.frozen_at(rounds.DURING):
            return review.transfer_duties(actor=actor, round=round_, entry=entry, to=to)

    def test_what_is_written_stays_and_the_rest_moves(self, round_: ReviewRound) -> None:
        entry, captain, (second, third) = self.parts(round_)
        first = round_.assignments.filter(reviewer_entry=entry).first()
        assert first is not None
        rounds.write(first)
        assert self.move(round_, entry, captain, second) == 2
        first.refresh_from_db()
        assert first.reviewer == captain
        rest = round_.assignments.filter(reviewer_entry=entry, reviewer=second)
        assert rest.count() == 2
        entry.refresh_from_db()
        assert self.move(round_, entry, second, third) == 2
        assert review.verify_assignment(round=round_) == []
        for duty in round_.assignments.filter(state="pending").select_related("reviewer"):
            rounds.write(duty, idea=duty.pk % 6)
        with clock.frozen_at(rounds.AFTER):
            closed = review.close_round(actor=make.ACTOR, round=round_)
            review.screen_reviews(actor=make.ACTOR, round=closed)
            snapshot = review.compute_standings(actor=make.ACTOR, round=closed)
        assert snapshot.review_count == 27
        assert review.verify_standings(snapshot=snapshot) == []

    def test_a_second_affiliation_of_the_new_reviewer_is_a_conflict(
        self, round_: ReviewRound
    ) -> None:
        entry, captain, (second, third) = self.parts(round_)
        duty = round_.assignments.filter(reviewer_entry=entry).select_related("entry").first()
        assert duty is not None
        organisation(members=[second])
        shared = organisation(members=[second])
        Affiliation.objects.create(user=duty.entry.reviewer, organisation=shared)
        with clock.frozen_at(rounds.DURING), pytest.raises(Refused) as refusal:
            review.transfer_duties(actor=captain, round=round_, entry=entry, to=second)
        assert refusal.value.code == "conflict"
        entry.refresh_from_db()
        assert entry.reviewer == captain
        assert self.move(round_, entry, captain, third) == 3

    def test_who_may_not_and_when_not(self, round_: ReviewRound) -> None:
        entry, captain, (second, third) = self.parts(round_)
        for actor, to in ((second, second), (person(), second), (organiser(), second)):
            with pytest.raises(NotPermitted):
                self.move(round_, entry, actor, to)
        for to, code in ((person(), "reviewer-not-of-team"), (captain, "reviewer-already")):
            with pytest.raises(Refused) as refusal:
                self.move(round_, entry, captain, to)
            assert refusal.value.code == code
        with clock.frozen_at(rounds.CLOSES), pytest.raises(Refused) as refusal:
            review.transfer_duties(actor=captain, round=round_, entry=entry, to=third)
        assert refusal.value.code == "reviews-closed"
        assert not Event.objects.filter(verb="duties.transferred").exists()

    def test_the_page_passes_them_on(
        self, round_: ReviewRound, signed_in: Callable[[User], Client]
    ) -> None:
        entry, captain, (second, _third) = self.parts(round_)
        url = f"/entries/{entry.code}/reviews/pass-on/"
        with clock.frozen_at(rounds.DURING):
            assert signed_in(person()).get(url).status_code == 404
            assert url in signed_in(captain).get(f"/entries/{entry.code}/").content.decode()
            assert signed_in(captain).get(url).status_code == 200
            assert signed_in(captain).post(url, {"to": "nobody"}).status_code == 200
            assert signed_in(captain).post(url, {"to": second.code}).status_code == 302
            assert len(review.duties_of(user=second)) == 3


class TestPeopleUnderAge:
    def test_they_enter_only_once_consent_is_noted(self) -> None:
        track = make.track()
        young = person()
        say_under_age(actor=young, under_age=True)
        team = make.team(of=track.season, captain=young)
        with pytest.raises(Refused) as refusal:
            enter(track, team)
        assert refusal.value.code == "not-yet"
        assert "age" not in str(refusal.value.message).replace("page", "")
        young.refresh_from_db()
        for actor in (young, person(), organiser(season=make.season())):
            with pytest.raises(NotPermitted):
                note_consent(actor=actor, user=young, season=track.season)
        staff = organiser(season=track.season)
        note_consent(actor=staff, user=young, season=track.season)
        with pytest.raises(Refused):
            note_consent(actor=staff, user=young, season=track.season)
        assert enter(track, team).team == team

    def test_nor_by_joining_a_team_that_has_entered(self) -> None:
        track, young = make.track(), person()
        say_under_age(actor=young, under_age=True)
        young.refresh_from_db()
        team = make.team(of=track.season)
        enter(track, team)
        with clock.frozen_at(SPRING):
            _one, key = domain.invite(actor=captain_of(team), team=team, email=young.email)
        refused("not-yet", lambda: domain.accept_invitation(actor=young, key=key))

    def test_the_record_tells_nobodys_age_and_who_says_it_anew_waits_anew(self) -> None:
        young, season = person(), make.season()
        say_under_age(actor=young, under_age=True)
        note_consent(actor=make.ACTOR, user=young, season=season)
        say_under_age(actor=young, under_age=False)
        say_under_age(actor=young, under_age=True)
        young.refresh_from_db()
        assert young.consent_seen_at is None
        told = "".join(f"{e.subject}{e.data}" for e in Event.objects.filter(verb="consent.noted"))
        assert young.code not in told
        assert "true" not in "".join(
            event.data for event in Event.objects.filter(verb="profile.edited")
        )

    def test_the_pages_say_note_and_list(self, signed_in: Callable[[User], Client]) -> None:
        season = make.season()
        young, staff = person(name="Xiao Ming"), organiser(season=season)
        make.team(of=season, captain=young)
        client = signed_in(young)
        client.post("/account/profile/age/", {"under_age": "on"})
        assert "guardian" in client.get("/account/profile/").content.decode()
        desk = f"/seasons/{season.slug}/desk/"
        page = signed_in(staff).get(desk).content.decode()
        assert "Xiao Ming" in page
        url = f"{desk}consents/{young.code}/"
        assert signed_in(young).post(url).status_code == 404
        assert signed_in(staff).post(f"{desk}consents/{person().code}/").status_code == 404
        signed_in(staff).post(url)
        young.refresh_from_db()
        assert young.consent_seen_at is not None
        assert "Xiao Ming" not in signed_in(staff).get(desk).content.decode()
        assert "under age" not in signed_in(person()).get(f"/people/{young.code}/").content.decode()


class TestTeamPages:
    def test_a_captain_removes_passes_on_and_merges(
        self, signed_in: Callable[[User], Client]
    ) -> None:
        season = make.season()
        one, other = make.team(of=season, members=3), make.team(of=season)
        captain, (second, third) = captain_of(one), others_of(one)
        client = signed_in(captain)
        page = f"/teams/{one.code}/"
        assert "Make captain" in client.get(page).content.decode()
        assert "Make captain" not in signed_in(second).get(page).content.decode()
        client.post(f"{page}members/{third.code}/remove/")
        assert third not in others_of(one)
        assert (
            "no team" in client.post(f"{page}merge/", {"into": "nothing"}).content.decode().lower()
        )
        client.post(f"{page}merge/", {"into": other.code})
        offer = TeamMerge.objects.get()
        theirs = signed_in(captain_of(other))
        assert one.name in theirs.get(f"/teams/{other.code}/").content.decode()
        assert signed_in(person()).post(f"/merges/{offer.code}/accept/").status_code == 404
        assert signed_in(second).post(f"/merges/{offer.code}/accept/").status_code in {403, 404}
        client.post(f"{page}members/{second.code}/captain/")
        assert captain_of(one) == second
        theirs.post(f"/merges/{offer.code}/accept/")
        assert other.memberships.count() == 3

    def test_strangers_find_nothing(self, signed_in: Callable[[User], Client]) -> None:
        season = make.season()
        team = make.team(of=season, members=2)
        (member,) = others_of(team)
        stranger = signed_in(person())
        for page in ("merge/", f"members/{member.code}/remove/", f"members/{member.code}/captain/"):
            assert stranger.post(f"/teams/{team.code}/{page}").status_code == 404
        assert team.memberships.count() == 2


class TestApi:
    def test_teams_are_managed_by_key_and_only_by_their_captain(self) -> None:
        season = make.season()
        one, other = make.team(of=season, members=3), make.team(of=season)
        second, third = others_of(one)
        headers = key_of(captain_of(one), Scope.ENTER, Scope.READ)
        theirs = key_of(captain_of(other), Scope.ENTER, Scope.READ)

        def post(path: str, body: Any = None, by: Any = headers) -> Any:
            return Client().post(
                f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=by
            )

        gone = Client().delete(f"/api/v1/teams/{one.code}/members/{third.code}", headers=headers)
        assert (gone.status_code, len(gone.json()["members"])) == (200, 2)
        assert post(f"teams/{one.code}/captain", {"member": third.code}).status_code == 404
        assert post(f"teams/{one.code}/merges", {"into": other.code}, by=theirs).status_code == 404
        offer = post(f"teams/{one.code}/merges", {"into": other.code})
        assert offer.status_code == 201
        code = offer.json()["code"]
        assert post(f"merges/{code}/accept").status_code == 403
        stranger = key_of(person(), Scope.ENTER, Scope.READ)
        assert post(f"merges/{code}/accept", by=stranger).status_code == 404
        assert post(f"merges/{code}/decline", by=theirs).json()["state"] == "declined"
        assert post(f"merges/{code}/withdraw").status_code == 409
        assert post(f"teams/{one.code}/captain", {"member": second.code}).status_code == 200
        again = key_of(second, Scope.ENTER, Scope.READ)
        code = post(f"teams/{one.code}/merges", {"into": other.code}, by=again).json()["code"]
        assert post(f"merges/{code}/accept", by=theirs).json()["code"] == other.code
        assert len(Client().get("/api/v1/merges", headers=theirs).json()) == 2
        assert Client().get("/api/v1/merges", headers=stranger).json() == []
