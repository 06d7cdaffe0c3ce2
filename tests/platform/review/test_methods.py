"""A round is drawn, judged and chosen by its own methods, and says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from concours import peerreview
from concours.platform.competitions.domain import edit_entry
from concours.platform.core import clock
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain import inputs as judged
from concours.platform.review.domain.rounds import methods_for
from concours.platform.review.methods import (
    BEFORE,
    BY_TEXTS,
    CAPPED,
    IN_PARTS,
    NOT_OFFERED,
    WORDINGS,
    Methods,
    available,
    faults_of,
    methods_of,
)
from concours.platform.review.models import ReviewRound, RoundEntry
from tests.factories import competitions
from tests.factories import review as make
from tests.platform.review.helpers import refused

REGISTRIES: dict[str, Any] = {
    "assignment": peerreview.ASSIGNERS,
    "consensus": peerreview.AGGREGATORS,
    "selection": peerreview.SELECTORS,
}
EACH_ASSIGNMENT = available("assignment")


@pytest.mark.parametrize("kind", REGISTRIES)
def test_every_method_of_the_engine_is_worded_or_left_out_for_a_reason(kind: str) -> None:
    for name in REGISTRIES[kind]:
        if name in NOT_OFFERED:
            assert NOT_OFFERED[name]
            assert name not in available(kind)
        else:
            assert name in available(kind)
            assert WORDINGS[kind][name].label
            assert str(WORDINGS[kind][name].sentence).endswith(".")


def test_what_the_platform_says_of_methods_names_methods() -> None:
    assert set(WORDINGS["assignment"]) >= BY_TEXTS | CAPPED
    assert set(WORDINGS["selection"]) >= IN_PARTS


@pytest.mark.parametrize(
    "values",
    [
        {"assignment": "by-hand"},
        {"consensus": "majority"},
        {"selection": "credible-subset"},
        {"selection": 3},
        {"parts": -1},
        {"parts": 33},
        {"parts": True},
        {"cycles_up_to": 1},
        {"cycles_up_to": 9},
        {"own_left_out": 1},
        {"level": 95.0},
        {"level": 100},
        {"screening": "yes"},
        {"consenus": "mean"},
    ],
)
def test_a_setting_that_cannot_be_is_named(values: dict[str, Any]) -> None:
    (found,) = faults_of(values)
    assert found.key == next(iter(values))
    assert found.mend


def test_usual_settings_have_no_fault_and_survive_storing() -> None:
    usual = Methods()
    assert faults_of(usual.as_json()) == []
    assert methods_of({"methods": json.loads(json.dumps(usual.as_json()))}) == usual
    assert methods_of({"criteria": []}) == BEFORE


@pytest.mark.django_db
class TestPlanning:
    def test_the_tracks_settings_hold_unless_others_are_given(self) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track(review_methods={"level": 80, "cycles_up_to": 3})
        assert methods_for(track) == Methods(level=80, cycles_up_to=3)
        assert methods_for(track, {"level": 90}) == Methods(level=90, cycles_up_to=3)

    def test_they_are_stored_and_on_record(self) -> None:
        round_ = make.planned(methods={"selection": "borda", "parts": 2})
        told = json.loads(Event.objects.get(verb="round.planned").data)["methods"]
        assert told == round_.params["methods"]
        assert methods_of(round_.params) == Methods(selection="borda", parts=2)

    def test_unknown_ones_are_refused(self) -> None:
        with clock.frozen_at(make.SPRING):
            track, rubric = competitions.track(), make.rubric()
            refused(
                "bad-methods",
                lambda: domain.plan_round(
                    actor=make.ACTOR,
                    track=track,
                    rubric=rubric,
                    opens_at=make.OPENS,
                    closes_at=make.CLOSES,
                    methods={"consensus": "<b>majority</b>"},
                ),
            )
        assert not ReviewRound.objects.exists()


@pytest.mark.django_db
class TestDrawing:
    @pytest.mark.parametrize("method", EACH_ASSIGNMENT)
    def test_each_method_draws_what_can_be_drawn_again(self, tmp_path: Path, method: str) -> None:
        round_ = make.assigned(entries=16, folder=tmp_path, methods={"assignment": method})
        assert round_.method == method
        assert round_.assignments.count() == 48
        assert domain.verify_assignment(round=round_) == []
        texts = RoundEntry.objects.filter(round=round_).exclude(text="")
        assert texts.count() == (16 if method in BY_TEXTS else 0)

    @pytest.mark.parametrize("method", sorted(BY_TEXTS & set(EACH_ASSIGNMENT)))
    def test_texts_count_as_of_the_draw(self, tmp_path: Path, method: str) -> None:
        round_ = make.planned(entries=12, folder=tmp_path, methods={"assignment": method})
        for place, entry in enumerate(round_.track.entries.order_by("pk")):
            with clock.frozen_at(make.SPRING):
                edit_entry(
                    actor=make.ACTOR,
                    entry=entry,
                    title=f"{'Vector search' if place % 2 else 'Formal proofs'} {place}",
                    abstract="",
                )
        make.to_review(round_)
        with clock.frozen_at(make.DURING):
            round_ = domain.assign_reviews(actor=make.ACTOR, round=round_)
        round_.track.entries.update(title="Changed since", abstract="Changed since")
        assert domain.verify_assignment(round=round_) == []
        assert "texts_digest" in json.loads(Event.objects.get(verb="round.assigned").data)
        RoundEntry.objects.filter(round=round_, index=3).update(text="Vector search elsewhere")
        assert domain.verify_assignment(round=round_) != []

    def test_parts_are_as_many_as_asked_for(self, tmp_path: Path) -> None:
        assert make.assigned(entries=16, folder=tmp_path, methods={"parts": 2}).parts == 2

    def test_a_selection_that_needs_no_parts_is_drawn_in_one(self, tmp_path: Path) -> None:
        free = make.assigned(entries=16, folder=tmp_path, methods={"selection": "peer-nomination"})
        assert free.parts == 1


@pytest.mark.django_db
class TestRoundsOfBefore:
    def test_without_methods_the_inputs_are_what_they_were(self, tmp_path: Path) -> None:
        round_ = make.closed(entries=20, folder=tmp_path)
        del round_.params["methods"]
        round_.save()
        inputs, _entries, _reviewers = judged.gather(round_)
        assert set(inputs) == {
            "criteria", "entries", "parts", "barred", "reviewers", "reviewer_parts", "reviews",
            "ranked", "size", "level", "draws", "method", "selection",
        }  # fmt: skip
        assert (inputs["level"], inputs["draws"]) == (0.95, 1_000)
        assert inputs["method"] == "random-effects"
        assert inputs["selection"] == "exact-dollar-partition"
        with clock.frozen_at(make.AFTER):
            snapshot = domain.compute_standings(actor=make.ACTOR, round=round_)
        assert snapshot.folds == 0
        assert domain.verify_standings(snapshot=snapshot) == []
        assert domain.verify_assignment(round=round_) == []
