"""An entry's scores over its submissions, for its team and staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concours.platform.core.access import permitted
from concours.platform.evaluations.domain.sets import case_results, evaluations_by_code
from concours.platform.leaderboards.document import rules_from
from concours.platform.leaderboards.domain.runs import choice_of, runs_of_entry
from concours.platform.leaderboards.models import Board
from concours.platform.leaderboards.ranking import Run, counting_run


@dataclass(frozen=True, kw_only=True)
class Step:
    """A run of the entry; `counts` where it is the one on the board."""

    run: Run
    counts: bool


def history_of(*, user: Any, board: Board, entry: Any) -> list[Step]:
    """The entry's runs that `user` may know of, by number of submission; up to the freeze for all
    but staff.

    The caller has asked `leaderboards.view_board` and `leaderboards.view_history`.
    """
    live = permitted(user, "leaderboards.view_live", board)
    through = None if live else board.freeze_at
    runs = runs_of_entry(board=board, entry=entry, through=through)
    rules = rules_from(board.rules)
    choice = choice_of(board=board, entry=entry)
    selected = choice.submission.number if choice else None
    sound = [run for run in runs if all(name in run.values for name in rules.sort)]
    counted = counting_run(sound, rules, selected=selected)
    return [Step(run=run, counts=run == counted) for run in runs]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case of a run. `replay` is the name of the file that shows it, "" for none."""

    name: str
    state: str
    values: Mapping[str, float]
    replay: str


def cases_of(*, user: Any, evaluation_code: str) -> list[Case]:
    """The cases of a run that counts; none where `user` may not see them (a sealed split)."""
    evaluation = next(iter(evaluations_by_code(codes=[evaluation_code])), None)
    if evaluation is None or not permitted(user, "evaluations.view_cases", evaluation):
        return []
    return [
        Case(
            name=result.case,
            state=result.get_state_display(),
            values=result.values,
            replay=next(
                (file["name"] for file in result.artefacts if file["name"].endswith(".html")), ""
            ),
        )
        for result in case_results(evaluation_code=evaluation_code)
    ]
