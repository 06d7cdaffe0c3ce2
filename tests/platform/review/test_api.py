from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.enums import Scope
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.review import domain
from concours.platform.review.models import Assignment, Review, ReviewRound
from tests.factories import competitions
from tests.factories import review as make
from tests.factories.people import person
from tests.platform.review.conftest import key_of
from tests.platform.review.helpers import duty_of

pytestmark = pytest.mark.django_db
BASE = "/api/v1/review"


def put(duty: Assignment, body: Any, headers: dict[str, str]) -> Any:
    return Client().put(
        f"{BASE}/duties/{duty.code}/review", body, content_type="application/json", headers=headers
    )


def test_a_reviewer_writes_by_key(small: ReviewRound) -> None:
    duty = duty_of(small)
    headers = key_of(duty.reviewer, Scope.REVIEW)
    with clock.frozen_at(make.DURING):
        listed = Client().get(f"{BASE}/duties", headers=headers).json()
        assert len(listed) == 3
        body = {"scores": {"idea": 5, "code": 1}, "comment": "By key"}
        answer = put(duty, body, headers)
        assert (answer.status_code, answer.json()["points_milli"]) == (200, 70_000)
        shown = Client().get(f"{BASE}/duties/{duty.code}", headers=headers)
    assert shown.json()["review"]["comment"] == "By key"
    for bait in (duty.entry.code, duty.entry.team.name, duty.entry.team.code):
        assert bait not in shown.content.decode().replace(shown.json()["title"], "")


@pytest.mark.parametrize(
    "scores",
    [
        '{"idea": true, "code": 1}',
        '{"idea": 3.0, "code": 1}',
        '{"idea": 3.5, "code": 1}',
        '{"idea": "3", "code": 1}',
        '{"idea": NaN, "code": 1}',
        '{"idea": null, "code": 1}',
        '{"idea": 6, "code": 1}',
        '{"idea": 3}',
        '{"idea": 3, "code": 1, "more": 1}',
        "[3, 1]",
    ],
)
def test_odd_scores_are_refused(small: ReviewRound, scores: str) -> None:
    duty = duty_of(small)
    headers = key_of(duty.reviewer, Scope.REVIEW)
    with clock.frozen_at(make.DURING):
        answer = put(duty, f'{{"scores": {scores}}}', headers)
    assert answer.status_code in {400, 409, 422}
    assert not Review.objects.exists()


def test_another_persons_duty_is_not_found(small: ReviewRound) -> None:
    duty = duty_of(small)
    headers = key_of(person(), Scope.REVIEW)
    body = {"scores": {"idea": 5, "code": 1}}
    with clock.frozen_at(make.DURING):
        assert put(duty, body, headers).status_code == 404
        assert Client().get(f"{BASE}/duties/{duty.code}", headers=headers).status_code == 404
        declared = Client().post(
            f"{BASE}/duties/{duty.code}/conflict",
            {"reason": "x"},
            content_type="application/json",
            headers=headers,
        )
    assert declared.status_code == 404
    assert not Review.objects.exists()


def test_a_key_needs_the_scope_and_a_caller_a_key(small: ReviewRound) -> None:
    duty = duty_of(small)
    wrong = key_of(duty.reviewer, Scope.READ)
    assert Client().get(f"{BASE}/duties", headers=wrong).status_code == 403
    assert Client().get(f"{BASE}/duties").status_code == 401


def test_a_conflict_is_declared(small: ReviewRound) -> None:
    duty = duty_of(small)
    with clock.frozen_at(make.DURING):
        answer = Client().post(
            f"{BASE}/duties/{duty.code}/conflict",
            {"reason": "A colleague"},
            content_type="application/json",
            headers=key_of(duty.reviewer, Scope.REVIEW),
        )
    assert (answer.status_code, answer.json()["state"]) == (200, "lifted")


def test_the_round_shows_its_commitment_and_no_seed_before_the_draw() -> None:
    round_ = make.planned(seed=None)
    url = f"{BASE}/rounds/{round_.track.season.slug}/{round_.track.slug}"
    answer = Client().get(url)
    assert answer.json()["seed_commitment"] == round_.seed_commitment
    assert answer.json()["seed"] == ""
    assert round_.seed_secret not in answer.content.decode()


def test_the_seed_is_shown_once_revealed(small: ReviewRound) -> None:
    url = f"{BASE}/rounds/{small.track.season.slug}/{small.track.slug}"
    answer = Client().get(url)
    assert answer.json()["seed"] == make.SEED.hex()
    assert small.alias_key not in answer.content.decode()


def test_standings_are_paged_once_they_are_public(tmp_path: Path) -> None:
    snapshot = make.published(entries=8, folder=tmp_path)
    track = snapshot.round.track
    url = f"{BASE}/standings/{track.season.slug}/{track.slug}"
    assert Client().get(url).status_code == 404
    assert Client().get(url + "/inputs").status_code == 404
    competitions.advance(track, to=PhaseKind.RESULT)
    first = Client().get(url, {"size": 5}).json()
    rest = Client().get(url, {"size": 5, "after": first["next"]}).json()
    positions = [row["position"] for row in first["standings"] + rest["standings"]]
    assert positions == list(range(1, 9))
    assert rest["next"] is None
    data = Client().get(url + "/inputs").json()
    assert domain.recompute(data).digest == snapshot.result_digest


def test_released_reviews_are_the_teams_alone(tmp_path: Path) -> None:
    snapshot = make.published(entries=8, folder=tmp_path)
    competitions.advance(snapshot.round.track, to=PhaseKind.RESULT)
    duty = duty_of(snapshot.round)
    url = f"{BASE}/entries/{duty.entry.code}/reviews"
    own = Client().get(url, headers=key_of(duty.entry.reviewer, Scope.READ))
    assert len(own.json()) == 3
    assert "for staff" not in own.content.decode()
    assert duty.reviewer.name not in own.content.decode()
    assert Client().get(url, headers=key_of(duty.reviewer, Scope.READ)).status_code == 404
