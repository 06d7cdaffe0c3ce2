"""What pages, the API and reports ask of the money."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from concours.platform.awards.books import Books, Move
from concours.platform.awards.domain.sealing import seal_of
from concours.platform.awards.enums import Account, LedgerKind, ResultState
from concours.platform.awards.models import Award, LedgerLine, Movement, PrizePool, Receipt
from concours.platform.competitions.domain.permissions import visible_tracks


@dataclass(frozen=True, kw_only=True)
class Totals:
    """A season's money in one currency, in minor units. No person, no award.

    `awarded` and `reserved` are what results gave; the rest is where that is now, so that awarded
    + reserved = pool + held + released + paid + owed + sponsor.
    """

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


def totals_in(*, user: Any, season: Any) -> list[Totals]:
    """The money of those tracks of a season that `user` may see and whose result is published, by
    currency; a fixed number of queries."""
    tracks = visible_tracks(user).filter(season=season, results__state=ResultState.PUBLISHED)
    pools = PrizePool.objects.filter(track__in=tracks)
    currencies = dict(pools.values_list("pk", "currency"))
    accounts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = (
        Movement.objects.filter(pool__in=pools)
        .order_by()
        .values_list("pool_id", "source", "target")
        .annotate(total=Sum("amount_minor"))
    )
    for pool_id, source, target, total in rows:
        accounts[currencies[pool_id]][source] -= total
        accounts[currencies[pool_id]][target] += total
    lines = (
        _standing_lines(pool__in=pools)
        .order_by()
        .values_list("pool_id", "kind")
        .annotate(total=Sum("amount_minor"))
    )
    for pool_id, kind, total in lines:
        accounts[currencies[pool_id]][f"line-{kind}"] += total
    return [
        Totals(
            currency=currency,
            funded=found[f"line-{LedgerKind.FUNDING}"],
            awarded=-found[f"line-{LedgerKind.AWARD}"],
            reserved=-found[f"line-{LedgerKind.RESERVED}"],
            **{str(account): found[account] for account in Account if account != Account.PRIZES},
        )
        for currency, found in sorted(accounts.items())
    ]


def verify_money(*, pool: PrizePool) -> list[str]:
    """What does not hold of a pool's books, kept again from its movements; [] if all of it does.

    Compares every stored balance, and every receipt with its digest. O(movements).
    """
    books, found = Books(), []
    movements = Movement.objects.filter(pool=pool).select_related("payout").order_by("pk")
    for row in movements:
        move = Move(
            kind=row.kind,
            source=row.source,
            target=row.target,
            amount_minor=row.amount_minor,
            payout=row.payout.code if row.payout else "",
        )
        try:
            books.post(move)
        except ValueError as error:
            found.append(f"movement {row.pk} of {pool.code}: {error}")
    if books.balance(Account.POOL) != pool.kept_minor:
        found.append(f"the pool {pool.code} does not hold what its movements leave in it")
    for payout in pool.payouts.all():
        stored = {
            Account.HELD: payout.held_minor,
            Account.RELEASED: payout.released_minor,
            Account.PAID: payout.paid_minor,
            Account.OWED: payout.owed_minor,
        }
        if any(books.balance(name, payout.code) != held for name, held in stored.items()):
            found.append(f"the balances of {payout.code} do not follow from its movements")
    given = _given(pool)
    if given and books.balance(Account.PRIZES) != -given:
        found.append(f"the books of {pool.code} do not begin with what the result gave")
    return found + _faults_in_receipts(pool)


def has_unopened_awards(*, track: Any) -> bool:
    """Whether a published award has no payout: one from before there were payouts."""
    return Award.objects.filter(
        result__track=track,
        result__state=ResultState.PUBLISHED,
        payout__isnull=True,
        amount_minor__gt=0,
    ).exists()


def _standing_lines(**which: Any) -> Any:
    """Lines of the ledger that no replaced result took back, and no reversals."""
    lines = LedgerLine.objects.exclude(kind=LedgerKind.REVERSED)
    return lines.filter(reversal__isnull=True, **which)


def _given(pool: PrizePool) -> int:
    """What the result gave out of the pool; 0 while its awards have no payouts."""
    if not Movement.objects.filter(pool=pool).exists():
        return 0
    kinds = (LedgerKind.AWARD, LedgerKind.RESERVED)
    lines = _standing_lines(pool=pool, kind__in=kinds).aggregate(total=Sum("amount_minor"))
    return -(lines["total"] or 0)


def _faults_in_receipts(pool: PrizePool) -> list[str]:
    found = []
    for receipt in Receipt.objects.filter(movement__pool=pool).select_related("movement", "season"):
        content = json.loads(receipt.content)
        if seal_of(salt=receipt.salt, content=content) != receipt.digest:
            found.append(f"the receipt {receipt.code} does not match its digest")
        elif content["amount_minor"] != receipt.movement.amount_minor:
            found.append(f"the receipt {receipt.code} is about another amount")
    return found
