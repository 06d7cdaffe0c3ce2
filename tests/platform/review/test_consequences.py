"""What follows from undone duties is what the round's rules name, each time told and recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.competitions.enums import EntryState, PhaseKind
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain.consequences import Duty
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind, AssignmentState, RoundState
from concours.platform.review.methods import Methods, faults_of, methods_of
from concours.platform.review.models import Assignment, ReviewRound
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.competitions import ACTOR
from tests.factories.people import organiser, person
from tests.platform.review.helpers import desk_url, duty_of, events, refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
State = AssignmentState


def round_with(folder: Path, **methods: Any) -> ReviewRound:
    return make.assigned(entries=8, folder=folder, methods=methods)


def close_without(round_: ReviewRound, left: list[Assignment]) -> ReviewRound:
    """The round closed with all reviews written but those."""
    keys = [duty.pk for duty in left]
    for duty in round_.assignments.exclude(pk__in=keys).select_related("reviewer"):
        make.write(duty)
    with clock.frozen_at(make.AFTER):
        return domain.close_round(actor=ACTOR, round=round_)


def duties(round_: ReviewRound, of: User) -> list[Assignment]:
    return list(round_.assignments.filter(reviewer=of).select_related("reviewer_entry"))


def names(round_: ReviewRound, duty: Assignment) -> dict[str, str]:
    return {
        "reviewer": aliases_of(round=round_, kind=AliasKind.REVIEWER)[duty.reviewer_id],
        "entry": aliases_of(round=round_, kind=AliasKind.ENTRY)[duty.entry_id],
    }


@pytest.mark.parametrize(
    ("owed", "undone", "percent", "beyond"),
    [
        (3, 2, 50, True),
        (4, 2, 50, False),
        (3, 1, 33, True),
        (3, 1, 34, False),
        (5, 0, 0, False),
        (5, 1, 0, True),
        (5, 5, 99, True),
        (5, 5, 100, False),
        (0, 0, 0, False),
    ],
)
def test_a_share_is_exceeded_or_not(owed: int, undone: int, percent: int, beyond: bool) -> None:
    assert Duty(owed=owed, defaulted=undone).beyond(percent) is beyond


@pytest.mark.parametrize(
    "values",
    [
        {"reminder_days": [0]},
        {"reminder_days": [3, 3]},
        {"reminder_days": "7"},
        {"reminder_days": [True]},
        {"reminder_days": list(range(1, 12))},
        {"replace_days": -1},
        {"replace_days": 61},
        {"replace_days": None},
        {"withhold_reviews": 1},
        {"finalist_undone": 101},
        {"disqualify_undone": 50.0},
    ],
)
def test_rules_that_cannot_be_are_named(values: dict[str, Any]) -> None:
    (fault,) = faults_of(values)
    assert fault.key == next(iter(values))


def test_rules_come_back_from_what_is_stored() -> None:
    chosen = Methods(reminder_days=(5, 1), replace_days=3, withhold_reviews=True)
    stored = json.loads(json.dumps({"methods": chosen.as_json()}))
    assert methods_of(stored) == chosen
    older = {key: value for key, value in stored["methods"].items() if "days" not in key}
    assert methods_of({"methods": older}).replace_days == 0, "nobody was told of it then"


class TestTheClose:
    def test_by_the_usual_rules_a_third_undone_has_no_consequence(self, tmp_path: Path) -> None:
        round_ = round_with(tmp_path)
        duty = duty_of(round_)
        close_without(round_, [duty])
        assert not Event.objects.filter(verb="duty.undone").exists()
        (told,) = domain.undone_by(user=duty.reviewer)
        assert (told.owed, told.undone, told.consequences) == (3, 1, [])

    def test_each_consequence_that_the_rules_name_is_an_event_and_is_told(
        self, tmp_path: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        round_ = round_with(
            tmp_path, withhold_reviews=True, finalist_undone=30, disqualify_undone=60
        )
        duty = duty_of(round_)
        duty.reviewer.language = "zh-hans"
        duty.reviewer.save()
        with django_capture_on_commit_callbacks(execute=True):
            close_without(round_, duties(round_, duty.reviewer)[:2])
        event = Event.objects.get(verb="duty.undone")
        assert json.loads(event.data) == {
            "owed": 3,
            "undone": 2,
            "follows": ["no-finalist", "reviews-withheld", "disqualified"],
        }
        assert Event.objects.filter(verb="entry.disqualified").count() == 1
        entry = duty.reviewer_entry
        assert entry is not None
        entry.refresh_from_db()
        assert entry.state == EntryState.DISQUALIFIED
        (message,) = [one for one in mail.outbox if duty.reviewer.email in one.to]
        assert "取消资格" in message.body
        (told,) = domain.undone_by(user=duty.reviewer)
        assert len(told.consequences) == 3

    def test_nobody_else_is_disqualified_and_never_by_the_usual_rules(self, tmp_path: Path) -> None:
        round_ = round_with(tmp_path)
        close_without(round_, duties(round_, duty_of(round_).reviewer))
        states = set(round_.track.entries.values_list("state", flat=True))
        assert states == {EntryState.ENTERED}
        event = Event.objects.get(verb="duty.undone")
        assert json.loads(event.data)["follows"] == ["no-finalist"]

    def test_the_finalists_share_is_the_rules_own(self, tmp_path: Path) -> None:
        round_ = round_with(tmp_path, finalist_undone=30)
        duty = duty_of(round_)
        closed = close_without(round_, [duty])
        with clock.frozen_at(make.AFTER):
            snapshot = domain.compute_standings(actor=ACTOR, round=closed)
        barred = snapshot.standings.filter(duty_fulfilled=False)
        assert [row.entry_id for row in barred] == [duty.reviewer_entry_id]
        assert domain.verify_standings(snapshot=snapshot) == []


class TestReminders:
    def test_they_leave_on_the_days_of_the_rules(self, tmp_path: Path) -> None:
        round_with(tmp_path, reminder_days=[10])
        for before, count in ((11, 0), (10, 8), (7, 0), (1, 0)):
            with clock.frozen_at(make.CLOSES - timedelta(days=before)):
                assert domain.send_reminders() == count

    def test_none_where_the_rules_name_none(self, tmp_path: Path) -> None:
        round_with(tmp_path, reminder_days=[])
        with clock.frozen_at(make.CLOSES - timedelta(days=1)):
            assert domain.send_reminders() == 0


class TestWithholding:
    def published(self, folder: Path, **methods: Any) -> tuple[ReviewRound, Assignment]:
        round_ = round_with(folder, **methods)
        duty = duty_of(round_)
        closed = close_without(round_, [duty])
        with clock.frozen_at(make.AFTER):
            snapshot = domain.compute_standings(actor=ACTOR, round=closed)
            domain.publish_standings(actor=ACTOR, snapshot=snapshot)
        competitions.advance(round_.track, to=PhaseKind.RESULT)
        return ReviewRound.objects.get(pk=round_.pk), duty

    def read(self, duty: Assignment, user: User) -> int:
        entry = competitions.Entry.objects.select_related("track__phase", "track__season").get(
            pk=duty.reviewer_entry_id
        )
        return len(domain.reviews_released_to(user=user, entry=entry))

    def test_own_reviews_are_withheld_until_the_duty_is_excused(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        round_, duty = self.published(tmp_path, withhold_reviews=True)
        assert duty.reviewer_entry is not None
        page = f"/entries/{duty.reviewer_entry.code}/reviews/"
        assert self.read(duty, duty.reviewer) == 0
        answer = signed_in(duty.reviewer).get(page).content.decode()
        assert "withheld" in answer
        assert "Good." not in answer
        assert self.read(duty, organiser(season=round_.track.season)) == 3

        before = domain.snapshot_for(user=ACTOR, track=round_.track)
        domain.excuse_duty(actor=ACTOR, round=round_, **names(round_, duty), reason="Ill")

        assert self.read(duty, duty.reviewer) == 3
        assert before is not None
        assert domain.verify_standings(snapshot=before) == [], "what is published stays"
        refused(
            "nothing-to-excuse",
            lambda: domain.excuse_duty(
                actor=ACTOR, round=round_, **names(round_, duty), reason="Ill"
            ),
        )

    def test_others_and_tracks_without_the_rule_read_theirs(self, tmp_path: Path) -> None:
        _round, duty = self.published(tmp_path)
        assert self.read(duty, duty.reviewer) == 3


class TestExcusing:
    def test_an_undone_duty_that_is_excused_counts_on_neither_side(self, tmp_path: Path) -> None:
        round_ = round_with(tmp_path)
        mine = duties(round_, duty_of(round_).reviewer)
        closed = close_without(round_, mine[:2])
        assert domain.undone_by(user=mine[0].reviewer)[0].undone == 2
        domain.excuse_duty(actor=ACTOR, round=closed, **names(round_, mine[0]), reason="Ill")
        (told,) = domain.undone_by(user=mine[0].reviewer)
        assert (told.owed, told.undone, told.consequences) == (2, 1, [])
        assert "Ill" not in events()

    def test_one_still_to_do_goes_to_somebody_else(self, tmp_path: Path) -> None:
        round_ = make.assigned(entries=12, folder=tmp_path)
        duty = duty_of(round_)
        with clock.frozen_at(make.DURING):
            domain.excuse_duty(actor=ACTOR, round=round_, **names(round_, duty), reason="Ill")
        assert round_.assignments.get(given_in=1).entry_id == duty.entry_id
        assert domain.verify_assignment(round=round_) == []

    def test_a_written_one_a_stranger_and_no_reason_are_refused(self, tmp_path: Path) -> None:
        round_ = round_with(tmp_path)
        duty = duty_of(round_)
        told = names(round_, duty)

        def excuse(actor: Any = ACTOR, reason: str = "Ill", **fields: Any) -> Any:
            return domain.excuse_duty(
                actor=actor, round=round_, reason=reason, **{**told, **fields}
            )

        with clock.frozen_at(make.DURING):
            refused("reason-needed", lambda: excuse(reason=" "))
            refused("bad-text", lambda: excuse(reason="a\x00"))
            refused("too-long", lambda: excuse(reason="x" * 2_001))
            for stranger in (person(), duty.reviewer):
                with pytest.raises(NotPermitted):
                    excuse(actor=stranger)
            for wrong in ({"entry": "ZZZZZ"}, {"reviewer": "ZZZZZ"}, {"entry": ""}):
                with pytest.raises(NotPermitted):
                    excuse(**wrong)
            make.write(duty)
            refused("nothing-to-excuse", excuse)


class TestPages:
    def test_two_buttons_declare_and_the_kind_is_recorded(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        round_ = make.assigned(entries=12, folder=tmp_path)
        duty = duty_of(round_)
        client = signed_in(duty.reviewer)
        with clock.frozen_at(make.DURING):
            page = client.get(f"/reviews/{duty.code}/").content.decode()
            assert 'name="kind" value="recognised"' in page
            assert 'name="kind" value="close"' in page
            odd = client.post(
                f"/reviews/{duty.code}/conflict/", {"kind": "lazy", "reason": "No time"}
            )
            assert odd.status_code == 200
            client.post(
                f"/reviews/{duty.code}/conflict/", {"kind": "recognised", "reason": "The icon"}
            )
            assert client.get(f"/reviews/{duty.code}/archive/").status_code == 404
        duty.refresh_from_db()
        assert (duty.state, duty.declared) == (State.LIFTED, "recognised")
        new = round_.assignments.select_related("reviewer").get(given_in=1)
        with clock.frozen_at(make.DURING):
            assert (
                "given to you"
                in signed_in(new.reviewer).get(f"/reviews/{new.code}/").content.decode()
            )

    def test_the_desk_replaces_removes_excuses_and_names(
        self, tmp_path: Path, signed_in: SignIn
    ) -> None:
        round_ = make.assigned(entries=12, folder=tmp_path)
        staff, helper = organiser(season=round_.track.season), person()
        client = signed_in(staff)
        duty, other = duty_of(round_), round_.assignments.order_by("pk").last()
        assert other is not None
        told = names(round_, duty)

        def post(page: str, **fields: str) -> Any:
            return client.post(desk_url(round_, page), fields, follow=True)

        with clock.frozen_at(make.DURING):
            assert "Nobody is late" in post("replace/").content.decode()
            assert post("reserve/", email=helper.email).status_code == 200
            post("excuse/", **told, reason="Ill")
            missing = post("excuse/", **told, reason="Ill").content.decode()
            assert "nothing to excuse" in missing
            post("remove/", alias=names(round_, other)["reviewer"], reason="Asked")
            page = client.get(desk_url(round_)).content.decode()
        assert helper.display_name in page
        assert "Ill" in page
        assert round_.assignments.filter(state=State.EXCUSED).count() == 4
        alias = aliases_of(round=round_, kind=AliasKind.REVIEWER)[helper.pk]
        with clock.frozen_at(make.DURING):
            post("reserve/release/", alias=alias)
        assert round_.emergency_reviewers.get().released

    @pytest.mark.parametrize(
        "page", ["replace/", "remove/", "excuse/", "reserve/", "reserve/release/"]
    )
    def test_strangers_find_nothing(self, small: ReviewRound, signed_in: SignIn, page: str) -> None:
        fields = {**names(small, duty_of(small)), "alias": "R2", "reason": "x", "email": "a@b.de"}
        for user in (person(), duty_of(small).reviewer):
            answer = signed_in(user).post(desk_url(small, page), fields)
            assert answer.status_code == 404
        assert Client().post(desk_url(small, page), fields).status_code == 302
        assert set(small.assignments.values_list("state", flat=True)) == {State.PENDING}

    def test_a_late_reviewer_reads_what_happened(self, tmp_path: Path, signed_in: SignIn) -> None:
        round_ = make.assigned(entries=12, folder=tmp_path, methods={"withhold_reviews": True})
        duty = duty_of(round_)
        for other in round_.assignments.exclude(reviewer=duty.reviewer).select_related("reviewer"):
            make.write(other)
        with clock.frozen_at(make.CLOSES - timedelta(hours=3)):
            domain.replace_due()
            client = signed_in(duty.reviewer)
            assert "Given to somebody else" in client.get("/reviews/").content.decode()
            assert "counts as undone" in client.get(f"/reviews/{duty.code}/").content.decode()
        with clock.frozen_at(make.AFTER):
            closed = domain.close_round(actor=ACTOR, round=round_)
            page = client.get("/reviews/").content.decode()
        assert closed.state == RoundState.CLOSED
        assert "3 are undone" in page
        assert "withheld from your team" in page

    def test_the_plan_takes_the_rules_and_everybody_reads_them(
        self, db: None, signed_in: SignIn
    ) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track()
            client = signed_in(organiser(season=track.season))
            rubric = make.rubric()
            url = f"/seasons/{track.season.slug}/tracks/{track.slug}/desk/review/"
            fields = {
                **{key: value for key, value in Methods().as_json().items() if value is not False},
                "rubric": rubric.pk,
                "opens_at": "2023-03-02T00:00",
                "closes_at": "2023-04-01T00:00",
                "reviews_per_entry": 3,
                "finalists": 3,
                "withhold_reviews": "on",
                "disqualify_undone": 80,
            }
            for odd in ("7, x", "0", "3, 3", "99"):
                page = client.post(f"{url}plan/", {**fields, "reminder_days": odd})
                assert page.status_code == 200, odd
            client.post(f"{url}plan/", {**fields, "reminder_days": "5，2"})
            public = Client().get(url.replace("desk/review/", "standings/")).content.decode()
        chosen = methods_of(ReviewRound.objects.get(track=track).params)
        assert (chosen.reminder_days, chosen.withhold_reviews) == ((5, 2), True)
        assert chosen.disqualify_undone == 80
        assert "more than 80 %" in public
        assert "Own reviews withheld" in public
