from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.domain.rounds import commitment
from concours.platform.review.domain.rubrics import points_milli
from concours.platform.review.models import (
    ReviewRound,
    Rubric,
)
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import organiser, person
from tests.platform.review.helpers import (
    FULL,
    events,
    refused,
)

pytestmark = pytest.mark.django_db


class TestRubric:
    def test_the_same_again_is_the_same(self) -> None:
        assert make.rubric(slug="one") == make.rubric(slug="one")
        assert Event.objects.filter(verb="rubric.written").count() == 1

    def test_other_content_is_refused(self) -> None:
        make.rubric(slug="one")
        refused("slug-taken", lambda: make.rubric(slug="one", title="Another"))
        refused("slug-taken", lambda: make.rubric(slug="one", criteria=make.CRITERIA[:1]))

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"slug": "No Slug"}, "bad-slug"),
            ({"title": " "}, "empty"),
            ({"criteria": ()}, "no-criteria"),
            ({"criteria": make.CRITERIA[:1] * 2}, "bad-key"),
            ({"weight": 0}, "bad-numbers"),
            ({"weight": True}, "bad-numbers"),
            ({"max_points": 101}, "bad-numbers"),
            ({"max_points": 2.0}, "bad-numbers"),
            ({"key": "x y"}, "bad-key"),
        ],
    )
    def test_unsound_rubrics_are_refused(self, fields: dict[str, Any], code: str) -> None:
        if keys := set(fields) & {"weight", "max_points", "key"}:
            plan = {"key": "k", "title": "T", "weight": 1, "max_points": 5, **fields}
            fields = {"criteria": (domain.CriterionPlan(**plan),)}
            assert keys
        refused(code, lambda: make.rubric(**fields))
        assert not Rubric.objects.exists()

    def test_a_stranger_writes_none(self) -> None:
        with pytest.raises(NotPermitted):
            domain.create_rubric(actor=person(), slug="r", title="R", criteria=make.CRITERIA)

    @pytest.mark.parametrize(
        ("scores", "expected"),
        [
            ({"idea": 0, "code": 0}, 0),
            (FULL, 100_000),
            ({"idea": 3, "code": 6}, 60_000),
            ({"idea": 1, "code": 0}, 13_333),
            ({"idea": 0, "code": 5}, 16_667),
        ],
    )
    def test_points_are_exact_thousandths(self, scores: dict[str, int], expected: int) -> None:
        criteria = [
            {"key": "idea", "weight": 2, "max_points": 5},
            {"key": "code", "weight": 1, "max_points": 10},
        ]
        assert points_milli(criteria=criteria, scores=scores) == expected


class TestPlanning:
    def test_the_seed_is_committed_to_and_nowhere_else(self) -> None:
        round_ = make.planned(seed=None)
        secret = bytes.fromhex(round_.seed_secret)
        assert len(secret) == 32
        assert commitment(secret) == round_.seed_commitment
        assert round_.seed_commitment in events()
        for hidden in (round_.seed_secret, round_.alias_key):
            assert hidden not in events()
            assert hidden not in str(round_) + repr(round_)
        assert round_.revealed_seed == ""

    def test_two_rounds_draw_different_seeds(self) -> None:
        assert make.planned(seed=None).seed_secret != make.planned(seed=None).seed_secret

    def test_at_the_close_of_registration_it_is_too_late(self) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track()
            rubric = make.rubric()

        def plan() -> ReviewRound:
            return domain.plan_round(
                actor=make.ACTOR,
                track=track,
                rubric=rubric,
                opens_at=make.OPENS,
                closes_at=make.CLOSES,
            )

        with clock.frozen_at(track.registration_closes_at):
            refused("registration-closed", plan)
        assert not ReviewRound.objects.exists()
        with clock.frozen_at(track.registration_closes_at - timedelta(seconds=1)):
            plan()
            refused("planned-already", plan)

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"opens_at": make.CLOSES, "closes_at": make.CLOSES}, "dates-in-wrong-order"),
            (
                {"opens_at": competitions.day(2023, 1, 1), "closes_at": make.SPRING},
                "dates-in-wrong-order",
            ),
            ({"reviews_per_entry": 0}, "reviews-per-entry"),
            ({"reviews_per_entry": 51}, "reviews-per-entry"),
            ({"finalists": -1}, "finalists"),
            ({"seed": b"short"}, "bad-seed"),
        ],
    )
    def test_unworkable_plans_are_refused(self, fields: dict[str, Any], code: str) -> None:
        with clock.frozen_at(make.SPRING):
            track = competitions.track()
            plan = {"opens_at": make.OPENS, "closes_at": make.CLOSES, **fields}
            rubric = make.rubric()
            refused(
                code,
                lambda: domain.plan_round(actor=make.ACTOR, track=track, rubric=rubric, **plan),
            )
        assert not ReviewRound.objects.exists()

    def test_a_draft_track_and_a_stranger_are_refused(self) -> None:
        with clock.frozen_at(make.SPRING):
            plan: dict[str, Any] = {
                "rubric": make.rubric(),
                "opens_at": make.OPENS,
                "closes_at": make.CLOSES,
            }
            draft = competitions.draft_track()
            refused(
                "track-not-running",
                lambda: domain.plan_round(actor=make.ACTOR, track=draft, **plan),
            )
            track = competitions.track()
            other = organiser(season=draft.season)
            with pytest.raises(NotPermitted):
                domain.plan_round(actor=other, track=track, **plan)
        assert not ReviewRound.objects.exists()
