"""What the API says and takes of money. Amounts are whole minor units of the currency."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from concours.platform.awards.interfaces.money_showing import Missing, Payee
from concours.platform.awards.models import MoneyRequest, Payout, Receipt

Amount = Field(ge=1, le=10**15)


class TotalsOut(Schema):
    """A season's money in one currency; awarded + reserved = pool + held + released + paid + owed
    + sponsor."""

    currency: str
    funded: int
    awarded: int
    reserved: int
    pool: int
    held: int
    released: int
    paid: int
    owed: int
    sponsor: int


class LackOut(Schema):
    """A paper not seen yet; `kind` is empty where shares are not declared."""

    kind: str
    user: str


class PayeeOut(Schema):
    user: str
    parts: int
    paid_minor: int
    due_minor: int
    owed_minor: int
    receipts: list[str] = Field(description="Numbers of those that you may read.")


class PayoutOut(Schema):
    code: str
    pool: str
    entry: str
    title: str
    currency: str
    amount_minor: int
    held_minor: int
    released_minor: int
    paid_minor: int
    owed_minor: int
    back_minor: int
    missing: list[LackOut]
    payees: list[PayeeOut]


class ReceiptOut(Schema):
    """`content` is the canonical JSON that `digest` covers, with `salt` as its field "salt"."""

    number: str
    content: str
    salt: str
    digest: str
    issued_at: datetime


class RequestOut(Schema):
    code: str
    pool: str
    payout: str
    kind: str
    amount_minor: int
    reason: str
    state: str
    four_eyes: bool
    asked_by: str
    asked_at: datetime
    decided_by: str


class SharesBody(Schema):
    shares: dict[str, int] = Field(description="{code of a member: whole parts}", max_length=100)


class PaperBody(Schema):
    kind: str = Field(pattern="^(identity|licence|tax)$")
    user: str = Field(default="", description="The payee's code; empty for the licence.")
    what: str = Field(min_length=1, max_length=200)


class ClawBackBody(Schema):
    amount_minor: int = Amount
    reason: str = Field(min_length=1, max_length=1_000)


class GrantBody(ClawBackBody):
    entry: str
    title: str = Field(min_length=1, max_length=200)


class PaymentBody(Schema):
    user: str
    amount_minor: int = Amount
    reference: str = Field(min_length=1, max_length=100)
    paid_on: date


class DecisionBody(Schema):
    confirm: bool


def payout_out(payout: Payout, payees: list[Payee], missing: list[Missing]) -> PayoutOut:
    return PayoutOut(
        code=payout.code,
        pool=payout.pool.code,
        entry=payout.entry.code,
        title=payout.title,
        currency=payout.pool.currency,
        amount_minor=payout.amount_minor,
        held_minor=payout.held_minor,
        released_minor=payout.released_minor,
        paid_minor=payout.paid_minor,
        owed_minor=payout.owed_minor,
        back_minor=payout.back_minor,
        missing=[
            LackOut(kind=lack.kind, user=lack.user.code if lack.user else "") for lack in missing
        ],
        payees=[
            PayeeOut(
                user=payee.user.code,
                parts=payee.parts,
                paid_minor=payee.paid,
                due_minor=payee.due,
                owed_minor=payee.owed,
                receipts=[receipt.code for receipt in payee.receipts],
            )
            for payee in payees
        ],
    )


def receipt_out(receipt: Receipt) -> ReceiptOut:
    return ReceiptOut(
        number=receipt.code,
        content=receipt.content,
        salt=receipt.salt,
        digest=receipt.digest,
        issued_at=receipt.issued_at,
    )


def request_out(request: MoneyRequest) -> RequestOut:
    return RequestOut(
        code=request.code,
        pool=request.pool.code,
        payout=request.payout.code if request.payout else "",
        kind=request.kind,
        amount_minor=request.amount_minor,
        reason="" if request.reason == "-" else request.reason,
        state=request.state,
        four_eyes=request.four_eyes,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        decided_by=request.decided_by,
    )
