from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from concours.platform.competitions.domain import disqualify_entry
from concours.platform.core import clock
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.enums import AssignmentState
from concours.platform.review.models import (
    Review,
    ReviewRound,
    Standing,
    StandingSnapshot,
)
from tests.factories import review as make
from tests.factories.people import person
from tests.platform.review.helpers import (
    refused,
)

pytestmark = pytest.mark.django_db


class TestClosing:
    def test_not_before_the_deadline(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.CLOSES - timedelta(seconds=1)):
            refused("deadline-ahead", lambda: domain.close_round(actor=make.ACTOR, round=small))
        with clock.frozen_at(make.CLOSES):
            domain.close_round(actor=make.ACTOR, round=small)
            refused("closed-already", lambda: domain.close_round(actor=make.ACTOR, round=small))

    def test_what_is_left_becomes_a_recorded_default(self, tmp_path: Path) -> None:
        round_ = make.closed(entries=8, folder=tmp_path, but_first=True)
        left = round_.assignments.filter(state=AssignmentState.DEFAULTED)
        assert left.count() == 3
        event = Event.objects.get(verb="round.closed")
        assert json.loads(event.data)["defaulted"] == sorted(duty.code for duty in left)


class TestStandings:
    def test_a_defaulter_is_shown_and_no_finalist_whatever_its_rank(self, tmp_path: Path) -> None:
        round_ = make.assigned(entries=8, folder=tmp_path)
        best = round_.assignments.order_by("pk").first()
        assert best is not None
        for duty in round_.assignments.select_related("reviewer"):
            top = duty.entry_id == best.reviewer_entry_id
            if duty.reviewer_id != best.reviewer_id:
                make.write(duty, idea=5 if top else 1, code=10 if top else 2)
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=round_)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
        first = snapshot.standings.get(position=1)
        assert first.entry_id == best.reviewer_entry_id
        assert (first.finalist, first.duty_fulfilled) == (False, False)
        assert first.reason == {"code": "duty-not-fulfilled", "owed": 3, "defaulted": 3}
        assert snapshot.standings.filter(finalist=True).count() == 3

    def test_half_of_the_duties_is_no_default(self, tmp_path: Path) -> None:
        round_ = make.assigned(entries=6, folder=tmp_path, reviews_per_entry=2)
        first = round_.assignments.order_by("pk").first()
        assert first is not None
        make.write(first)
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=round_)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
        fulfilled = snapshot.standings.filter(duty_fulfilled=True)
        assert [row.entry_id for row in fulfilled] == [first.reviewer_entry_id]

    def test_the_published_event_alone_gives_the_standings_again(self, tmp_path: Path) -> None:
        snapshot = make.published(entries=20, folder=tmp_path, but_first=True)
        event = Event.objects.get(verb="standings.published")
        computed = domain.recompute(json.loads(event.data))
        stored = list(snapshot.standings.order_by("position"))
        assert [row.rank for row in computed.rows] == [row.rank for row in stored]
        assert [row.finalist for row in computed.rows] == [row.finalist for row in stored]
        assert computed.impartial
        for entry in snapshot.round.track.entries.select_related("reviewer"):
            assert entry.reviewer.code not in event.data

    def test_an_altered_event_does_not_pass(self, tmp_path: Path) -> None:
        make.published(entries=8, folder=tmp_path)
        data = json.loads(Event.objects.get(verb="standings.published").data)
        data["inputs"]["reviews"][0][2][0] ^= 1
        with pytest.raises(ValueError, match="digest"):
            domain.recompute(data)

    @pytest.mark.parametrize("tampering", ["scores", "rank", "finalist", "points", "seed"])
    def test_any_change_of_what_is_stored_is_found(self, tmp_path: Path, tampering: str) -> None:
        snapshot = make.computed(entries=8, folder=tmp_path)
        row = snapshot.standings.get(position=4)
        if tampering == "scores":
            review = Review.objects.first()
            assert review is not None
            Review.objects.filter(pk=review.pk).update(
                scores={**review.scores, "idea": (review.scores["idea"] + 1) % 6}
            )
        elif tampering == "rank":
            Standing.objects.filter(pk=row.pk).update(rank=row.rank_low, rank_low=row.rank_low)
            if row.rank == row.rank_low:
                Standing.objects.filter(pk=row.pk).update(rank_high=row.rank_high + 1)
        elif tampering == "finalist":
            Standing.objects.filter(pk=row.pk).update(finalist=not row.finalist)
        elif tampering == "points":
            Standing.objects.filter(pk=row.pk).update(points_milli=row.points_milli ^ 2)
        else:
            snapshot.seed = "00" * 32
        assert domain.verify_standings(snapshot=snapshot) != []

    def test_a_disqualified_entry_leaves_before_publication(self, tmp_path: Path) -> None:
        snapshot = make.computed(entries=8, folder=tmp_path)
        out = snapshot.standings.get(position=1).entry
        disqualify_entry(actor=make.ACTOR, entry=out, reason="Not theirs")
        with clock.frozen_at(make.AFTER):
            refused(
                "inputs-changed",
                lambda: domain.publish_standings(actor=make.ACTOR, snapshot=snapshot),
            )
            again = domain.compute_standings(actor=make.ACTOR, round=snapshot.round)
            refused(
                "not-the-latest",
                lambda: domain.publish_standings(actor=make.ACTOR, snapshot=snapshot),
            )
            published = domain.publish_standings(actor=make.ACTOR, snapshot=again)
        assert published.entry_count == 7
        assert out.pk not in domain.peer_results(track=snapshot.round.track)

    def test_order_of_acts(self, small: ReviewRound) -> None:
        refused("round-not-closed", lambda: domain.compute_standings(actor=make.ACTOR, round=small))
        make.write_all(small)
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=small)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=small)
            assert domain.peer_results(track=small.track) == {}
            domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)
            refused(
                "published-already",
                lambda: domain.publish_standings(actor=make.ACTOR, snapshot=snapshot),
            )
            refused(
                "published-already",
                lambda: domain.compute_standings(actor=make.ACTOR, round=small),
            )
        assert len(domain.peer_results(track=small.track)) == 8
        assert StandingSnapshot.objects.count() == 1

    def test_strangers_do_none_of_it(self, small: ReviewRound) -> None:
        for act in (domain.assign_reviews, domain.close_round, domain.compute_standings):
            refused("not-permitted", lambda act=act: act(actor=person(), round=small))  # type: ignore[misc]

    def test_no_review_at_all_still_ranks(self, small: ReviewRound) -> None:
        with clock.frozen_at(make.AFTER):
            domain.close_round(actor=make.ACTOR, round=small)
            snapshot = domain.compute_standings(actor=make.ACTOR, round=small)
        assert snapshot.standings.count() == 8
        assert not snapshot.standings.filter(finalist=True).exists()
        assert domain.verify_standings(snapshot=snapshot) == []
