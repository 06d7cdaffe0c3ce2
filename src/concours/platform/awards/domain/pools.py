"""Prize pools: what is set aside, and for which places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.domain.settled import require_unpublished
from concours.platform.awards.enums import LedgerKind
from concours.platform.awards.models import LedgerLine, Prize, PrizePool
from concours.platform.awards.prizes import PrizePlan, fault_in
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.currencies import CURRENCIES
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record

TOTAL_MAX_MINOR = 10**15
PLACE_MAX = 1_000_000

_FAULTS = {
    "amount": _("Amounts are not negative."),
    "places": _("A prize goes from one place to the same or a later one."),
    "gap": _("Prizes run from place 1 on, without gaps and without overlap."),
    "increasing": _("A later place never gets more than an earlier one."),
    "too-much": _("The prizes together are more than the pool holds."),
}


@transaction.atomic
def fund_pool(
    *,
    actor: Any,
    track: Any,
    currency: str,
    total_minor: int,
    prizes: Sequence[PrizePlan],
    title: str = "",
    title_zh: str = "",
    reserve_minor: int = 0,
) -> PrizePool:
    """Set money aside for a track, with the prizes it pays. A track may have several pools.

    `total_minor` is in minor units of `currency` (ISO 4217). `reserve_minor` of what no prize takes
    stays in the pool after the result, for appeals, instead of being returned. Raises Refused for
    an unknown currency, prizes that leave gaps, grow with the place or exceed the total, a reserve
    that prizes leave no room for, and once the result is published.
    """
    track = lock(track)
    require(actor, "awards.fund_pool", track)
    require_unpublished(track)
    currency = currency.strip().upper()
    if currency not in CURRENCIES:
        raise Refused("unknown-currency", _("Name a currency by its ISO 4217 code, such as CNY."))
    _require_sound(total_minor=total_minor, prizes=prizes, reserve_minor=reserve_minor)
    pool = PrizePool.objects.create(
        track=track,
        title=title.strip() or str(_("Prize pool")),
        title_zh=title_zh.strip(),
        currency=currency,
        total_minor=total_minor,
        reserve_minor=reserve_minor,
        created_at=clock.now(),
    )
    _set_prizes(pool, prizes)
    _move(pool, total_minor)
    _note(actor=actor, verb="pool.funded", pool=pool, prizes=prizes)
    return pool


@transaction.atomic
def revise_pool(
    *,
    actor: Any,
    pool: PrizePool,
    total_minor: int,
    prizes: Sequence[PrizePlan],
    title: str = "",
    title_zh: str = "",
    reserve_minor: int | None = None,
) -> PrizePool:
    """Change a pool's total, prizes and reserve (kept if None) before the result is published.

    The ledger notes the difference. Refusals as of `fund_pool`.
    """
    track = lock(pool.track)
    pool = lock(pool)
    require(actor, "awards.fund_pool", track)
    require_unpublished(track)
    kept = pool.reserve_minor if reserve_minor is None else reserve_minor
    _require_sound(total_minor=total_minor, prizes=prizes, reserve_minor=kept)
    difference = total_minor - pool.total_minor
    pool.total_minor, pool.reserve_minor = total_minor, kept
    pool.title = title.strip() or pool.title
    pool.title_zh = title_zh.strip() or pool.title_zh
    pool.save(update_fields=["total_minor", "reserve_minor", "title", "title_zh"])
    pool.prizes.all().delete()
    _set_prizes(pool, prizes)
    _move(pool, difference)
    _note(actor=actor, verb="pool.revised", pool=pool, prizes=prizes)
    return pool


def balance_of(*, pool: PrizePool) -> int:
    """What the ledger says is left in the pool, in minor units: its total before publication,
    nothing after."""
    total: int | None = pool.ledger.aggregate(total=models.Sum("amount_minor"))["total"]
    return total or 0


def plans_of(pool: PrizePool) -> tuple[PrizePlan, ...]:
    """The pool's prizes in order of place."""
    return tuple(
        PrizePlan(
            place_from=prize.place_from,
            place_to=prize.place_to,
            amount_minor=prize.amount_minor,
            title=prize.title,
            title_zh=prize.title_zh,
        )
        for prize in pool.prizes.all()
    )


def _require_sound(*, total_minor: int, prizes: Sequence[PrizePlan], reserve_minor: int) -> None:
    if fault := fault_in(prizes, total_minor):
        raise Refused(f"prizes-{fault}", _FAULTS[fault])
    if not 0 <= reserve_minor <= total_minor - sum(prize.cost_minor for prize in prizes):
        raise Refused(
            "reserve-too-large", _("The reserve is of what the prizes leave in the pool.")
        )
    if total_minor > TOTAL_MAX_MINOR or any(prize.place_to > PLACE_MAX for prize in prizes):
        raise Refused("prizes-too-large", _("These numbers are too large to be meant."))
    if any(not prize.title.strip() or len(prize.title) > 200 for prize in prizes):
        raise Refused("empty", _("Give each prize a title of at most 200 characters."))


def _set_prizes(pool: PrizePool, prizes: Sequence[PrizePlan]) -> None:
    Prize.objects.bulk_create(
        Prize(
            pool=pool,
            **{
                **asdict(plan),
                "title": plan.title.strip(),
                "title_zh": plan.title_zh.strip(),
            },
        )
        for plan in prizes
    )


def _move(pool: PrizePool, amount_minor: int) -> None:
    if amount_minor:
        LedgerLine.objects.create(
            pool=pool,
            kind=LedgerKind.FUNDING if amount_minor > 0 else LedgerKind.RETURNED,
            amount_minor=amount_minor,
            at=clock.now(),
        )


def _note(*, actor: Any, verb: str, pool: PrizePool, prizes: Sequence[PrizePlan]) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=pool,
        season=pool.track.season.slug,
        data={
            "track": pool.track.slug,
            "title": pool.title,
            "currency": pool.currency,
            "total_minor": pool.total_minor,
            "reserve_minor": pool.reserve_minor,
            "prizes": [asdict(prize) for prize in prizes],
        },
    )
