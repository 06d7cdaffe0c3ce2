from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.enums import RoundState
from concours.platform.review.models import (
    Assignment,
    Conflict,
    Pseudonym,
    ReviewRound,
    RoundEntry,
)
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organisation
from tests.platform.review.helpers import (
    events,
    refused,
)

pytestmark = pytest.mark.django_db


class TestAssigning:
    def test_everyone_owes_and_gets_the_same_and_nobody_meets_their_own(
        self, small: ReviewRound
    ) -> None:
        pairs = set(small.assignments.values_list("reviewer_entry_id", "entry_id"))
        entries = {entry for _mine, entry in pairs}
        for entry in entries:
            assert sum(1 for mine, _ in pairs if mine == entry) == 3
            assert sum(1 for _, theirs in pairs if theirs == entry) == 3
        assert not any((theirs, mine) in pairs for mine, theirs in pairs)
        assert domain.verify_assignment(round=small) == []

    def test_the_seed_is_revealed_in_the_same_act(self, small: ReviewRound) -> None:
        assert small.revealed_seed == make.SEED.hex()
        event = Event.objects.get(verb="round.assigned")
        assert json.loads(event.data)["seed"] == make.SEED.hex()
        assert small.alias_key not in events()

    def test_the_record_does_not_tell_who_reviews_what(self, small: ReviewRound) -> None:
        event = Event.objects.get(verb="round.assigned")
        codes = json.loads(event.data)["entries"]
        assert codes == sorted(codes)
        assert not any(duty.code in event.data for duty in small.assignments.all())

    @pytest.mark.parametrize("moment", ["registration", "phase"])
    def test_too_early_is_refused(self, tmp_path: Path, moment: str) -> None:
        round_ = make.planned(entries=8, folder=tmp_path)
        closes = round_.track.registration_closes_at
        code = "submissions-open"
        at = closes
        if moment == "registration":
            make.to_review(round_)
            code, at = "registration-open", closes - timedelta(seconds=1)
        with clock.frozen_at(at):
            refused(code, lambda: domain.assign_reviews(actor=make.ACTOR, round=round_))
        round_.refresh_from_db()
        assert round_.state == RoundState.PLANNED
        assert not Assignment.objects.exists()

    def test_a_second_time_is_refused(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.DURING):
            refused(
                "assigned-already", lambda: domain.assign_reviews(actor=make.ACTOR, round=small)
            )

    def test_too_many_reviews_are_refused_with_the_mend(self, tmp_path: Path) -> None:
        round_ = make.planned(entries=6, folder=tmp_path, reviews_per_entry=4)
        make.to_review(round_)
        with clock.frozen_at(make.OPENS):
            refused("infeasible", lambda: domain.assign_reviews(actor=make.ACTOR, round=round_))
            for model in (Assignment, Conflict, RoundEntry, Pseudonym):
                assert not model.objects.exists()
            round_.refresh_from_db()
            assert round_.revealed_seed == ""
            done = domain.assign_reviews(actor=make.ACTOR, round=round_, reviews_per_entry=2)
        assert done.reviews_per_entry == 2
        assert domain.verify_assignment(round=done) == []

    def test_an_organisation_that_blocks_is_named_and_can_be_let_pass(self, tmp_path: Path) -> None:
        round_ = make.planned(entries=8, folder=tmp_path)
        people = [entry.reviewer for entry in round_.track.entries.all()]
        big = organisation(name="Great University", members=people[:7])
        organisation(name="Small Lab", members=people[6:])
        make.to_review(round_)
        with clock.frozen_at(make.OPENS):
            with pytest.raises(Refused) as refusal:
                domain.assign_reviews(actor=make.ACTOR, round=round_)
            assert "Great University" in str(refusal.value.message)
            assert "Small Lab" not in str(refusal.value.message)
            done = domain.assign_reviews(
                actor=make.ACTOR, round=round_, ignored_organisations=[big.pk]
            )
        assert domain.verify_assignment(round=done) == []

    def test_entries_without_a_submission_take_no_part(self, tmp_path: Path) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track(reviews_per_entry=2)
            for _ in range(6):
                make.ready_entry(track, tmp_path)
            empty = competitions.entry(in_track=track)
        round_ = make.assigned(track=track)
        assert round_.entry_count == 6
        assert not round_.assignments.filter(entry=empty).exists()

    @pytest.mark.parametrize("tampering", ["pair", "seed", "key", "conflict", "part"])
    def test_any_change_of_what_is_stored_is_found(
        self, small: ReviewRound, tampering: str
    ) -> None:
        if tampering == "pair":
            one, two = small.assignments.order_by("pk")[:2]
            Assignment.objects.filter(pk=two.pk).delete()
            taken = set(
                small.assignments.filter(reviewer=one.reviewer).values_list("entry_id", flat=True)
            )
            free = small.track.entries.exclude(pk__in=taken | {one.reviewer_entry_id}).first()
            Assignment.objects.filter(pk=one.pk).update(entry=free)
        elif tampering == "seed":
            small.seed_secret = "00" * 32
        elif tampering == "key":
            small.alias_key = "00" * 32
        elif tampering == "part":
            RoundEntry.objects.filter(round=small, index=0).update(part=1)
        else:
            conflict = Conflict.objects.create(round=small, kind="declared", detail="x")
            duty = small.assignments.first()
            assert duty is not None
            conflict.parties.create(entry=duty.entry)
            conflict.parties.create(entry=duty.reviewer_entry)
        assert domain.verify_assignment(round=small) != []
