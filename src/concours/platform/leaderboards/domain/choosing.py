"""Which submission counts, where the team says so."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.leaderboards.document import rules_from
from concours.platform.leaderboards.domain.refreshing import after_commit, note_change
from concours.platform.leaderboards.domain.runs import runs_of_entry
from concours.platform.leaderboards.domain.storing import note
from concours.platform.leaderboards.models import Board, Choice


@transaction.atomic
def choose_submission(*, actor: Any, board: Board, submission: Any) -> Choice:
    """Let `submission` count for its entry on the board.

    Raises Refused where the rule is another one, where it has no score, and once the board is
    frozen.
    """
    board = lock(board)
    entry = submission.entry
    require(actor, "leaderboards.view_board", board)
    require(actor, "leaderboards.choose_submission", entry)
    if entry.track_id != board.track_id:
        raise Refused("other-track", _("This submission is of another track."))
    if rules_from(board.rules).rule != "selected":
        raise Refused("rule-is-another", _("On this board the team does not choose."))
    if board.frozen_at(clock.now()):
        raise Refused("board-is-frozen", _("The board is frozen; nothing is chosen any more."))
    scored = {run.submission for run in runs_of_entry(board=board, entry=entry)}
    if submission.number not in scored:
        raise Refused("no-score", _("This submission has no score yet."))
    choice = Choice.objects.create(
        board=board, entry=entry, submission=submission, chosen_by=actor, chosen_at=clock.now()
    )
    note(
        actor=actor,
        verb="board.submission-chosen",
        board=board,
        entry=entry.code,
        submission=submission.code,
    )
    note_change(board=board, entry_id=entry.pk)
    after_commit(board)
    return choice
