from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.awards.models import JuryScore, MachineScore, Result
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Phase, Track
from concours.platform.core import clock
from tests.factories import awards
from tests.factories.competitions import advance, captain_of
from tests.factories.people import organisation, organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


@pytest.fixture(autouse=True)
def _june() -> Iterator[datetime]:
    with clock.frozen_at(awards.FINAL):
        yield awards.FINAL


@pytest.fixture
def final(tmp_path: Path) -> Track:
    return awards.in_final(folder=tmp_path)


class Caller:
    """The API as somebody with a key of those scopes; without a person, as the public."""

    def __init__(self, user: Any = None, *scopes: Scope) -> None:
        self.client, self.headers = Client(), {}
        if user is not None:
            _token, key = create_token(actor=user, name="tests", scopes=scopes, days=30)
            self.headers = {"Authorization": f"Bearer {key}"}

    def __call__(self, method: str, track: Track, path: str, body: Any = None) -> Any:
        return self.client.generic(
            method,
            f"/api/v1/awards/{track.season.slug}/{track.slug}/{path}",
            data="" if body is None else _json(body),
            content_type="application/json",
            headers=self.headers,
        )


def _json(body: Any) -> str:
    return json.dumps(body)


POOL = {
    "title": "Main",
    "currency": "CNY",
    "total_minor": 1_000,
    "prizes": [{"place_from": 1, "place_to": 2, "amount_minor": 300, "title": "P"}],
}
"""A body that funds a pool."""


def test_a_published_result_is_public(tmp_path: Path) -> None:
    result = awards.published(folder=tmp_path)
    call = Caller()
    told = call("GET", result.track, "result").json()
    assert (told["state"], told["inputs_digest"]) == ("published", result.inputs_digest)
    lines = call("GET", result.track, "result/lines?size=4").json()
    assert [line["place"] for line in lines["items"]] == [1, 2, 3, 4]
    assert lines["items"][0]["prizes"] == [
        {"title": "First prize", "amount_minor": 1_000_000, "currency": "CNY"}
    ]
    rest = call("GET", result.track, f"result/lines?after={lines['next']}").json()
    assert [line["place"] for line in rest["items"]] == [5, 6]
    assert rest["next"] is None
    assert call("GET", result.track, "result/inputs").content.decode() == result.inputs
    assert call("GET", result.track, "result/check").json() == {"holds": True, "faults": []}


def test_names_follow_the_phase(tmp_path: Path) -> None:
    track = awards.published(folder=tmp_path).track
    shown = Caller()("GET", track, "result/lines").json()["items"]
    assert all(line["team"] for line in shown)
    Phase.objects.filter(track=track).update(names_visible=False)
    hidden = Caller()("GET", track, "result/lines").json()["items"]
    assert [line["team"] for line in hidden] == [""] * 6
    staff = Caller(organiser(season=track.season), Scope.READ)
    assert all(line["team"] for line in staff("GET", track, "result/lines").json()["items"])


def test_a_draft_is_for_organisers_alone(tmp_path: Path) -> None:
    result = awards.computed(folder=tmp_path)
    track = result.track
    entrant = captain_of(track.entries.all()[0].team)
    for call in (Caller(), Caller(person(), Scope.READ), Caller(entrant, Scope.READ)):
        for path in ("result", "result/lines", "result/inputs", "result/check"):
            assert call("GET", track, path).status_code == 404
    staff = Caller(organiser(season=track.season), Scope.READ)
    assert staff("GET", track, "result").json()["state"] == "draft"


def test_a_whole_result_by_the_api(final: Track) -> None:
    staff = organiser(season=final.season)
    call, expert = Caller(staff, Scope.ORGANISE), person()
    assert call("POST", final, "jurors", {"user": expert.code}).status_code == 201
    pool = call("POST", final, "pools", POOL).json()
    assert pool["balance_minor"] == 1_000
    revised = {**POOL, "total_minor": 2_000}
    del revised["currency"]
    assert call("PUT", final, f"pools/{pool['code']}", revised).json()["total_minor"] == 2_000
    early = call("POST", final, "result")
    assert (early.status_code, early.json()["code"]) == (409, "parts-missing")
    judge = Caller(expert, Scope.REVIEW)
    finalists = judge("GET", final, "jury").json()
    assert len(finalists) == 3
    for number, finalist in enumerate(finalists):
        given = {"points_milli": 90_000 - number, "comment": "Good."}
        answer = judge("PUT", final, f"jury/{finalist['entry']}", given)
        assert (answer.status_code, answer.json()["points_milli"]) == (200, 90_000 - number)
    drafted = call("POST", final, "result")
    assert (drafted.status_code, drafted.json()["number"]) == (201, 1)
    assert call("POST", final, "result/1/publish").json()["code"] == "too-early"
    advance(final, to=PhaseKind.RESULT)
    assert call("POST", final, "result/1/publish").json()["state"] == "published"
    assert call("POST", final, "result/1/publish").json()["code"] == "result-published"
    assert Caller()("GET", final, "pools").json()[0]["balance_minor"] == 0


def test_machine_scores_all_or_none(final: Track, unchanged: Unchanged) -> None:
    call = Caller(organiser(season=final.season), Scope.ORGANISE)
    first, second, *_ = final.entries.all()
    scores = [
        {"entry": first.code, "points_milli": 1},
        {"entry": second.code, "points_milli": 2},
    ]
    body = {"source": "bench", "digest": "ab" * 32, "scores": scores}
    with unchanged():
        wrong = {**body, "scores": [*scores, {"entry": "nobody", "points_milli": 3}]}
        refused = call("PUT", final, "machine-scores", wrong)
        assert (refused.status_code, refused.json()["code"]) == (409, "unknown-entry")
        for change in ({"digest": "x"}, {"scores": [{"entry": "a", "points_milli": 100_001}]}):
            assert call("PUT", final, "machine-scores", {**body, **change}).status_code == 422
    assert call("PUT", final, "machine-scores", body).status_code == 204
    assert MachineScore.objects.count() == 2


def test_organisers_operations_are_refused_to_others(final: Track, unchanged: Unchanged) -> None:
    member, pool = awards.juror(of=final), awards.pool(of=final)
    acts: list[tuple[str, str, Any]] = [
        ("POST", "jurors", {"user": person().code}),
        ("GET", "jurors", None),
        ("DELETE", f"jurors/{member.user.code}", None),
        ("POST", "pools", POOL),
        ("PUT", f"pools/{pool.code}", POOL),
        ("PUT", "machine-scores", {"source": "x", "digest": "ab" * 32, "scores": []}),
        ("POST", "result", None),
        ("POST", "result/1/publish", None),
    ]
    everyone = tuple(Scope)
    callers = [
        (Caller(person(), *everyone), 403),
        (Caller(member.user, *everyone), 403),
        (Caller(organiser(season=final.season), Scope.READ, Scope.REVIEW), 403),
        (Caller(), 401),
    ]
    for call, status in callers:
        with unchanged():
            for method, path, body in acts:
                assert call(method, final, path, body).status_code == status, (method, path)


def test_scoring_needs_a_juror_with_the_scope(final: Track, unchanged: Unchanged) -> None:
    member, entry = awards.juror(of=final), awards.finalists(final)[0]
    body = {"points_milli": 5}
    callers = [
        (Caller(person(), Scope.REVIEW), 404),
        (Caller(captain_of(entry.team), Scope.REVIEW), 404),
        (Caller(organiser(season=final.season), Scope.REVIEW), 404),
        (Caller(member.user, Scope.READ, Scope.ORGANISE), 403),
        (Caller(), 401),
    ]
    for call, status in callers:
        with unchanged():
            assert call("PUT", final, f"jury/{entry.code}", body).status_code == status
            assert call("GET", final, "jury").status_code == status
    call = Caller(member.user, Scope.REVIEW)
    with unchanged():
        for points in (-1, 100_001, "x", None):
            wrong = {"points_milli": points}
            assert call("PUT", final, f"jury/{entry.code}", wrong).status_code == 422
        assert call("PUT", final, "jury/nobody", body).status_code == 404


def test_objects_of_another_track_by_guessed_code(final: Track, tmp_path: Path) -> None:
    other = awards.in_final(folder=tmp_path)
    pool, member, judge = awards.pool(of=other), awards.juror(of=other), awards.juror(of=final)
    staff = Caller(organiser(season=final.season), Scope.ORGANISE)
    assert staff("PUT", final, f"pools/{pool.code}", POOL).status_code == 404
    assert staff("DELETE", final, f"jurors/{member.user.code}").status_code == 404
    assert staff("POST", other, "result").status_code == 403
    entry = awards.finalists(other)[0]
    call = Caller(judge.user, Scope.REVIEW)
    assert call("PUT", final, f"jury/{entry.code}", {"points_milli": 1}).status_code == 404
    assert call("PUT", other, f"jury/{entry.code}", {"points_milli": 1}).status_code == 404
    assert not JuryScore.objects.exists()


def test_a_juror_sees_own_scores_alone(final: Track) -> None:
    first, second = awards.juror(of=final), awards.juror(of=final)
    entries = awards.finalists(final)
    organisation(members=[second.user, captain_of(entries[2].team)])
    awards.score(by=first, entry=entries[0], points_milli=77_777, comment="first's")
    answer = Caller(second.user, Scope.REVIEW)("GET", final, "jury")
    assert "77777" not in answer.content.decode()
    assert "first's" not in answer.content.decode()
    assert [finalist["conflict"] for finalist in answer.json()] == [False, False, True]


def test_an_unpublished_track_is_not_there(final: Track) -> None:
    awards.pool(of=final)
    final.season.state = "draft"
    final.season.save()
    for path in ("pools", "result"):
        assert Caller()("GET", final, path).status_code == 404
    staff = Caller(organiser(season=final.season), Scope.READ)
    assert len(staff("GET", final, "pools").json()) == 1
    assert not Result.objects.exists()
