"""Results, prizes and jury scoring through the API."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.awards import domain
from concours.platform.awards.domain.boards import import_from_board
from concours.platform.awards.domain.judging import finalists_for
from concours.platform.awards.domain.machine import import_machine_scores
from concours.platform.awards.domain.queries import result_of
from concours.platform.awards.interfaces import schemas
from concours.platform.awards.interfaces.showing import rows_for, with_entries
from concours.platform.awards.models import Result
from concours.platform.awards.prizes import PrizePlan
from concours.platform.awards.rules import (
    visible_judged_tracks,
    visible_jurors,
    visible_pools,
    visible_results,
)
from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.core.access import require
from concours.platform.core.cursor import page_after
from concours.platform.leaderboards.domain import boards_of

router = Router(tags=["awards"])

TRACK = "/{season}/{track}/"


def _track(request: HttpRequest, season: str, track: str) -> Any:
    tracks = visible_tracks(request.user).select_related("season", "phase")
    return get_object_or_404(tracks, season__slug=season, slug=track)


def _run_track(request: HttpRequest, season: str, track: str) -> Any:
    found = _track(request, season, track)
    require(request.user, "awards.view_desk", found)
    return found


def _result(request: HttpRequest, season: str, track: str) -> Result:
    result = result_of(user=request.user, track=_track(request, season, track))
    if result is None:
        raise Http404
    return result


def _plans(prizes: list[schemas.PrizeBody]) -> list[PrizePlan]:
    return [PrizePlan(**prize.dict()) for prize in prizes]


@router.get(TRACK + "result", response=schemas.ResultOut, auth=public())
def get_result(request: HttpRequest, season: str, track: str) -> schemas.ResultOut:
    """The published result; the latest draft for organisers."""
    return schemas.result_out(_result(request, season, track))


@router.get(TRACK + "result/lines", response=schemas.LinesOut, auth=public())
def get_lines(
    request: HttpRequest,
    season: str,
    track: str,
    wanted: Query[schemas.PageWanted],
) -> schemas.LinesOut:
    """The places in order; `next` is the `after` of the following page."""
    result = _result(request, season, track)
    page = page_after(
        with_entries(result.lines.all()),
        field="position",
        after=wanted.after,
        size=wanted.size,
    )
    rows = rows_for(user=request.user, result=result, lines=page.items)
    return schemas.LinesOut(items=[schemas.line_out(row) for row in rows], next=page.next)


@router.get(TRACK + "result/inputs", auth=public(), response=dict[str, Any])
def get_inputs(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """The document that the result is computed from, byte for byte as its digest covers it."""
    result = _result(request, season, track)
    return HttpResponse(result.inputs, content_type="application/json")


@router.get(TRACK + "result/check", response=schemas.CheckOut, auth=public())
def check_result(request: HttpRequest, season: str, track: str) -> schemas.CheckOut:
    """Compute the result again and compare."""
    verification = domain.verify_result(result=_result(request, season, track))
    return schemas.CheckOut(holds=verification.holds, faults=list(verification.faults))


@router.post(TRACK + "result", response={201: schemas.ResultOut}, auth=needs(Scope.ORGANISE))
def compute(request: HttpRequest, season: str, track: str) -> Status[schemas.ResultOut]:
    """Compute the next draft."""
    found = _run_track(request, season, track)
    result = domain.compute_result(actor=request.user, track=found)
    return Status(201, schemas.result_out(result))


@router.post(
    TRACK + "result/{int:number}/publish", response=schemas.ResultOut, auth=needs(Scope.ORGANISE)
)
def publish(request: HttpRequest, season: str, track: str, number: int) -> schemas.ResultOut:
    """Publish a draft, once and for good."""
    found = _run_track(request, season, track)
    result = get_object_or_404(visible_results(request.user), track=found, number=number)
    return schemas.result_out(domain.publish_result(actor=request.user, result=result))


@router.get(TRACK + "pools", response=list[schemas.PoolOut], auth=public())
def get_pools(request: HttpRequest, season: str, track: str) -> list[schemas.PoolOut]:
    """What can be won, and what the ledger says is left of it."""
    found = _track(request, season, track)
    pools = visible_pools(request.user).filter(track=found).prefetch_related("prizes")
    return [schemas.pool_out(pool) for pool in pools]


@router.post(TRACK + "pools", response={201: schemas.PoolOut}, auth=needs(Scope.ORGANISE))
def fund_pool(
    request: HttpRequest, season: str, track: str, body: schemas.NewPoolBody
) -> Status[schemas.PoolOut]:
    """Set money aside for a track."""
    found = _run_track(request, season, track)
    data = body.dict(exclude={"prizes"})
    pool = domain.fund_pool(actor=request.user, track=found, prizes=_plans(body.prizes), **data)
    return Status(201, schemas.pool_out(pool))


@router.put(TRACK + "pools/{code}", response=schemas.PoolOut, auth=needs(Scope.ORGANISE))
def revise_pool(
    request: HttpRequest, season: str, track: str, code: str, body: schemas.PoolBody
) -> schemas.PoolOut:
    """Change a pool before the result is published."""
    found = _run_track(request, season, track)
    pool = get_object_or_404(visible_pools(request.user), track=found, code=code)
    data = body.dict(exclude={"prizes"})
    changed = domain.revise_pool(actor=request.user, pool=pool, prizes=_plans(body.prizes), **data)
    return schemas.pool_out(changed)


@router.put(TRACK + "machine-scores", response={204: None}, auth=needs(Scope.ORGANISE))
def put_machine_scores(
    request: HttpRequest, season: str, track: str, body: schemas.MachineScoresBody
) -> Status[None]:
    """Note machine scores, all or none."""
    import_machine_scores(
        actor=request.user,
        track=_run_track(request, season, track),
        scores=[(score.entry, score.points_milli) for score in body.scores],
        source=body.source,
        digest=body.digest,
    )
    return Status(204, None)


@router.put(TRACK + "machine-scores/{split}", response={204: None}, auth=needs(Scope.ORGANISE))
def take_machine_scores(request: HttpRequest, season: str, track: str, split: str) -> Status[None]:
    """Take the live snapshot of a leaderboard as the machine scores, all or none."""
    found = _run_track(request, season, track)
    boards = {board.split: board for board in boards_of(user=request.user, track=found)}
    if split not in boards:
        raise Http404
    import_from_board(actor=request.user, board=boards[split])
    return Status(204, None)


@router.get(TRACK + "jurors", response=list[schemas.JurorOut], auth=needs(Scope.ORGANISE))
def get_jurors(request: HttpRequest, season: str, track: str) -> list[schemas.JurorOut]:
    """The track's jury."""
    found = _run_track(request, season, track)
    jurors = visible_jurors(request.user).filter(track=found, removed_at__isnull=True)
    return [schemas.juror_out(juror) for juror in jurors.select_related("user")]


@router.post(TRACK + "jurors", response={201: schemas.JurorOut}, auth=needs(Scope.ORGANISE))
def appoint_juror(
    request: HttpRequest, season: str, track: str, body: schemas.JurorBody
) -> Status[schemas.JurorOut]:
    """Appoint somebody to the jury."""
    found = _run_track(request, season, track)
    person = get_object_or_404(get_user_model(), code=body.user, is_active=True)
    juror = domain.appoint_juror(actor=request.user, track=found, user=person)
    return Status(201, schemas.juror_out(juror))


@router.delete(TRACK + "jurors/{user}", response={204: None}, auth=needs(Scope.ORGANISE))
def remove_juror(request: HttpRequest, season: str, track: str, user: str) -> Status[None]:
    """Take somebody out of the jury; their scores no longer count."""
    found = _run_track(request, season, track)
    juror = get_object_or_404(visible_jurors(request.user), track=found, user__code=user)
    domain.remove_juror(actor=request.user, juror=juror)
    return Status(204, None)


def _judged(request: HttpRequest, season: str, track: str) -> Any:
    """The track, for whoever is of its jury; 404 for everybody else."""
    tracks = visible_judged_tracks(request.user).select_related("season", "phase")
    return get_object_or_404(tracks, season__slug=season, slug=track)


@router.get(TRACK + "jury", response=list[schemas.FinalistOut], auth=needs(Scope.REVIEW))
def get_finalists(request: HttpRequest, season: str, track: str) -> list[schemas.FinalistOut]:
    """The finalists that a juror scores, with the juror's own scores."""
    found = _judged(request, season, track)
    return [schemas.finalist_out(item) for item in finalists_for(user=request.user, track=found)]


@router.put(TRACK + "jury/{entry}", response=schemas.ScoreOut, auth=needs(Scope.REVIEW))
def put_score(
    request: HttpRequest, season: str, track: str, entry: str, body: schemas.ScoreBody
) -> schemas.ScoreOut:
    """Score a finalist; a second score replaces the first."""
    found = _judged(request, season, track)
    score = domain.score_as_juror(
        actor=request.user,
        entry=get_object_or_404(found.entries.all(), code=entry),
        points_milli=body.points_milli,
        comment=body.comment,
    )
    return schemas.score_out(score)
