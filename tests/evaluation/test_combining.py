from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.evaluation import BadResult, CaseResult, CaseState, Evaluator, combine, load
from concours.evaluation.cases import faulted
from tests.examples import examples
from tests.factories.evaluators import MANIFEST, write_evaluator


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    return load(write_evaluator(tmp_path_factory.mktemp("combining") / "adding"))


def result(case: str, right: float = 100.0, error: float = 0.0) -> CaseResult:
    values = {"right": right, "error": error}
    return CaseResult(case=case, state=CaseState.SCORED, values=values)


def results(right: list[float], error: list[float]) -> list[CaseResult]:
    return [
        result(case, one, two)
        for case, one, two in zip(["one", "three", "two"], right, error, strict=True)
    ]


def test_each_column_in_its_own_way(evaluator: Evaluator) -> None:
    total = combine(evaluator, "practice", results([0.0, 50.0, 100.0], [7.0, 2.0, 0.0]))
    assert total.values == {"right": 50.0, "error": 9.0}
    low, high = total.intervals["right"]
    assert 0.0 <= low < 50.0 < high <= 100.0
    low, high = total.intervals["error"]
    assert 0.0 <= low < 9.0 < high <= 21.0


def test_the_least_and_the_largest_have_no_interval(tmp_path: Path) -> None:
    text = MANIFEST.replace('aggregate = "sum"', 'aggregate = "max"')
    evaluator = load(write_evaluator(tmp_path / "largest", manifest=text))
    total = combine(evaluator, "practice", results([100.0] * 3, [7.0, 2.0, 0.0]))
    assert total.values["error"] == 7.0
    assert "error" not in total.intervals


numbers = st.lists(st.floats(0, 100), min_size=3, max_size=3)


@settings(max_examples=examples(60))
@given(numbers, numbers, st.permutations(range(3)))
def test_the_order_of_the_results_does_not_matter(
    evaluator: Evaluator, right: list[float], error: list[float], order: list[int]
) -> None:
    given = results(right, error)
    shuffled = [given[index] for index in order]
    assert combine(evaluator, "practice", shuffled) == combine(evaluator, "practice", given)


@given(st.floats(0, 100).filter(bool))
def test_any_other_number_is_another_digest(evaluator: Evaluator, error: float) -> None:
    one = combine(evaluator, "practice", results([1.0] * 3, [0.0, 0.0, 0.0]))
    two = combine(evaluator, "practice", results([1.0] * 3, [0.0, 0.0, error]))
    assert one.digest != two.digest


def test_how_long_it_took_and_what_was_printed_is_no_part_of_a_digest() -> None:
    plain = result("one")
    other = replace(plain, seconds=3.0, log="adding", layers={"box": "podman"}, reason="because")
    assert other.digest == plain.digest
    assert replace(plain, state=CaseState.FAILED).digest != plain.digest


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "there is no result of 'one'"),
        ([result("one"), result("two")], "there is no result of 'three'"),
        ([*results([1.0] * 3, [0.0] * 3), result("one")], "two results of 'one'"),
        ([*results([1.0] * 3, [0.0] * 3), result("four")], "has no case 'four'"),
        (
            [faulted("one", "fault", "the disk is full"), *results([1.0] * 3, [0.0] * 3)[1:]],
            "one has no verdict: the disk is full",
        ),
        (results([float("nan"), 1.0, 1.0], [0.0] * 3), "right is nan"),
        (results([1.0] * 3, [float("inf"), 0.0, 0.0]), "error is inf"),
        (results([101.0, 1.0, 1.0], [0.0] * 3), "right is 101, where 0 to 100 is declared"),
        (
            [replace(result("one"), values={"right": 1.0}), *results([1.0] * 3, [0.0] * 3)[1:]],
            "lacks error",
        ),
    ],
)
def test_what_is_no_total(evaluator: Evaluator, given: list[CaseResult], told: str) -> None:
    with pytest.raises(BadResult) as caught:
        combine(evaluator, "practice", given)
    assert told in str(caught.value)


def test_numbers_too_large_to_add_up(evaluator: Evaluator) -> None:
    with pytest.raises(BadResult):
        combine(evaluator, "practice", results([1.0] * 3, [1e308, 1e308, 1e308]))
