"""Baselines: on the board for comparison, without a place, a review, or a prize."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.awards.domain.contest import contest_of
from concours.platform.competitions import domain as competitions
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.leaderboards import domain
from concours.platform.leaderboards.domain.reading import Shown
from concours.platform.leaderboards.ranking import places, rank
from concours.platform.record.models import Event
from tests.factories import boards
from tests.factories import competitions as make
from tests.platform.leaderboards.test_ranking import rules, run

pytestmark = pytest.mark.django_db


def mark(field: boards.Field, entry: Any) -> None:
    with clock.frozen_at(boards.SPRING):
        competitions.mark_baseline(actor=field.staff, entry=entry)


def filled(field: boards.Field) -> dict[str, Any]:
    """Two baselines among four entries; one of them ties with an entry."""
    entries = {name: field.enter(name) for name in ("Ada", "still", "Bea", "careful", "Cyd")}
    for name in ("still", "careful"):
        mark(field, entries[name])
    scores = {"careful": 9.0, "Ada": 8.0, "still": 8.0, "Bea": 5.0, "Cyd": 5.0}
    for name, right in scores.items():
        field.score(entries[name], right)
    return entries


def test_a_baseline_stands_on_the_board_and_takes_no_place(field: boards.Field) -> None:
    entries = filled(field)
    board = field.board()

    shown = Shown(user=field.staff, board=board)
    names = {entry.code: name for name, entry in entries.items()}
    found = {names[one.line.run.entry]: (one.place, one.tied) for one in shown.window().placed}

    assert found == {
        "careful": (0, False),
        "still": (0, False),
        "Ada": (1, False),
        "Bea": (2, True),
        "Cyd": (2, True),
    }
    [own] = Shown(user=field.staff, board=board).of_entries([entries["Bea"].pk])
    assert (own.place, own.tied) == (2, True)
    assert [one.place for one in Shown(user=field.staff, board=board).every()] == [
        found[names[one.line.run.entry]][0] for one in shown.window().placed
    ]


def test_pages_and_exports_call_it_a_baseline(field: boards.Field, client: Client) -> None:
    entries = filled(field)
    board = field.board()
    base = f"/seasons/{field.track.season.slug}/tracks/{field.track.slug}/boards/practice/"

    page = client.get(base).content.decode()
    told = json.loads(client.get(base + "board.json").getvalue())

    assert page.count("baseline, out of competition") == 2
    by_code = {line["entry"]: line for line in told["lines"]}
    assert by_code[entries["careful"].code]["place"] is None
    assert by_code[entries["careful"].code]["baseline"] is True
    assert by_code[entries["Ada"].code]["place"] == 1
    assert told["count"] == board.live.count == 5


def test_it_gives_no_machine_points_and_is_out_of_the_contest(field: boards.Field) -> None:
    entries = filled(field)
    board = field.board()

    points = dict(domain.machine_points(board=board).points)
    contest = contest_of(track=field.track)

    competing = {entries[name].code for name in ("Ada", "Bea", "Cyd")}
    assert points.keys() == competing
    assert {*contest.codes.values(), *contest.left_out} == competing
    assert {facts.code for facts in competitions.entry_facts(track=field.track)} == competing


def test_only_staff_mark_one_while_submissions_are_open(field: boards.Field) -> None:
    entry = field.enter("Ada")
    with pytest.raises(NotPermitted), clock.frozen_at(boards.SPRING):
        competitions.mark_baseline(actor=field.captain(entry), entry=entry)

    mark(field, entry)

    event = Event.objects.get(verb="entry.baseline")
    assert event.subject == f"entry:{entry.code}"
    with pytest.raises(Refused) as again:
        mark(field, entry)
    assert again.value.code == "baseline-already"
    late = field.enter("Bea")
    with pytest.raises(Refused) as refused, clock.frozen_at(make.day(2023, 8, 1)):
        competitions.mark_baseline(actor=field.staff, entry=late)
    assert refused.value.code == "submissions-closed"


def test_an_organiser_marks_it_on_its_page(field: boards.Field, client: Client) -> None:
    entry = field.enter("Ada")
    url = f"/entries/{entry.code}/"
    client.force_login(field.captain(entry))
    with clock.frozen_at(boards.SPRING):
        assert client.post(url + "baseline/").status_code in {403, 404}
        client.force_login(field.staff)
        assert "out of competition" in client.get(url).content.decode()
        client.post(url + "baseline/")
    entry.refresh_from_db()
    assert entry.baseline


@given(
    values=st.lists(st.integers(0, 4).map(float), min_size=1, max_size=12),
    data=st.data(),
)
def test_others_have_the_places_that_they_had_without_baselines(
    values: list[float], data: st.DataObject
) -> None:
    codes = [f"e{number:02}" for number in range(len(values))]
    apart = data.draw(st.sets(st.sampled_from(codes)))
    runs = [run(code, score=value) for code, value in zip(codes, values, strict=True)]
    lines = rank(runs, rules())

    found = {one.line.run.entry: (one.place, one.tied) for one in places(lines, apart=apart)}

    alone = [line for line in lines if line.run.entry not in apart]
    expected = {one.line.run.entry: (one.place, one.tied) for one in places(alone)}
    assert found == {**expected, **dict.fromkeys(apart, (0, False))}
