"""The runs that a board is made of, out of all that were scored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from concours.platform.competitions.enums import EntryState
from concours.platform.evaluations.domain import Scored, scored
from concours.platform.leaderboards.enums import ReevaluationState
from concours.platform.leaderboards.models import Board, Choice, Reevaluation
from concours.platform.leaderboards.ranking import Line, Rules, Run, rank


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """A board's lines in order, and the key in the database of each entry by its code."""

    lines: list[Line]
    entry_ids: dict[str, int]


def stamp(moment: datetime) -> str:
    """The moment as blocks hold it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def layers_of(board: Board) -> list[Reevaluation]:
    """The board's applied re-evaluations, the oldest first."""
    found = Reevaluation.objects.filter(board=board, state=ReevaluationState.APPLIED)
    return list(found.order_by("position"))


def ranking(
    *,
    board: Board,
    rules: Rules,
    layers: Collection[Reevaluation] | None = None,
    entry_ids: Collection[int] | None = None,
    through: datetime | None = None,
    also: Collection[str] = (),
) -> Ranking:
    """The board's lines computed from the stored runs; with `entry_ids` those entries' alone.

    `layers` are the re-evaluations that count (the applied ones by default), `through` the moment
    from which runs and choices no longer do. Entries that are out have no line, but for those with
    a code in `also`. O(n log n) in the runs.
    """
    lying = list(layers_of(board) if layers is None else layers)
    counted = _counted(board, lying, entry_ids, through)
    entered = _entered(board.track, entry_ids)
    kept = [
        one
        for one in counted
        if (one.entry_id in entered or one.entry_code in also) and _whole(one, rules)
    ]
    lines = rank(
        (run_of(one) for one in kept),
        rules,
        selected=_selected(board, kept, entry_ids, through),
    )
    return Ranking(lines=lines, entry_ids={one.entry_code: one.entry_id for one in kept})


def runs_of_entry(*, board: Board, entry: Any, through: datetime | None = None) -> list[Run]:
    """All runs of one entry that may count, by moment of submission."""
    return runs_of_entries(board=board, entry_ids=[entry.pk], through=through)


def runs_of_entries(
    *, board: Board, entry_ids: Collection[int], through: datetime | None = None
) -> list[Run]:
    """All runs of those entries that may count, by number and moment of submission; of several
    runs of a submission the latest."""
    found = _counted(board, layers_of(board), entry_ids, through)
    ordered = sorted(
        (run_of(one) for one in found), key=lambda run: (run.finished_at, run.evaluation)
    )
    standing = {(run.entry, run.submission): run for run in ordered}
    return [standing[key] for key in sorted(standing)]


def run_of(one: Scored) -> Run:
    return Run(
        entry=one.entry_code,
        submission=one.submission_number,
        submitted_at=stamp(one.submitted_at),
        evaluation=one.evaluation_code,
        evaluator=one.evaluator_version,
        values=one.values,
        intervals={name: (float(low), float(high)) for name, (low, high) in one.intervals.items()},
        finished_at=stamp(one.finished_at),
    )


def choice_of(*, board: Board, entry: Any) -> Choice | None:
    """The entry's latest choice."""
    return Choice.objects.filter(board=board, entry=entry).select_related("submission").last()


def apart_of(*, track: Any) -> frozenset[str]:
    """Codes of the track's baselines: on its boards, and out of competition."""
    return frozenset(track.entries.filter(baseline=True).values_list("code", flat=True))


def _counted(
    board: Board,
    layers: list[Reevaluation],
    entry_ids: Collection[int] | None,
    through: datetime | None,
) -> Iterator[Scored]:
    """Over an entry of a re-evaluation its runs from before no longer count, lest the better of two
    versions did; those that ended after it was staged do."""
    lowest: dict[str, datetime] = {}
    above: dict[str, str] = {}
    for layer in layers:
        for entry in layer.runs:
            lowest[entry], above[entry] = layer.staged_at, layer.code
    for one in scored(
        track=board.track,
        split=board.split,
        reevaluations=[layer.code for layer in layers],
        with_cases=False,
        entry_ids=entry_ids,
    ):
        if through is not None and not one.reevaluation and one.finished_at >= through:
            continue
        if one.reevaluation:
            if one.reevaluation == above.get(one.entry_code):
                yield one
        elif one.entry_code not in lowest or one.finished_at >= lowest[one.entry_code]:
            yield one


def _entered(track: Any, entry_ids: Collection[int] | None) -> set[int]:
    rows = track.entries.filter(state=EntryState.ENTERED)
    if entry_ids is not None:
        rows = rows.filter(pk__in=list(entry_ids))
    return set(rows.values_list("pk", flat=True))


def _selected(
    board: Board,
    kept: Collection[Scored],
    entry_ids: Collection[int] | None,
    through: datetime | None,
) -> dict[str, int]:
    """By entry's code the number of the submission that it selected."""
    choices = Choice.objects.filter(board=board).order_by("pk")
    if entry_ids is not None:
        choices = choices.filter(entry_id__in=list(entry_ids))
    if through is not None:
        choices = choices.filter(chosen_at__lt=through)
    codes = {one.entry_id: one.entry_code for one in kept}
    rows = choices.values_list("entry_id", "submission__number")
    return {codes[entry]: number for entry, number in rows if entry in codes}


def _whole(one: Scored, rules: Rules) -> bool:
    """Whether it has every number that the board sorts by; other versions may have others."""
    found = [one.values.get(name) for name in rules.sort]
    return all(isinstance(value, int | float) and isfinite(value) for value in found)
