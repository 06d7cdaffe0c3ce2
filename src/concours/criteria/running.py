"""A set's rows on a clone: what a machine can say of each, and what waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from concours.clones import name_of
from concours.criteria.checks import CHECKS, Outcome, Verdict
from concours.criteria.repository import Repository
from concours.criteria.sets import CriteriaSet, Mode, Row


class State(StrEnum):
    """How a row stands after the machine alone has looked."""

    MET = "met"
    NOT_MET = "not-met"
    CANNOT_TELL = "cannot-tell"
    WAITS = "waits"


@dataclass(frozen=True, kw_only=True)
class RowResult:
    """A row with its outcome; None where a person alone judges."""

    row: Row
    outcome: Outcome | None

    @property
    def state(self) -> State:
        """Of rows that both judge a machine can only say that they are not met."""
        if self.outcome is None:
            return State.WAITS
        if self.row.mode is Mode.BOTH and self.outcome.verdict is Verdict.MET:
            return State.WAITS
        return State(self.outcome.verdict.value)

    @property
    def fails(self) -> bool:
        """Whether a must is not met."""
        return self.row.must and self.state is State.NOT_MET


@dataclass(frozen=True, kw_only=True)
class Report:
    """A set's rows for a stage (all for an empty one) on a clone."""

    criteria: CriteriaSet
    stage: str
    name: str
    repository: Repository
    results: Sequence[RowResult]

    @property
    def failed(self) -> list[RowResult]:
        return [result for result in self.results if result.fails]

    def counts(self) -> dict[State, int]:
        """How many rows stand how, every state named."""
        states = [result.state for result in self.results]
        return {state: states.count(state) for state in State}


def check_repository(
    repository: Repository, criteria: CriteriaSet, *, stage: str = "", clone: Path | None = None
) -> Report:
    """Run the checks of a set's rows for `stage`. Equal checks run once. O(files + commits)."""
    outcomes: dict[tuple[object, ...], Outcome] = {}
    results = []
    for row in criteria.for_stage(stage):
        outcome = None
        if row.check:
            key = (row.check, *sorted(row.parameters.items()))
            if key not in outcomes:
                outcomes[key] = CHECKS[row.check].look(repository, row.parameters)
            outcome = outcomes[key]
        results.append(RowResult(row=row, outcome=outcome))
    return Report(
        criteria=criteria,
        stage=stage,
        name=name_of(clone) if clone else "",
        repository=repository,
        results=results,
    )
