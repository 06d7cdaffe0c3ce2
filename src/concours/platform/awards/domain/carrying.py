"""The money of awards after their result was replaced: what stays with its winner stays, what does
not goes back to where prizes come from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.awards.domain.movements import Posting, note, post
from concours.platform.awards.domain.payouts import hold_award, lock_payout, lock_pool, lock_pools
from concours.platform.awards.domain.requests import fall
from concours.platform.awards.enums import Account, MovementKind, RequestState
from concours.platform.awards.models import (
    Award,
    MoneyRequest,
    Movement,
    Payout,
    PrizePool,
    Result,
)
from concours.platform.core.errors import Refused


def carry_over(*, actor: Any, result: Result) -> None:
    """Let the books of every pool follow the published `result` that replaced another.

    Within the transaction that replaces, after the ledger has moved. The award of an entry keeps
    its payout, shares and papers; what it is worth less is taken from what came back to the pool,
    then from what is held, then from what is released; what it is worth more is put on hold. An
    open request on an award that changes falls. What is reserved for appeals stays: prizes never
    cost more than what a reserve leaves. Raises Refused where more was paid than an entry wins now.
    """
    for pool in lock_pools(result.track_id):
        # Books that were never opened, of a result from before there were payouts, stay closed.
        if Movement.objects.filter(pool=pool).exists():
            _carry(actor, pool, result)


def _carry(actor: Any, pool: PrizePool, result: Result) -> None:
    won = {award.entry_id: award for award in Award.objects.filter(result=result, pool=pool)}
    for payout in Payout.objects.filter(pool=pool, award__isnull=False).order_by("pk"):
        _adjust(actor, lock_payout(payout), won.pop(payout.entry_id, None))
    # What it keeps has changed.
    pool = lock_pool(pool)
    for award in won.values():
        if award.amount_minor:
            hold_award(actor=actor, pool=pool, award=award)


def _adjust(actor: Any, payout: Payout, award: Award | None) -> None:
    difference = (award.amount_minor if award else 0) - payout.amount_minor
    if award is not None:
        payout.award, payout.title, payout.title_zh = award, award.title, award.title_zh
        payout.save(update_fields=["award", "title", "title_zh"])
    if not difference:
        return
    for request in MoneyRequest.objects.filter(payout=payout, state=RequestState.OPEN):
        fall(actor=actor, pool=payout.pool, request=request)
    postings = _more(difference) if difference > 0 else _less(payout, -difference)
    payout.amount_minor += difference
    post(postings, pool=payout.pool, payout=payout)
    note(
        actor=actor,
        verb="payout.adjusted",
        subject=payout,
        pool=payout.pool,
        postings=postings,
        entry=payout.entry.code,
        title=payout.title,
        amount_minor=payout.amount_minor,
    )


def _more(amount: int) -> list[Posting]:
    return [_posting(MovementKind.HOLD, Account.PRIZES, Account.HELD, amount)]


def _less(payout: Payout, amount: int) -> list[Posting]:
    postings = []
    for source, there in (
        (Account.POOL, min(payout.back_minor, payout.pool.kept_minor)),
        (Account.HELD, payout.held_minor),
        (Account.RELEASED, payout.released_minor),
    ):
        taken = min(amount, there)
        if taken:
            postings.append(_posting(MovementKind.UNDO, source, Account.PRIZES, taken))
        amount -= taken
    if amount:
        raise Refused(
            "paid-already",
            _(
                "More of “%(title)s” was paid to “%(entry)s” than it wins now. "
                "Claw that back and note that it was repaid; then replace the result."
            )
            % {"title": payout.title, "entry": payout.entry.title},
        )
    return postings


def _posting(kind: MovementKind, source: Account, target: Account, amount: int) -> Posting:
    return Posting(kind=kind, source=source, target=target, amount_minor=amount)
