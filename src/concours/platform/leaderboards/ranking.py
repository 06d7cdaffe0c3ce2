"""Who stands where on a board, free of the database: runs in, ordered lines out.

Values are compared as they are shown, rounded to their column's decimals: a last bit that another
machine computes otherwise moves nobody. The order does not depend on the order of the runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import Any

RULES = ("best", "last", "selected")
TIES = ("shared", "earlier")

Key = tuple[Any, ...]
"""What lines are sorted by: a number a sort column, the moment where ties go to the earlier, and
the entry's code last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A number of a result. `decimals` is how many are shown, and compared."""

    name: str
    title: str = ""
    title_zh: str = ""
    unit: str = ""
    better: str = "higher"
    public: bool = True
    decimals: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a board is made. `sort` names columns, the first weighs most; `rule` says which of an
    entry's runs counts; `ties` whether equals share a place or the earlier submission is first."""

    columns: tuple[Column, ...]
    sort: tuple[str, ...]
    ties: str = "shared"
    rule: str = "best"

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError("a column comes twice")
        if not self.sort or set(self.sort) - set(names):
            raise ValueError("a board is sorted by at least one of its columns")
        if self.ties not in TIES or self.rule not in RULES:
            raise ValueError(f"unknown rule {self.rule!r} or ties {self.ties!r}")

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def main(self) -> Column:
        """The column that weighs most."""
        return self.by_name[self.sort[0]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A scored run of a submission. Moments are ISO 8601 in UTC, so that they sort as text."""

    entry: str
    submission: int
    submitted_at: str
    evaluation: str
    evaluator: str
    values: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    finished_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a board: the run of an entry that counts, and where it sorts."""

    key: Key
    run: Run

    @property
    def merit(self) -> Key:
        """The key without the code: lines of equal merit share a place."""
        return self.key[:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A line with its place; `position` counts from 1 without gaps.

    A baseline, which is out of competition, has the place 0 and takes none from anybody.
    """

    position: int
    place: int
    tied: bool
    line: Line


def key_of(run: Run, rules: Rules) -> Key:
    """Where `run` sorts; smaller is better.

    Raises ValueError where a value that is sorted by is missing or not finite.
    """
    columns = rules.by_name
    parts: list[Any] = [_merit(run, columns[name]) for name in rules.sort]
    if rules.ties == "earlier":
        parts.append(run.submitted_at)
    return (*parts, run.entry)


def _merit(run: Run, column: Column) -> float:
    value = run.values.get(column.name)
    if value is None or not isfinite(value):
        raise ValueError(f"{run.evaluation}: no finite {column.name}")
    shown = round(float(value), column.decimals)
    # Zero is added so that −0.0 and 0.0 are written alike.
    return (-shown if column.better == "higher" else shown) + 0.0


def counting_run(runs: Iterable[Run], rules: Rules, *, selected: int | None = None) -> Run | None:
    """Which of an entry's runs counts; None where there is none.

    Of several runs of one submission the latest stands for it. "selected" is the submission of
    that number; until it is chosen, and while it has no score, the last one.
    """
    standing = _one_a_submission(runs)
    if not standing:
        return None
    if rules.rule == "best":
        return min(
            standing.values(),
            key=lambda run: (
                key_of(run, rules)[: len(rules.sort)],
                run.submitted_at,
                run.submission,
            ),
        )
    if rules.rule == "selected" and selected in standing:
        return standing[selected]
    return standing[max(standing)]


def _one_a_submission(runs: Iterable[Run]) -> dict[int, Run]:
    ordered = sorted(runs, key=lambda run: (run.finished_at, run.evaluation))
    return {run.submission: run for run in ordered}


def line_of(runs: Iterable[Run], rules: Rules, *, selected: int | None = None) -> Line | None:
    """The line of the entry whose runs these are; None without a run."""
    run = counting_run(runs, rules, selected=selected)
    return None if run is None else Line(key=key_of(run, rules), run=run)


def rank(
    runs: Iterable[Run], rules: Rules, *, selected: Mapping[str, int] | None = None
) -> list[Line]:
    """All entries' lines in order; O(n log n). `selected` maps an entry to its submission."""
    chosen = selected or {}
    ordered = sorted(runs, key=lambda run: run.entry)
    lines = [
        line_of(group, rules, selected=chosen.get(entry))
        for entry, group in groupby(ordered, key=lambda run: run.entry)
    ]
    return sorted((line for line in lines if line is not None), key=lambda line: line.key)


def places(lines: Sequence[Line], *, apart: Collection[str] = ()) -> Iterator[Placed]:
    """Lines in order with their places: equals share one, and those they take up are skipped.

    Entries `apart`, by code, are out of competition.
    """
    position, place = 0, 1
    for _, group in groupby(lines, key=lambda line: line.merit):
        equals = list(group)
        competing = sum(line.run.entry not in apart for line in equals)
        for line in equals:
            position += 1
            competes = line.run.entry not in apart
            yield Placed(
                position=position,
                place=place if competes else 0,
                tied=competes and competing > 1,
                line=line,
            )
        place += competing
