"""From the results of all cases to one number a column, with how sure it is."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from concours.evaluation.canonical import digest_of_facts
from concours.evaluation.cases import CaseResult, CaseState
from concours.evaluation.errors import BadResult
from concours.evaluation.manifest import Aggregate, Column, Evaluator
from concours.evaluation.results import checked, shown

_DOMAIN = "concours.evaluation.total/1"
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What a submission is worth on a split.

    Attributes:
        values: column -> number. intervals: column -> 95 % bounds over the cases, for means and
            sums; the least and the largest of a few cases have none.
        digest: SHA-256 of evaluator, split, cases and all numbers.
    """

    values: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    digest: str


def combine(evaluator: Evaluator, split: str, results: Iterable[CaseResult]) -> Total:
    """One number a column; the order of the results does not matter.

    Raises BadResult where a case is missing, there twice or faulted, or where its values are not
    those of the columns: the evaluator's fault. KeyError for a split that is none.
    """
    ordered = sorted(results, key=lambda result: result.case)
    _refuse_gaps(evaluator.cases(split), [result.case for result in ordered])
    for result in ordered:
        if result.state is CaseState.FAULTED:
            raise BadResult(f"{result.case} has no verdict: {result.reason}")
    rows = [checked(result.values, evaluator.columns) for result in ordered]
    values: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for column in evaluator.columns:
        numbers = sorted(row[column.name] for row in rows)
        values[column.name] = _aggregate(column, numbers)
        if column.aggregate in (Aggregate.MEAN, Aggregate.SUM):
            intervals[column.name] = _interval(column, numbers)
    facts = {
        "domain": _DOMAIN,
        "evaluator": evaluator.digest,
        "split": split,
        "cases": [result.digest for result in ordered],
        "values": {name: value.hex() for name, value in values.items()},
    }
    return Total(values=values, intervals=intervals, digest=digest_of_facts(facts))


def _refuse_gaps(wanted: list[str], given: list[str]) -> None:
    if twice := [name for name, count in Counter(given).items() if count > 1]:
        raise BadResult(f"there are two results of {shown(twice)}")
    if missing := sorted(set(wanted) - set(given)):
        raise BadResult(f"there is no result of {shown(missing)}")
    if surplus := sorted(set(given) - set(wanted)):
        raise BadResult(f"the split has no case {shown(surplus)}")


def _aggregate(column: Column, numbers: list[float]) -> float:
    """numbers: sorted, one at least. Raises BadResult where they add up to no finite number."""
    if column.aggregate is Aggregate.MIN:
        return numbers[0]
    if column.aggregate is Aggregate.MAX:
        return numbers[-1]
    try:
        total = math.fsum(numbers)
    except OverflowError:
        raise BadResult(f"the values of {column.name} add up to no finite number") from None
    return total / len(numbers) if column.aggregate is Aggregate.MEAN else total


def _interval(column: Column, numbers: list[float]) -> tuple[float, float]:
    """numbers: sorted, one at least. Raises BadResult where a bound is no finite number."""
    from concours.driving.scoring.statistics import mean_score

    # Powers of numbers that are all tiny or huge leave what a float holds: a power of two is
    # taken out of them, which changes no other bit.
    scale = math.frexp(max(map(abs, numbers)))[1]
    with warnings.catch_warnings(action="ignore"):
        found = mean_score([math.ldexp(one, -scale) for one in numbers], seed=0, level=LEVEL)
    times = 1 if column.aggregate is Aggregate.MEAN else len(numbers)
    if math.isnan(found.low) or math.isnan(found.high):
        return numbers[0] * times, numbers[-1] * times
    try:
        return math.ldexp(found.low * times, scale), math.ldexp(found.high * times, scale)
    except OverflowError:
        raise BadResult(f"the values of {column.name} have no interval") from None
