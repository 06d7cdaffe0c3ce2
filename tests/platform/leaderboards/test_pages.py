"""What pages, API and exports show to whom. Bait is there, and whole answers are compared."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.core import clock
from concours.platform.evaluations.models import Evaluator
from concours.platform.leaderboards import domain
from concours.platform.leaderboards.document import (
    blocks,
    from_json,
    index_of,
    rules_from,
    snapshot_digest,
)
from concours.platform.leaderboards.enums import SetScope as Whose
from concours.platform.leaderboards.enums import Visibility
from concours.platform.leaderboards.interfaces.pages import board as page
from concours.platform.leaderboards.models import Board, Reevaluation
from concours.platform.leaderboards.ranking import Line, key_of
from tests.bait import stands_in
from tests.factories.boards import Field
from tests.factories.competitions import season
from tests.factories.people import operator, organiser, person

PUBLIC = AnonymousUser()


class World:
    """A board of two entries, whose margins are sealed: 987.625 and 412.375."""

    def __init__(self, field: Field, **fields: Any) -> None:
        self.field = field
        self.first, self.second = field.enter("First"), field.enter("Second")
        field.score(self.first, 3, margin=987.625)
        field.score(self.second, 5, margin=412.375)
        self.board = field.board(**fields)

    @property
    def base(self) -> str:
        track = self.field.track
        return f"/seasons/{track.season.slug}/tracks/{track.slug}/boards/"

    @property
    def api(self) -> str:
        track = self.field.track
        return f"/api/v1/boards/{track.season.slug}/{track.slug}"

    def readable(self) -> list[str]:
        """Every address that reads the board."""
        return [
            self.base,
            f"{self.base}practice/",
            f"{self.base}practice/?q=First",
            f"{self.base}practice/board.csv",
            f"{self.base}practice/board.json",
            f"{self.base}practice/check/",
            self.api,
            f"{self.api}/practice",
            f"{self.api}/practice/check",
        ]

    def own(self, code: str) -> list[str]:
        return [
            f"{self.base}practice/entries/{code}/",
            f"{self.api}/practice/entries/{code}",
        ]

    def get(self, address: str, user: Any = None) -> tuple[int, str]:
        with clock.frozen_at(self.field.moment):
            client = Client()
            if user is not None and user.pk:
                client.force_login(user)
            answer: Any = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            return answer.status_code, body.decode()


@pytest.fixture
def world(field: Field) -> World:
    return World(field)


def others(world: World) -> list[Any]:
    """Everyone but staff: the public, a passer-by, staff of another season, both captains."""
    return [
        PUBLIC,
        person(),
        organiser(season=season()),
        world.field.captain(world.first),
        world.field.captain(world.second),
    ]


def test_sealed_columns_are_for_staff_alone(world: World) -> None:
    for user in others(world):
        addresses = world.readable()
        for entry in (world.first, world.second):
            if user.pk and world.field.captain(entry) == user:
                addresses += world.own(entry.code)
        for address in addresses:
            status, body = world.get(address, user)
            assert status == 200, address
            assert "987.6" not in body, address
            assert "412.3" not in body, address
            assert "margin" not in body.lower(), address
            assert world.board.salt not in body, address
    staff = [world.get(address, world.field.staff)[1] for address in world.readable()]
    assert ["987.6" in body for body in staff] == [
        False, True, True, True, True, False, False, True, False,
    ]  # fmt: skip


def test_open_columns_are_for_everyone(world: World) -> None:
    domain.open_columns(actor=world.field.staff, board=world.board)
    assert "987.625" in world.get(f"{world.base}practice/board.csv")[1]
    assert json.loads(world.get(f"{world.base}practice/board.json")[1])["salt"] == world.board.salt


def test_a_sealed_board_is_not_there_for_others(field: Field) -> None:
    world = World(field, visibility=Visibility.SEALED)
    listed = [world.base, world.api]
    for user in others(world):
        for address in world.readable():
            status, body = world.get(address, user)
            assert (status, "Second" in body) == (200 if address in listed else 404, False)
        assert json.loads(world.get(world.api, user)[1]) == []
        for entry in (world.first, world.second):
            assert world.get(world.own(entry.code)[0], user)[0] in {302, 404}
            assert world.get(world.own(entry.code)[1], user)[0] in {401, 404}
    for address in [*world.readable(), *world.own(world.first.code)]:
        assert world.get(address, field.staff)[0] == 200
    domain.open_board(actor=field.staff, board=world.board)
    assert all(world.get(address)[0] == 200 for address in world.readable())


def test_scores_after_the_freeze_are_for_staff_alone(world: World) -> None:
    field = world.field
    field.moment += timedelta(seconds=1)
    with clock.frozen_at(field.moment):
        domain.freeze(actor=field.staff, board=world.board)
    before = {
        (address, user.pk): world.get(address, user)
        for user in others(world)
        for address in world.readable()
        if "check" not in address
    }
    field.score(world.first, 777, margin=1)
    field.score(field.enter("Newcomer"), 778, margin=1)
    field.refreshed(world.board)
    for user in others(world):
        addresses = world.readable()
        for entry in (world.first, world.second):
            if user.pk and field.captain(entry) == user:
                addresses += world.own(entry.code)
        for address in addresses:
            status, body = world.get(address, user)
            assert status == 200
            assert [bait for bait in ("777", "778", "Newcomer") if stands_in(body, bait)] == []
    for (address, pk), (_status, body) in before.items():
        if pk is None and "api" in address:
            assert world.get(address)[1] == body
    lines = json.loads(world.get(f"{world.api}/practice", field.staff)[1])["lines"]
    assert [line["values"]["right"] for line in lines] == [778.0, 777.0, 5.0]


def test_a_history_is_for_its_team_and_staff(world: World) -> None:
    field = world.field
    field.score(world.first, 1.0625, margin=2)
    field.refreshed(world.board)
    captains = {
        "first": field.captain(world.first),
        "second": field.captain(world.second),
        "nobody": person(),
        "staff": field.staff,
    }
    seen = {
        name: (
            [world.get(address, user)[0] for address in world.own(world.first.code)],
            [world.get(address, user)[0] for address in world.own(world.second.code)],
        )
        for name, user in captains.items()
    }
    assert seen == {
        "first": ([200, 200], [404, 404]),
        "second": ([404, 404], [200, 200]),
        "nobody": ([404, 404], [404, 404]),
        "staff": ([200, 200], [200, 200]),
    }
    told = json.loads(world.get(world.own(world.first.code)[1], captains["first"])[1])
    assert [(run["submission"], run["values"], run["counts"]) for run in told] == [
        (1, {"right": 3.0}, True),
        (2, {"right": 1.0625}, False),
    ]
    for address in world.readable():
        assert "1.0625" not in world.get(address, captains["second"])[1]


def test_desk_and_sets_are_for_staff_alone(world: World) -> None:
    field = world.field
    field.version("2")
    with clock.frozen_at(field.moment):
        made = domain.stage(
            actor=field.staff,
            board=world.board,
            evaluator=Evaluator.objects.get(version="2"),
            scope=Whose.ALL,
            reason="Bait reason",
        )
    desk = world.base.replace("/boards/", "/desk/boards/")
    pages = [desk, f"{desk}practice/sets/", f"{desk}practice/sets/{made.code}/"]
    api = [f"{world.api}/practice/sets", f"{world.api}/practice/sets/{made.code}"]
    for user in others(world):
        for address in pages:
            assert world.get(address, user)[0] == (404 if user.pk else 302)
        for address in api:
            assert world.get(address, user)[0] == (404 if user.pk else 401)
        for address in world.readable():
            assert "Bait reason" not in world.get(address, user)[1]
    assert [world.get(address, field.staff)[0] for address in [*pages, *api]] == [200] * 5


def test_others_press_no_button(world: World) -> None:
    field = world.field
    desk = world.base.replace("/boards/", "/desk/boards/")
    stored = list(Board.objects.values())
    acts = [f"{desk}new/", f"{desk}results/"]
    acts += [f"{desk}practice/{act}/" for act in ("open", "columns", "freeze", "unfreeze", "sets")]
    for user in others(world):
        client = Client()
        if user.pk:
            client.force_login(user)
        for address in acts:
            assert client.post(address).status_code == (404 if user.pk else 302)
    assert list(Board.objects.values()) == stored
    assert not hasattr(field.track, "results_out")
    assert not Reevaluation.objects.exists()


def test_the_json_export_leads_to_the_digest(field: Field) -> None:
    world = World(field)
    for number in range(7):
        field.score(field.enter(f"More {number}"), number % 3, margin=number)
    domain.open_columns(actor=field.staff, board=world.board)
    field.refreshed(world.board)
    told = json.loads(world.get(f"{world.base}practice/board.json")[1])
    rules = rules_from(told["rules"])
    runs = [from_json(line) for line in told["lines"]]
    index = index_of(blocks(Line(key=key_of(run, rules), run=run) for run in runs))
    digest = snapshot_digest(board=told["board"], salt=told["salt"], rules=rules, index=index)
    assert digest == told["digest"]
    assert [line["place"] for line in told["lines"]] == [1, 2, 3, 3, 5, 5, 7, 7, 7]


def test_the_csv_export_has_what_the_page_has(world: World) -> None:
    rows = list(csv.DictReader(io.StringIO(world.get(f"{world.base}practice/board.csv")[1][1:])))
    assert [(row["place"], row["title"], row["team"], row["right"]) for row in rows] == [
        ("1", "Second", "", "5.0"),
        ("2", "First", "", "3.0"),
    ]
    assert set(rows[0]) == {
        "place", "entry", "title", "team", "submission", "submitted_at", "evaluator", "right",
        "right_low", "right_high",
    }  # fmt: skip


def test_a_title_is_no_formula_of_a_spreadsheet(field: Field) -> None:
    field.score(field.enter("=HYPERLINK(1)"), 1)
    field.board()
    world = World.__new__(World)
    world.field = field
    rows = list(csv.DictReader(io.StringIO(world.get(f"{world.base}practice/board.csv")[1][1:])))
    assert rows[0]["title"] == "'=HYPERLINK(1)"


def test_names_of_teams_are_hidden_and_not_searched_while_the_phase_hides_them(
    world: World,
) -> None:
    team = world.second.team
    team.name = "Bait Otters"
    team.save()
    for address in [*world.readable(), f"{world.base}practice/?q=Otters"]:
        body = world.get(address)[1]
        assert "Bait" not in body
    found = world.get(f"{world.base}practice/?q=Otters", world.field.staff)[1]
    assert "Second" in found
    assert "Second" not in world.get(f"{world.base}practice/?q=Otters")[1]


def test_ones_own_entry_stands_above_the_table(world: World) -> None:
    body = world.get(f"{world.base}practice/", world.field.captain(world.first))[1]
    assert body.index("Your entry") < body.index("All places")
    assert 'aria-current="true"' in body
    assert "Your entry" not in world.get(f"{world.base}practice/")[1]


def test_pages_lead_through_the_board(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "A_PAGE", 2)
    for number in range(5):
        field.score(field.enter(f"Entry {number}"), number)
    field.board()
    world = World.__new__(World)
    world.field = field
    first = world.get(f"{world.base}practice/")[1]
    assert [f"Entry {number}" in first for number in range(5)] == [False, False, False, True, True]
    assert 'href="?cursor=2"' in first
    assert 'rel="prev"' not in first
    last = world.get(f"{world.base}practice/?cursor=4")[1]
    assert [f"Entry {number}" in last for number in range(5)] == [True, False, False, False, False]
    assert 'href="?cursor=2"' in last
    assert 'rel="next"' not in last
    assert world.get(f"{world.base}practice/?cursor=x")[0] == 404
    assert world.get(f"{world.base}practice/?cursor=99")[0] == 200


def test_kept_rows_are_shown_to_nobody_else(world: World) -> None:
    address = f"{world.base}practice/"
    for entry, name in ((world.first, "Bait Herons"), (world.second, "Bait Otters")):
        entry.team.name = name
        entry.team.save()
    readers = [PUBLIC, world.field.captain(world.first), world.field.captain(world.second)]
    readers.append(world.field.staff)

    def seen() -> list[tuple[int, bool, bool]]:
        bodies = [world.get(address, reader)[1] for reader in readers]
        return [
            (body.count('aria-current="true"'), "Bait Herons" in body, "Bait Otters" in body)
            for body in bodies
        ]

    expected = [(0, False, False), (2, True, False), (2, False, True), (0, True, True)]
    assert seen() == expected
    readers.reverse()
    assert seen() == expected[::-1]


def test_kept_rows_follow_titles_and_languages(world: World) -> None:
    address = f"{world.base}practice/"
    assert "Second" in world.get(address)[1]
    world.second.title = "Renamed"
    world.second.save()
    with clock.frozen_at(world.field.moment):
        chinese = Client(headers={"accept-language": "zh-hans"}).get(address).content.decode()
    body = world.get(address)[1]
    assert "Renamed" in body
    assert "Renamed" in chinese
    assert "Second" not in body + chinese
    assert ">Place</th>" in body
    assert ">Place</th>" not in chinese


class Caller:
    """The API by key."""

    def __init__(self, world: World, user: Any, *scopes: Scope) -> None:
        _token, key = create_token(actor=user, name="tests", scopes=scopes, days=30)
        self.world, self.client = world, Client(headers={"authorization": f"Bearer {key}"})

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        with clock.frozen_at(self.world.field.moment):
            return self.client.generic(
                method,
                f"{self.world.api}{path}",
                data=json.dumps(body) if body is not None else "",
                content_type="application/json",
            )


@pytest.fixture
def caller(world: World) -> Callable[..., Caller]:
    def make(user: Any, *scopes: Scope) -> Caller:
        with clock.frozen_at(world.field.moment):
            return Caller(world, user, *scopes)

    return make


def test_organisers_run_boards_by_the_api(world: World, caller: Callable[..., Caller]) -> None:
    call = caller(world.field.staff, Scope.ORGANISE, Scope.READ)
    made = call("POST", "", {"split": "ranking", "visibility": "sealed", "rule": "last"})
    assert (made.status_code, made.json()["rules"]["rule"]) == (201, "last")
    assert call("POST", "/ranking/open").status_code == 200
    assert call("POST", "/practice/freeze", {}).json()["frozen"] is False
    assert call("POST", "/practice/freeze", {}).status_code == 409
    assert call("POST", "/practice/unfreeze").status_code == 200
    assert call("POST", "/practice/freeze", {"at": "2023-02-09T00:00:00"}).status_code == 422
    assert call("POST", "/practice/open-columns").status_code == 200
    verdict = call("GET", "/practice/check").json()
    assert verdict == {"holds": True, "complete": True, "faults": []}


def test_sets_run_through_the_api(world: World, caller: Callable[..., Caller]) -> None:
    field = world.field
    second = field.version("2")
    call = caller(field.staff, Scope.ORGANISE, Scope.READ)
    body = {"evaluator": second.code, "scope": "all", "reason": "Counted twice."}
    made = call("POST", "/practice/sets", body)
    assert (made.status_code, made.json()["open"]) == (201, 2)
    code = made.json()["code"]
    assert call("POST", f"/practice/sets/{code}/apply").status_code == 409
    field.moment += timedelta(minutes=1)  # of runs that end at one moment the code decides
    with clock.frozen_at(field.moment):
        field.end(5)
        field.end(1)
    told = call("GET", f"/practice/sets/{code}").json()
    assert [(one["entry"], one["moved"], one["change"]) for one in told["differences"]] == [
        (world.second.code, -1, -4.0),
        (world.first.code, 1, 2.0),
    ]
    assert call("POST", f"/practice/sets/{code}/apply").json()["state"] == "applied"
    assert call("POST", f"/practice/sets/{code}/explode").status_code == 404
    assert call("POST", f"/practice/sets/{code}/revert").json()["state"] == "reverted"


@pytest.mark.parametrize("scopes", [(Scope.READ,), (Scope.ENTER, Scope.REVIEW)])
def test_keys_without_the_scope_change_nothing(
    world: World, caller: Callable[..., Caller], scopes: tuple[Scope, ...]
) -> None:
    call = caller(operator(), *scopes)
    for path in ("/practice/freeze", "/practice/open-columns"):
        assert call("POST", path, {}).status_code == 403
    world.board.refresh_from_db()
    assert (world.board.freeze_at, world.board.columns_open) == (None, False)


def test_a_team_chooses_by_page_and_api(world: World, caller: Callable[..., Caller]) -> None:
    world.board.rules = {**world.board.rules, "rule": "selected"}
    world.board.save()
    world.field.score(world.first, 9)
    captain = world.field.captain(world.first)
    call = caller(captain, Scope.ENTER, Scope.READ)
    path = f"/practice/entries/{world.first.code}/choice"
    assert call("PUT", path, {"submission": 1}).status_code == 204
    assert call("PUT", path, {"submission": 7}).status_code == 404
    other = caller(world.field.captain(world.second), Scope.ENTER)
    assert other("PUT", path, {"submission": 2}).status_code == 404
    client = Client()
    client.force_login(captain)
    address = f"{world.own(world.first.code)[0]}choose/"
    with clock.frozen_at(world.field.moment):
        assert client.post(address, {"submission": "2"}).status_code == 302
        assert client.post(address, {"submission": "²"}).status_code == 404
    chosen = [choice.submission.number for choice in world.board.choices.all()]
    assert chosen == [1, 2]
