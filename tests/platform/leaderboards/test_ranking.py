"""The order of a board: properties, and the cases that people argue about."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.leaderboards.ranking import (
    RULES,
    TIES,
    Column,
    Rules,
    Run,
    counting_run,
    places,
    rank,
)

COLUMNS = (Column(name="score"), Column(name="seconds", better="lower", decimals=1))


def rules(**fields: Any) -> Rules:
    return Rules(columns=COLUMNS, **{"sort": ("score", "seconds"), **fields})


def run(entry: str = "a", submission: int = 1, *, score: float = 1.0, **fields: Any) -> Run:
    seconds = fields.pop("seconds", 10.0)
    return Run(
        entry=entry,
        submission=submission,
        submitted_at=fields.pop("submitted_at", f"2023-05-{submission:02d}T00:00:00+00:00"),
        evaluation=fields.pop("evaluation", f"{entry}-{submission}"),
        evaluator="driving 1",
        values={"score": score, "seconds": seconds},
        intervals={"score": (score - 1, score + 1)},
        finished_at=fields.pop("finished_at", f"2023-05-{submission:02d}T01:00:00+00:00"),
    )


def standing(lines: list[Any]) -> list[tuple[str, int, bool]]:
    return [(one.line.run.entry, one.place, one.tied) for one in places(lines)]


@st.composite
def many_runs(draw: st.DrawFn) -> list[Run]:
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from("abcdefgh"), st.integers(1, 4), st.integers(0, 3), st.integers(0, 2)
            ),
            unique_by=lambda item: item[:2],
            max_size=24,
        )
    )
    return [
        run(entry, number, score=score / 2, seconds=float(seconds))
        for entry, number, score, seconds in drawn
    ]


@given(many_runs(), st.sampled_from(RULES), st.sampled_from(TIES), st.randoms())
def test_the_order_of_the_runs_changes_nothing(
    runs: list[Run], rule: str, ties: str, chance: random.Random
) -> None:
    chosen = {"a": 1, "b": 2}
    shuffled = runs[:]
    chance.shuffle(shuffled)
    wanted = rules(rule=rule, ties=ties)
    assert rank(shuffled, wanted, selected=chosen) == rank(runs, wanted, selected=chosen)


@given(many_runs(), st.sampled_from(TIES))
def test_everybody_has_one_place_and_nobody_stands_above_a_better_one(
    runs: list[Run], ties: str
) -> None:
    placed = list(places(rank(runs, rules(ties=ties))))
    assert sorted(one.line.run.entry for one in placed) == sorted({one.entry for one in runs})
    assert [one.position for one in placed] == list(range(1, len(placed) + 1))
    for one in placed:
        better = sum(other.line.merit < one.line.merit for other in placed)
        assert one.place == better + 1
        assert one.tied == (sum(other.place == one.place for other in placed) > 1)


@given(many_runs())
def test_best_is_never_below_any_of_ones_runs(runs: list[Run]) -> None:
    for line in rank(runs, rules(rule="best")):
        own = [one.values for one in runs if one.entry == line.run.entry]
        assert line.merit == min((-values["score"], values["seconds"]) for values in own)


def test_columns_are_compared_in_order_and_direction() -> None:
    runs = [run("a", score=5, seconds=9), run("b", score=5, seconds=3), run("c", score=6)]
    assert standing(rank(runs, rules())) == [("c", 1, False), ("b", 2, False), ("a", 3, False)]


def test_equals_share_a_place_and_the_next_are_skipped() -> None:
    runs = [run("b", score=5), run("a", score=5), run("c", score=4)]
    assert standing(rank(runs, rules())) == [("a", 1, True), ("b", 1, True), ("c", 3, False)]


def test_where_ties_go_to_the_earlier_submission_it_is_first() -> None:
    runs = [run("a", 2, score=5), run("b", 1, score=5)]
    assert standing(rank(runs, rules(ties="earlier"))) == [("b", 1, False), ("a", 2, False)]


def test_what_is_shown_is_what_is_compared() -> None:
    runs = [run("b", score=5.0004), run("a", score=5.0001), run("c", score=5.0006)]
    assert standing(rank(runs, rules())) == [("c", 1, False), ("a", 2, True), ("b", 2, True)]


def test_no_zero_is_below_another() -> None:
    runs = [run("a", score=-0.0), run("b", score=0.0)]
    assert standing(rank(runs, rules())) == [("a", 1, True), ("b", 1, True)]


def test_last_is_the_highest_number_however_it_scores() -> None:
    runs = [run("a", 1, score=9), run("a", 3, score=2), run("a", 2, score=5)]
    counted = counting_run(runs, rules(rule="last"))
    assert counted is not None
    assert counted.submission == 3


@pytest.mark.parametrize(("chosen", "counts"), [(1, 1), (2, 2), (None, 3), (7, 3)])
def test_selected_is_what_was_chosen_and_the_last_until_then(
    chosen: int | None, counts: int
) -> None:
    runs = [run("a", number, score=number) for number in (1, 2, 3)]
    counted = counting_run(runs, rules(rule="selected"), selected=chosen)
    assert counted is not None
    assert counted.submission == counts


def test_the_latest_run_of_a_submission_stands_for_it() -> None:
    old = run("a", score=9, evaluation="old", finished_at="2023-05-01T01:00:00+00:00")
    new = run("a", score=3, evaluation="new", finished_at="2023-05-02T01:00:00+00:00")
    assert counting_run([new, old], rules(rule="best")) == new


def test_among_equal_bests_the_earlier_submission_counts() -> None:
    counted = counting_run([run("a", 2, score=5), run("a", 1, score=5)], rules())
    assert counted is not None
    assert counted.submission == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_a_value_that_is_none_is_refused(value: Any) -> None:
    bad = replace(run(), values={"score": value, "seconds": 1.0})
    with pytest.raises(ValueError, match="a-1: no finite score"):
        rank([bad], rules())


@pytest.mark.parametrize(
    "fields",
    [{"sort": ()}, {"sort": ("speed",)}, {"ties": "random"}, {"rule": "luckiest"}],
)
def test_rules_that_cannot_be_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        rules(**fields)
