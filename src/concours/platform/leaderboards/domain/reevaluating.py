"""Runs made again with another version of the evaluator: staged, compared, applied or thrown out.

Applying lays the new runs over the board as a layer; taking them back lifts it. Nothing is deleted:
the snapshots before and after stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.submissions import archive_is_kept
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.ids import new_code
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.evaluations.domain import enqueue_set
from concours.platform.evaluations.domain.cancelling import cancel
from concours.platform.evaluations.domain.sets import (
    SetState,
    evaluations_by_code,
    open_of_set,
    set_state,
)
from concours.platform.leaderboards.differences import Difference, differences
from concours.platform.leaderboards.document import rules_from, rules_json
from concours.platform.leaderboards.domain.refreshing import rebuild
from concours.platform.leaderboards.domain.runs import apart_of, layers_of, ranking, runs_of_entries
from concours.platform.leaderboards.domain.storing import lines_of, note, pin
from concours.platform.leaderboards.enums import Cause, ReevaluationState, SetScope
from concours.platform.leaderboards.manifest import rules_in
from concours.platform.leaderboards.models import Board, Reevaluation
from concours.platform.leaderboards.ranking import Rules

MOST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What applying would change. `state` says how far the runs are; `count` lines there would
    be."""

    state: SetState
    found: list[Difference]
    rules: Rules
    count: int


@transaction.atomic
def stage(
    *,
    actor: Any,
    board: Board,
    evaluator: Any,
    scope: SetScope,
    top: int = 0,
    entries: Collection[str] = (),
    every_run: bool = False,
    reason: str,
) -> Reevaluation:
    """Ask for runs of a set of the board's entries with another version; the board stays.

    The set is all entries, the first `top` places, or the `entries` of those codes; of each the run
    that counts, with `every_run` all its scored ones. Raises Refused while another set is staged,
    for a version of another track or of other columns to sort by, for an empty set, without a
    reason, and as of `enqueue_set`.
    """
    board = lock(board)
    require(actor, "leaderboards.run_boards", board)
    reason = one_line(reason, most=MOST_REASON)
    if not reason:
        raise Refused("empty", _("Say why the runs are made again."))
    if board.reevaluations.filter(state=ReevaluationState.STAGED).exists():
        raise Refused("staged-already", _("Another set is staged. Apply or cancel it first."))
    rules = _rules_with(board, evaluator)
    runs = _with_archives(_set_of(board, scope, top, entries, every_run))
    if not runs:
        raise Refused("empty", _("No entry with a score is in this set."))
    made = Reevaluation.objects.create(
        code=new_code(),
        board=board,
        evaluator=evaluator,
        former=board.evaluator,
        rules=rules_json(rules),
        former_rules=board.rules,
        scope=scope,
        runs=runs,
        reason=reason,
        staged_by=actor if getattr(actor, "pk", None) else None,
        staged_at=clock.now(),
    )
    codes = [code for some in runs.values() for code in some]
    enqueue_set(
        actor=actor,
        evaluator=evaluator,
        evaluations=evaluations_by_code(codes=codes),
        reevaluation_code=made.code,
    )
    _note(actor, "staged", made, scope=str(scope), entries=sorted(runs), runs=len(codes))
    return made


def compare(*, reevaluation: Reevaluation) -> Comparison:
    """The board now against the board with this set applied; O(n log n)."""
    board = reevaluation.board
    rules = rules_from(reevaluation.rules)
    layers = [layer for layer in layers_of(board) if layer.pk != reevaluation.pk]
    before = ranking(board=board, rules=rules_from(board.rules), layers=layers)
    after = ranking(board=board, rules=rules, layers=[*layers, reevaluation])
    return Comparison(
        state=set_state(reevaluation_code=reevaluation.code),
        found=differences(before.lines, after.lines, rules, apart=apart_of(track=board.track)),
        rules=rules,
        count=max(len(before.lines), len(after.lines), 1),
    )


def compare_decided(*, reevaluation: Reevaluation) -> Comparison:
    """What applying changed then, from the snapshots around it."""
    rules = rules_from(reevaluation.rules)
    before = lines_of(reevaluation.before) if reevaluation.before else []
    after = lines_of(reevaluation.after) if reevaluation.after else []
    return Comparison(
        state=set_state(reevaluation_code=reevaluation.code),
        found=differences(before, after, rules, apart=apart_of(track=reevaluation.board.track)),
        rules=rules,
        count=max(len(before), len(after), 1),
    )


@transaction.atomic
def apply(*, actor: Any, reevaluation: Reevaluation) -> Reevaluation:
    """Lay the set over the board, in one transaction with a new snapshot and an event.

    One that was taken back may be applied again. Raises Refused while runs are open, where one
    did not come to a score, and for one that is applied or cancelled.
    """
    board, reevaluation = _locked(actor, reevaluation)
    _require_state(reevaluation, ReevaluationState.STAGED, ReevaluationState.REVERTED)
    state = set_state(reevaluation_code=reevaluation.code)
    if state.open:
        raise Refused("runs-open", _("Wait until all runs of the set have ended."))
    if state.bad:
        raise Refused(
            "runs-without-score",
            _("%(number)d runs have no score. Queue them again, or cancel the set.")
            % {"number": len(state.bad)},
        )
    reevaluation.position = max([0, *(layer.position for layer in layers_of(board))]) + 1
    reevaluation.state = ReevaluationState.APPLIED
    board.evaluator, board.rules = reevaluation.evaluator, reevaluation.rules
    return _decided(actor, board, reevaluation, "applied", Cause.APPLIED)


@transaction.atomic
def revert(*, actor: Any, reevaluation: Reevaluation) -> Reevaluation:
    """Apply the former version again: lift the set from the board, with a new snapshot.

    Raises Refused for any but the one that was applied last.
    """
    board, reevaluation = _locked(actor, reevaluation)
    _require_state(reevaluation, ReevaluationState.APPLIED)
    if layers_of(board)[-1].pk != reevaluation.pk:
        raise Refused("not-the-last", _("Take back what was applied later first."))
    reevaluation.state = ReevaluationState.REVERTED
    board.evaluator, board.rules = reevaluation.former, reevaluation.former_rules
    return _decided(actor, board, reevaluation, "reverted", Cause.REVERTED)


@transaction.atomic
def cancel_set(*, actor: Any, reevaluation: Reevaluation) -> Reevaluation:
    """Throw a staged set out, with its runs that are still open. The board stays as it is."""
    _board, reevaluation = _locked(actor, reevaluation)
    _require_state(reevaluation, ReevaluationState.STAGED)
    reevaluation.state = ReevaluationState.CANCELLED
    reevaluation.decided_at = clock.now()
    reevaluation.save(update_fields=["state", "decided_at"])
    for evaluation in open_of_set(reevaluation_code=reevaluation.code):
        with suppress(Refused):  # One that ended meanwhile is not cancelled any more.
            cancel(actor=actor, evaluation=evaluation)
    _note(actor, "cancelled", reevaluation)
    return reevaluation


def _locked(actor: Any, reevaluation: Reevaluation) -> tuple[Board, Reevaluation]:
    board = lock(reevaluation.board)
    require(actor, "leaderboards.run_boards", board)
    reevaluation = lock(reevaluation)
    reevaluation.board = board
    return board, reevaluation


def _require_state(reevaluation: Reevaluation, *states: ReevaluationState) -> None:
    if reevaluation.state not in states:
        raise Refused("decided-already", _("Somebody has decided on this set already. Look again."))


def _decided(
    actor: Any, board: Board, reevaluation: Reevaluation, verb: str, cause: Cause
) -> Reevaluation:
    board.save(update_fields=["evaluator", "rules"])
    reevaluation.decided_at = clock.now()
    reevaluation.before = board.live
    reevaluation.save()
    if board.live is not None:
        pin(board.live)
    rebuild(board, cause=cause, actor=actor)
    reevaluation.after = board.live
    reevaluation.save(update_fields=["after"])
    _note(
        actor,
        verb,
        reevaluation,
        before=reevaluation.before.digest if reevaluation.before else "",
        after=board.live.digest if board.live else "",
    )
    return reevaluation


def _rules_with(board: Board, evaluator: Any) -> Rules:
    """The board's rules under that version: its own columns, and the rule that the board has."""
    if evaluator.track_id != board.track_id or evaluator.split(board.split) is None:
        raise Refused("no-such-split", _("The evaluator has no cases of this kind."))
    if evaluator.pk == board.evaluator_id:
        raise Refused("same-version", _("Choose another version than the board's."))
    held = rules_from(board.rules)
    try:
        rules = rules_in(evaluator.manifest, rule=held.rule)
    except ValueError:
        rules = None
    if rules is None or rules.sort != held.sort:
        raise Refused("other-columns", _("This version does not sort by the board's columns."))
    if board.public and any(not rules.by_name[name].public for name in rules.sort):
        raise Refused(
            "sort-is-sealed",
            _("The board is sorted by a sealed column: its order would tell the values."),
        )
    return rules


def _set_of(
    board: Board, scope: SetScope, top: int, entries: Collection[str], every_run: bool
) -> Mapping[str, list[str]]:
    """By entry's code the codes of its runs that are made again."""
    found = ranking(board=board, rules=rules_from(board.rules))
    lines = found.lines
    if scope == SetScope.TOP:
        lines = lines[: max(0, top)]
    elif scope == SetScope.CHOSEN:
        known = {line.run.entry for line in lines}
        if unknown := set(entries) - known:
            raise Refused(
                "unknown-entry",
                _("“%(code)s” has no score on this board.") % {"code": min(unknown)[:40]},
            )
        lines = [line for line in lines if line.run.entry in set(entries)]
    if not every_run:
        return {line.run.entry: [line.run.evaluation] for line in lines}
    chosen = {line.run.entry for line in lines}
    runs: defaultdict[str, list[str]] = defaultdict(list)
    for run in runs_of_entries(board=board, entry_ids=[found.entry_ids[code] for code in chosen]):
        runs[run.entry].append(run.evaluation)
    return dict(runs)


def _with_archives(runs: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """Without entries whose archive was erased with its only author: what they scored stands."""
    codes = [code for some in runs.values() for code in some]
    gone = {
        run.code
        for run in evaluations_by_code(codes=codes)
        if not archive_is_kept(submission=run.submission)
    }
    return {entry: some for entry, some in runs.items() if gone.isdisjoint(some)}


def _note(actor: Any, verb: str, reevaluation: Reevaluation, **data: Any) -> None:
    note(
        actor=actor,
        verb=f"board.reevaluation-{verb}",
        board=reevaluation.board,
        reevaluation=reevaluation.code,
        evaluator=reevaluation.evaluator.code,
        reason=reevaluation.reason,
        **data,
    )
