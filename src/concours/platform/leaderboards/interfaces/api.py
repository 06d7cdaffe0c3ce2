"""Leaderboards through the API."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status
from pydantic import Field

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.core.access import permitted
from concours.platform.evaluations.domain.sets import evaluator_versions
from concours.platform.leaderboards import domain
from concours.platform.leaderboards.domain.histories import history_of
from concours.platform.leaderboards.domain.reading import Shown, boards_of
from concours.platform.leaderboards.domain.reevaluating import compare
from concours.platform.leaderboards.interfaces import schemas
from concours.platform.leaderboards.interfaces.showing import NOBODY, faces_of
from concours.platform.leaderboards.interfaces.support import (
    own_entry,
    run_board,
    run_track,
    the_board,
    the_reevaluation,
)
from concours.platform.leaderboards.models import Board
from concours.platform.leaderboards.rules import managed_reevaluations, visible_publications
from concours.platform.web.interfaces.shared import the_track

router = Router(tags=["boards"])

TRACK = "/{season}/{track}"
BOARD = TRACK + "/{split}"
SET = BOARD + "/sets/{code}"
After = Annotated[int, Field(ge=0, le=100_000_000)]
Size = Annotated[int, Field(ge=1, le=200)]


@router.get(TRACK, response=list[schemas.BoardOut], auth=public())
def list_boards(request: HttpRequest, season: str, track: str) -> Any:
    """The track's boards that you may see."""
    found = the_track(request, season, track)
    boards = boards_of(user=request.user, track=found)
    for board in boards:
        board.track = found
    return [schemas.board_out(Shown(user=request.user, board=board)) for board in boards]


@router.post(TRACK, response={201: schemas.BoardOut}, auth=needs(Scope.ORGANISE))
def create_board(
    request: HttpRequest, season: str, track: str, body: schemas.NewBoard
) -> Status[Any]:
    """Make the board of a split."""
    found = run_track(request, season, track)
    made = domain.create_board(
        actor=request.user,
        track=found,
        split=body.split,
        visibility=body.visibility,
        rule=body.rule or "",
    )
    return Status(201, _out(request, made))


@router.get(TRACK + "/sources", response=list[schemas.SourceOut], auth=public())
def list_sources(request: HttpRequest, season: str, track: str, after: After = 0) -> Any:
    """Published sources, two hundred at a time in order of place, from the `after`-th on."""
    found = the_track(request, season, track)
    rows = visible_publications(request.user).filter(board__track=found)
    rows = rows.select_related("entry", "board", "submission")
    return [schemas.source_out(one) for one in rows[after : after + 200]]


@router.get(BOARD, response=schemas.BoardPage, auth=public())
def get_board(
    request: HttpRequest, season: str, track: str, split: str, after: After = 0, size: Size = 50
) -> Any:
    """Lines of a board in order."""
    shown = Shown(user=request.user, board=the_board(request, season, track, split))
    window = shown.window(after=after, size=size)
    codes = [placed.line.run.entry for placed in window.placed]
    faces = faces_of(request.user, shown.board, codes)
    return schemas.BoardPage(
        board=schemas.board_out(shown),
        lines=[
            schemas.line(shown, placed, faces.get(placed.line.run.entry, NOBODY))
            for placed in window.placed
        ],
        next=window.next,
    )


@router.get(BOARD + "/check", response=schemas.BoardCheckOut, auth=public())
def check_board(request: HttpRequest, season: str, track: str, split: str) -> Any:
    """Compute the board again and compare. What does not hold is told to organisers."""
    board = the_board(request, season, track, split)
    shown = Shown(user=request.user, board=board)
    if shown.snapshot is None:
        raise Http404
    found = domain.verify_snapshot(snapshot=shown.snapshot)
    told = list(found.faults) if _runs(request, board) else []
    return schemas.BoardCheckOut(holds=found.holds, complete=found.complete, faults=told)


@router.get(BOARD + "/entries/{entry}", response=list[schemas.RunOut], auth=needs(Scope.READ))
def get_history(request: HttpRequest, season: str, track: str, split: str, entry: str) -> Any:
    """All scored runs of your entry on the board's cases."""
    board = the_board(request, season, track, split)
    found = own_entry(request, board, entry)
    shown = Shown(user=request.user, board=board)
    steps = history_of(user=request.user, board=board, entry=found)
    return [schemas.run_out(shown, step) for step in steps]


@router.put(BOARD + "/entries/{entry}/choice", response={204: None}, auth=needs(Scope.ENTER))
def choose(
    request: HttpRequest,
    season: str,
    track: str,
    split: str,
    entry: str,
    body: schemas.ChoiceIn,
) -> Status[None]:
    """Say which of your submissions counts, where the board's rule leaves it to you."""
    board = the_board(request, season, track, split)
    found = own_entry(request, board, entry)
    submission = get_object_or_404(found.submissions.all(), number=body.submission)
    submission.entry = found
    domain.choose_submission(actor=request.user, board=board, submission=submission)
    return Status(204, None)


@router.post(BOARD + "/open", response=schemas.BoardOut, auth=needs(Scope.ORGANISE))
def open_board(request: HttpRequest, season: str, track: str, split: str) -> Any:
    """Show a sealed board to everyone."""
    board = run_board(request, season, track, split)
    return _out(request, domain.open_board(actor=request.user, board=board))


@router.post(BOARD + "/open-columns", response=schemas.BoardOut, auth=needs(Scope.ORGANISE))
def open_columns(request: HttpRequest, season: str, track: str, split: str) -> Any:
    """Show sealed columns to whoever sees the board."""
    board = run_board(request, season, track, split)
    return _out(request, domain.open_columns(actor=request.user, board=board))


@router.post(BOARD + "/freeze", response=schemas.BoardOut, auth=needs(Scope.ORGANISE))
def freeze(
    request: HttpRequest, season: str, track: str, split: str, body: schemas.FreezeIn
) -> Any:
    """From a moment on, all but staff see the board as it is then."""
    board = run_board(request, season, track, split)
    return _out(request, domain.freeze(actor=request.user, board=board, at=body.at))


@router.post(BOARD + "/unfreeze", response=schemas.BoardOut, auth=needs(Scope.ORGANISE))
def unfreeze(request: HttpRequest, season: str, track: str, split: str) -> Any:
    """Take a freeze back."""
    board = run_board(request, season, track, split)
    return _out(request, domain.unfreeze(actor=request.user, board=board))


@router.get(BOARD + "/sets", response=list[schemas.SetOut], auth=needs(Scope.ORGANISE))
def list_sets(request: HttpRequest, season: str, track: str, split: str) -> Any:
    """The board's re-evaluations, newest first."""
    board = run_board(request, season, track, split)
    rows = managed_reevaluations(request.user).filter(board=board).select_related("evaluator")
    for one in rows:
        one.board = board
    return [schemas.set_out(one, compare(reevaluation=one)) for one in rows[:20]]


@router.post(BOARD + "/sets", response={201: schemas.SetOut}, auth=needs(Scope.ORGANISE))
def stage(
    request: HttpRequest, season: str, track: str, split: str, body: schemas.StageIn
) -> Status[Any]:
    """Ask for a set of runs with another version of the evaluator; the board stays."""
    board = run_board(request, season, track, split)
    versions = {one.code: one for one in evaluator_versions(track=board.track)}
    if body.evaluator not in versions:
        raise Http404
    made = domain.stage(
        actor=request.user,
        board=board,
        evaluator=versions[body.evaluator],
        scope=body.scope,
        top=body.top,
        entries=body.entries,
        every_run=body.every_run,
        reason=body.reason,
    )
    return Status(201, schemas.set_out(made, compare(reevaluation=made)))


@router.get(SET, response=schemas.SetOut, auth=needs(Scope.ORGANISE))
def get_set(request: HttpRequest, season: str, track: str, split: str, code: str) -> Any:
    """A set with what applying it would change."""
    found = the_reevaluation(request, run_board(request, season, track, split), code)
    return schemas.set_out(found, compare(reevaluation=found))


@router.post(SET + "/{act}", response=schemas.SetOut, auth=needs(Scope.ORGANISE))
def decide(request: HttpRequest, season: str, track: str, split: str, code: str, act: str) -> Any:
    """Apply, cancel or revert a set."""
    found = the_reevaluation(request, run_board(request, season, track, split), code)
    acts = {"apply": domain.apply, "cancel": domain.cancel_set, "revert": domain.revert}
    if act not in acts:
        raise Http404
    decided = acts[act](actor=request.user, reevaluation=found)
    return schemas.set_out(decided, compare(reevaluation=decided))


def _out(request: HttpRequest, board: Board) -> schemas.BoardOut:
    return schemas.board_out(Shown(user=request.user, board=board))


def _runs(request: HttpRequest, board: Board) -> bool:
    return permitted(request.user, "leaderboards.run_boards", board)
