"""What the leaderboards' API says and takes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from concours.platform.leaderboards.differences import Difference
from concours.platform.leaderboards.domain.histories import Step
from concours.platform.leaderboards.domain.reading import Shown
from concours.platform.leaderboards.domain.reevaluating import Comparison
from concours.platform.leaderboards.enums import Rule, SetScope, Visibility
from concours.platform.leaderboards.interfaces.exports import header, line_out
from concours.platform.leaderboards.interfaces.showing import (
    Face,
    intervals_shown,
    values_shown,
)
from concours.platform.leaderboards.models import Board, Publication, Reevaluation
from concours.platform.leaderboards.ranking import Placed

Code = Annotated[str, Field(min_length=1, max_length=20)]
Interval = Annotated[list[float], Field(min_length=2, max_length=2)]


class ColumnOut(Schema):
    name: str
    title: str
    title_zh: str
    unit: str
    better: str
    public: bool
    decimals: int


class BoardRulesOut(Schema):
    columns: list[ColumnOut]
    sort: list[str]
    ties: str
    rule: str


class BoardOut(Schema):
    """A board as the caller sees it. `salt` is there where no column is left out."""

    board: str
    season: str
    track: str
    split: str
    engine: str
    snapshot: int | None
    digest: str | None
    taken_at: str | None
    frozen: bool
    count: int
    rules: BoardRulesOut
    salt: str | None = None


class BoardLineOut(Schema):
    """`place` is null for a baseline, which is out of competition."""

    position: int
    place: int | None
    baseline: bool
    tied: bool
    entry: str
    title: str
    team: str
    submission: int
    submitted_at: str
    evaluation: str
    evaluator: str
    values: dict[str, float]
    intervals: dict[str, Interval]
    finished_at: str


class BoardPage(Schema):
    """Lines after a position; `next` is the `after` of the following page."""

    board: BoardOut
    lines: list[BoardLineOut]
    next: int | None


class RunOut(Schema):
    submission: int
    evaluation: str
    evaluator: str
    counts: bool
    values: dict[str, float]
    intervals: dict[str, Interval]
    submitted_at: str
    finished_at: str


class BoardCheckOut(Schema):
    """`complete` where the whole board was computed again from all runs."""

    holds: bool
    complete: bool
    faults: list[str]


class NewBoard(Schema):
    split: Annotated[str, Field(max_length=10)]
    visibility: Visibility = Visibility.PUBLIC
    rule: Rule | None = None


class FreezeIn(Schema):
    """Without `at`, now."""

    at: AwareDatetime | None = None


class ChoiceIn(Schema):
    submission: Annotated[int, Field(ge=1, le=1_000_000)]


class StageIn(Schema):
    evaluator: Code
    scope: SetScope
    top: Annotated[int, Field(ge=0, le=100_000)] = 0
    entries: Annotated[list[Code], Field(max_length=2_000)] = []
    every_run: bool = False
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class DifferenceOut(Schema):
    entry: str
    place_before: int | None
    place_after: int | None
    moved: int
    change: float | None


class SetOut(Schema):
    """A staged re-evaluation with what it would change, the largest first."""

    code: str
    state: str
    evaluator: str
    scope: str
    reason: str
    entries: int
    runs: int
    open: int
    bad: list[str]
    differences: list[DifferenceOut]


class SourceFileOut(Schema):
    name: str
    size: int
    digest: str
    kind: str


class SourceOut(Schema):
    entry: str
    board: str
    place: int
    submission: int
    digest: str
    published_at: datetime
    files: list[SourceFileOut]


def board_out(shown: Shown) -> BoardOut:
    return BoardOut(**header(shown))


def line(shown: Shown, placed: Placed, face: Face) -> BoardLineOut:
    return BoardLineOut(**line_out(shown, placed, face))


def run_out(shown: Shown, step: Step) -> RunOut:
    run = step.run
    return RunOut(
        submission=run.submission,
        evaluation=run.evaluation,
        evaluator=run.evaluator,
        counts=step.counts,
        values=values_shown(shown, run),
        intervals={name: list(pair) for name, pair in intervals_shown(shown, run).items()},
        submitted_at=run.submitted_at,
        finished_at=run.finished_at,
    )


def set_out(found: Reevaluation, comparison: Comparison) -> SetOut:
    return SetOut(
        code=found.code,
        state=found.state,
        evaluator=found.evaluator.code,
        scope=found.scope,
        reason=found.reason,
        entries=len(found.runs),
        runs=comparison.state.total,
        open=comparison.state.open,
        bad=list(comparison.state.bad),
        differences=[_difference(one, comparison) for one in comparison.found],
    )


def _difference(one: Difference, comparison: Comparison) -> DifferenceOut:
    return DifferenceOut(
        entry=one.entry,
        place_before=(one.before.place or None) if one.before else None,
        place_after=(one.after.place or None) if one.after else None,
        moved=one.moved,
        change=one.value_change(comparison.rules.main.name),
    )


def source_out(publication: Publication) -> SourceOut:
    board: Board = publication.board
    files: list[dict[str, Any]] = publication.files
    return SourceOut(
        entry=publication.entry.code,
        board=board.split,
        place=publication.place,
        submission=publication.submission.number,
        digest=publication.submission.digest,
        published_at=publication.published_at,
        files=[SourceFileOut(**file) for file in files],
    )
