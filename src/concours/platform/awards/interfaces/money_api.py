"""The money of awards through the API."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.awards import domain
from concours.platform.awards.enums import PaperKind
from concours.platform.awards.interfaces import money_schemas as schemas
from concours.platform.awards.interfaces.money_showing import missing_of, payees_of
from concours.platform.awards.models import Payout
from concours.platform.awards.rules import (
    own_payouts,
    visible_entries_of,
    visible_payouts,
    visible_pools,
    visible_receipts,
    visible_requests,
)
from concours.platform.competitions.domain.permissions import visible_seasons, visible_tracks
from concours.platform.core.access import require

router = Router(tags=["money"])


def _payout(request: HttpRequest, code: str) -> Payout:
    rows = visible_payouts(request.user).select_related("pool__track__season", "entry__team")
    return get_object_or_404(rows, code=code)


def _out(request: HttpRequest, payout: Payout) -> schemas.PayoutOut:
    payout.refresh_from_db()
    return schemas.payout_out(
        payout, payees_of(user=request.user, payout=payout), missing_of(payout)
    )


def _run_track(request: HttpRequest, season: str, track: str) -> Any:
    tracks = visible_tracks(request.user).select_related("season")
    found = get_object_or_404(tracks, season__slug=season, slug=track)
    require(request.user, "awards.run_payouts", found)
    return found


def _person(code: str) -> Any:
    return get_object_or_404(get_user_model(), code=code)


@router.get("/seasons/{season}", response=list[schemas.TotalsOut], auth=public())
def get_totals(request: HttpRequest, season: str) -> list[domain.Totals]:
    """Where a season's money is, by currency."""
    found = get_object_or_404(visible_seasons(request.user), slug=season)
    return domain.totals_in(user=request.user, season=found)


@router.get("/payouts", response=list[schemas.PayoutOut], auth=needs(Scope.READ))
def get_own(request: HttpRequest) -> list[schemas.PayoutOut]:
    """The awards of your own teams."""
    rows = own_payouts(request.user)
    return [_out(request, one) for one in rows.select_related("pool", "entry__team")]


@router.get("/payouts/{code}", response=schemas.PayoutOut, auth=needs(Scope.READ))
def get_payout(request: HttpRequest, code: str) -> schemas.PayoutOut:
    """One award: what is missing, what is paid."""
    return _out(request, _payout(request, code))


@router.put("/payouts/{code}/shares", response=schemas.PayoutOut, auth=needs(Scope.ENTER))
def put_shares(request: HttpRequest, code: str, body: schemas.SharesBody) -> schemas.PayoutOut:
    """The captain says which member gets how many parts."""
    payout = _payout(request, code)
    shares = {_person(user): parts for user, parts in body.shares.items()}
    return _out(request, domain.declare_shares(actor=request.user, payout=payout, shares=shares))


@router.get("/receipts/{season}/{int:number}", response=schemas.ReceiptOut, auth=needs(Scope.READ))
def get_receipt(request: HttpRequest, season: str, number: int) -> schemas.ReceiptOut:
    """A receipt with what its digest covers: for who was paid, and organisers."""
    rows = visible_receipts(request.user).select_related("season")
    return schemas.receipt_out(get_object_or_404(rows, season__slug=season, number=number))


@router.get(
    "/tracks/{season}/{track}", response=list[schemas.PayoutOut], auth=needs(Scope.ORGANISE)
)
def get_payouts(request: HttpRequest, season: str, track: str) -> list[schemas.PayoutOut]:
    """All awards of a track, for its organisers."""
    rows = visible_payouts(request.user).filter(pool__track=_run_track(request, season, track))
    return [_out(request, one) for one in rows.select_related("pool", "entry__team")]


@router.get(
    "/tracks/{season}/{track}/requests",
    response=list[schemas.RequestOut],
    auth=needs(Scope.ORGANISE),
)
def get_requests(request: HttpRequest, season: str, track: str) -> list[schemas.RequestOut]:
    """What was asked for and what became of it, newest first."""
    rows = visible_requests(request.user).filter(pool__track=_run_track(request, season, track))
    return [schemas.request_out(one) for one in rows.select_related("pool", "payout")]


@router.post(
    "/payouts/{code}/papers", response={201: schemas.PayoutOut}, auth=needs(Scope.ORGANISE)
)
def confirm_paper(
    request: HttpRequest, code: str, body: schemas.PaperBody
) -> Status[schemas.PayoutOut]:
    """Note that a paper was seen."""
    payout = _payout(request, code)
    domain.confirm_paper(
        actor=request.user,
        payout=payout,
        kind=PaperKind(body.kind),
        user=_person(body.user) if body.user else None,
        what=body.what,
    )
    return Status(201, _out(request, payout))


@router.post(
    "/payouts/{code}/release", response={201: schemas.RequestOut}, auth=needs(Scope.ORGANISE)
)
def ask_release(request: HttpRequest, code: str) -> Status[schemas.RequestOut]:
    """Ask for the release; somebody else confirms it."""
    asked = domain.ask_release(actor=request.user, payout=_payout(request, code))
    return Status(201, schemas.request_out(asked))


@router.post(
    "/payouts/{code}/claw-back", response={201: schemas.RequestOut}, auth=needs(Scope.ORGANISE)
)
def ask_claw_back(
    request: HttpRequest, code: str, body: schemas.ClawBackBody
) -> Status[schemas.RequestOut]:
    """Ask to take money back; somebody else confirms it."""
    asked = domain.ask_claw_back(actor=request.user, payout=_payout(request, code), **body.dict())
    return Status(201, schemas.request_out(asked))


@router.post(
    "/tracks/{season}/{track}/pools/{pool}/grant",
    response={201: schemas.RequestOut},
    auth=needs(Scope.ORGANISE),
)
def ask_grant(
    request: HttpRequest, season: str, track: str, pool: str, body: schemas.GrantBody
) -> Status[schemas.RequestOut]:
    """Ask for an award out of the pool; somebody else confirms it."""
    found = _run_track(request, season, track)
    data = body.dict(exclude={"entry"})
    asked = domain.ask_grant(
        actor=request.user,
        pool=get_object_or_404(visible_pools(request.user), track=found, code=pool),
        entry=get_object_or_404(visible_entries_of(request.user, found), code=body.entry),
        **data,
    )
    return Status(201, schemas.request_out(asked))


@router.post(
    "/tracks/{season}/{track}/pools/{pool}/give-back",
    response={201: schemas.RequestOut},
    auth=needs(Scope.ORGANISE),
)
def ask_give_back(
    request: HttpRequest, season: str, track: str, pool: str, body: schemas.ClawBackBody
) -> Status[schemas.RequestOut]:
    """Ask to return money to the sponsor; somebody else confirms it."""
    found = _run_track(request, season, track)
    asked = domain.ask_give_back(
        actor=request.user,
        pool=get_object_or_404(visible_pools(request.user), track=found, code=pool),
        **body.dict(),
    )
    return Status(201, schemas.request_out(asked))


@router.post("/requests/{code}", response=schemas.RequestOut, auth=needs(Scope.ORGANISE))
def decide(request: HttpRequest, code: str, body: schemas.DecisionBody) -> schemas.RequestOut:
    """Confirm what somebody else asked for, or drop it."""
    rows = visible_requests(request.user).select_related("pool", "payout")
    asked = get_object_or_404(rows, code=code)
    act = domain.confirm_request if body.confirm else domain.drop_request
    return schemas.request_out(act(actor=request.user, request=asked))


@router.post(
    "/payouts/{code}/payments", response={201: schemas.ReceiptOut}, auth=needs(Scope.ORGANISE)
)
def pay(request: HttpRequest, code: str, body: schemas.PaymentBody) -> Status[schemas.ReceiptOut]:
    """Note that a member was paid."""
    receipt = domain.pay_member(
        actor=request.user,
        payout=_payout(request, code),
        user=_person(body.user),
        amount_minor=body.amount_minor,
        reference=body.reference,
        paid_on=body.paid_on,
    )
    return Status(201, schemas.receipt_out(receipt))


@router.post(
    "/payouts/{code}/repayments", response={201: schemas.PayoutOut}, auth=needs(Scope.ORGANISE)
)
def repay(request: HttpRequest, code: str, body: schemas.PaymentBody) -> Status[schemas.PayoutOut]:
    """Note that a winner repaid what was clawed back."""
    payout = _payout(request, code)
    domain.note_repayment(
        actor=request.user,
        payout=payout,
        user=_person(body.user),
        amount_minor=body.amount_minor,
        reference=body.reference,
    )
    return Status(201, _out(request, payout))
