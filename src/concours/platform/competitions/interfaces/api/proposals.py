from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.competitions import domain
from concours.platform.competitions.interfaces.api.lookups import proposal_of, season_of
from concours.platform.competitions.interfaces.api.schemas import (
    CommentIn,
    CommentOut,
    ProposalDetail,
    ProposalIn,
    ProposalOut,
)
from concours.platform.competitions.rules import visible_proposals

router = Router(tags=["call for tracks"])


@router.get("/seasons/{season}/proposals", response=list[ProposalOut], auth=public())
def list_proposals(request: HttpRequest, season: str) -> Any:
    rows = visible_proposals(request.user).filter(season=season_of(request, season))
    return rows.select_related("batch", "proposer")


@router.post("/seasons/{season}/proposals", response={201: ProposalDetail}, auth=needs(Scope.ENTER))
def propose_track(request: HttpRequest, season: str, body: ProposalIn) -> Any:
    found = season_of(request, season)
    texts = body.dict()
    batch = get_object_or_404(found.batches, number=texts.pop("batch"))
    return Status(201, domain.propose_track(actor=request.user, season=found, batch=batch, **texts))


@router.get("/proposals/{code}", response=ProposalDetail, auth=public())
def get_proposal(request: HttpRequest, code: str) -> Any:
    return proposal_of(request, code)


@router.post("/proposals/{code}/comments", response={201: CommentOut}, auth=needs(Scope.ENTER))
def comment_on_proposal(request: HttpRequest, code: str, body: CommentIn) -> Any:
    found = proposal_of(request, code)
    comment = domain.comment_on_proposal(actor=request.user, proposal=found, text=body.text)
    return Status(201, comment)
