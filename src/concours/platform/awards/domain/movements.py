"""Writing movements of money, with the balances that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.awards.books import Move, moves_as_json
from concours.platform.awards.enums import Account, MovementKind
from concours.platform.awards.models import Movement, Payout, PrizePool
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record

_BALANCES = {
    Account.HELD: "held_minor",
    Account.RELEASED: "released_minor",
    Account.PAID: "paid_minor",
    Account.OWED: "owed_minor",
}


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One movement to be written. `user` is the payee, of payments and what follows them."""

    kind: MovementKind
    source: Account
    target: Account
    amount_minor: int
    user: Any = None
    reference: str = ""

    @property
    def move(self) -> Move:
        return Move(
            kind=self.kind,
            source=self.source,
            target=self.target,
            amount_minor=self.amount_minor,
        )


def post(
    postings: Sequence[Posting], *, pool: PrizePool, payout: Payout | None = None
) -> list[Movement]:
    """Write movements of `payout`, or of the pool itself; both are locked by the caller.

    Raises Refused, and writes nothing, for an account that would be overdrawn.
    """
    for posting in postings:
        _carry(posting.source, -posting.amount_minor, pool, payout)
        _carry(posting.target, posting.amount_minor, pool, payout)
        _keep_back(posting, payout)
    _require_covered(pool, payout)
    pool.save(update_fields=["kept_minor"])
    if payout is not None:
        payout.save(update_fields=[*_BALANCES.values(), "back_minor", "amount_minor"])
    moment = clock.now()
    return [
        Movement.objects.create(
            pool=pool,
            payout=payout,
            user=posting.user,
            kind=posting.kind,
            source=posting.source,
            target=posting.target,
            amount_minor=posting.amount_minor,
            reference=posting.reference,
            at=moment,
        )
        for posting in postings
    ]


def note(
    *,
    actor: Any,
    verb: str,
    subject: Any,
    pool: PrizePool,
    postings: Sequence[Posting] = (),
    **more: Any,
) -> None:
    """The event of an act on money. Its moves are enough to keep the books from the record."""
    record.append(
        actor=actor,
        verb=verb,
        subject=subject,
        season=pool.track.season.slug,
        data={
            "track": pool.track.slug,
            "pool": pool.code,
            "currency": pool.currency,
            "moves": moves_as_json([posting.move for posting in postings]),
            **more,
        },
    )


def _carry(account: Account, amount: int, pool: PrizePool, payout: Payout | None) -> None:
    if account == Account.POOL:
        pool.kept_minor += amount
    elif payout is not None and account in _BALANCES:
        name = _BALANCES[account]
        setattr(payout, name, getattr(payout, name) + amount)


def _keep_back(posting: Posting, payout: Payout | None) -> None:
    """What a winner gave up is in the pool, and may leave it when the result is replaced."""
    if payout is None or posting.kind == MovementKind.GRANT:
        return
    if posting.target == Account.POOL:
        payout.back_minor += posting.amount_minor
    elif posting.source == Account.POOL:
        payout.back_minor -= posting.amount_minor


def _require_covered(pool: PrizePool, payout: Payout | None) -> None:
    balances = [pool.kept_minor]
    if payout is not None:
        balances += [payout.back_minor]
        balances += [getattr(payout, name) for name in _BALANCES.values()]
    if min(balances) < 0:
        raise Refused("not-enough", _("There is not so much money in that account."))
